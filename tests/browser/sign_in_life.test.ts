// Signing in and what belongs to it: a second step, a forgotten password, links by mail, and two-factor sign-in where
// the agency requires it.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import type { Page } from "playwright-core";

import { startApp } from "../harness/app.ts";
import { Authenticator, setUpTwoFactor } from "../harness/authenticator.ts";
import { startBrowser, type Visitor } from "../harness/browser.ts";
import { ok, type Client } from "../harness/client.ts";
import { MailServer, tokenIn } from "../harness/mail.ts";
import type { Owner } from "../harness/minutebank.ts";
import { addressReads, cell, enter, eventually, isFocused, reads, row, rowNames, signIn } from "./person.ts";

const PASSWORD = "quiet lamps by the river";
const NEW = "seven slow trains at night";

const post = await MailServer.start({ isPlain: true });
after(() => post.stop());
const app = await startApp({
  args: [
    ...["--test-clock", "--smtp-url", `smtp://127.0.0.1:${post.port}`],
    ...["--smtp-insecure", "--mail-from", "mail@minutes.example"],
  ],
});
const withoutMail = await startApp();
const owner = await app.ownerClient();
const chromium = await startBrowser();

interface Somebody extends Owner {
  client: Client;
}

async function somebody(name: string): Promise<Somebody> {
  const email = `${name}@northwind.example`;
  ok(await owner.post("/v1/invitations", { email, role: "agency_admin" }));
  const client = app.client();
  const token = tokenIn(await post.arrival(email));
  ok(await client.post("/v1/invitations/accept", { token, name, password: PASSWORD }));
  return { client, email, password: PASSWORD };
}

async function fillSignIn(page: Page, { email, password }: Owner): Promise<void> {
  await page.getByLabel("Email").fill(email);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
}

async function fillCode(page: Page, code: string, button = "Sign in"): Promise<void> {
  await page.getByLabel("Code", { exact: true }).fill(code);
  await page.getByRole("button", { name: button, exact: true }).click();
}

async function opens(path: string): Promise<Visitor> {
  const visitor = await chromium.visitor(app.url);
  await visitor.page.goto(path);
  return visitor;
}

const linkIn = (page: string, token: string): string => `${page}#token=${token}`;

test("who has two-factor sign-in is asked for a code, and a recovery code will do", async () => {
  const person = await somebody("grace");
  const { app: authenticator, recoveryCodes } = await setUpTwoFactor(app, person.client, person);
  const visitor = await opens("/signin?next=/audit");
  const { page } = visitor;
  await fillSignIn(page, person);
  await page.getByRole("heading", { name: "Enter your code" }).waitFor();
  const code = page.getByLabel("Code", { exact: true });
  assert.ok(await isFocused(code));
  assert.equal(await code.getAttribute("autocomplete"), "one-time-code");
  await page.getByText("or a recovery code").waitFor();
  visitor.forgiveComplaints();
  await visitor.look("signin-code");

  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.getByText("Enter a code", { exact: true }).waitFor();
  await fillCode(page, "000000");
  await page.getByText("This code is not right.").waitFor();
  await eventually(async () => {
    assert.ok(await isFocused(code));
  });
  visitor.forgiveComplaints();
  await visitor.look("signin-code-wrong");
  await fillCode(page, await authenticator.next());
  await page.getByRole("heading", { name: "Audit" }).waitFor();
  await addressReads(page, /^\/audit$/);
  await visitor.leave();

  const other = await opens("/signin");
  await fillSignIn(other.page, person);
  await fillCode(other.page, (recoveryCodes[0] ?? "").toUpperCase());
  await other.page.getByRole("heading", { name: "Home" }).waitFor();
  await other.leave();
});

test("the code's step leads back to sign in as somebody else", async () => {
  const person = await somebody("turning.back");
  await setUpTwoFactor(app, person.client, person);
  const visitor = await opens("/signin");
  const { page } = visitor;
  await fillSignIn(page, person);
  await page.getByRole("button", { name: "Sign in as somebody else" }).click();
  await page.getByRole("heading", { name: "Sign in" }).waitFor();
  assert.equal(await page.getByRole("alert").count(), 0);
  await signIn(page, app.owner);
  await page.getByRole("heading", { name: "Home" }).waitFor();
  await visitor.leave();
});

test("who tries again and again is told how long to wait", async () => {
  const visitor = await opens("/signin");
  const { page } = visitor;
  const answer = (): Promise<number> => page.waitForResponse(/\/v1\/auth\/login$/).then((reply) => reply.status());
  for (let status = 401; status === 401;) {
    [status] = await Promise.all([answer(), fillSignIn(page, { email: "guess@x.example", password: "a guess" })]);
  }
  await page
    .getByRole("alert")
    .filter({ hasText: /^Too many tries\. Try again in \d+ seconds?\.$/ })
    .waitFor();
  visitor.forgiveComplaints();
  await visitor.look("signin-wait");
  await visitor.leave();
});

test("who forgot their password sets a new one by the link of a mail, once", async () => {
  const { email } = await somebody("forgetful");
  const visitor = await opens("/signin");
  const { page } = visitor;
  await page.getByRole("link", { name: "Forgot your password?" }).click();
  await addressReads(page, /^\/forgot$/);
  await page.getByRole("button", { name: "Send the link" }).click();
  await page.getByText("Enter the email you sign in with").waitFor();
  visitor.forgiveComplaints();
  await visitor.look("forgot");
  await page.getByLabel("Email").fill(email);
  await page.getByRole("button", { name: "Send the link" }).click();
  await page.getByText(`If somebody signs in with ${email}, a link is on its way there.`).waitFor();
  await visitor.look("forgot-asked");

  const token = tokenIn(await post.arrival(email, 1, /^Set a new password/));
  await page.goto(linkIn("/reset", token));
  await page.getByRole("heading", { name: "Set a new password" }).waitFor();
  assert.equal(new URL(page.url()).hash, "", "the token stays in the address");
  const password = page.getByLabel("New password", { exact: true });
  await password.fill("short");
  await page.getByRole("button", { name: "Set the password" }).click();
  await page.getByText("At least 12 characters", { exact: true }).waitFor();
  await password.fill("northwindvoice");
  await page.getByRole("button", { name: "Set the password" }).click();
  await page.getByText("This password is too easy to guess.").waitFor();
  visitor.forgiveComplaints();
  await visitor.look("reset");
  await password.fill(NEW);
  await page.getByRole("button", { name: "Set the password" }).click();
  await page.getByRole("status").filter({ hasText: "Your new password is set." }).waitFor();
  await page.getByRole("link", { name: "Forgot your password?" }).waitFor();
  await visitor.look("signin-after-reset");
  await signIn(page, { email, password: NEW });
  await page.getByRole("heading", { name: "Home" }).waitFor();

  await page.goto("about:blank");
  await page.goto(linkIn("/reset", token));
  await page.getByLabel("New password", { exact: true }).fill(NEW);
  await page.getByRole("button", { name: "Set the password" }).click();
  await page.getByRole("heading", { name: "This link does not work any more" }).waitFor();
  visitor.forgiveComplaints();
  await visitor.look("reset-dead");
  await page.getByRole("link", { name: "Ask for another link" }).click();
  await addressReads(page, /^\/forgot$/);
  await visitor.leave();
});

test("an address that nobody has is answered like any other", async () => {
  const visitor = await opens("/forgot");
  const { page } = visitor;
  await page.getByLabel("Email").fill("nobody@nowhere.example");
  await page.getByRole("button", { name: "Send the link" }).click();
  await page.getByText("If somebody signs in with nobody@nowhere.example, a link is on its way there.").waitFor();
  await page.getByRole("button", { name: "Use another address" }).click();
  await page.getByLabel("Email").waitFor();
  await page.getByRole("link", { name: "Back to sign-in" }).click();
  await page.getByRole("heading", { name: "Sign in" }).waitFor();
  await visitor.leave();
});

test("a link that came too late says so, and what to do", async () => {
  const { email } = await somebody("slow");
  ok(await app.client().post("/v1/auth/password/forgot", { email }));
  const token = tokenIn(await post.arrival(email, 1, /^Set a new password/));
  ok(await app.client().post("/v1/test/clock", { advance_seconds: 3601 }));
  const visitor = await opens(linkIn("/reset", token));
  const { page } = visitor;
  await page.getByLabel("New password", { exact: true }).fill(NEW);
  await page.getByRole("button", { name: "Set the password" }).click();
  await page.getByRole("heading", { name: "This link has expired" }).waitFor();
  await page.getByRole("link", { name: "Ask for another link" }).waitFor();
  await page.goto("/reset");
  await page.getByRole("heading", { name: "Open the link of your mail" }).waitFor();
  await page.goto("/confirm-email");
  await page.getByRole("heading", { name: "Open the link of your mail" }).waitFor();
  await page.goto("about:blank");
  await page.goto(linkIn("/confirm-email", token));
  await page.getByRole("heading", { name: "This link does not work any more" }).waitFor();
  visitor.forgiveComplaints();
  await visitor.look("confirm-email-dead");
  await visitor.leave();
});

test("without mail, whoever forgot their password is told whom to ask", async () => {
  const visitor = await chromium.visitor(withoutMail.url);
  const { page } = visitor;
  await page.goto("/signin");
  await page.getByText("This server sends no mail: ask an admin of your agency").waitFor();
  assert.equal(await page.getByRole("link", { name: "Forgot your password?" }).count(), 0);
  await visitor.look("signin-without-mail");
  await page.goto("/forgot");
  await page.getByText("This server sends no mail: ask an admin of your agency").waitFor();
  assert.equal(await page.getByLabel("Email").count(), 0);
  await visitor.look("forgot-without-mail");
  await enter(visitor, await withoutMail.ownerClient(), "/account");
  await page.getByText("this server sends no mail by which it could be confirmed").waitFor();
  assert.equal(await page.getByRole("button", { name: "Change email" }).count(), 0);
  await visitor.leave();
});

/** Through the steps that are shown; the recovery codes. */
async function setUp(page: Page, password: string): Promise<string[]> {
  await page.getByLabel("Your password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Continue" }).click();
  const secret = await page.getByLabel("Key", { exact: true }).inputValue();
  const authenticator = new Authenticator(app, `otpauth://totp/Northwind?secret=${secret}`);
  await fillCode(page, await authenticator.next(), "Turn on");
  const codes = page.getByRole("list", { name: "Recovery codes" }).getByRole("listitem");
  await codes.first().waitFor();
  return codes.allInnerTexts();
}

test("somebody at work when it becomes required goes on after the set-up", async () => {
  const colleague = await somebody("at.work");
  const visitor = await chromium.visitor(app.url);
  const { page } = visitor;
  await enter(visitor, colleague.client, "/users");
  await row(page, "at.work").waitFor();
  const admin = await app.client().login(await somebody("strict"));
  await setUpTwoFactor(app, admin, { password: PASSWORD });
  ok(await admin.patch("/v1/agency", { two_factor_required: true }));
  await page.getByRole("link", { name: "Subaccounts" }).click();
  await page.getByRole("heading", { name: "Set up two-factor sign-in" }).waitFor();
  await setUp(page, PASSWORD);
  await page.getByRole("button", { name: "I have stored them" }).click();
  await page.getByRole("heading", { name: "Subaccounts" }).waitFor();
  visitor.forgiveComplaints();
  ok(await admin.patch("/v1/agency", { two_factor_required: false }));
  await visitor.leave();
});

test("an agency that requires it sends everybody through the set-up, and then where they wanted to go", async () => {
  const colleague = await somebody("colleague");
  const host = await chromium.visitor(app.url);
  await enter(host, app.owner, "/users");
  await reads(await cell(host.page, "grace", "Two-factor"), "On");
  await reads(await cell(host.page, "colleague", "Two-factor"), "Off");
  await host.page.getByRole("combobox", { name: "Two-factor" }).click();
  await host.page.getByRole("option", { name: "Two-factor on" }).click();
  await addressReads(host.page, /^\/users\?two_factor=on$/);
  await eventually(async () => {
    assert.deepEqual((await rowNames(host.page, "Users")).sort(), ["at.work", "grace", "strict", "turning.back"]);
  });
  await host.look("users-two-factor");

  await host.page.goto("/settings");
  const section = host.page.getByRole("form", { name: "Sign-in" });
  await section.getByRole("link", { name: /^\d people have none yet$/ }).waitFor();
  await section.getByRole("switch", { name: "Require two-factor sign-in of everybody" }).check();
  await section.getByText("You have none yourself").waitFor();
  await section.scrollIntoViewIfNeeded();
  await host.look("settings-sign-in", ["light", "dark"]);
  await host.page.setViewportSize({ width: 360, height: 740 });
  await section.scrollIntoViewIfNeeded();
  await host.look("settings-sign-in", ["narrow-light", "narrow-dark"]);
  await section.getByRole("button", { name: "Save" }).click();

  // Whoever is at work finds out by their next click.
  const theirs = await chromium.visitor(app.url);
  await enter(theirs, colleague, "/audit");
  await theirs.page.getByRole("heading", { name: "Set up two-factor sign-in" }).waitFor();
  await theirs.page.getByText("requires it of everybody").waitFor();
  assert.equal(await theirs.page.getByRole("navigation").count(), 0, "there is a way around it");
  assert.ok(await isFocused(theirs.page.getByLabel("Your password", { exact: true })));
  await theirs.look("two-factor-required");
  await theirs.page.getByRole("button", { name: "Sign out" }).click();
  await theirs.page.getByRole("heading", { name: "Sign in" }).waitFor();
  await theirs.page.goto("/audit");
  await signIn(theirs.page, colleague);
  theirs.forgiveComplaints();
  assert.equal((await setUp(theirs.page, colleague.password)).length, 10);
  await theirs.look("two-factor-required-codes");
  await theirs.page.getByRole("button", { name: "I have stored them" }).click();
  await theirs.page.getByRole("heading", { name: "Audit" }).waitFor();
  await addressReads(theirs.page, /^\/audit$/);
  await theirs.page.goto("/account");
  await theirs.page.getByText("Your agency requires it").waitFor();
  assert.equal(await theirs.page.getByRole("button", { name: "Turn off…" }).count(), 0);
  await theirs.look("my-account-two-factor-required");
  await theirs.leave();

  await host.page.getByRole("heading", { name: "Set up two-factor sign-in" }).waitFor();
  await setUp(host.page, app.owner.password);
  await host.page.getByRole("button", { name: "I have stored them" }).click();
  await host.page.getByRole("heading", { name: "Settings" }).waitFor();
  await section.getByRole("switch", { name: "Require two-factor sign-in of everybody" }).uncheck();
  await section.getByRole("button", { name: "Save" }).click();
  await host.page.getByText("How people sign in was changed.").first().waitFor();
  host.forgiveComplaints();
  await host.leave();
});
