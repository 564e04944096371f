// One's own account: name, address, password, two-factor sign-in, and where one is signed in.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import type { Locator, Page } from "playwright-core";

import { startApp } from "../harness/app.ts";
import { Authenticator, setUpTwoFactor } from "../harness/authenticator.ts";
import { startBrowser, type Visitor } from "../harness/browser.ts";
import { ok, refused, type Client, type Reply } from "../harness/client.ts";
import { MailServer, tokenIn, type Mail } from "../harness/mail.ts";
import type { Owner } from "../harness/minutebank.ts";
import { addressReads, choose, enter, eventually, isFocused, row, tabTo, typeThere } from "./person.ts";

const PASSWORD = "quiet lamps by the river";
const NEW = "seven slow trains at night";
const FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
const IPHONE =
  "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1";

const post = await MailServer.start({ isPlain: true });
after(() => post.stop());
const app = await startApp({
  args: [
    ...["--test-clock", "--smtp-url", `smtp://127.0.0.1:${post.port}`],
    ...["--smtp-insecure", "--mail-from", "mail@minutes.example"],
  ],
});
const owner = await app.ownerClient();
const chromium = await startBrowser();

interface Somebody extends Owner {
  client: Client;
}

async function somebody(name: string, role = "agency_admin"): Promise<Somebody> {
  const email = `${name}@northwind.example`;
  ok(await owner.post("/v1/invitations", { email, role }));
  const client = app.client();
  const token = tokenIn(await post.arrival(email));
  ok(await client.post("/v1/invitations/accept", { token, name, password: PASSWORD }));
  return { client, email, password: PASSWORD };
}

const login = (who: Owner, headers = {}): Promise<Reply> =>
  app.client().post("/v1/auth/login", { email: who.email, password: who.password }, { headers });

/** The page of whoever it is, with the session that they have. */
async function accountOf(person: Somebody): Promise<Visitor> {
  const visitor = await chromium.visitor(app.url);
  await enter(visitor, person.client, "/account");
  await visitor.page.getByRole("heading", { name: "Your account", level: 1 }).waitFor();
  return visitor;
}

const section = (page: Page, name: string): Locator => page.getByRole("region", { name });
const dialogOf = (page: Page, name: string): Locator => page.getByRole("dialog", { name });

async function recoveryCodes(page: Page): Promise<string[]> {
  const codes = page.getByRole("list", { name: "Recovery codes" }).getByRole("listitem");
  await codes.first().waitFor();
  return codes.allInnerTexts();
}

async function prove(dialog: Locator, button: string, code?: string, password = PASSWORD): Promise<void> {
  await dialog.getByLabel("Your password", { exact: true }).fill(password);
  if (code !== undefined) await dialog.getByLabel("Code", { exact: true }).fill(code);
  await dialog.getByRole("button", { name: button, exact: true }).click();
}

test("the page is reached from the user menu and the palette; a new name is seen there", async () => {
  const person = await somebody("grace", "agency_member");
  const visitor = await chromium.visitor(app.url);
  const { page } = visitor;
  await enter(visitor, person.client, "/subaccounts");
  await page.getByRole("button", { name: /^Your account/ }).click();
  await visitor.look("user-menu", ["light", "dark"]);
  await page.getByRole("link", { name: "Your account" }).click();
  await addressReads(page, /^\/account$/);
  await page.getByText("Agency Member at Northwind Voice").waitFor();
  assert.equal(await page.getByRole("link", { name: "Your account" }).count(), 0, "the menu stays open");
  const name = page.getByLabel("Your name");
  await name.fill("  ");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("Enter your name").waitFor();
  await name.fill("Grace Hopper");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByRole("button", { name: /^Your account: Grace Hopper/ }).waitFor();
  await page.goto("/subaccounts");
  await page.getByRole("button", { name: /^Your account: Grace Hopper/ }).waitFor();
  await page.keyboard.press("Control+k");
  await dialogOf(page, "Search").waitFor();
  await typeThere(page, "your acc");
  await page.getByRole("option", { name: "Your account" }).waitFor();
  await page.keyboard.press("Enter");
  await addressReads(page, /^\/account$/);
  await visitor.leave();
});

test("a new password takes the one before, and ends the other sessions", async () => {
  const person = await somebody("changes.password");
  const elsewhere = await app.client().login(person);
  const visitor = await accountOf(person);
  const { page } = visitor;
  await page.getByRole("button", { name: "Change password" }).click();
  const dialog = dialogOf(page, "Change your password");
  const change = dialog.getByRole("button", { name: "Change password" });
  assert.ok(await isFocused(dialog.getByLabel("Current password", { exact: true })));
  await change.click();
  await dialog.getByText("Enter the password you have now").waitFor();
  await dialog.getByLabel("Current password", { exact: true }).fill("not the one");
  await dialog.getByLabel("New password", { exact: true }).fill(NEW);
  await change.click();
  await dialog.getByText("This is not your password.").waitFor();
  visitor.forgiveComplaints();
  await visitor.look("change-password");
  await dialog.getByLabel("Current password", { exact: true }).fill(PASSWORD);
  await dialog.getByLabel("New password", { exact: true }).fill("northwindvoice");
  await change.click();
  await dialog.getByText("This password is too easy to guess.").waitFor();
  await dialog.getByLabel("New password", { exact: true }).fill(NEW);
  await change.click();
  await dialog.waitFor({ state: "detached" });
  await page.getByText("Your password was changed.").waitFor();
  refused(await elsewhere.get("/v1/me"), 401, "session_expired");
  ok(await login({ ...person, password: NEW }));
  await page.reload();
  await page.getByRole("heading", { name: "Your account", level: 1 }).waitFor();
  await visitor.leave();
});

test("another address counts once both have confirmed it, and can be taken back until then", async () => {
  const person = await somebody("moves");
  const email = "moved@northwind.example";
  const visitor = await accountOf(person);
  const { page } = visitor;
  await page.getByRole("button", { name: "Change email" }).click();
  const dialog = dialogOf(page, "Change your email");
  const send = dialog.getByRole("button", { name: "Send the links" });
  await dialog.getByLabel("New email").fill(app.owner.email);
  await dialog.getByLabel("Your password", { exact: true }).fill(PASSWORD);
  await send.click();
  await dialog.getByText("This email is already in use.").waitFor();
  visitor.forgiveComplaints();
  await visitor.look("change-email");
  await dialog.getByLabel("New email").fill("typo@northwind.example");
  await send.click();
  await dialog.waitFor({ state: "detached" });
  const pending = section(page, "Change of email");
  await pending.getByText("Waits for typo@northwind.example").waitFor();
  await pending.getByRole("button", { name: "Take back" }).click();
  await pending.waitFor({ state: "detached" });

  ok(await app.client().post("/v1/test/clock", { advance_seconds: 61 }));
  await page.getByRole("button", { name: "Change email" }).click();
  await dialog.getByLabel("New email").fill(email);
  await dialog.getByLabel("Your password", { exact: true }).fill(PASSWORD);
  await send.click();
  await pending.getByText(`Waits for ${email}`).waitFor();
  await page.getByRole("button", { name: "Change email" }).click();
  await dialog.getByLabel("New email").fill("third@northwind.example");
  await dialog.getByLabel("Your password", { exact: true }).fill(PASSWORD);
  await send.click();
  await dialog.getByText(/^Too many tries\. Try again in \d+ seconds\.$/).waitFor();
  await page.keyboard.press("Escape");
  visitor.forgiveComplaints();

  const phone = await chromium.visitor(app.url);
  await phone.page.goto(`/confirm-email#token=${tokenIn(await post.arrival(email))}`);
  await phone.page.getByRole("heading", { name: "One of two confirmations is there" }).waitFor();
  assert.equal(new URL(phone.page.url()).hash, "");
  await phone.page.getByText("the address you sign in with so far").waitFor();
  await phone.look("confirm-email-first");
  await pending.getByText(`Confirmed by ${email}`).waitFor();
  await visitor.look("my-account-email-pending");

  // The mail about the change that was taken back at once may have been sent, or not any more.
  const isTold = ({ text }: Mail): boolean => text.includes(`to ${email}`);
  await eventually(() => {
    assert.ok(post.sentTo(person.email).some(isTold));
  });
  const told = post.sentTo(person.email).find(isTold) as Mail;
  await page.goto(`/confirm-email#token=${tokenIn(told)}`);
  await page.getByRole("heading", { name: "Your address was changed" }).waitFor();
  await visitor.look("confirm-email-done");
  await page.getByRole("link", { name: "Go to your account" }).click();
  await section(page, "Email and password").getByText(email, { exact: true }).waitFor();
  ok(await login({ ...person, email }));
  await phone.leave();
  await visitor.leave();
});

test("two-factor sign-in is set up, given new codes, set up anew and turned off", async () => {
  const person = await somebody("careful");
  const visitor = await accountOf(person);
  const { page } = visitor;
  await visitor.look("my-account");
  await page.getByRole("button", { name: "Set up…" }).click();
  const proof = dialogOf(page, "Set up two-factor sign-in");
  await prove(proof, "Continue", undefined, "not the one");
  await proof.getByText("This is not your password.").waitFor();
  visitor.forgiveComplaints();
  await visitor.look("two-factor-password");
  await prove(proof, "Continue");

  const scan = dialogOf(page, "Add it to your app");
  await scan.getByRole("img", { name: /^QR code/ }).waitFor();
  const code = scan.getByLabel("Code", { exact: true });
  await eventually(async () => {
    assert.ok(await isFocused(code));
  });
  const secret = await scan.getByLabel("Key", { exact: true }).inputValue();
  assert.match(secret, /^[A-Z2-7]{32}$/);
  const authenticator = new Authenticator(app, `otpauth://totp/Northwind?secret=${secret}`);
  await code.fill("000000");
  await scan.getByRole("button", { name: "Turn on" }).click();
  await scan.getByText("This code is not right.").waitFor();
  visitor.forgiveComplaints();
  await visitor.look("two-factor-scan");
  await code.fill(await authenticator.next());
  await scan.getByRole("button", { name: "Turn on" }).click();

  const first = dialogOf(page, "Two-factor sign-in is on");
  const codes = await recoveryCodes(page);
  assert.equal(new Set(codes).size, 10);
  await page.keyboard.press("Escape");
  await first.waitFor();
  await visitor.look("recovery-codes");
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    first.getByRole("button", { name: "Download" }).click(),
  ]);
  assert.equal(download.suggestedFilename(), "recovery-codes.txt");
  const chunks: Buffer[] = [];
  for await (const chunk of await download.createReadStream()) chunks.push(chunk as Buffer);
  const file = Buffer.concat(chunks).toString("utf8");
  assert.ok(file.startsWith(`Recovery codes of ${person.email} at Northwind Voice`), file);
  for (const one of codes) assert.ok(file.includes(`\n${one}\n`), one);
  await first.getByRole("button", { name: "I have stored them" }).click();
  await section(page, "Two-factor sign-in").getByText("10 codes are left.").waitFor();
  await visitor.look("my-account-two-factor");
  refused(await login(person), 401, "two_factor_required");

  await page.getByRole("button", { name: "Make new codes…" }).click();
  const renew = dialogOf(page, "Make new recovery codes");
  await renew.getByRole("button", { name: "Make new codes" }).click();
  await renew.getByText("Enter a code", { exact: true }).waitFor();
  await prove(renew, "Make new codes", "000000");
  await renew.getByText("This code is not right.").waitFor();
  visitor.forgiveComplaints();
  await visitor.look("recovery-codes-renew");
  await prove(renew, "Make new codes", await authenticator.next());
  const fresh = await recoveryCodes(page);
  assert.equal(new Set([...codes, ...fresh]).size, 20);
  await page.getByRole("button", { name: "I have stored them" }).click();

  await page.getByRole("button", { name: "Set up anew…" }).click();
  await prove(dialogOf(page, "Set up two-factor sign-in anew"), "Continue", fresh[0]);
  const other = await scan.getByLabel("Key", { exact: true }).inputValue();
  assert.notEqual(other, secret);
  const phone = new Authenticator(app, `otpauth://totp/Northwind?secret=${other}`);
  await code.fill(await phone.next());
  await scan.getByRole("button", { name: "Use this app" }).click();
  await dialogOf(page, "The new app counts").getByRole("button", { name: "I have stored them" }).click();

  await page.getByRole("button", { name: "Turn off…" }).click();
  const off = dialogOf(page, "Turn two-factor sign-in off?");
  await off.getByText("Whoever finds out your password is in then.").waitFor();
  await visitor.look("two-factor-off");
  await prove(off, "Turn off", await phone.next());
  await page.getByRole("button", { name: "Set up…" }).waitFor();
  ok(await login(person));
  await visitor.expectClean();
  await visitor.leave();
});

test("few recovery codes are worth a word", async () => {
  const person = await somebody("spends");
  const { recoveryCodes: codes } = await setUpTwoFactor(app, person.client, person);
  for (const code of codes.slice(0, 9)) {
    ok(await app.client().post("/v1/auth/login", { email: person.email, password: PASSWORD, code }));
  }
  const visitor = await accountOf(person);
  const part = section(visitor.page, "Two-factor sign-in");
  await part.getByText("Only 1 left").waitFor();
  await part.getByText("1 code is left.").waitFor();
  await visitor.leave();
});

test("sessions are listed by device and place, and ended one by one or all others at once", async () => {
  const person = await somebody("everywhere");
  const there = app.client();
  ok(
    await there.post(
      "/v1/auth/login",
      { email: person.email, password: PASSWORD },
      { headers: { "user-agent": FIREFOX } },
    ),
  );
  ok(await login(person, { "user-agent": IPHONE }));
  ok(await login(person));
  const visitor = await accountOf(person);
  const { page } = visitor;
  const rows = page.getByRole("list", { name: "Sessions" }).getByRole("listitem");
  await eventually(async () => {
    assert.equal(await rows.count(), 4);
  });
  assert.match(await rows.first().innerText(), /This one[\s\S]*127\.0\.0\.1 · in use now/);
  assert.equal(await rows.first().getByRole("button").count(), 0);
  await rows
    .filter({ hasText: "Safari on iPhone" })
    .getByText(/last used .+ · since /)
    .waitFor();
  await visitor.look("my-account-sessions");
  await rows.filter({ hasText: "Firefox on Linux" }).getByRole("button", { name: "Sign out" }).click();
  await page.getByText("Firefox on Linux was signed out.").waitFor();
  await eventually(async () => {
    assert.equal(await rows.count(), 3);
  });
  refused(await there.get("/v1/me"), 401, "session_expired");

  await page.getByRole("button", { name: "Sign out all others" }).click();
  const dialog = dialogOf(page, "Sign out everywhere else?");
  await visitor.look("sign-out-others");
  await dialog.getByRole("button", { name: "Sign out all others" }).click();
  await dialog.waitFor({ state: "detached" });
  await eventually(async () => {
    assert.equal(await rows.count(), 1);
  });
  assert.equal(await page.getByRole("button", { name: "Sign out all others" }).count(), 0);
  ok(await person.client.get("/v1/me"));
  await visitor.expectClean();
  await visitor.leave();
});

test("two-factor sign-in, by keyboard only", async () => {
  const person = await somebody("keys");
  const visitor = await accountOf(person);
  const { page } = visitor;
  const { keyboard } = page;
  await tabTo(page, page.getByRole("button", { name: "Set up…" }));
  await keyboard.press("Enter");
  await eventually(async () => {
    assert.ok(await isFocused(page.getByLabel("Your password", { exact: true })));
  });
  await keyboard.type(PASSWORD);
  await keyboard.press("Enter");
  const scan = dialogOf(page, "Add it to your app");
  const secret = await scan.getByLabel("Key", { exact: true }).inputValue();
  await eventually(async () => {
    assert.ok(await isFocused(scan.getByLabel("Code", { exact: true })));
  });
  await keyboard.type(await new Authenticator(app, `otpauth://totp/Northwind?secret=${secret}`).next());
  await keyboard.press("Enter");
  const stored = page.getByRole("button", { name: "I have stored them" });
  await tabTo(page, stored);
  await keyboard.press("Enter");
  await stored.waitFor({ state: "detached" });
  await section(page, "Two-factor sign-in").getByText("10 codes are left.").waitFor();
  await eventually(async () => {
    assert.ok(!(await isFocused(page.locator("body"))));
  });
  await visitor.leave();
});

test("handing the agency over asks an owner with two-factor sign-in for a code", async () => {
  await somebody("heir");
  const { app: authenticator } = await setUpTwoFactor(app, owner, app.owner);
  const visitor = await chromium.visitor(app.url);
  const { page } = visitor;
  await enter(visitor, owner, "/users");
  await row(page, "heir").waitFor();
  await choose(page, "heir", "Transfer ownership…");
  const dialog = dialogOf(page, "Make heir the owner?");
  await visitor.look("transfer-ownership-code");
  await prove(dialog, "Transfer ownership", await authenticator.next(), app.owner.password);
  await dialog.waitFor({ state: "detached" });
  await page.getByText("heir owns Northwind Voice now.").waitFor();
  await visitor.leave();
});
