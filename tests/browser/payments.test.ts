// Money in the console: cards and what they buy, refunds, minutes by hand, and the agency's credit with the platform.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Locator, Page } from "playwright-core";

import { startApp } from "../harness/app.ts";
import { startBrowser } from "../harness/browser.ts";
import { ok } from "../harness/client.ts";
import { STAFF } from "../harness/platform.ts";
import { addPerson } from "../harness/rows.ts";
import { addSubaccount, sell, walletOf } from "../harness/scene.ts";
import { choose, downloadedCsv, enter, eventually, fact, reads, tabTo, typeThere } from "./person.ts";

const app = await startApp({ staff: STAFF, args: ["--test-clock"] });
const owner = await app.ownerClient();
const chromium = await startBrowser();
const prices = { basic: "0.12", premium: "0.20" };
const harbor = await addSubaccount(owner, "Harbor Dental", { prices });
const fjord = await addSubaccount(owner, "Fjord Insurance", { prices });
await sell(owner, fjord.id, "premium", 6000);

const FINE = "4242 4242 4242 4242";
const ASKS = "4000 0025 0000 3155";
const DECLINED = "4000 0000 0000 0002";

/** In the dialog of an account's cards. */
async function addCard(page: Page, number: string): Promise<void> {
  await page.getByRole("button", { name: "Add a card" }).click();
  const dialog = page.getByRole("dialog", { name: /^Add a card/ });
  await dialog.getByLabel("Card number").fill(number);
  await dialog.getByLabel("Expires").fill("12/40");
  await dialog.getByRole("button", { name: "Add card" }).click();
  await dialog.waitFor({ state: "detached" });
}

/** Buys premium minutes with the card that ends so. */
async function buy(page: Page, minutes: string, ending: string): Promise<Locator> {
  await page.getByRole("button", { name: /Record a purchase|Buy minutes/ }).click();
  const dialog = page.getByRole("dialog", { name: /Harbor Dental/ });
  await dialog.getByLabel("Minutes", { exact: true }).fill(minutes);
  await dialog.getByRole("combobox", { name: "Paid with" }).click();
  await page.getByRole("option", { name: new RegExp(`ending in ${ending}`) }).click();
  return dialog;
}

const purchaseRow = (page: Page, text: string): Locator =>
  page.getByRole("table", { name: "Purchases" }).getByRole("row").filter({ hasText: text });

test("cards are added, chosen and removed; a number that is none is refused by its field", async () => {
  const visitor = await chromium.visitor(app.url);
  const { page } = visitor;
  await enter(visitor, owner, `/subaccounts/${harbor.id}/payments`);
  await page.getByRole("button", { name: "Cards" }).click();
  const cards = page.getByRole("dialog", { name: "Cards of Harbor Dental" });
  await cards.getByText("No cards yet").waitFor();
  await visitor.look("cards-none", ["light", "narrow-dark"]);
  await page.getByRole("button", { name: "Add a card" }).click();
  const add = page.getByRole("dialog", { name: "Add a card to Harbor Dental" });
  await add.getByRole("button", { name: "Add card" }).click();
  await add.getByText("Enter month and year, such as 12/30").waitFor();
  await add.getByLabel("Card number").fill("4242 4242 4242 4241");
  await add.getByLabel("Expires").fill("12/40");
  await add.getByRole("button", { name: "Add card" }).click();
  await add.getByText("This is not a card's number").waitFor();
  visitor.forgiveComplaints();
  await visitor.look("card-add");
  await add.getByLabel("Card number").fill(FINE);
  await add.getByRole("button", { name: "Add card" }).click();
  await add.waitFor({ state: "detached" });
  await addCard(page, ASKS);
  await addCard(page, DECLINED);
  const lines = cards.getByRole("list", { name: "Cards" }).getByRole("listitem");
  await lines.filter({ hasText: "4242" }).getByText("Default").waitFor();
  await cards.getByRole("button", { name: "Make default: Visa ending in 3155" }).click();
  await lines.filter({ hasText: "3155" }).getByText("Default", { exact: true }).waitFor();
  await cards.getByRole("button", { name: "Make default: Visa ending in 4242" }).click();
  await lines.filter({ hasText: "4242" }).getByText("Default", { exact: true }).waitFor();
  await visitor.look("cards");
  await addCard(page, FINE);
  await cards.getByRole("button", { name: "Remove Visa ending in 4242" }).first().click();
  const sure = page.getByRole("dialog", { name: "Remove Visa ending in 4242?" });
  await visitor.look("card-remove", ["light"]);
  await sure.getByRole("button", { name: "Remove card" }).click();
  await cards.waitFor();
  await eventually(async () => {
    assert.equal(await lines.count(), 3);
  });
  await visitor.expectClean();
  await visitor.leave();
});

test("minutes that a card pays are in the wallet at once; what it pays is said before", async () => {
  const visitor = await chromium.visitor(app.url);
  const { page } = visitor;
  await enter(visitor, owner, `/subaccounts/${harbor.id}/payments`);
  const dialog = await buy(page, "100", "4242");
  await dialog.getByText(/Visa ending in 4242 is charged now/).waitFor();
  await visitor.look("buy-by-card");
  await dialog.getByRole("button", { name: "Pay $20.00" }).click();
  const paid = page.getByRole("dialog", { name: "Paid" });
  await paid.getByText("$20.00 was paid with Visa ending in 4242. 100.0 min premium are in the wallet").waitFor();
  await visitor.look("buy-paid", ["light"]);
  await paid.getByRole("button", { name: "Done" }).click();
  assert.equal((await walletOf(owner, harbor.id)).premium_seconds, 6000);
  await reads(fact(page, "Wallet", "Premium left"), "100.0 min");
  await purchaseRow(page, "$20.00").getByText("Paid").waitFor();
  await visitor.expectClean();
  await visitor.leave();
});

test("a payment that must be confirmed waits for that, also later from the list", async () => {
  const visitor = await chromium.visitor(app.url);
  const { page } = visitor;
  await enter(visitor, owner, `/subaccounts/${harbor.id}/payments`);
  const dialog = await buy(page, "50", "3155");
  await dialog.getByRole("button", { name: "Pay $10.00" }).click();
  const confirm = page.getByRole("dialog", { name: "Confirm the payment" });
  await confirm.getByText(/The payment waits for a day/).waitFor();
  await visitor.look("buy-confirm");
  await confirm.getByRole("button", { name: "Close" }).last().click();
  assert.equal((await walletOf(owner, harbor.id)).premium_seconds, 6000);
  await purchaseRow(page, "$10.00").getByText("Needs action").waitFor();
  await purchaseRow(page, "$10.00").getByRole("button", { name: "Confirm" }).click();
  await confirm.getByRole("button", { name: "I have confirmed it" }).click();
  await page.getByRole("dialog", { name: "Paid" }).getByRole("button", { name: "Done" }).click();
  assert.equal((await walletOf(owner, harbor.id)).premium_seconds, 9000);
  await visitor.expectClean();
  await visitor.leave();
});

test("a card that is declined says so, and the same is bought with another", async () => {
  const visitor = await chromium.visitor(app.url);
  const { page } = visitor;
  await enter(visitor, owner, `/subaccounts/${harbor.id}/payments`);
  const dialog = await buy(page, "25", "0002");
  await dialog.getByRole("button", { name: "Pay $5.00" }).click();
  const failed = page.getByRole("dialog", { name: "Not paid" });
  await failed.getByText("The bank declined the card. $5.00 was not charged").waitFor();
  await visitor.look("buy-failed", ["light", "narrow-dark"]);
  await failed.getByRole("button", { name: "Try again" }).click();
  assert.equal(await dialog.getByLabel("Minutes", { exact: true }).inputValue(), "25");
  await dialog.getByRole("combobox", { name: "Paid with" }).click();
  await page.getByRole("option", { name: /ending in 4242/ }).click();
  await dialog.getByRole("button", { name: "Pay $5.00" }).click();
  await page.getByRole("dialog", { name: "Paid" }).getByRole("button", { name: "Done" }).click();
  await page.getByRole("combobox", { name: "State" }).click();
  await page.getByRole("option", { name: "Failed" }).click();
  await eventually(async () => {
    assert.equal(await purchaseRow(page, "$").count(), 1);
  });
  await page.getByRole("rowheader").getByRole("button").click();
  const drawer = page.getByRole("dialog", { name: "25.0 min premium" });
  await drawer.getByText("The bank declined the card.").waitFor();
  await visitor.look("purchase-failed");
  await visitor.expectClean();
  await visitor.leave();
});

test("a refund says what goes back, and takes only what is unused", async () => {
  const visitor = await chromium.visitor(app.url);
  const { page } = visitor;
  await enter(visitor, owner, `/subaccounts/${harbor.id}/payments`);
  await purchaseRow(page, "$20.00").getByRole("rowheader").getByRole("button").click();
  await page.getByRole("dialog", { name: "100.0 min premium" }).getByRole("button", { name: "Refund" }).click();
  const refund = page.getByRole("dialog", { name: "Refund to Harbor Dental" });
  const minutes = refund.getByLabel("Premium minutes");
  await minutes.fill("200");
  await refund.getByText("At most 100 min 0 s are left of it").waitFor();
  await minutes.fill("40");
  await refund.getByLabel("Quote").getByText("$8.00").waitFor();
  await refund.getByLabel("Quote").getByText("$1.60").waitFor();
  await visitor.look("refund");
  const before = (await walletOf(owner, harbor.id)).premium_seconds;
  await refund.getByRole("button", { name: "Refund $8.00" }).click();
  await refund.waitFor({ state: "detached" });
  await page.getByText(/\$8.00 (is on its way|was refunded) for 40.0 min/).waitFor();
  assert.equal((await walletOf(owner, harbor.id)).premium_seconds, before - 2400);
  await page.getByRole("list", { name: "Given back" }).getByText("$8.00").waitFor();
  await visitor.look("purchase-refunded");
  await visitor.expectClean();
  await visitor.leave();
});

test("a purchase that is not paid yet is called off", async () => {
  ok(await owner.post(`/v1/subaccounts/${fjord.id}/purchases`, { tier: "basic", seconds: 600 }));
  const visitor = await chromium.visitor(app.url);
  const { page } = visitor;
  await enter(visitor, owner, `/subaccounts/${fjord.id}/payments?state=pending`);
  await page.getByRole("rowheader").getByRole("button").click();
  await page.getByRole("dialog").getByRole("button", { name: "Call off" }).click();
  const sure = page.getByRole("dialog", { name: "Call off this purchase?" });
  await visitor.look("purchase-cancel", ["light"]);
  await sure.getByRole("button", { name: "Call it off" }).click();
  await page.getByText("No purchase matches").waitFor();
  await page.getByRole("button", { name: "Clear filters" }).click();
  await purchaseRow(page, "Canceled").waitFor();
  const { rows } = await downloadedCsv(page, () => page.getByRole("button", { name: "CSV" }).click());
  assert.deepEqual(
    rows.map((cells) => cells[2]),
    ["state", "canceled", "succeeded"],
  );
  await visitor.expectClean();
  await visitor.leave();
});

test("minutes given by hand cost the agency base, and say why", async () => {
  const visitor = await chromium.visitor(app.url);
  const { page } = visitor;
  await enter(visitor, owner, "/subaccounts?q=fjord");
  await choose(page, "Fjord Insurance", "Give or take minutes");
  const dialog = page.getByRole("dialog", { name: "Give or take minutes: Fjord Insurance" });
  await dialog.getByLabel("Minutes", { exact: true }).fill("10");
  await dialog.getByRole("button", { name: "Give 10.0 min" }).click();
  await dialog.getByText("Say why").waitFor();
  await dialog.getByLabel("Reason").fill("The outage of 3 November");
  const outcome = dialog.getByLabel("Outcome");
  await outcome.getByText("110.0 min").waitFor();
  await outcome.getByText("$1.60").waitFor();
  await outcome.getByText("−$17.60").waitFor();
  await visitor.look("adjust");
  await dialog.getByRole("button", { name: "Give 10.0 min" }).click();
  await dialog.waitFor({ state: "detached" });
  assert.equal((await walletOf(owner, fjord.id)).premium_seconds, 6600);

  await page.goto(`/subaccounts/${fjord.id}/payments`);
  await page.getByRole("button", { name: "By hand" }).click();
  const given = page.getByRole("dialog", { name: "Minutes by hand: Fjord Insurance" });
  const [entry] = await given.getByRole("list", { name: "Minutes by hand" }).getByRole("listitem").allInnerTexts();
  assert.match(
    entry ?? "",
    /The outage of 3 November\s+\+10\.0 min premium[^]*by owner\. Your credit changed by −\$1\.60/,
  );
  await visitor.look("adjustments");
  await page.keyboard.press("Escape");

  await page.getByRole("link", { name: "Credit" }).click();
  await reads(fact(page, "With the platform", "Credit"), "−$17.60");
  const entries = page.getByRole("table", { name: "Credit entries" });
  await entries.getByRole("row").filter({ hasText: "The outage of 3 November" }).getByText("−$1.60").waitFor();
  await visitor.look("credit");
  const { rows } = await downloadedCsv(page, () => page.getByRole("button", { name: "CSV" }).click());
  assert.deepEqual(
    rows.slice(1).map((cells) => cells[4]),
    ["-1.60", "-16.00"],
  );
  await visitor.expectClean();
  await visitor.leave();
});

test("a client's member buys for their own account by keyboard alone, and only looks while it is suspended", async () => {
  const member = await addPerson(app.store, app.owner, "subaccount_member", { grants: [harbor.id] });
  const visitor = await chromium.visitor(app.url);
  const { page } = visitor;
  await enter(visitor, member, "/");
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Payments" }).click();
  await page.getByRole("table", { name: "Purchases" }).waitFor();
  assert.equal(await page.getByRole("columnheader", { name: "Profit" }).count(), 0);
  assert.equal(await page.getByRole("button", { name: "Refund" }).count(), 0);
  await tabTo(page, page.getByRole("button", { name: "Buy minutes" }));
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog", { name: "Buy minutes for Harbor Dental" });
  await eventually(async () => {
    assert.equal(
      await dialog.getByRole("combobox", { name: "Paid with" }).inputValue(),
      "Visa ending in 4242 (default)",
    );
  });
  await typeThere(page, "5");
  await tabTo(page, dialog.getByRole("button", { name: "Pay $1.00" }));
  await visitor.look("client-buys", ["light", "narrow-light"]);
  await page.keyboard.press("Enter");
  await page.getByRole("dialog", { name: "Paid" }).waitFor();
  await page.keyboard.press("Escape");

  ok(await owner.post(`/v1/subaccounts/${harbor.id}/suspend`, { note: "Invoice 9 is overdue." }));
  await page.reload();
  await page.getByText("Invoice 9 is overdue.").waitFor();
  await purchaseRow(page, "$20.00").waitFor();
  for (const name of ["Cards", "Buy minutes", "Try again", "Confirm"]) {
    assert.equal(await page.getByRole("button", { name }).count(), 0, name);
  }
  await visitor.look("client-suspended-payments", ["light"]);
  ok(await owner.post(`/v1/subaccounts/${harbor.id}/restore`));
  await visitor.expectClean();
  await visitor.leave();
});

test("the platform sets how far an agency may owe, and gives it minutes", async () => {
  const visitor = await chromium.visitor(app.url);
  const { page } = visitor;
  await enter(visitor, STAFF, "/platform/agencies");
  await page.getByRole("link", { name: "Northwind Voice" }).click();
  await page.getByText("Nothing given yet").waitFor();
  await page.getByRole("button", { name: "Edit terms" }).click();
  const terms = page.getByRole("dialog", { name: "Terms of Northwind Voice" });
  await terms.getByLabel("No credit limit").uncheck();
  await terms.getByLabel("Credit limit", { exact: true }).fill("500");
  await terms.getByLabel("Requests a second").fill("200");
  await terms.getByLabel("Queue share").fill("3");
  await visitor.look("platform-terms");
  await terms.getByRole("button", { name: "Save terms" }).click();
  await terms.waitFor({ state: "detached" });
  await page.getByText("3 ×", { exact: true }).waitFor();
  await page.getByText("200", { exact: true }).waitFor();
  await page.getByText("$500.00").waitFor();

  await page.getByRole("button", { name: "Give minutes" }).click();
  const grant = page.getByRole("dialog", { name: "Give or take minutes: Northwind Voice" });
  await grant.getByRole("button", { name: "Give" }).last().click();
  await grant.getByText("Say why").waitFor();
  await grant.getByLabel("Minutes", { exact: true }).fill("1,000");
  await grant.getByLabel("Reason").fill("Welcome");
  await visitor.look("platform-grant");
  await grant.getByRole("button", { name: "Give 1,000.0 min" }).click();
  await grant.waitFor({ state: "detached" });
  const given = page.getByRole("table", { name: "Minutes given" }).getByRole("row").filter({ hasText: "Welcome" });
  await given.getByText("1,000.0 min").waitFor();
  await visitor.look("platform-agency-given");
  const { available_usd } = ok(await owner.get<{ available_usd: string }>("/v1/agency/credit"));
  assert.ok(Number(available_usd) > 0);
  await visitor.expectClean();
  await visitor.leave();
});

test("the platform records a dispute that was lost, and the client's wallet and the agency show it", async () => {
  const agency = ok(await owner.get<{ id: string }>("/v1/agency")).id;
  const card = { number: FINE.replaceAll(" ", ""), exp_month: 12, exp_year: 2099 };
  const { id: payment_method } = ok(
    await owner.post<{ id: string }>(`/v1/subaccounts/${fjord.id}/payment_methods`, card),
  );
  const order = { tier: "premium", seconds: 3000, payment_method };
  const { id } = ok(await owner.post<{ id: string }>(`/v1/subaccounts/${fjord.id}/purchases`, order));
  ok(await owner.get(`/v1/purchases/${id}?wait=10`));
  const before = (await walletOf(owner, fjord.id)).premium_seconds;
  const visitor = await chromium.visitor(app.url);
  const { page } = visitor;
  await enter(visitor, STAFF, `/platform/agencies/${agency}`);
  await page.getByRole("button", { name: "Lost dispute" }).click();
  const dialog = page.getByRole("dialog", { name: "Record a lost dispute of Northwind Voice" });
  await dialog.getByRole("button", { name: "Take it back" }).click();
  await dialog.getByText("Enter the id of a purchase").waitFor();
  await dialog.getByLabel("Purchase").fill("pur_0000000000001");
  await dialog.getByRole("button", { name: "Take it back" }).click();
  await dialog.getByText("Northwind Voice has no such purchase").waitFor();
  visitor.forgiveComplaints();
  await dialog.getByLabel("Purchase").fill(id);
  await visitor.look("platform-dispute");
  await dialog.getByRole("button", { name: "Take it back" }).click();
  await dialog.waitFor({ state: "detached" });
  await page.getByText("$10.00 and 50.0 min of Northwind Voice taken back.").waitFor();
  assert.equal((await walletOf(owner, fjord.id)).premium_seconds, before - 3000);

  await page.getByRole("button", { name: "Lost dispute" }).click();
  await dialog.getByLabel("Purchase").fill(id);
  await dialog.getByRole("button", { name: "Take it back" }).click();
  await dialog.getByRole("alert").waitFor();
  visitor.forgiveComplaints();
  await visitor.expectClean();
  await visitor.leave();

  const agent = await chromium.visitor(app.url);
  await enter(agent, owner, `/subaccounts/${fjord.id}/payments`);
  await purchaseRow(agent.page, "$10.00").getByRole("rowheader").getByRole("button").click();
  await agent.page.getByText(/The card network took this payment back/).waitFor();
  await agent.leave();
});
