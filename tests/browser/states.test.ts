// What a page says while it waits, when there is nothing, when it fails, and when it is not there.

import assert from "node:assert/strict";
import { test } from "node:test";

import { startApp } from "../harness/app.ts";
import { startBrowser } from "../harness/browser.ts";
import { addSubaccount } from "../harness/scene.ts";
import { enter, eventually, row } from "./person.ts";

const app = await startApp();
const owner = await app.ownerClient();
const chromium = await startBrowser();

test("an agency without clients, calls or keys is told what comes first", async () => {
  const visitor = await chromium.visitor(app.url);
  const { page } = visitor;
  await enter(visitor, owner);
  await page.getByRole("heading", { name: "Get started" }).waitFor();
  await page.getByText("Nothing in this range.").waitFor();
  await visitor.expectClean();

  await page.getByRole("link", { name: "Subaccounts" }).click();
  await page.getByRole("heading", { name: "No clients yet" }).waitFor();
  await visitor.look("subaccounts-empty");
  await page.getByRole("link", { name: "Calls" }).click();
  await page.getByRole("heading", { name: "No calls in this range" }).waitFor();
  await visitor.look("calls-empty");
  await page.getByRole("link", { name: "API keys" }).click();
  await page.getByRole("heading", { name: "No API keys yet" }).waitFor();
  await visitor.look("api-keys-empty");
  await visitor.leave();
});

test("an account that has just been added has nothing yet, and each of its pages says so", async () => {
  const { id } = await addSubaccount(owner, "Quiet Corner");
  const visitor = await chromium.visitor(app.url);
  const { page } = visitor;
  await enter(visitor, owner, `/subaccounts/${id}`);
  await page.getByRole("heading", { name: "No calls yet" }).waitFor();
  await visitor.look("account-empty");
  for (const [tab, says] of [
    ["Statement", "Nothing moved in this range"],
    ["Payments", "No purchases yet"],
    ["Automatic", "No month has come due yet"],
    ["Calls", "No calls in this range"],
  ] as const) {
    await page.getByRole("link", { name: tab, exact: true }).last().click();
    await page.getByRole("heading", { name: says }).waitFor();
    await visitor.expectClean();
  }
  await visitor.leave();
});

test("a page that waits shows shadows of what comes, and is busy to those who cannot see them", async () => {
  const visitor = await chromium.visitor(app.url);
  const { page } = visitor;
  await enter(visitor, owner);
  await page.getByRole("heading", { name: "Home" }).waitFor();
  let answer: () => void = () => undefined;
  const held = new Promise<void>((done) => (answer = done));
  await page.route("**/v1/subaccounts?*", async (route) => {
    await held;
    await route.continue();
  });
  await page.getByRole("link", { name: "Subaccounts" }).click();
  const table = page.getByRole("table", { name: "Sub-accounts" });
  await table.waitFor();
  assert.equal(await table.getAttribute("aria-busy"), "true");
  await visitor.look("subaccounts-loading");
  answer();
  await row(page, "Northwind Voice").waitFor();
  assert.equal(await table.getAttribute("aria-busy"), "false");
  await visitor.leave();
});

test("what could not be loaded can be tried again", async () => {
  const visitor = await chromium.visitor(app.url);
  const { page } = visitor;
  await enter(visitor, owner);
  await page.getByRole("heading", { name: "Home" }).waitFor();
  const problem = {
    type: "about:blank",
    title: "Bad Request",
    status: 400,
    code: "bad_cursor",
    detail: "This cursor is not one of ours.",
    errors: [],
    request_id: "req_0123456789abc",
  };
  await page.route("**/v1/audit_events?*", (route) =>
    route.fulfill({ status: 400, contentType: "application/problem+json", body: JSON.stringify(problem) }),
  );
  await page.getByRole("link", { name: "Audit" }).click();
  const alert = page.getByRole("alert");
  await alert.getByText("This cursor is not one of ours.").waitFor();
  await alert.getByText("req_0123456789abc").waitFor();
  visitor.forgiveComplaints();
  await visitor.look("error");
  await page.unroute("**/v1/audit_events?*");
  await alert.getByRole("button", { name: "Try again" }).click();
  await page.getByText("Signed in").first().waitFor();
  await visitor.leave();
});

test("a server that is away is said to be away, and the page comes back with it", async () => {
  const visitor = await chromium.visitor(app.url);
  const { page } = visitor;
  await enter(visitor, owner, "/api-keys");
  await page.getByRole("heading", { name: "API keys", exact: true }).waitFor();
  await page.route("**/v1/**", (route) => route.abort());
  await page.getByRole("link", { name: "Calls" }).click();
  await page.getByText("The server cannot be reached.").waitFor();
  await page.unroute("**/v1/**");
  await page.getByRole("button", { name: "Try again" }).click();
  await page.getByRole("heading", { name: "No calls in this range" }).waitFor();
  visitor.forgiveComplaints();
  await visitor.leave();
});

test("a refusal of a form stays in the form, with what was typed", async () => {
  const visitor = await chromium.visitor(app.url);
  const { page } = visitor;
  await enter(visitor, owner, "/subaccounts?dialog=add");
  const dialog = page.getByRole("dialog", { name: "Add sub-account" });
  await dialog.getByLabel("Name").fill("Patience Inc");
  await dialog.getByLabel("Login email").fill("p@patience.example");
  await page.route("**/v1/subaccounts", (route) => route.abort());
  await dialog.getByRole("button", { name: "Add sub-account" }).click();
  await dialog.getByText("The server cannot be reached.").waitFor();
  visitor.forgiveComplaints();
  await visitor.expectClean();
  assert.equal(await dialog.getByLabel("Name").inputValue(), "Patience Inc");
  await page.unroute("**/v1/subaccounts");
  await dialog.getByRole("button", { name: "Add sub-account" }).click();
  await page.getByRole("heading", { name: "Patience Inc", level: 1 }).waitFor();
  await visitor.leave();
});

test("an address that leads nowhere, and an account that is not there, keep the navigation", async () => {
  const visitor = await chromium.visitor(app.url);
  const { page } = visitor;
  await enter(visitor, owner, "/no/such/page");
  await page.getByRole("heading", { name: "There is no such page" }).waitFor();
  await visitor.look("not-found");
  await page.goto("/subaccounts/sub_0000000000000");
  await page.getByRole("heading", { name: "There is nothing here" }).waitFor();
  visitor.forgiveComplaints();
  await visitor.expectClean();
  await page.getByRole("link", { name: "Go to Home" }).click();
  await eventually(async () => {
    assert.equal(await page.getByRole("heading", { level: 1 }).innerText(), "Home");
  });
  await visitor.leave();
});
