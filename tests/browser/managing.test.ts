// What an agency does to its clients' accounts: suspend and restore them, move minutes between them.

import assert from "node:assert/strict";
import { test } from "node:test";

import { startBrowser } from "../harness/browser.ts";
import { ok } from "../harness/client.ts";
import { addPerson } from "../harness/rows.ts";
import { addSubaccount, hold, sell, walletOf } from "../harness/scene.ts";
import { addressReads, cell, choose, downloadedCsv, enter, eventually, reads, row, typeThere } from "./person.ts";
import { startScenery } from "./scenery.ts";

const { app, owner } = await startScenery();
const chromium = await startBrowser();

const cheap = await addSubaccount(owner, "Willow Spa", { prices: { basic: "0.09", premium: "0.20" } });
const dear = await addSubaccount(owner, "Xylo Music School", { prices: { basic: "0.09", premium: "0.25" } });
await sell(owner, cheap.id, "premium", 6_030);

test("suspending says what happens, takes a note, and its people read it", async () => {
  const visitor = await chromium.visitor(app.url);
  const { page } = visitor;
  await enter(visitor, owner, "/subaccounts?q=willow");
  await choose(page, "Willow Spa", "Suspend sub-account");
  const dialog = page.getByRole("dialog", { name: "Suspend Willow Spa" });
  await dialog.getByText("The 100.5 min left stay in its wallet.").waitFor();
  const note = dialog.getByLabel("Note to its people");
  await note.fill("é".repeat(151));
  await dialog.getByText("151 of 150 characters").waitFor();
  await dialog.getByRole("button", { name: "Suspend" }).click();
  await dialog.getByText("At most 150 characters").waitFor();
  await visitor.look("suspend");
  await note.fill("Invoice 1042 is overdue.\nCall us.");
  await dialog.getByRole("button", { name: "Suspend" }).click();
  await dialog.waitFor({ state: "detached" });
  await reads(await cell(page, "Willow Spa", "Status"), "Suspended");

  const client = await chromium.visitor(app.url);
  const person = await addPerson(app.store, app.owner, "subaccount_admin", { grants: [cheap.id] });
  await enter(client, person, "/");
  await client.page.getByText("Invoice 1042 is overdue.").waitFor();
  await client.page.getByText(/This account is suspended/).waitFor();
  assert.equal(await client.page.getByRole("button", { name: "Buy minutes" }).count(), 0);
  await client.look("suspended-client");
  await client.page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Statement" }).click();
  await client.page.getByText("Invoice 1042 is overdue.").waitFor();
  await client.page.getByRole("table", { name: "Statement" }).getByText("+100.5 min").waitFor();
  await client.expectClean();
  await client.leave();
  await visitor.expectClean();
  await visitor.leave();
});

test("restoring brings everything back", async () => {
  const visitor = await chromium.visitor(app.url);
  const { page } = visitor;
  await enter(visitor, owner, `/subaccounts/${cheap.id}`);
  await page.getByRole("button", { name: "Manage" }).click();
  await page.getByRole("menuitem", { name: "Restore access" }).click();
  const dialog = page.getByRole("dialog", { name: "Restore access of Willow Spa" });
  await visitor.look("restore");
  await dialog.getByRole("button", { name: "Restore access" }).click();
  await dialog.waitFor({ state: "detached" });
  await page.getByText(/This account is suspended/).waitFor({ state: "detached" });
  await visitor.expectClean();
  await visitor.leave();
});

test("minutes move as the quote says, and the move is listed", async () => {
  const visitor = await chromium.visitor(app.url);
  const { page } = visitor;
  await enter(visitor, owner, "/subaccounts?q=willow");
  await choose(page, "Willow Spa", "Move minutes");
  const dialog = page.getByRole("dialog", { name: "Move minutes" });
  await dialog.getByText("100 min 30 s left").waitFor();
  await dialog.getByRole("button", { name: "Move minutes" }).click();
  await dialog.getByText("Choose where the minutes go").waitFor();
  await dialog.getByRole("combobox", { name: "To" }).fill("xylo");
  await page.getByRole("option", { name: "Xylo Music School" }).click();
  const minutes = dialog.getByLabel("Minutes", { exact: true });
  await minutes.fill("200");
  await dialog.getByText("That is more than is left").waitFor();
  await dialog.getByText(/minutes are left in the wallet/).waitFor();
  visitor.forgiveComplaints();
  await minutes.fill("100");
  const quote = dialog.getByLabel("Quote");
  await quote.getByText("80.0 min").waitFor();
  await quote.getByText("+$3.20").waitFor();
  await visitor.look("move");
  await dialog.getByRole("button", { name: "Move 100.0 min" }).click();
  await dialog.waitFor({ state: "detached" });
  await page.getByText("100.0 min moved to Xylo Music School: 80.0 min arrived.").waitFor();
  assert.equal((await walletOf(owner, dear.id)).premium_seconds, 4800);

  await page.getByRole("link", { name: "Minute moves" }).click();
  const moved = row(page, "Willow Spa").filter({ hasText: "Xylo Music School" });
  await moved.getByText("80.0 min").waitFor();
  await visitor.look("moves");
  const { rows } = await downloadedCsv(page, () => page.getByRole("button", { name: "CSV" }).click());
  assert.deepEqual(
    rows[1]?.slice(1, 9),
    ["Willow Spa", "Xylo Music School", "premium", "6000", "4800", "0.2", "0.25", "3.2"].map(
      (text) => ({ "0.2": "0.20", "3.2": "3.20" })[text] ?? text,
    ),
  );
  await visitor.expectClean();
  await visitor.leave();
});

test("moves are narrowed to one account, also by its address", async () => {
  const visitor = await chromium.visitor(app.url);
  const { page } = visitor;
  await enter(visitor, owner, "/moves");
  await page.getByRole("combobox", { name: "From or to" }).fill("alpine");
  await page.getByRole("option", { name: "Alpine Ski School" }).click();
  await addressReads(page, /account=sub_/);
  await page.getByText("No move matches").waitFor();
  await visitor.look("moves-none");
  await page.getByRole("button", { name: "Clear filters" }).click();
  await page.getByRole("table", { name: "Minute moves" }).getByText("Xylo Music School").waitFor();
  await visitor.expectClean();
  await visitor.leave();
});

test("a price that changed meanwhile is quoted anew before anything moves", async () => {
  const visitor = await chromium.visitor(app.url);
  const { page } = visitor;
  await enter(visitor, owner, `/subaccounts/${dear.id}`);
  await page.getByRole("button", { name: "Manage" }).click();
  await page.getByRole("menuitem", { name: "Move minutes" }).click();
  const dialog = page.getByRole("dialog", { name: "Move minutes" });
  await dialog.getByRole("combobox", { name: "To" }).fill("willow");
  await page.getByRole("option", { name: "Willow Spa" }).click();
  await dialog.getByRole("button", { name: "All" }).click();
  await dialog.getByLabel("Quote").getByText("100.0 min").waitFor();
  ok(await owner.put(`/v1/subaccounts/${cheap.id}/prices`, { basic: "0.09", premium: "0.16" }));
  await dialog.getByRole("button", { name: "Move 80.0 min" }).click();
  await dialog.getByText(/have changed since this was quoted/).waitFor();
  await dialog.getByLabel("Quote").getByText("125.0 min").waitFor();
  visitor.forgiveComplaints();
  await dialog.getByRole("button", { name: "Move 80.0 min" }).click();
  await dialog.waitFor({ state: "detached" });
  assert.equal((await walletOf(owner, dear.id)).premium_seconds, 0);
  await visitor.expectClean();
  await visitor.leave();
});

test("all of it works by keyboard alone", async () => {
  await sell(owner, cheap.id, "premium", 600);
  const visitor = await chromium.visitor(app.url);
  const { page } = visitor;
  const before = (await walletOf(owner, dear.id)).premium_seconds;
  await enter(visitor, owner, "/subaccounts?q=willow");
  await page.getByRole("button", { name: "Actions for Willow Spa" }).press("Enter");
  await page.getByRole("menuitem", { name: "Move minutes" }).press("Enter");
  const dialog = page.getByRole("dialog", { name: "Move minutes" });
  await dialog.waitFor();
  await typeThere(page, "xylo");
  await page.getByRole("option", { name: "Xylo Music School" }).waitFor();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await dialog.getByLabel("Minutes", { exact: true }).focus();
  await page.keyboard.type("0:50");
  await dialog.getByRole("button", { name: "Move 0.8 min" }).waitFor();
  await page.keyboard.press("Enter");
  await eventually(async () => {
    assert.equal((await walletOf(owner, dear.id)).premium_seconds, before + 32);
  });
  await visitor.expectClean();
  await visitor.leave();
});

test("removing shows where the minutes go and what ends, and wants the name typed", async () => {
  const gone = await addSubaccount(owner, "Yarrow Yoga", { prices: { basic: "0.12", premium: "0.20" } });
  await sell(owner, gone.id, "premium", 6_000);
  await addPerson(app.store, app.owner, "subaccount_admin", { grants: [gone.id] });
  await addPerson(app.store, app.owner, "agency_member", { grants: [gone.id] });
  ok(await owner.post("/v1/api_keys", { name: "their PBX", scopes: ["calls:write"], subaccount: gone.id }));
  const visitor = await chromium.visitor(app.url);
  const { page } = visitor;
  await enter(visitor, owner, "/subaccounts?q=yarrow");
  await choose(page, "Yarrow Yoga", "Remove sub-account");
  const dialog = page.getByRole("dialog", { name: "Remove Yarrow Yoga" });
  const premium = dialog.getByRole("region", { name: "Premium" });
  await premium.getByText("125.0 min").waitFor();
  await visitor.look("remove-minutes");
  await dialog.getByRole("combobox", { name: "The minutes left go to" }).fill("xylo");
  await page.getByRole("option", { name: "Xylo Music School" }).click();
  await premium.getByText("80.0 min").waitFor();
  await dialog.getByRole("button", { name: "Continue" }).click();
  await dialog.getByText("2 people lose access to it.").waitFor();
  await dialog.getByText("1 of them reaches nothing else: signed out, and out for now.").waitFor();
  await dialog.getByText("1 API key of its own is revoked.").waitFor();
  await dialog.getByRole("button", { name: "Remove sub-account" }).click();
  await dialog.getByText("Type Yarrow Yoga, exactly so").waitFor();
  await visitor.look("remove-end");
  const before = (await walletOf(owner, dear.id)).premium_seconds;
  await dialog.getByLabel("Type Yarrow Yoga to confirm").fill("Yarrow Yoga");
  await dialog.getByRole("button", { name: "Remove sub-account" }).click();
  await dialog.waitFor({ state: "detached" });
  await page.getByText("Yarrow Yoga was removed. 80.0 min premium went to Xylo Music School.").waitFor();
  assert.equal((await walletOf(owner, dear.id)).premium_seconds, before + 4800);
  await page.getByText("No sub-account matches").waitFor();
  await page.goto(`/subaccounts/${gone.id}`);
  await page.getByText("Removed", { exact: true }).waitFor();
  assert.equal(await page.getByRole("button", { name: "Manage" }).count(), 0);
  await visitor.expectClean();
  await visitor.leave();
});

test("removing while calls are in progress says what becomes of them, and wants that agreed to", async () => {
  const busy = await addSubaccount(owner, "Zephyr Taxis");
  await sell(owner, busy.id, "premium", 6_000);
  const engine = await app.machineClient(["reservations:write"]);
  await hold(engine, busy.id);
  await hold(engine, busy.id);
  const visitor = await chromium.visitor(app.url);
  const { page } = visitor;
  await enter(visitor, owner, `/subaccounts/${busy.id}`);
  await page.getByText("10.0 min held for calls in progress").waitFor();
  await page.goto("/subaccounts?q=zephyr");
  await choose(page, "Zephyr Taxis", "Remove sub-account");
  const dialog = page.getByRole("dialog", { name: "Remove Zephyr Taxis" });
  await dialog.getByText("10.0 min of them are held for 2 calls in progress, and go with the rest.").waitFor();
  await visitor.look("remove-minutes-held");
  await dialog.getByRole("button", { name: "Continue" }).click();
  await dialog.getByLabel("Type Zephyr Taxis to confirm").fill("Zephyr Taxis");
  await dialog.getByRole("button", { name: "Remove sub-account" }).click();
  await dialog.getByText("Wait until they have ended, or agree").waitFor();
  await dialog.getByRole("checkbox", { name: "Remove it although 2 calls are in progress" }).check();
  await visitor.look("remove-end-held");
  await dialog.getByRole("button", { name: "Remove sub-account" }).click();
  await page.getByText("Zephyr Taxis was removed. 100.0 min premium went to Northwind Voice.").waitFor();
  await visitor.expectClean();
  await visitor.leave();
});

test("what cannot be removed yet says what to do first", async () => {
  const visitor = await chromium.visitor(app.url);
  const { page } = visitor;
  await enter(visitor, owner, "/subaccounts?q=cedar");
  await choose(page, "Cedar Legal", "Remove sub-account");
  const dialog = page.getByRole("dialog", { name: "Remove Cedar Legal" });
  await dialog.getByText(/Sell it minutes, or move some to it, first/).waitFor();
  visitor.forgiveComplaints();
  await visitor.leave();
});
