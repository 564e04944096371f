// Account Manager › Users: inviting, accepting, changing, removing, handing over; and where each role lands.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Page } from "playwright-core";

import { startBrowser, type Visitor } from "../harness/browser.ts";
import { ok } from "../harness/client.ts";
import { invite, join, tokenOf, type AssignableRole } from "../harness/people.ts";
import {
  addressReads,
  cell,
  choose,
  enter,
  eventually,
  isFocused,
  reads,
  row,
  rowNames,
  tabTo,
  typeThere,
} from "./person.ts";
import { startScenery } from "./scenery.ts";

const { app, owner, clients } = await startScenery();
const chromium = await startBrowser();
const PASSWORD = "quiet lamps by the river";
const idOf = (name: string): string => clients.get(name)?.id ?? "";

/** Fills the invite dialog that is open. */
async function fillInvitation(page: Page, email: string, role: string, accounts: "all" | string[] = []): Promise<void> {
  const dialog = page.getByRole("dialog", { name: "Invite somebody" });
  await dialog.getByLabel("Email").fill(email);
  await dialog.getByRole("radio", { name: role }).check();
  if (accounts === "all") await dialog.getByText("All sub-accounts", { exact: true }).click();
  else await chooseAccounts(page, accounts);
  await dialog.getByRole("button", { name: "Invite" }).click();
}

async function chooseAccounts(page: Page, names: string[]): Promise<void> {
  const field = page.getByRole("dialog").getByRole("combobox", { name: "Sub-accounts" });
  for (const name of names) {
    await field.fill(name);
    // The list moves under the pointer until the search has been answered.
    await eventually(async () => {
      assert.equal(await page.getByRole("option").count(), 1);
    });
    await page.getByRole("option", { name }).click();
  }
}

/** The link that is shown, once; the dialog is closed after. */
async function takeLink(page: Page, email: string): Promise<string> {
  const dialog = page.getByRole("dialog", { name: `Invitation for ${email}` });
  await dialog.getByText("It works once").waitFor();
  const link = await dialog.getByLabel("Invitation link").inputValue();
  await dialog.getByRole("button", { name: "I have passed it on" }).click();
  await dialog.waitFor({ state: "detached" });
  return link;
}

async function accept(page: Page, name: string): Promise<void> {
  await page.getByLabel("Your name").fill(name);
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await page.getByRole("button", { name: "Accept and sign in" }).click();
  await page.getByRole("heading", { name: /^Join/ }).waitFor({ state: "detached" });
}

/** Somebody with the link, in a browser of their own. */
async function opens(link: string): Promise<Visitor> {
  const visitor = await chromium.visitor(app.url);
  await visitor.page.goto(link);
  return visitor;
}

async function menu(page: Page): Promise<string[]> {
  return page.getByRole("navigation", { name: "Main" }).getByRole("link").allInnerTexts();
}

async function switcher(page: Page): Promise<string[] | null> {
  const button = page.getByRole("button", { name: "Switch account" });
  if ((await button.count()) === 0) return null;
  await button.click();
  const accounts = page.getByRole("dialog", { name: "Switch account" }).getByRole("group", { name: "Sub-accounts" });
  await accounts.waitFor();
  const names = (await accounts.getByRole("option").allInnerTexts()).map((text) => text.split("\n")[1] ?? "");
  await page.keyboard.press("Escape");
  return names;
}

async function refusedAs(link: string, title: string, look?: string): Promise<void> {
  const visitor = await opens(link);
  await visitor.page.getByRole("heading", { name: title }).waitFor();
  visitor.forgiveComplaints();
  if (look) await visitor.look(look);
  await visitor.leave();
}

interface Landing {
  role: AssignableRole;
  label: string;
  accounts: "all" | string[];
  /** What the first page is called. */
  lands: string;
  menu: string[];
  /** What the switcher offers, or null where there is nothing to switch to. */
  switchesTo: string[] | null;
}

const EVERY_PAGE = [
  "Home",
  "Subaccounts",
  "Users",
  "Calls",
  "Unmatched",
  "Minute moves",
  "Profits & payouts",
  "Credit",
  "Plan",
  "Voice engines",
  "API keys",
  "Audit",
  "Settings",
];

const LANDINGS: Landing[] = [
  {
    role: "agency_admin",
    label: "Agency Admin",
    accounts: [],
    lands: "Home",
    menu: EVERY_PAGE,
    switchesTo: ["Northwind Voice", ...[...clients.keys()].sort()],
  },
  {
    role: "agency_member",
    label: "Agency Member",
    accounts: ["Harbor Dental", "Fjord Insurance"],
    lands: "Northwind Voice",
    menu: ["Subaccounts", "Calls"],
    switchesTo: ["Northwind Voice", "Fjord Insurance", "Harbor Dental"],
  },
  {
    role: "subaccount_admin",
    label: "Subaccount Admin",
    accounts: ["Harbor Dental", "Cedar Legal"],
    lands: "Subaccounts",
    menu: ["Subaccounts", "Calls"],
    switchesTo: ["Cedar Legal", "Harbor Dental"],
  },
  {
    role: "subaccount_member",
    label: "Subaccount Member",
    accounts: ["Harbor Dental"],
    lands: "Harbor Dental",
    menu: ["Overview", "Calls", "Statement", "Payments", "Automatic", "Knowledge"],
    switchesTo: null,
  },
];

for (const landing of LANDINGS) {
  test(`invited as ${landing.label}, somebody accepts and lands where they work, with their menu`, async () => {
    const email = `${landing.role}@people.example`;
    const host = await chromium.visitor(app.url);
    await enter(host, app.owner, "/users");
    await host.page.getByRole("button", { name: "Invite" }).click();
    await fillInvitation(host.page, email, landing.label, landing.accounts);
    const link = await takeLink(host.page, email);
    await host.leave();

    const guest = await opens(link);
    const { page } = guest;
    await page.getByRole("heading", { name: "Join Northwind Voice" }).waitFor();
    assert.equal(new URL(page.url()).hash, "", "the token stays in the address");
    await page.getByText("owner invites you").waitFor();
    await page.getByText(email).waitFor();
    await guest.look(`accept-${landing.role}`);
    await accept(page, `Guest ${landing.label}`);
    await page.getByRole("heading", { name: landing.lands, level: 1 }).waitFor();
    assert.deepEqual(await menu(page), landing.menu);
    await page.getByText(landing.label).first().waitFor();
    assert.deepEqual((await switcher(page))?.sort() ?? null, landing.switchesTo?.sort() ?? null);
    await guest.look(`landing-${landing.role}`);
    await guest.leave();
  });
}

test("a client's person who reaches all accounts chooses among them, also those made later", async () => {
  const { email, password } = await join(app, owner, "everywhere@people.example", "subaccount_member", "all");
  const visitor = await chromium.visitor(app.url);
  const { page } = visitor;
  await enter(visitor, { email, password }, "/");
  await page.getByRole("heading", { name: "Subaccounts", level: 1 }).waitFor();
  const names = await rowNames(page, "Sub-accounts");
  assert.equal(names.length, clients.size);
  assert.ok(!names.some((name) => name.startsWith("Northwind Voice")), "the primary is the agency's own");
  await visitor.look("subaccounts-of-a-client");
  await visitor.leave();
});

test("what a role may not do is not shown, and a page that is not theirs says so", async () => {
  const { email, password } = await join(app, owner, "looks@people.example", "subaccount_member", [
    idOf("Harbor Dental"),
    idOf("Cedar Legal"),
  ]);
  const visitor = await chromium.visitor(app.url);
  const { page } = visitor;
  await enter(visitor, { email, password }, "/subaccounts");
  await page.getByRole("button", { name: "Actions for Harbor Dental" }).click();
  await eventually(async () => {
    assert.deepEqual(await page.getByRole("menuitem").allInnerTexts(), ["Open", "Buy minutes", "Auto-recharge"]);
  });
  await page.keyboard.press("Escape");
  for (const column of ["Markup", "Profit"]) {
    assert.equal(await page.getByRole("columnheader", { name: column }).count(), 0, column);
  }
  assert.equal(await page.getByRole("button", { name: "Add sub-account" }).count(), 0);

  await page.keyboard.press("Control+k");
  await page.getByRole("dialog", { name: "Search" }).getByRole("option", { name: "Sign out" }).waitFor();
  assert.deepEqual(
    await page.getByRole("group", { name: "Pages" }).getByRole("option").allInnerTexts(),
    await menu(page),
  );
  assert.equal(await page.getByRole("option", { name: /Invite|Add/ }).count(), 0);
  await page.keyboard.press("Escape");

  for (const path of ["/users", "/users/pending", "/audit", "/api-keys", "/settings"]) {
    await page.goto(path);
    await page.getByRole("heading", { name: "This page is not part of your role" }).waitFor();
  }
  await page.goto(`/subaccounts/${idOf("Fjord Insurance")}`);
  await page.getByRole("heading", { name: "There is nothing here" }).waitFor();
  visitor.forgiveComplaints();
  await page.goto(`/subaccounts/${idOf("Harbor Dental")}/payments`);
  await page.getByRole("table", { name: "Purchases" }).waitFor();
  assert.equal(await page.getByRole("button", { name: /Mark paid|Refund/ }).count(), 0);
  await visitor.expectClean();
  await visitor.leave();
});

test("the list has everybody, with what they reach; search, role and sort are the server's and in the address", async () => {
  await join(
    app,
    owner,
    "zoe.many@people.example",
    "subaccount_admin",
    [...clients.values()].slice(0, 6).map(({ id }) => id),
  );
  await join(app, owner, "anna.admin@people.example", "agency_admin");
  const visitor = await chromium.visitor(app.url);
  const { page } = visitor;
  await enter(visitor, app.owner, "/users");
  await row(page, "zoe.many").waitFor();
  await reads(await cell(page, "zoe.many", "Email"), "zoe.many@people.example");
  await reads(await cell(page, "zoe.many", "Role"), "Subaccount Admin");
  await reads(await cell(page, "zoe.many", "Sub-accounts"), /^.+, .+\s\+4$/);
  await reads(await cell(page, "anna.admin", "Sub-accounts"), "All");
  await reads(await cell(page, "owner", "Role"), "Agency Owner");
  await visitor.look("users");

  await page.getByRole("button", { name: "Actions for owner" }).click();
  await eventually(async () => {
    assert.deepEqual(await page.getByRole("menuitem").allInnerTexts(), ["Sign out everywhere"]);
  });
  await page.keyboard.press("Escape");

  await page.getByRole("button", { name: "Name" }).click();
  await addressReads(page, /^\/users\?sort=-name$/);
  await eventually(async () => {
    assert.match((await rowNames(page, "Users"))[0] ?? "", /^zoe/);
  });
  await page.getByLabel("Search name, email").fill("ANNA");
  await addressReads(page, /q=ANNA/);
  await eventually(async () => {
    assert.deepEqual(await rowNames(page, "Users"), ["anna.admin"]);
  });
  await page.reload();
  await row(page, "anna.admin").waitFor();
  await page.getByLabel("Search name, email").fill("nobody at all");
  await page.getByRole("heading", { name: "Nobody matches" }).waitFor();
  await page.getByRole("button", { name: "Clear search and filters" }).click();
  await page.getByRole("combobox", { name: "Role" }).click();
  await page.getByRole("option", { name: "Agency Owner" }).click();
  await eventually(async () => {
    assert.match((await rowNames(page, "Users")).join(), /^owner\s+You$/);
  });
  await visitor.leave();
});

test("an invitation that cannot be says why, beside the field", async () => {
  const visitor = await chromium.visitor(app.url);
  const { page } = visitor;
  await enter(visitor, app.owner, "/users?dialog=invite");
  const dialog = page.getByRole("dialog", { name: "Invite somebody" });
  await dialog.getByRole("button", { name: "Invite" }).click();
  await dialog.getByText("Enter an email address").waitFor();
  await dialog.getByText("Choose a role").waitFor();
  const accounts = dialog.getByRole("combobox", { name: "Sub-accounts" });
  await dialog.getByRole("radio", { name: "Agency Admin" }).check();
  assert.equal(await accounts.count(), 0, "an admin reaches all");
  await dialog.getByRole("radio", { name: "Subaccount Member" }).check();
  await dialog.getByLabel("Email").fill(app.owner.email);
  await dialog.getByRole("button", { name: "Invite" }).click();
  await dialog.getByText("Choose at least one, or all").waitFor();
  await chooseAccounts(page, ["Harbor Dental", "Evergreen Property Management"]);
  await visitor.look("invite");
  await dialog.getByRole("button", { name: "Invite" }).click();
  await dialog
    .getByText("This email already belongs to a user. Every email is used once in the whole system.")
    .waitFor();
  visitor.forgiveComplaints();
  await visitor.expectClean();
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
  await addressReads(page, /^\/users$/);
  await visitor.leave();
});

test("sending again makes a new link and kills the old one; revoking kills that, too", async () => {
  const email = "patience@people.example";
  const first = (await invite(owner, email, "subaccount_admin", [idOf("Harbor Dental")])).link ?? "";
  await invite(
    owner,
    "also.waits@people.example",
    "agency_member",
    [...clients.values()].map(({ id }) => id),
  );
  const visitor = await chromium.visitor(app.url);
  const { page } = visitor;
  await enter(visitor, app.owner, "/users");
  await page.getByRole("navigation", { name: "Users" }).getByRole("link", { name: "Pending" }).click();
  await addressReads(page, /^\/users\/pending$/);
  await reads(await cell(page, email, "Expires"), /^in [67] days$/);
  await reads(await cell(page, email, "Invited by"), "owner");
  await visitor.look("users-pending");

  await choose(page, email, "Send again…");
  await page.getByRole("dialog").getByRole("button", { name: "Send again" }).click();
  await page.getByRole("dialog", { name: `Invitation for ${email}` }).waitFor();
  await visitor.look("invitation-link");
  const second = await takeLink(page, email);
  assert.notEqual(second, first);
  await refusedAs(first, "This link is not valid", "accept-not-valid");
  const guest = await opens(second);
  await guest.page.getByRole("heading", { name: "Join Northwind Voice" }).waitFor();

  await choose(page, email, "Revoke…");
  await visitor.look("revoke-invitation");
  await page.getByRole("dialog").getByRole("button", { name: "Revoke" }).click();
  await row(page, email).waitFor({ state: "detached" });
  await refusedAs(second, "This invitation was taken back");
  // Whoever had the page open already is told as well.
  await guest.page.getByLabel("Your name").fill("Too Late");
  await guest.page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await guest.page.getByRole("button", { name: "Accept and sign in" }).click();
  await guest.page.getByRole("heading", { name: "This invitation was taken back" }).waitFor();
  await guest.leave();
  await visitor.leave();
});

test("a link that was used, one that expired, and none at all say what to do", async () => {
  const used = await invite(owner, "used@people.example", "agency_admin");
  ok(await app.client().post("/v1/invitations/accept", { token: tokenOf(used), name: "Used", password: PASSWORD }));
  await refusedAs(used.link ?? "", "This invitation was accepted already", "accept-used");
  const late = await invite(owner, "late@people.example", "agency_admin");
  await app.store.query("UPDATE invitations SET expires_at = created_at WHERE email = 'late@people.example'");
  await refusedAs(late.link ?? "", "This invitation has expired");
  await refusedAs("/accept", "Open your invitation's link");

  const visitor = await chromium.visitor(app.url);
  await enter(visitor, app.owner, "/users/pending");
  await reads(await cell(visitor.page, "late@people.example", "Expires"), "Expired");
  await visitor.leave();
});

test("the invitation's page refuses a password that is easy to guess, beside the field", async () => {
  const { link = "" } = await invite(owner, "weak@people.example", "agency_admin");
  const visitor = await opens(link);
  const { page } = visitor;
  await page.getByLabel("Your name").fill("Weak");
  await page.getByLabel("Password", { exact: true }).fill("short");
  await page.getByRole("button", { name: "Accept and sign in" }).click();
  await page.getByText("At least 12 characters", { exact: true }).waitFor();
  await page.getByLabel("Password", { exact: true }).fill("password1234");
  await page.getByRole("button", { name: "Accept and sign in" }).click();
  await page.getByText("This password is too easy to guess.").waitFor();
  visitor.forgiveComplaints();
  await visitor.look("accept-weak-password");
  await visitor.leave();
});

test("a changed role counts for whoever is at work, and removing them ends it", async () => {
  const { email, password } = await join(app, owner, "changes@people.example", "agency_admin");
  const theirs = await chromium.visitor(app.url);
  await enter(theirs, { email, password }, "/users");
  await row(theirs.page, "changes").waitFor();

  const host = await chromium.visitor(app.url);
  const { page } = host;
  await enter(host, app.owner, "/users");
  await choose(page, "changes", "Change role and access…");
  const dialog = page.getByRole("dialog", { name: "Role and access of changes" });
  await dialog.getByRole("radio", { name: "Subaccount Member" }).check();
  await chooseAccounts(page, ["Cedar Legal"]);
  await host.look("change-access");
  await dialog.getByRole("button", { name: "Save" }).click();
  await dialog.waitFor({ state: "detached" });
  await reads(await cell(page, "changes", "Role"), "Subaccount Member");
  await reads(await cell(page, "changes", "Sub-accounts"), "Cedar Legal");

  // Their console finds out by the first thing that is refused.
  await theirs.page.getByRole("link", { name: "API keys" }).click();
  await theirs.page.getByRole("heading", { name: "This page is not part of your role" }).waitFor();
  await eventually(async () => {
    assert.deepEqual(await menu(theirs.page), ["Overview", "Calls", "Statement", "Payments", "Automatic", "Knowledge"]);
  });

  await choose(page, "changes", "Remove…");
  const remove = page.getByRole("dialog", { name: "Remove changes?" });
  await remove.getByText("signed out everywhere").waitFor();
  await host.look("remove-person");
  await remove.getByRole("button", { name: "Remove", exact: true }).click();
  await row(page, "changes").waitFor({ state: "detached" });
  await theirs.page.reload();
  await theirs.page.getByRole("heading", { name: "Sign in" }).waitFor();
  await theirs.leave();
  await host.leave();
});

test("removing says which API keys stop working, and signing out everywhere ends sessions only", async () => {
  const { client, email, password } = await join(app, owner, "machines@people.example", "agency_admin");
  ok(await client.post("/v1/api_keys", { name: "Night shift PBX", scopes: ["read"] }));
  const host = await chromium.visitor(app.url);
  const { page } = host;
  await enter(host, app.owner, "/users");
  await choose(page, "machines", "Sign out everywhere");
  await page.getByRole("dialog").getByRole("button", { name: "Sign out everywhere" }).click();
  await page.getByText("machines was signed out everywhere.").waitFor();
  assert.equal((await client.get("/v1/me")).status, 401);
  await app.client().login({ email, password });
  await choose(page, "machines", "Remove…");
  await page.getByRole("dialog").getByText("Night shift PBX").waitFor();
  await page.keyboard.press("Escape");
  await host.leave();
});

test("inviting, by keyboard only", async () => {
  const visitor = await chromium.visitor(app.url);
  const { page } = visitor;
  const { keyboard } = page;
  await enter(visitor, app.owner, "/");
  await page.getByRole("heading", { name: "Home" }).waitFor();
  await keyboard.press("Control+k");
  await page.getByRole("dialog", { name: "Search" }).waitFor();
  await typeThere(page, "invite");
  await keyboard.press("Enter");
  const dialog = page.getByRole("dialog", { name: "Invite somebody" });
  await dialog.waitFor();
  await tabTo(page, dialog.getByLabel("Email"));
  await keyboard.type("keys@people.example");
  await tabTo(page, dialog.getByRole("radio", { name: "Agency Admin" }));
  for (let down = 0; down < 3; down += 1) await keyboard.press("ArrowDown");
  assert.ok(await dialog.getByRole("radio", { name: "Subaccount Member" }).isChecked());
  await tabTo(page, dialog.getByRole("combobox", { name: "Sub-accounts" }));
  await keyboard.type("harbor");
  await page.getByRole("option", { name: "Alpine Ski School" }).waitFor({ state: "detached" });
  await page.getByRole("option", { name: "Harbor Dental" }).waitFor();
  await keyboard.press("ArrowDown");
  await keyboard.press("Enter");
  await tabTo(page, dialog.getByRole("button", { name: "Invite" }));
  await keyboard.press("Enter");
  const link = page.getByRole("dialog", { name: "Invitation for keys@people.example" });
  await link.waitFor();
  await tabTo(page, link.getByRole("button", { name: "I have passed it on" }));
  await keyboard.press("Enter");
  await link.waitFor({ state: "detached" });
  await page.getByRole("link", { name: "Pending" }).click();
  await reads(await cell(page, "keys@people.example", "Sub-accounts"), "Harbor Dental");
  await visitor.leave();
});

test("the audit trail says it in words", async () => {
  const { id } = await invite(owner, "trail@people.example", "agency_admin");
  ok(await owner.delete(`/v1/invitations/${id}`));
  await join(app, owner, "joins@people.example", "agency_admin");
  const visitor = await chromium.visitor(app.url);
  const { page } = visitor;
  await enter(visitor, app.owner, "/audit");
  const table = page.getByRole("table", { name: "Audit events" });
  for (const action of ["Invited somebody", "Accepted an invitation", "Took an invitation back"]) {
    await table.getByText(action, { exact: true }).first().waitFor();
  }
  await visitor.leave();
});

test("the owner hands the agency over with their password, and is an admin then", async () => {
  await join(app, owner, "heir@people.example", "agency_admin");
  const visitor = await chromium.visitor(app.url);
  const { page } = visitor;
  await enter(visitor, app.owner, "/users");
  await choose(page, "heir", "Transfer ownership…");
  const dialog = page.getByRole("dialog", { name: "Make heir the owner?" });
  const password = dialog.getByLabel("Your password", { exact: true });
  assert.ok(await isFocused(password));
  await password.fill("not my password");
  await dialog.getByRole("button", { name: "Transfer ownership" }).click();
  await dialog.getByText("This is not your password.").waitFor();
  visitor.forgiveComplaints();
  await visitor.look("transfer-ownership");
  await password.fill(app.owner.password);
  await dialog.getByRole("button", { name: "Transfer ownership" }).click();
  await dialog.waitFor({ state: "detached" });
  await reads(await cell(page, "heir", "Role"), "Agency Owner");
  await reads(await cell(page, "owner", "Role"), "Agency Admin");
  await page.getByRole("button", { name: "Actions for heir" }).click();
  await eventually(async () => {
    assert.deepEqual(await page.getByRole("menuitem").allInnerTexts(), ["Sign out everywhere"]);
  });
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: /^Actions for anna/ }).click();
  await page.getByRole("menuitem", { name: "Remove…" }).waitFor();
  assert.equal(await page.getByRole("menuitem", { name: "Transfer ownership…" }).count(), 0);
  await visitor.leave();
});
