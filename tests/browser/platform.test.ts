// The platform's own staff in the console: all agencies, what one settled, and acting inside it in plain sight.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Page } from "playwright-core";

import { App } from "../harness/app.ts";
import { Authenticator } from "../harness/authenticator.ts";
import { startBrowser, type Visitor } from "../harness/browser.ts";
import { ok } from "../harness/client.ts";
import { addStaff, STAFF } from "../harness/platform.ts";
import { moveIn } from "../harness/rows.ts";
import {
  addressReads,
  cell,
  downloadedCsv,
  enter,
  eventually,
  fact,
  isFocused,
  reads,
  row,
  rowNames,
  signIn,
  tabTo,
  typeThere,
} from "./person.ts";
import { startScenery } from "./scenery.ts";

/** Other agencies beside the one of the scenery, in the same store. */
const OTHERS = ["Contoso Voice", "Überlandfunk Fernsprechdienste & Söhne GmbH of Northern Lower Saxony"];
const MANY = 10_000;
/** What a screen shows, and a little above and below. */
const ROWS_AT_MOST = 80;

const others = await Promise.all(
  OTHERS.map((agency, number) => App.start({ agency, email: `owner.${number}@other.example` })),
);
const { app, owner } = await startScenery({ staff: STAFF, args: ["--test-clock"] });
for (const other of others) {
  await moveIn(other.store, app.store);
  await other.finish();
}
const chromium = await startBrowser();
const agency = ok(await owner.get<{ id: string }>("/v1/agency")).id;
const ofNorthwind = `/platform/agencies/${agency}`;

async function staffAt(path: string): Promise<Visitor> {
  const visitor = await chromium.visitor(app.url);
  await enter(visitor, STAFF, path);
  return visitor;
}

const heading = (page: Page, name: string): Promise<void> =>
  page.getByRole("heading", { name, level: 1, exact: true }).waitFor();

async function menu(page: Page): Promise<string[]> {
  return page.getByRole("navigation", { name: "Main" }).getByRole("link").allInnerTexts();
}

async function trail(): Promise<string[]> {
  const { data } = ok(
    await owner.get<{ data: { action: string; actor: { kind: string } }[] }>("/v1/audit_events?limit=100"),
  );
  return data.filter(({ actor }) => actor.kind === "platform").map(({ action }) => action);
}

test("staff sign in by everybody's page and see the platform, and no page of an agency", async () => {
  const visitor = await chromium.visitor(app.url);
  const { page } = visitor;
  await page.goto("/");
  await signIn(page, STAFF);
  visitor.forgiveComplaints();
  await heading(page, "Overview");
  await addressReads(page, /^\/platform$/);
  assert.deepEqual(await menu(page), ["Overview", "Agencies", "Plans", "Base prices", "Payouts", "Jobs"]);
  await page.getByText("Platform Admin").waitFor();
  await reads(fact(page, "The platform", "Agencies"), "3");
  await reads(fact(page, "The platform", "Owed by agencies"), /^\$[1-9]/);
  await eventually(async () => {
    assert.match((await rowNames(page, "Owe the most")).join(), /^Northwind Voice/);
  });
  await page.getByRole("table", { name: "Plans" }).getByRole("rowheader", { name: "Agency Unlimited" }).waitFor();
  await visitor.look("platform-overview");

  await page.keyboard.press("Control+k");
  const palette = page.getByRole("dialog", { name: "Search" });
  await palette.getByRole("option", { name: /Contoso Voice/ }).waitFor();
  assert.equal(await palette.getByRole("option", { name: /Add|Invite/ }).count(), 0);
  await visitor.look("platform-palette", ["light", "narrow-dark"]);
  await typeThere(page, "contoso");
  await eventually(async () => {
    assert.equal(await palette.getByRole("option").count(), 1);
  });
  await page.keyboard.press("Enter");
  await heading(page, "Contoso Voice");
  await visitor.expectClean();
  await visitor.leave();
});

test("agencies are searched, filtered and sorted by the server, and exported", async () => {
  const visitor = await staffAt("/platform/agencies");
  const { page } = visitor;
  await row(page, "Contoso Voice").waitFor();
  await reads(await cell(page, "Northwind Voice", "Plan"), "Agency Unlimited");
  await reads(await cell(page, "Northwind Voice", "Sub-accounts"), "11");
  await reads(await cell(page, "Northwind Voice", "Credit"), /^−\$/);
  await reads(await cell(page, "Contoso Voice", "Owner's email"), "owner.0@other.example");
  await visitor.look("platform-agencies");

  await page.getByRole("button", { name: "Credit" }).click();
  await addressReads(page, /^\/platform\/agencies\?sort=credit_usd$/);
  await eventually(async () => {
    assert.equal((await rowNames(page, "Agencies"))[0], "Northwind Voice");
  });
  await page.getByLabel("Search name, owner's email").fill("OWNER.0@");
  await addressReads(page, /q=OWNER\.0@/);
  await eventually(async () => {
    assert.deepEqual(await rowNames(page, "Agencies"), ["Contoso Voice"]);
  });
  const csv = await downloadedCsv(page, () => page.getByRole("button", { name: "CSV" }).click());
  assert.equal(csv.name, "agencies.csv");
  assert.deepEqual(
    csv.rows.map((cells) => cells[1]),
    ["name", "Contoso Voice"],
  );
  await page.getByRole("combobox", { name: "Status" }).click();
  await page.getByRole("option", { name: "Being deleted" }).click();
  await page.getByRole("heading", { name: "No agency matches" }).waitFor();
  await visitor.look("platform-agencies-none", ["light", "narrow-dark"]);
  await page.getByRole("button", { name: "Clear search and filters" }).click();
  await eventually(async () => {
    assert.equal((await rowNames(page, "Agencies")).length, 3);
  });
  await visitor.leave();
});

test("a settlement is typed, looked at once more and recorded once; agency and list show it", async () => {
  const visitor = await staffAt(ofNorthwind);
  const { page } = visitor;
  await heading(page, "Northwind Voice");
  await page.getByRole("heading", { name: "Nothing settled yet" }).waitFor();
  await visitor.look("platform-agency");
  const credit = await fact(page, "With the platform", "Credit").innerText();

  await page.getByRole("button", { name: "Record a settlement" }).click();
  const dialog = page.getByRole("dialog", { name: "Record a settlement of Northwind Voice" });
  await dialog.getByRole("button", { name: "Continue" }).click();
  await dialog.getByText("Enter an amount above zero").waitFor();
  await dialog.getByLabel("Amount").fill("1,000,000,000.01");
  await dialog.getByRole("button", { name: "Continue" }).click();
  const review = page.getByRole("dialog", { name: "Record this settlement?" });
  await review.getByRole("button", { name: /^Record/ }).click();
  await dialog.getByText(/at most|less|too large|than/i).waitFor();
  visitor.forgiveComplaints();
  await dialog.getByLabel("Amount").fill("320.5");
  await dialog.getByLabel("Reference").fill("Bank transfer of 3 November");
  await visitor.look("platform-settle");
  await dialog.getByRole("button", { name: "Continue" }).click();
  await review.getByText("$320.50", { exact: true }).waitFor();
  await review.getByText("Bank transfer of 3 November").waitFor();
  assert.ok(await isFocused(review.getByRole("button", { name: "Record $320.50" })));
  await visitor.look("platform-settle-review");
  await review.getByRole("button", { name: "Back" }).click();
  assert.equal(await dialog.getByLabel("Amount").inputValue(), "320.5");
  await dialog.getByRole("button", { name: "Continue" }).click();
  await review.getByRole("button", { name: "Record $320.50" }).dblclick();
  await review.waitFor({ state: "detached" });

  await eventually(async () => {
    assert.equal((await rowNames(page, "Settlements")).length, 1);
  });
  assert.notEqual(await fact(page, "With the platform", "Credit").innerText(), credit);
  await reads(await cell(page, "Bank transfer of 3 November", "Amount"), "$320.50");
  await page.getByText(/by sam/).waitFor();
  await page.getByText(/Its credit is/).waitFor({ state: "detached" });
  await visitor.look("platform-agency-settled");
  assert.deepEqual(await trail(), ["agency.settled"]);
  await visitor.leave();
});

test("entering says what it means; inside, a bar on every page says so and leads out", async () => {
  const visitor = await staffAt(ofNorthwind);
  const { page } = visitor;
  await page.getByRole("button", { name: "Enter" }).click();
  const dialog = page.getByRole("dialog", { name: "Enter Northwind Voice?" });
  await dialog.getByText(/audit trail shows that you came/).waitFor();
  await visitor.look("platform-enter");
  await dialog.getByRole("button", { name: "Stay outside" }).click();
  await dialog.waitFor({ state: "detached" });
  assert.ok(await isFocused(page.getByRole("button", { name: "Enter" })));
  await page.getByRole("button", { name: "Enter" }).click();
  await dialog.getByRole("button", { name: "Enter" }).click();

  await heading(page, "Home");
  const bar = page.getByRole("complementary", { name: "Platform staff" });
  await reads(bar, /You are inside Northwind Voice as platform staff\. Everything you do is recorded/);
  assert.equal((await menu(page))[0], "Home");
  assert.ok(!(await menu(page)).includes("Agencies"));
  await page.getByText("Platform Admin").waitFor();
  await visitor.look("platform-inside");
  for (const name of ["Subaccounts", "Users", "Audit", "Settings"]) {
    await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name, exact: true }).click();
    await heading(page, name);
    await bar.waitFor();
  }
  await page.goto("/platform/agencies");
  await heading(page, "Leave Northwind Voice first");
  await visitor.look("platform-leave-first", ["light", "narrow-dark"]);

  await bar.getByRole("button", { name: "Leave" }).click();
  await heading(page, "Overview");
  await addressReads(page, /^\/platform$/);
  assert.equal(await bar.count(), 0);
  assert.deepEqual((await trail()).slice(0, 2), ["platform.left", "platform.entered"]);
  await visitor.expectClean();
  await visitor.leave();
});

test("in, to a client, and out again by keyboard only", async () => {
  const visitor = await staffAt("/platform/agencies");
  const { page } = visitor;
  const { keyboard } = page;
  await tabTo(page, page.getByRole("link", { name: "Northwind Voice" }));
  await keyboard.press("Enter");
  await tabTo(page, page.getByRole("button", { name: "Enter" }));
  await keyboard.press("Enter");
  const dialog = page.getByRole("dialog", { name: "Enter Northwind Voice?" });
  await tabTo(page, dialog.getByRole("button", { name: "Enter" }));
  await keyboard.press("Enter");
  await heading(page, "Home");
  await keyboard.press("Control+k");
  await page
    .getByRole("dialog", { name: "Search" })
    .getByRole("option", { name: /Alpine Ski School/ })
    .waitFor();
  await typeThere(page, "leave");
  await page.getByRole("option", { name: "Leave Northwind Voice" }).waitFor();
  await keyboard.press("Enter");
  await heading(page, "Overview");
  await visitor.expectClean();
  await visitor.leave();
});

test("staff look after their own account, and sign in by a code once they have set it up", async () => {
  const person = await addStaff(app.store);
  const visitor = await chromium.visitor(app.url);
  const { page } = visitor;
  await enter(visitor, person, "/platform");
  await page.getByRole("button", { name: "Your account:" }).click();
  await page.getByRole("dialog", { name: "Your account" }).getByRole("link", { name: "Your account" }).click();
  await heading(page, "Your account");
  await page.getByText("Of the platform's staff").waitFor();
  assert.equal(await page.getByRole("button", { name: "Change email" }).count(), 0);
  await visitor.look("platform-account");

  await page.getByRole("button", { name: "Set up…" }).click();
  const proof = page.getByRole("dialog", { name: "Set up two-factor sign-in" });
  await proof.getByLabel("Your password").fill(person.password);
  await proof.getByRole("button", { name: "Continue" }).click();
  const scan = page.getByRole("dialog", { name: "Add it to your app" });
  const secret = await scan.getByLabel("Key", { exact: true }).inputValue();
  const authenticator = new Authenticator(app, `otpauth://totp/Minutebank?secret=${secret}`);
  await scan.getByLabel("Code", { exact: true }).fill(await authenticator.next());
  await scan.getByRole("button", { name: "Turn on" }).click();
  await page.getByRole("button", { name: "I have stored them" }).click();
  await page.getByText("10 codes are left.").waitFor();
  await visitor.expectClean();

  await page.getByRole("button", { name: "Change password" }).click();
  const change = page.getByRole("dialog", { name: "Change your password" });
  const password = "two ferries pass at dawn";
  await change.getByLabel("Current password").fill(person.password);
  await change.getByLabel("New password").fill(password);
  await change.getByRole("button", { name: "Change password" }).click();
  await change.waitFor({ state: "detached" });

  await page.keyboard.press("Control+k");
  await page.getByRole("dialog", { name: "Search" }).getByRole("option", { name: "Sign out" }).click();
  await page.getByRole("heading", { name: "Sign in" }).waitFor();
  await signIn(page, { ...person, password });
  await page.getByRole("heading", { name: "Enter your code" }).waitFor();
  await page.getByLabel("Code").fill(await authenticator.next());
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await heading(page, "Overview");
  visitor.forgiveComplaints();
  await visitor.expectClean();
  await visitor.leave();
});

test("whoever is in the wrong place is told where to go", async () => {
  const visitor = await staffAt("/subaccounts");
  const { page } = visitor;
  for (const path of ["/subaccounts", "/users", "/calls", "/audit", "/settings", "/api-keys"]) {
    await page.goto(path);
    await heading(page, "Enter an agency first");
  }
  await visitor.look("platform-enter-first");
  await page.getByRole("link", { name: "Go to Agencies" }).click();
  await heading(page, "Agencies");
  await page.goto("/platform/agencies/agy_0000000000001");
  await page.getByRole("heading", { name: "There is nothing here" }).waitFor();
  visitor.forgiveComplaints();
  await visitor.leave();

  const agencys = await chromium.visitor(app.url);
  await enter(agencys, app.owner, "/platform");
  await heading(agencys.page, "There is no such page");
  assert.equal(await agencys.page.getByRole("link", { name: "Agencies" }).count(), 0);
  await agencys.expectClean();
  await agencys.leave();
});

test("of ten thousand agencies few are in the page, and scrolling reaches the last one", async () => {
  await addMany();
  try {
    const visitor = await staffAt("/platform/agencies");
    const { page } = visitor;
    await page.getByText("10,003", { exact: true }).waitFor();
    await row(page, "Agency 00000").waitFor();
    assert.ok((await rowNames(page, "Agencies")).length < ROWS_AT_MOST);
    await page.getByRole("region", { name: "Agencies" }).hover();
    const last = "Überlandfunk";
    await eventually(async () => {
      await page.mouse.wheel(0, 1_000_000);
      assert.equal(await row(page, last).count(), 1);
    });
    assert.equal(await row(page, last).getAttribute("aria-rowindex"), "10004");
    assert.ok((await rowNames(page, "Agencies")).length < ROWS_AT_MOST);
    await visitor.expectClean();
    await visitor.leave();
  } finally {
    await app.store.query("DELETE FROM agencies WHERE name LIKE 'Agency %'");
  }
});

/** Rows that a table needs, and nothing that an agency needs to work. */
async function addMany(): Promise<void> {
  const [pattern = {}] = await app.store.query("SELECT * FROM agencies WHERE name = 'Contoso Voice'");
  const columns = Object.keys(pattern);
  const values = columns.map((column) => {
    if (column === "id") return "n.i + 1";
    if (column === "name") return `'Agency ' || substr('0000' || n.i, -5)`;
    return column;
  });
  await app.store.query(
    `INSERT INTO agencies (${columns.join(", ")}) WITH RECURSIVE n (i) AS` +
      ` (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < ${MANY - 1})` +
      ` SELECT ${values.join(", ")} FROM agencies, n WHERE agencies.name = 'Contoso Voice'`,
  );
}
