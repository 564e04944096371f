// Profits & payouts, and knowledge credits: what an agency earns, and what it gives to its clients.

import assert from "node:assert/strict";
import { test } from "node:test";

import { startApp } from "../harness/app.ts";
import { startBrowser } from "../harness/browser.ts";
import { ok } from "../harness/client.ts";
import { addPerson } from "../harness/rows.ts";
import { addSubaccount, sell } from "../harness/scene.ts";
import { addressReads, choose, downloadedCsv, enter, fact, reads, row } from "./person.ts";

const app = await startApp();
const owner = await app.ownerClient();
const chromium = await startBrowser();
const willow = await addSubaccount(owner, "Willow Spa", { prices: { basic: "0.09", premium: "0.20" } });
const xylo = await addSubaccount(owner, "Xylo Music School", { prices: { basic: "0.09", premium: "0.25" } });
await sell(owner, willow.id, "premium", 60_000); // 200.00, of which 40.00
await sell(owner, willow.id, "premium", 6_000); // 20.00, of which 4.00
await sell(owner, xylo.id, "premium", 6_000); // 25.00, of which 9.00

test("the page says what was earned, what is payable, and what that means", async () => {
  const visitor = await chromium.visitor(app.url);
  const { page } = visitor;
  await enter(visitor, owner, "/");
  await page.getByRole("link", { name: "Profits & payouts" }).click();
  await reads(fact(page, "Now", "Payable now"), "$0.00");
  await reads(fact(page, "Now", "Collected by you"), "$53.00");
  await reads(fact(page, "Profit of the range", "Profit"), "$53.00");
  await reads(fact(page, "Profit of the range", "Payable"), "$0.00");
  await page
    .getByRole("progressbar", { name: "$0.00 payable of the $100.00 that a payout needs" })
    .waitFor({ state: "attached" });
  await page.getByText(/No payout account is connected yet/).waitFor();
  await page.getByText(/it is not money and is never added to profit/).waitFor();
  await page.getByRole("table", { name: "Profit per month" }).getByText("$53.00").waitFor();
  await fact(page, "Now", "Collected by you").getByText("$53.00").hover();
  await page
    .getByRole("tooltip")
    .getByText(/the platform never pays it out/)
    .waitFor();
  await visitor.look("profits");
  await visitor.expectClean();
  await visitor.leave();
});

test("clients are sorted by what they brought in, exported, and lead to their purchases", async () => {
  const visitor = await chromium.visitor(app.url);
  const { page } = visitor;
  await enter(visitor, owner, "/profits");
  await page.getByRole("navigation", { name: "Profits" }).getByRole("link", { name: "By client" }).click();
  await row(page, "Willow Spa").getByText("$44.00").first().waitFor();
  await visitor.look("profits-clients");
  await page.getByRole("columnheader", { name: "Profit" }).getByRole("button").click();
  await addressReads(page, /sort=profit_usd/);
  const { name, rows } = await downloadedCsv(page, () => page.getByRole("button", { name: "CSV" }).click());
  assert.equal(name, "profit-by-client.csv");
  assert.deepEqual(
    rows.slice(1, 3).map((cells) => cells.slice(1)),
    [
      ["Xylo Music School", "active", "9.00", "0.00", "9.00"],
      ["Willow Spa", "active", "44.00", "0.00", "44.00"],
    ],
  );
  await page.getByRole("link", { name: "Purchases of Willow Spa" }).click();
  await addressReads(page, /\/profits\/purchases\?account=sub_/);
  const purchases = page.getByRole("table", { name: "Profit by purchase" });
  await purchases.getByText("$40.00").waitFor();
  await purchases.getByText("$4.00").waitFor();
  assert.equal(await purchases.getByText("$9.00").count(), 0);
  await visitor.look("profits-purchases");
  await visitor.expectClean();
  await visitor.leave();
});

test("a range without profit says so", async () => {
  const visitor = await chromium.visitor(app.url);
  const { page } = visitor;
  await enter(visitor, owner, "/profits?since=2020-01-01&until=2020-01-31");
  await page.getByText("No profit in this range.").waitFor();
  await page.getByRole("navigation", { name: "Profits" }).getByRole("link", { name: "By client" }).click();
  await page.getByRole("heading", { name: "No profit in this range" }).waitFor();
  await visitor.look("profits-none");
  await visitor.expectClean();
  await visitor.leave();
});

test("knowledge credits go to a client from its row, and are listed on its page", async () => {
  const visitor = await chromium.visitor(app.url);
  const { page } = visitor;
  await enter(visitor, owner, "/subaccounts?q=willow");
  await choose(page, "Willow Spa", "Knowledge credits");
  const dialog = page.getByRole("dialog", { name: "Knowledge credits" });
  await dialog.getByText("Northwind Voice has 2, Willow Spa has 0").waitFor();
  const credits = dialog.getByLabel("Credits");
  await credits.fill("3");
  await dialog.getByText("That is more than are there").waitFor();
  await dialog.getByRole("button", { name: "Move 3 credits" }).click();
  await dialog.getByText("2 knowledge credits are there.").waitFor();
  visitor.forgiveComplaints();
  await credits.fill("1");
  await visitor.look("knowledge");
  await dialog.getByRole("button", { name: "Move 1 credit" }).click();
  await dialog.waitFor({ state: "detached" });
  await page.getByText("1 credit moved from Northwind Voice to Willow Spa.").waitFor();

  await page.getByRole("link", { name: "Willow Spa" }).first().click();
  await page.getByRole("link", { name: "Knowledge", exact: true }).click();
  await page.getByText("1 credit now").waitFor();
  const table = page.getByRole("table", { name: "Knowledge credits" });
  await table.getByText("Knowledge credits moved from Northwind Voice").waitFor();
  await table.getByText("+1").waitFor();
  await visitor.look("knowledge-statement");
  await visitor.expectClean();
  await visitor.leave();
});

test("credits are bought where the plan sells them", async () => {
  await app.store.damage("UPDATE plans SET knowledge_price_micros = 12500000");
  const { data } = ok(await owner.get<{ data: { id: string }[] }>("/v1/subaccounts?kind=primary"));
  const visitor = await chromium.visitor(app.url);
  const { page } = visitor;
  await enter(visitor, owner, `/subaccounts/${data[0]?.id ?? ""}/knowledge`);
  await page.getByRole("button", { name: "Buy credits" }).click();
  const dialog = page.getByRole("dialog", { name: "Buy knowledge credits" });
  await dialog.getByText("$12.50 each in your plan").waitFor();
  await dialog.getByLabel("Credits").fill("2");
  await visitor.look("knowledge-buy");
  await dialog.getByRole("button", { name: "Buy for $25.00" }).click();
  await dialog.waitFor({ state: "detached" });
  const table = page.getByRole("table", { name: "Knowledge credits" });
  await table.getByText("Knowledge credits bought").waitFor();
  await table.getByText("+2").first().waitFor();
  await page.getByText("3 credits now").waitFor();
  await visitor.expectClean();
  await visitor.leave();
});

test("a removal says how many credits return", async () => {
  const visitor = await chromium.visitor(app.url);
  const { page } = visitor;
  const gone = await addSubaccount(owner, "Yarrow Yoga");
  const { data } = ok(await owner.get<{ data: { id: string }[] }>("/v1/subaccounts?kind=primary"));
  ok(await owner.post("/v1/knowledge_transfers", { from: data[0]?.id, to: gone.id, credits: 1 }));
  await enter(visitor, owner, "/subaccounts?q=yarrow");
  await choose(page, "Yarrow Yoga", "Remove sub-account");
  const dialog = page.getByRole("dialog", { name: "Remove Yarrow Yoga" });
  await dialog.getByRole("button", { name: "Continue" }).click();
  await dialog.getByText("Step 2 of 2: Knowledge Packs, and what ends with it").waitFor();
  await dialog.getByText("1 knowledge credit returns to Northwind Voice by itself.").waitFor();
  await visitor.look("remove-knowledge");
  await dialog.getByLabel("Type Yarrow Yoga to confirm").fill("Yarrow Yoga");
  await dialog.getByRole("button", { name: "Remove sub-account" }).click();
  await dialog.waitFor({ state: "detached" });
  await visitor.expectClean();
  await visitor.leave();
});

test("a client sees its credits, and neither profits nor ways to move them", async () => {
  const person = await addPerson(app.store, app.owner, "subaccount_admin", { grants: [willow.id] });
  const visitor = await chromium.visitor(app.url);
  const { page } = visitor;
  await enter(visitor, person, `/subaccounts/${willow.id}/knowledge`);
  await page.getByRole("table", { name: "Knowledge credits" }).getByText("Knowledge credits moved").waitFor();
  assert.equal(await page.getByRole("button", { name: "Move credits" }).count(), 0);
  assert.equal(await page.getByRole("link", { name: "Profits & payouts" }).count(), 0);
  await page.goto("/profits");
  await page.getByText("This page is not part of your role").waitFor();
  await visitor.expectClean();
  await visitor.leave();
});
