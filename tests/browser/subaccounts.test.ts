// Account Manager › Subaccounts: the table, its menu, and every dialog behind it.

import assert from "node:assert/strict";
import { test } from "node:test";

import { startBrowser } from "../harness/browser.ts";
import { ok } from "../harness/client.ts";
import { walletOf } from "../harness/scene.ts";
import { addressReads, cell, choose, downloadedCsv, enter, eventually, reads, row, rowNames } from "./person.ts";
import { startScenery } from "./scenery.ts";

const { app, owner, clients } = await startScenery();
const chromium = await startBrowser();
const TABLE = "Sub-accounts";

test("every account is there with its figures, the primary first", async () => {
  const visitor = await chromium.visitor(app.url);
  const { page } = visitor;
  await enter(visitor, owner, "/subaccounts");
  await row(page, "Harbor Dental").waitFor();
  const names = await rowNames(page, TABLE);
  assert.equal(names.length, 12);
  assert.match(names[0] ?? "", /^Northwind Voice\s+Primary$/);

  await reads(await cell(page, "Harbor Dental", "Email"), "office@harbordental.example");
  await reads(await cell(page, "Harbor Dental", "Status"), "Active");
  await reads(await cell(page, "Harbor Dental", "Markup"), "25% / 33%");
  await reads(await cell(page, "Alpine Ski School", "Markup"), "Base");
  await reads(await cell(page, "Cedar Legal", "Wallet"), /^−\$/);
  const { premium_seconds } = await walletOf(owner, clients.get("Harbor Dental")?.id ?? "");
  const minutes = (Math.floor((premium_seconds + 3) / 6) / 10).toLocaleString("en-US", { minimumFractionDigits: 1 });
  await reads(await cell(page, "Harbor Dental", "Premium left"), `${minutes} min`);
  await visitor.look("subaccounts");
  await visitor.leave();
});

test("search, filter and sort are the server's, are in the address, and survive a reload", async () => {
  const visitor = await chromium.visitor(app.url);
  const { page } = visitor;
  await enter(visitor, owner, "/subaccounts");
  await row(page, "Harbor Dental").waitFor();

  await page.getByRole("button", { name: "Wallet" }).click();
  await page.getByRole("button", { name: "Wallet" }).click();
  await addressReads(page, /sort=-balance_usd/);
  await eventually(async () => {
    assert.equal((await rowNames(page, TABLE))[1], "Delta Freight Brokers");
  });
  const wallet = page.getByRole("columnheader", { name: "Wallet" });
  assert.equal(await wallet.getAttribute("aria-sort"), "descending");

  await page.getByLabel("Search name, email, reference").fill("ÜBERMUT");
  await addressReads(page, /q=ÜBERMUT/);
  await eventually(async () => {
    assert.deepEqual(await rowNames(page, TABLE), ["Bäckerei Übermut & Söhne"]);
  });
  await page.reload();
  await eventually(async () => {
    assert.deepEqual(await rowNames(page, TABLE), ["Bäckerei Übermut & Söhne"]);
  });

  await page.getByLabel("Search name, email, reference").fill("acme-042");
  await eventually(async () => {
    assert.deepEqual(await rowNames(page, TABLE), ["Harbor Dental"]);
  });
  await page.getByRole("combobox", { name: "Status" }).click();
  await page.getByRole("option", { name: "Suspended" }).click();
  await page.getByRole("heading", { name: "No sub-account matches" }).waitFor();
  await addressReads(page, /status=suspended/);
  await visitor.look("subaccounts-none");
  await page.getByRole("button", { name: "Clear search and filters" }).click();
  await eventually(async () => {
    assert.equal((await rowNames(page, TABLE)).length, 12);
  });
  await visitor.leave();
});

test("what an address says that the page does not know is as if it were not there", async () => {
  const visitor = await chromium.visitor(app.url);
  await enter(visitor, owner, "/subaccounts?sort=DROP&status=gone&dialog=nuke&x=1");
  await row(visitor.page, "Harbor Dental").waitFor();
  await visitor.expectClean();
  await visitor.leave();
});

test("columns are chosen, and stay chosen", async () => {
  const visitor = await chromium.visitor(app.url);
  const { page } = visitor;
  await enter(visitor, owner, "/subaccounts");
  await row(page, "Harbor Dental").waitFor();
  await page.getByRole("button", { name: "Choose columns" }).click();
  await page.getByRole("menuitemcheckbox", { name: "Reference" }).click();
  await page.getByRole("menuitemcheckbox", { name: "Markup" }).click();
  await visitor.look("subaccounts-columns");
  await page.keyboard.press("Escape");
  await reads(await cell(page, "Harbor Dental", "Reference"), "acme-042");
  assert.equal(await page.getByRole("columnheader", { name: "Markup" }).count(), 0);
  await page.reload();
  await reads(await cell(page, "Harbor Dental", "Reference"), "acme-042");
  await visitor.leave();
});

test("the CSV holds the rows that the table shows, to the last digit", async () => {
  const visitor = await chromium.visitor(app.url);
  const { page } = visitor;
  await enter(visitor, owner, "/subaccounts?q=e&sort=-spent_usd");
  await row(page, "Delta Freight Brokers").waitFor();
  const shown = (await rowNames(page, TABLE)).map((name) => name.replace(/\s+Primary$/, ""));
  const { name, rows } = await downloadedCsv(page, () => page.getByRole("button", { name: "CSV" }).click());
  assert.equal(name, "subaccounts.csv");
  const [header = [], ...cells] = rows;
  const column = (field: string): string[] => cells.map((of) => of[header.indexOf(field)] ?? "");
  assert.deepEqual(column("name"), shown);

  const harbor = clients.get("Harbor Dental")?.id ?? "";
  const wallet = await walletOf(owner, harbor);
  const at = column("id").indexOf(harbor);
  assert.equal(column("premium_seconds")[at], String(wallet.premium_seconds));
  assert.equal(column("balance_usd")[at], wallet.balance_usd);
  await visitor.leave();
});

test("the menu offers what works for that account and nothing that does not", async () => {
  const visitor = await chromium.visitor(app.url);
  const { page } = visitor;
  await enter(visitor, owner, "/subaccounts");
  const offered = async (account: string): Promise<string[]> => {
    await page.getByRole("button", { name: `Actions for ${account}` }).click();
    await page.getByRole("menuitem", { name: "Open" }).waitFor();
    const items = await page.getByRole("menuitem").allInnerTexts();
    await page.keyboard.press("Escape");
    await page.getByRole("menu").waitFor({ state: "detached" });
    return items;
  };
  const always = [
    "Open",
    "Edit login email and name",
    "Move minutes",
    "Knowledge credits",
    "Record a purchase",
    "Give or take minutes",
  ];
  assert.deepEqual(await offered("Harbor Dental"), [
    ...always,
    "Manage",
    "Prices",
    "Suspend sub-account",
    "Remove sub-account",
  ]);
  assert.deepEqual(await offered("Northwind Voice"), [...always, "Auto-recharge"]);
  await page.getByRole("button", { name: "Actions for Harbor Dental" }).click();
  await visitor.look("subaccounts-menu");
  await page.getByRole("menuitem", { name: "Open" }).click();
  await page.getByRole("heading", { name: "Harbor Dental", level: 1 }).waitFor();
  await visitor.leave();
});

test("adding: errors stand beside their fields, and a taken email is refused there", async () => {
  const visitor = await chromium.visitor(app.url);
  const { page } = visitor;
  await enter(visitor, owner, "/subaccounts");
  await page.getByRole("button", { name: "Add sub-account" }).click();
  const dialog = page.getByRole("dialog", { name: "Add sub-account" });
  await dialog.getByText("Starts at $0.16 per premium and $0.09 per basic minute").waitFor();
  await dialog.getByRole("button", { name: "Add sub-account" }).click();
  await dialog.getByText("Enter a name").waitFor();
  await visitor.look("subaccount-add");

  await dialog.getByLabel("Name").fill("Kelp Surf Club");
  await dialog.getByLabel("Login email").fill("OFFICE@harbordental.example");
  await dialog.getByLabel("Reference").fill("kelp-1");
  await dialog.getByRole("button", { name: "Add sub-account" }).click();
  const email = dialog.getByLabel("Login email");
  await eventually(async () => {
    assert.equal(await email.getAttribute("aria-invalid"), "true");
  });
  visitor.forgiveComplaints();
  await email.fill("desk@kelp.example");
  await dialog.getByRole("button", { name: "Add sub-account" }).click();
  await page.getByRole("heading", { name: "Kelp Surf Club", level: 1 }).waitFor();
  await page.getByText("desk@kelp.example · kelp-1").waitFor();
  await visitor.leave();
});

test("editing changes name, email and reference; an emptied reference is taken away", async () => {
  const visitor = await chromium.visitor(app.url);
  const { page } = visitor;
  await enter(visitor, owner, "/subaccounts?q=bkr-7");
  await choose(page, "Bäckerei Übermut & Söhne", "Edit login email and name");
  const dialog = page.getByRole("dialog", { name: /^Edit / });
  const save = dialog.getByRole("button", { name: "Save" });
  assert.ok(await save.isDisabled(), "nothing is changed yet");
  await visitor.look("subaccount-edit");
  await dialog.getByLabel("Name").fill("Bäckerei Übermut");
  await dialog.getByLabel("Reference").fill("");
  await dialog.getByLabel("Calls at once").fill("3");
  await save.click();
  await dialog.waitFor({ state: "detached" });
  await page.getByLabel("Search name, email, reference").fill("übermut");
  await row(page, "Bäckerei Übermut").waitFor();
  const id = clients.get("Bäckerei Übermut & Söhne")?.id ?? "";
  const saved = ok(await owner.get<{ reference: null; concurrency_limit: number }>(`/v1/subaccounts/${id}`));
  assert.deepEqual([saved.reference, saved.concurrency_limit], [null, 3]);
  await visitor.leave();
});

test("prices: markup follows price and price markup, below base is refused, base turns profit off", async () => {
  const visitor = await chromium.visitor(app.url);
  const { page } = visitor;
  await enter(visitor, owner, "/subaccounts?q=juniper");
  await choose(page, "Juniper Home Care", "Prices");
  const dialog = page.getByRole("dialog", { name: "Prices of Juniper Home Care" });
  const price = dialog.getByLabel("Premium price per minute");
  const markup = dialog.getByLabel("Premium markup in percent");
  assert.equal(await price.inputValue(), "0.22");
  assert.equal(await markup.inputValue(), "37.5");
  await markup.fill("50");
  assert.equal(await price.inputValue(), "0.24");
  await reads(dialog.getByRole("status", { name: "Premium profit per minute" }), "$0.08");
  await price.fill("0.10");
  await dialog.getByRole("button", { name: "Save prices" }).click();
  await dialog.getByText("At least the base price, $0.16").waitFor();
  await visitor.look("subaccount-prices");
  await price.fill("0.28");
  await dialog.getByRole("button", { name: "Save prices" }).click();
  await dialog.waitFor({ state: "detached" });
  await reads(await cell(page, "Juniper Home Care", "Markup"), "75% / 33%");

  await choose(page, "Juniper Home Care", "Prices");
  await dialog.getByLabel("Apply base price").check();
  assert.ok(await price.isDisabled());
  await dialog.getByRole("button", { name: "Save prices" }).click();
  await reads(await cell(page, "Juniper Home Care", "Markup"), "Base");
  await visitor.expectClean();
  await visitor.leave();
});

test("a purchase fills the wallet once it is marked paid, not before", async () => {
  const visitor = await chromium.visitor(app.url);
  const { page } = visitor;
  await enter(visitor, owner, "/subaccounts?q=green");
  const wallet = await cell(page, "Green Valley Vets", "Wallet");
  await reads(wallet, "$0.00");
  await choose(page, "Green Valley Vets", "Record a purchase");
  const dialog = page.getByRole("dialog", { name: "Record a purchase for Green Valley Vets" });
  await dialog.getByRole("button", { name: "Record purchase" }).click();
  await dialog.getByText("Enter minutes above zero").waitFor();
  await dialog.getByText("Basic", { exact: true }).click();
  await dialog.getByLabel("Minutes", { exact: true }).fill("100.5");
  await reads(dialog.getByRole("status", { name: "Preview" }), /\$9\.05/);
  await visitor.look("purchase-record");
  await dialog.getByRole("button", { name: "Record purchase" }).click();
  const settle = page.getByRole("dialog", { name: "Is it paid?" });
  await settle.waitFor();
  await visitor.look("purchase-settle");
  await settle.getByRole("button", { name: "Not yet" }).click();
  await settle.waitFor({ state: "detached" });
  await reads(wallet, "$0.00");

  const id = clients.get("Green Valley Vets")?.id ?? "";
  await page.goto(`/subaccounts/${id}/payments`);
  await page.getByRole("button", { name: "Mark paid" }).click();
  await page.getByRole("dialog", { name: "Mark as paid" }).getByRole("button", { name: "Mark paid" }).click();
  await reads(page.getByRole("row").filter({ hasText: "Basic" }).getByRole("cell").first(), "Paid");
  assert.equal((await walletOf(owner, id)).basic_seconds, 6030);
  await visitor.expectClean();
  await visitor.leave();
});
