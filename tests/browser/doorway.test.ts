// Before one is in: set-up, signing in and out, and a session that ends while the console is open.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import type { Page } from "playwright-core";

import { startApp } from "../harness/app.ts";
import { startBrowser } from "../harness/browser.ts";
import { ok } from "../harness/client.ts";
import { check, Server, type Owner } from "../harness/minutebank.ts";
import { freshStore } from "../harness/store.ts";
import { addressReads, enter, eventually, row, signIn } from "./person.ts";

const app = await startApp();
const chromium = await startBrowser();

const emptyStore = await freshStore();
const newServer = await Server.start(emptyStore);
after(async () => {
  await newServer.stop();
  await check(emptyStore);
  await emptyStore.drop();
});

const grace: Owner = { email: "grace@contoso.example", password: "copper kettles at dawn" };

async function fillSetup(page: Page, { email, password }: Owner): Promise<void> {
  await page.getByLabel("Agency").fill("Contoso Voice");
  await page.getByLabel("Your name").fill("Grace Hill");
  await page.getByLabel("Email").fill(email);
  await page.getByLabel("Password", { exact: true }).fill(password);
}

test("a new server asks for its set-up link, and the link makes the agency and signs its owner in", async () => {
  const visitor = await chromium.visitor(newServer.url);
  const { page } = visitor;
  await page.goto("/");
  await page.getByRole("heading", { name: "Almost there" }).waitFor();
  visitor.forgiveComplaints();
  await visitor.look("setup-without-link");

  const link = /\S+\/setup#token=\S+/.exec(newServer.logs)?.[0] ?? "";
  await page.goto("about:blank");
  await page.goto(link);
  await page.getByRole("heading", { name: "Set up your agency" }).waitFor();
  await page.getByRole("button", { name: "Create agency" }).click();
  await page.getByText("Name your agency").waitFor();
  await page.getByText("Enter your name").waitFor();
  await visitor.look("setup-errors");

  await fillSetup(page, { ...grace, password: "contoso contoso" });
  await page.getByRole("button", { name: "Create agency" }).click();
  await page.getByText("This password is too easy to guess.").waitFor();
  visitor.forgiveComplaints();
  await fillSetup(page, grace);
  await page.getByRole("button", { name: "Create agency" }).click();
  await page.getByRole("heading", { name: "Home" }).waitFor();
  await page.getByRole("heading", { name: "Get started" }).waitFor();
  await visitor.look("home-new-agency");
  await visitor.leave();
});

test("the set-up link leads to sign-in once the agency is there", async () => {
  const visitor = await chromium.visitor(newServer.url);
  const link = /\S+\/setup#token=\S+/.exec(newServer.logs)?.[0] ?? "";
  await visitor.page.goto(link);
  await signIn(visitor.page, grace);
  await visitor.page.getByRole("heading", { name: "Home" }).waitFor();
  await visitor.leave();
});

test("a wrong password is refused without saying which part was wrong", async () => {
  const visitor = await chromium.visitor(app.url);
  const { page } = visitor;
  await page.goto("/signin");
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByText("Enter your email").waitFor();
  await page.getByText("Enter your password").waitFor();
  await page.getByLabel("Email").fill(app.owner.email);
  await page.getByLabel("Password", { exact: true }).fill("not the one");
  await page.getByRole("button", { name: "Sign in" }).click();
  const refusal = page.getByRole("alert");
  await refusal.waitFor();
  assert.equal(await refusal.innerText(), "Email or password is wrong.");
  visitor.forgiveComplaints();
  await visitor.look("signin-refused");
  await visitor.leave();
});

test("a link opens the page it names, filters and all, after signing in", async () => {
  const visitor = await chromium.visitor(app.url);
  await enter(visitor, app.owner, "/subaccounts?q=north&sort=-balance_usd");
  await addressReads(visitor.page, /^\/subaccounts\?q=north&sort=-balance_usd$/);
  assert.equal(await visitor.page.getByLabel("Search name, email, reference").inputValue(), "north");
  await row(visitor.page, "Northwind Voice").waitFor();
  await visitor.leave();
});

const ELSEWHERE = [
  "//evil.example/",
  "https://evil.example/",
  "/\\evil.example",
  "/%09/evil.example",
  "javascript:document.title='pwned'",
];
for (const next of ELSEWHERE) {
  test(`an address of somewhere else is not followed after signing in: ${next}`, async () => {
    const visitor = await chromium.visitor(app.url);
    await visitor.page.goto(`/signin?next=${encodeURIComponent(decodeURIComponent(next))}`);
    await signIn(visitor.page, app.owner);
    await visitor.page.getByRole("heading", { name: "Home" }).waitFor();
    assert.equal(new URL(visitor.page.url()).origin, new URL(app.url).origin);
    assert.notEqual(await visitor.page.title(), "pwned");
    await visitor.leave();
  });
}

test("a session that ends while the console is open leads to sign-in and back to the same page", async () => {
  const visitor = await chromium.visitor(app.url);
  const { page } = visitor;
  await enter(visitor, app.owner, "/audit?action=session.created");
  await page.getByRole("heading", { name: "Audit" }).waitFor();

  const owner = await app.ownerClient();
  const { data } = ok(await owner.get<{ data: { id: string; current: boolean }[] }>("/v1/me/sessions"));
  for (const session of data.filter(({ current }) => !current)) await owner.delete(`/v1/me/sessions/${session.id}`);
  // Nobody has to click: the stream of events ends with the session.
  await page.getByRole("heading", { name: "Sign in" }).waitFor();
  await signIn(page, app.owner);
  visitor.forgiveComplaints();
  await page.getByRole("heading", { name: "Audit" }).waitFor();
  await addressReads(page, /^\/audit\?.*action=session\.created/);
  await visitor.expectClean();
  await visitor.leave();
});

test("signing out forgets all that was read; going back shows none of it", async () => {
  const visitor = await chromium.visitor(app.url);
  const { page } = visitor;
  await enter(visitor, app.owner, "/subaccounts");
  await row(page, "Northwind Voice").waitFor();
  await page.getByRole("button", { name: /Your account/ }).click();
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByRole("heading", { name: "Sign in" }).waitFor();
  await page.goBack();
  await eventually(async () => {
    assert.equal(await page.getByText("Northwind Voice").count(), 0);
    assert.equal(await page.getByRole("heading", { name: "Sign in" }).count(), 1);
  });
  visitor.forgiveComplaints();
  await visitor.leave();
});
