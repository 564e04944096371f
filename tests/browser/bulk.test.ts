// The same done to many accounts at once, and what takes it back.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { Locator, Page } from "playwright-core";

import { startBrowser } from "../harness/browser.ts";
import { ok } from "../harness/client.ts";
import { addPerson } from "../harness/rows.ts";
import { addSubaccount, sell, type Subaccount } from "../harness/scene.ts";
import {
  addressReads,
  cell,
  choose,
  downloadedCsv,
  enter,
  eventually,
  isFocused,
  reads,
  row,
  tabTo,
} from "./person.ts";
import { startScenery } from "./scenery.ts";

const { app, owner } = await startScenery();
const chromium = await startBrowser();

const NAMES = ["Quay Alpha", "Quay Bravo", "Quay Charlie", "Quay Delta", "Quay Echo", "Quay Foxtrot"] as const;
const quays: Subaccount[] = [];
for (const name of NAMES) quays.push(await addSubaccount(owner, name));
const idOf = (name: (typeof NAMES)[number]): string => quays[NAMES.indexOf(name)]?.id ?? "";
await sell(owner, idOf("Quay Bravo"), "premium", 6_000);

interface Seen {
  status: string;
  suspension: { note: string | null } | null;
  prices: { basic: string; premium: string; apply_base_price: boolean };
}

async function seen(name: (typeof NAMES)[number]): Promise<Seen> {
  return ok(await owner.get<Seen>(`/v1/subaccounts/${idOf(name)}`));
}

async function statuses(): Promise<string> {
  return (await Promise.all(NAMES.map(seen))).map(({ status }) => status.charAt(0)).join("");
}

async function restoreAll(): Promise<void> {
  for (const name of NAMES) {
    if ((await seen(name)).status === "suspended") ok(await owner.post(`/v1/subaccounts/${idOf(name)}/restore`));
  }
}

beforeEach(restoreAll);

function box(page: Page, name: string): Locator {
  return page.getByRole("checkbox", { name: `Select ${name}`, exact: true });
}

/** The result of one account in the dialog of a run. */
async function result(dialog: Locator, name: string): Promise<Locator> {
  const line = dialog.getByRole("row").filter({ has: dialog.page().getByRole("rowheader", { name }) });
  await line.waitFor();
  return line;
}

const toolbar = (page: Page): Locator => page.getByRole("toolbar", { name: "Selected sub-accounts" });

test("suspending can be undone for some seconds, from the keyboard where it is", async () => {
  const visitor = await chromium.visitor(app.url);
  const { page } = visitor;
  await enter(visitor, owner, "/subaccounts?q=quay");
  await choose(page, "Quay Alpha", "Suspend sub-account");
  const dialog = page.getByRole("dialog", { name: "Suspend Quay Alpha" });
  await dialog.getByLabel("Note to its people").fill("Invoice 7 is overdue.");
  await dialog.getByRole("button", { name: "Suspend" }).click();
  const offer = page.getByRole("alert").filter({ hasText: "Quay Alpha is suspended." });
  await offer.getByRole("button", { name: "Undo" }).waitFor();
  await visitor.look("undo");
  await offer.getByRole("button", { name: "Undo" }).click();
  await page.getByText("Quay Alpha is active again.").waitFor();
  await reads(await cell(page, "Quay Alpha", "Status"), "Active");
  assert.equal((await seen("Quay Alpha")).suspension, null);

  ok(await owner.post(`/v1/subaccounts/${idOf("Quay Alpha")}/suspend`, { note: "Invoice 8 is overdue." }));
  await page.reload();
  await reads(await cell(page, "Quay Alpha", "Status"), "Suspended");
  await choose(page, "Quay Alpha", "Restore access");
  await page.getByRole("dialog").getByRole("button", { name: "Restore access" }).click();
  await reads(await cell(page, "Quay Alpha", "Status"), "Active");
  await page.keyboard.press("Control+z");
  await page.getByText("Quay Alpha is suspended again, with the same note.").waitFor();
  assert.equal((await seen("Quay Alpha")).suspension?.note, "Invoice 8 is overdue.");
  // What was undone is not offered again.
  await page.keyboard.press("Control+z");
  assert.equal((await seen("Quay Alpha")).status, "suspended");
  await visitor.expectClean();
  await visitor.leave();
});

test("an undo that comes too late says so", async () => {
  const visitor = await chromium.visitor(app.url);
  const { page } = visitor;
  await enter(visitor, owner, "/subaccounts?q=quay");
  await choose(page, "Quay Alpha", "Suspend sub-account");
  await page.getByRole("dialog").getByRole("button", { name: "Suspend" }).click();
  const undo = page.getByRole("button", { name: "Undo" });
  // The keyboard on it holds it, however long somebody reads.
  await tabTo(page, undo, 200);
  await restoreAll();
  await page.keyboard.press("Enter");
  await page.getByText("It could not be undone").waitFor();
  visitor.forgiveComplaints();
  await undo.waitFor({ state: "detached" });
  await visitor.expectClean();
  await visitor.leave();
});

test("many are suspended at once, with one note; whoever cannot be is told and why", async () => {
  const visitor = await chromium.visitor(app.url);
  const { page } = visitor;
  ok(await owner.post(`/v1/subaccounts/${idOf("Quay Delta")}/suspend`, { note: "Old." }));
  await enter(visitor, owner, "/subaccounts");
  await row(page, "Quay Alpha").waitFor();
  await box(page, "Northwind Voice").check();
  await box(page, "Quay Alpha").check();
  await box(page, "Quay Echo").click({ modifiers: ["Shift"] });
  await reads(toolbar(page).getByText(/^\d+ selected$/), "6 selected");
  await box(page, "Quay Bravo").uncheck();
  await box(page, "Quay Bravo").check();
  await visitor.look("bulk-selected");

  await toolbar(page).getByRole("button", { name: "Suspend" }).click();
  const ask = page.getByRole("dialog", { name: "Suspend 4 sub-accounts" });
  await ask.getByText("The 100.0 min left stay in their wallets.").waitFor();
  await ask.getByText("Northwind Voice: your own account is never suspended").waitFor();
  await ask.getByText("Quay Delta: suspended already").waitFor();
  await ask.getByLabel("Note to their people").fill("Season is over.");
  await visitor.look("bulk-suspend");
  // Somebody else is faster.
  ok(await owner.post(`/v1/subaccounts/${idOf("Quay Charlie")}/suspend`, { note: "Faster." }));
  await ask.getByRole("button", { name: "Suspend 4 sub-accounts" }).click();

  const run = page.getByRole("dialog", { name: "3 of 4 sub-accounts suspended" });
  await run.waitFor();
  visitor.forgiveComplaints();
  assert.match(await (await result(run, "Quay Charlie")).innerText(), /Refused\s+.*suspended already/);
  assert.match(await (await result(run, "Northwind Voice")).innerText(), /Left out\s+Your own account/);
  assert.match(await (await result(run, "Quay Alpha")).innerText(), /Done/);
  await visitor.look("bulk-results");
  await run.getByText("Failed 1").click();
  await eventually(async () => {
    assert.deepEqual(await run.getByRole("rowheader").allInnerTexts(), ["Quay Charlie"]);
  });
  const { name, rows } = await downloadedCsv(page, () => run.getByRole("button", { name: "Results: CSV" }).click());
  assert.equal(name, "suspended-results.csv");
  assert.deepEqual(rows.map((cells) => cells[3]).sort(), [
    "done",
    "done",
    "done",
    "refused",
    "result",
    "skipped",
    "skipped",
  ]);

  ok(await owner.post(`/v1/subaccounts/${idOf("Quay Charlie")}/restore`));
  await run.getByRole("button", { name: "Retry 1 failed" }).click();
  const ended = page.getByRole("dialog", { name: "4 sub-accounts suspended" });
  await ended.waitFor();
  assert.equal(await statuses(), "sssssa");
  assert.equal((await seen("Quay Echo")).suspension?.note, "Season is over.");
  assert.equal((await seen("Quay Delta")).suspension?.note, "Old.");

  await ended.getByRole("button", { name: "Done" }).click();
  await toolbar(page).waitFor({ state: "detached" });
  await page.getByText("4 sub-accounts suspended.").waitFor();
  await page.keyboard.press("Control+z");
  await page.getByRole("dialog", { name: "4 sub-accounts restored" }).waitFor();
  assert.equal(await statuses(), "aaasaa");
  // And back again: each with the note that it had.
  await page.getByRole("dialog").getByRole("button", { name: "Undo" }).click();
  await page.getByRole("dialog", { name: "4 sub-accounts suspended" }).waitFor();
  assert.equal((await seen("Quay Echo")).suspension?.note, "Season is over.");
  await page.getByRole("dialog").getByRole("button", { name: "Done" }).click();
  await visitor.expectClean();
  await visitor.leave();
});

test("many are restored at once; a filter that changes drops what was chosen", async () => {
  const visitor = await chromium.visitor(app.url);
  const { page } = visitor;
  for (const name of NAMES.slice(0, 5)) ok(await owner.post(`/v1/subaccounts/${idOf(name)}/suspend`, { note: "Old." }));
  await enter(visitor, owner, "/subaccounts?q=quay");
  await page.getByRole("checkbox", { name: "Select all 6" }).check();
  await reads(toolbar(page).getByText(/^\d+ selected$/), "6 selected");
  await page.getByLabel("Search name, email, reference").fill("quay e");
  await toolbar(page).waitFor({ state: "detached" });
  await page.getByLabel("Search name, email, reference").fill("quay");
  await page.getByRole("checkbox", { name: "Select all 6" }).check();
  await box(page, "Quay Echo").uncheck();
  await reads(toolbar(page).getByText(/^\d+ selected$/), "5 selected");
  await toolbar(page).getByRole("button", { name: "Restore" }).click();
  const ask = page.getByRole("dialog", { name: "Restore access of 4 sub-accounts" });
  await ask.getByText("Quay Foxtrot: not suspended").waitFor();
  await visitor.look("bulk-restore");
  await ask.getByRole("button", { name: "Restore access" }).click();
  await page.getByRole("dialog", { name: "4 sub-accounts restored" }).waitFor();
  assert.equal(await statuses(), "aaaasa");
  await page.getByRole("dialog").getByRole("button", { name: "Done" }).click();
  await visitor.expectClean();
  await visitor.leave();
});

test("an answer that was lost on its way is asked for again, and happens once", async () => {
  const visitor = await chromium.visitor(app.url);
  const { page } = visitor;
  await enter(visitor, owner, "/subaccounts?q=quay");
  let lost = 0;
  await page.route("**/suspend", async (route) => {
    if (lost++ > 0) return route.continue();
    await route.fetch();
    return route.abort();
  });
  await box(page, "Quay Alpha").check();
  await box(page, "Quay Bravo").check();
  await toolbar(page).getByRole("button", { name: "Suspend" }).click();
  await page.getByRole("button", { name: "Suspend 2 sub-accounts" }).click();
  await page.getByRole("dialog", { name: "2 sub-accounts suspended" }).waitFor();
  visitor.forgiveComplaints();
  assert.equal(lost, 3);
  for (const name of ["Quay Alpha", "Quay Bravo"] as const) {
    const page_ = await owner.get<{ data: unknown[] }>(
      `/v1/audit_events?action=subaccount.suspended&target=${idOf(name)}&limit=100`,
    );
    const restored = await owner.get<{ data: unknown[] }>(
      `/v1/audit_events?action=subaccount.restored&target=${idOf(name)}&limit=100`,
    );
    assert.equal(ok(page_).data.length - ok(restored).data.length, 1, name);
  }
  await page.getByRole("dialog").getByRole("button", { name: "Done" }).click();
  await visitor.expectClean();
  await visitor.leave();
});

test("whoever leaves while it runs is asked; stopped, it goes on where it was", async () => {
  const visitor = await chromium.visitor(app.url);
  const { page } = visitor;
  await enter(visitor, owner, "/moves");
  await page.getByRole("link", { name: "Subaccounts" }).click();
  await page.getByLabel("Search name, email, reference").fill("quay");
  let held = true;
  await page.route("**/suspend", async (route) => {
    while (held) await sleep(20);
    await route.continue();
  });
  await page.getByRole("checkbox", { name: "Select all 6" }).check();
  await toolbar(page).getByRole("button", { name: "Suspend" }).click();
  await page.getByRole("button", { name: "Suspend 6 sub-accounts" }).click();
  const run = page.getByRole("dialog", { name: "Suspending 6 sub-accounts" });
  await run.getByText("0 suspended · 6 to go").waitFor();
  await visitor.look("bulk-running", ["light", "narrow-light"]);

  await page.goBack();
  const leave = page.getByRole("dialog", { name: "Leave while it is running?" });
  await leave.getByRole("button", { name: "Stay" }).click();
  await leave.waitFor({ state: "detached" });
  await addressReads(page, /^\/subaccounts/);
  const warned = new Promise<string>((resolve) => {
    page.once("dialog", (dialog) => {
      resolve(dialog.type());
      void dialog.dismiss();
    });
  });
  await page.evaluate("void setTimeout(() => location.reload(), 0)");
  assert.equal(await warned, "beforeunload");

  await run.getByRole("button", { name: "Stop" }).click();
  held = false;
  await page.getByRole("dialog", { name: "4 of 6 sub-accounts suspended" }).waitFor();
  assert.equal(await statuses(), "ssssaa");
  await page.getByRole("button", { name: "Go on with 2" }).click();
  const ended = page.getByRole("dialog", { name: "6 sub-accounts suspended" });
  await ended.waitFor();
  await ended.getByRole("button", { name: "Undo" }).click();
  await page.getByRole("dialog", { name: "6 sub-accounts restored" }).waitFor();
  assert.equal(await statuses(), "aaaaaa");
  await page.getByRole("dialog").getByRole("button", { name: "Done" }).click();
  await visitor.expectClean();
  await visitor.leave();
});

test("prices of many: one tier by markup while the other stays, then base for all", async () => {
  const visitor = await chromium.visitor(app.url);
  const { page } = visitor;
  ok(await owner.put(`/v1/subaccounts/${idOf("Quay Alpha")}/prices`, { basic: "0.11", premium: "0.21" }));
  ok(await owner.put(`/v1/subaccounts/${idOf("Quay Bravo")}/prices`, { basic: "0.12", premium: "0.24" }));
  await enter(visitor, owner, "/subaccounts");
  await row(page, "Quay Alpha").waitFor();
  await box(page, "Northwind Voice").check();
  await box(page, "Quay Alpha").check();
  await box(page, "Quay Charlie").click({ modifiers: ["Shift"] });
  await toolbar(page).getByRole("button", { name: "Set prices" }).click();
  const ask = page.getByRole("dialog", { name: /^Set prices of/ });
  await ask.getByText("Now they pay $0.16 to $0.24 per premium and $0.09 to $0.12 per basic minute.").waitFor();
  await ask.getByRole("button", { name: "Set prices" }).click();
  await ask.getByText("Type a price for one of the tiers").first().waitFor();
  await ask.getByLabel("Premium markup in percent").fill("-5");
  await ask.getByText("At least the base price, $0.16").waitFor();
  await ask.getByLabel("Premium markup in percent").fill("50");
  await ask.getByText("Quay Bravo: has these prices already").waitFor();
  await ask.getByText("Northwind Voice: your own account pays the base price, always").waitFor();
  await visitor.look("bulk-prices");
  await ask.getByRole("button", { name: "Set prices" }).click();
  await page.getByRole("dialog", { name: "2 sub-accounts repriced" }).waitFor();
  assert.equal(await page.getByRole("button", { name: "Undo" }).count(), 0);
  const prices = (basic: string, premium: string) => ({ basic, premium, apply_base_price: false });
  const shown = async (name: (typeof NAMES)[number]) => {
    const { basic, premium, apply_base_price } = (await seen(name)).prices;
    return { basic, premium, apply_base_price };
  };
  assert.deepEqual(await shown("Quay Alpha"), prices("0.11", "0.24"));
  assert.deepEqual(await shown("Quay Bravo"), prices("0.12", "0.24"));
  assert.deepEqual(await shown("Quay Charlie"), prices("0.09", "0.24"));
  await page.getByRole("dialog").getByRole("button", { name: "Done" }).click();

  await page.goto("/subaccounts?q=quay");
  await page.getByRole("checkbox", { name: "Select all 6" }).check();
  await toolbar(page).getByRole("button", { name: "Set prices" }).click();
  await ask.getByLabel("Apply base price").check();
  await ask.getByText("3: has these prices already").waitFor();
  await ask.getByRole("button", { name: "Apply base price" }).click();
  await page.getByRole("dialog", { name: "3 sub-accounts repriced" }).waitFor();
  assert.equal((await shown("Quay Alpha")).apply_base_price, true);
  await visitor.expectClean();
  await visitor.leave();
});

test("the chosen rows alone are exported, in the order of the table", async () => {
  const visitor = await chromium.visitor(app.url);
  const { page } = visitor;
  await enter(visitor, owner, "/subaccounts?sort=-name&q=quay");
  await box(page, "Quay Bravo").check();
  await box(page, "Quay Foxtrot").check();
  const { rows } = await downloadedCsv(page, () => toolbar(page).getByRole("button", { name: "CSV" }).click());
  assert.deepEqual(
    rows.map((cells) => cells[2]),
    ["name", "Quay Foxtrot", "Quay Bravo"],
  );
  await toolbar(page).getByRole("button", { name: "Select none" }).click();
  await toolbar(page).waitFor({ state: "detached" });
  await visitor.expectClean();
  await visitor.leave();
});

test("all of it works by keyboard alone", async () => {
  const visitor = await chromium.visitor(app.url);
  const { page } = visitor;
  await enter(visitor, owner, "/subaccounts?q=quay");
  await row(page, "Quay Alpha").waitFor();
  await tabTo(page, box(page, "Quay Alpha"));
  await page.keyboard.press("Space");
  await tabTo(page, box(page, "Quay Charlie"));
  await page.keyboard.press("Shift+Space");
  await reads(toolbar(page).getByText(/^\d+ selected$/), "3 selected");
  await page.keyboard.press("Control+Enter");
  await tabTo(page, toolbar(page).getByRole("button", { name: "Suspend" }));
  await page.keyboard.press("Enter");
  const ask = page.getByRole("dialog", { name: "Suspend 3 sub-accounts" });
  await eventually(async () => {
    assert.ok(await isFocused(ask.getByLabel("Note to their people")));
  });
  await tabTo(page, ask.getByRole("button", { name: "Suspend 3 sub-accounts" }));
  await page.keyboard.press("Enter");
  const run = page.getByRole("dialog", { name: "3 sub-accounts suspended" });
  await run.waitFor();
  await tabTo(page, run.getByRole("button", { name: "Done" }));
  await page.keyboard.press("Enter");
  await run.waitFor({ state: "detached" });
  await page.getByText("3 sub-accounts suspended.").waitFor();
  await page.keyboard.press("Control+z");
  await page.getByRole("dialog", { name: "3 sub-accounts restored" }).waitFor();
  assert.equal(await statuses(), "aaaaaa");
  await visitor.leave();
});

test("whoever may do nothing to accounts has nothing to choose", async () => {
  const person = await addPerson(app.store, app.owner, "subaccount_admin", {
    grants: [idOf("Quay Alpha"), idOf("Quay Bravo")],
  });
  const visitor = await chromium.visitor(app.url);
  await enter(visitor, person, "/subaccounts");
  await row(visitor.page, "Quay Alpha").waitFor();
  assert.equal(await visitor.page.getByRole("checkbox").count(), 0);
  await visitor.expectClean();
  await visitor.leave();
});
