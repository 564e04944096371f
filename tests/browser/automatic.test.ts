// What accounts buy by themselves: the dialogs with their figures, and the page that says how it stands.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Page } from "playwright-core";

import { startBrowser } from "../harness/browser.ts";
import { pastDue } from "../harness/past_due.ts";
import { addPerson, idNumber } from "../harness/rows.ts";
import { addSubaccount, sell } from "../harness/scene.ts";
import { enter } from "./person.ts";
import { startScenery } from "./scenery.ts";

const { app, owner } = await startScenery();
const chromium = await startBrowser();

const spa = await addSubaccount(owner, "Willow Spa", { prices: { basic: "0.12", premium: "0.20" } });
await sell(owner, spa.id, "premium", 6_000);

/** Chooses from the menu's second level. */
async function chooseUnderManage(page: Page, action: string): Promise<void> {
  await page.getByRole("button", { name: "Actions for Willow Spa" }).click();
  await page.getByRole("menuitem", { name: "Manage" }).hover();
  await page.getByRole("menuitem", { name: action }).click();
}

test("auto-recharge says what it buys and when before it is turned on", async () => {
  const visitor = await chromium.visitor(app.url);
  const { page } = visitor;
  await enter(visitor, owner, "/subaccounts?q=willow");
  await chooseUnderManage(page, "Auto-recharge");
  const dialog = page.getByRole("dialog", { name: "Auto-recharge of Willow Spa" });
  await dialog.getByText("Nothing is bought by itself.").waitFor();
  await dialog.getByRole("button", { name: "Turn on" }).click();
  await dialog.getByText("Enter an amount in whole cents").first().waitFor();
  await dialog.getByLabel("When the wallet is below").fill("10");
  await dialog.getByLabel("Buy for").fill("50.00");
  const figures = dialog.getByLabel("What it does");
  await figures.getByText("250.0 min").waitFor();
  await figures.getByText("$20.00").waitFor();
  await visitor.look("auto-recharge");
  await dialog.getByRole("button", { name: "Turn on" }).click();
  await dialog.waitFor({ state: "detached" });
  await page.getByText("Willow Spa buys for $50.00 when its wallet is below $10.00.").waitFor();
  await visitor.expectClean();
  await visitor.leave();
});

test("auto-allocation says what a month costs and when it comes before it is turned on", async () => {
  const visitor = await chromium.visitor(app.url);
  const { page } = visitor;
  await enter(visitor, owner, "/subaccounts?q=willow");
  await chooseUnderManage(page, "Manage Auto Allocation");
  const dialog = page.getByRole("dialog", { name: "Auto-allocation to Willow Spa" });
  await dialog.getByText("No minutes are bought by the month.").waitFor();
  await dialog.getByRole("button", { name: "Turn on" }).click();
  await dialog.getByText("Enter minutes of at least one kind").first().waitFor();
  await dialog.getByLabel("Premium minutes").fill("100");
  await dialog.getByLabel("Basic minutes").fill("12:30");
  await dialog.getByLabel("Day of the month").fill("31");
  const figures = dialog.getByLabel("What it costs");
  await figures.getByText("$17.13").waitFor();
  await visitor.look("auto-allocation");
  await dialog.getByRole("button", { name: "Turn on" }).click();
  await dialog.waitFor({ state: "detached" });
  await page.getByText(/The next minutes for Willow Spa are bought on/).waitFor();
  await visitor.expectClean();
  await visitor.leave();
});

test("the page of the account says how both stand, and turns them off", async () => {
  const visitor = await chromium.visitor(app.url);
  const { page } = visitor;
  await enter(visitor, owner, `/subaccounts/${spa.id}/automatic`);
  await page.getByText(/Buys for \$50\.00 when the wallet is below \$10\.00/).waitFor();
  await page.getByText(/On the 31st of each month, for \$17\.13/).waitFor();
  await page.getByText("No month has come due yet").waitFor();
  await visitor.look("automatic");
  await page.getByRole("button", { name: "Change auto-allocation" }).click();
  const dialog = page.getByRole("dialog", { name: "Auto-allocation to Willow Spa" });
  await dialog.getByRole("button", { name: "Turn off" }).click();
  await dialog.waitFor({ state: "detached" });
  await page.getByText("No minutes are bought by the month.").waitFor();
  await visitor.expectClean();
  await visitor.leave();
});

test("a client's people set their recharge and see nothing of what the agency buys for them", async () => {
  const visitor = await chromium.visitor(app.url);
  const { page } = visitor;
  const person = await addPerson(app.store, app.owner, "subaccount_member", { grants: [spa.id] });
  await enter(visitor, person, `/subaccounts/${spa.id}/automatic`);
  await page.getByRole("button", { name: "Change auto-recharge" }).click();
  const dialog = page.getByRole("dialog", { name: "Auto-recharge of Willow Spa" });
  await dialog.getByRole("button", { name: "Turn off" }).click();
  await dialog.waitFor({ state: "detached" });
  await page.getByText("Nothing is bought by itself.").waitFor();
  await page.getByText("Monthly auto-allocation").waitFor({ state: "detached" });
  await visitor.look("automatic-client");
  await visitor.expectClean();
  await visitor.leave();
});

test("a month that is past due says why, and is tried again from the page", async () => {
  const { id } = await addSubaccount(owner, "Yarrow Yoga");
  await pastDue(app.store, id);
  const visitor = await chromium.visitor(app.url);
  const { page } = visitor;
  await enter(visitor, owner, `/subaccounts/${id}/automatic`);
  await page.getByText("The card was declined. January 2020 was not granted after 4 tries.").waitFor();
  await visitor.look("automatic-past-due");
  await page.getByRole("button", { name: "Try again now" }).click();
  await page.getByText("Yarrow Yoga: the month that was not paid is tried again now.").waitFor();
  await page.getByText("There is no card to charge. What January 2020 costs waits to be marked paid.").waitFor();
  await page.getByRole("button", { name: "Try again now" }).waitFor({ state: "detached" });
  await visitor.look("automatic-waiting", ["light", "narrow-dark"]);
  await visitor.expectClean();
  await visitor.leave();
});

test("a month whose payment failed says why, and when it is tried again", async () => {
  const { id } = await addSubaccount(owner, "Zinnia Florists");
  await pastDue(app.store, id);
  const tomorrow = BigInt(Date.now() + 86_400_000) * 1000n;
  await app.store.damage(
    `UPDATE allocation_runs SET state = 'retrying', failures = 1, settled_at = NULL, retry_at = ${tomorrow}
     WHERE subaccount_id = ${idNumber(id)}`,
  );
  const visitor = await chromium.visitor(app.url);
  const { page } = visitor;
  await enter(visitor, owner, `/subaccounts/${id}/automatic`);
  await page.getByText(/^The card was declined\. January 2020 is tried again at /).waitFor();
  await page.getByText("Payment failed, retrying").waitFor();
  assert.equal(await page.getByRole("button", { name: "Try again now" }).count(), 0);
  await visitor.look("automatic-retrying");
  await visitor.expectClean();
  await visitor.leave();
});
