// Payouts: what the platform's staff note about them, and what the agency sees of them.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Page } from "playwright-core";

import { startBrowser, type Visitor } from "../harness/browser.ts";
import { schedulePayout, sellByCard } from "../harness/card_sale.ts";
import { ok } from "../harness/client.ts";
import { STAFF } from "../harness/platform.ts";
import { addPerson } from "../harness/rows.ts";
import { downloadedCsv, enter, eventually, fact, isFocused, reads } from "./person.ts";
import { startScenery } from "./scenery.ts";

const { app, owner, clients } = await startScenery({ staff: STAFF });
const harbor = clients.get("Harbor Dental")?.id ?? "";
const staff = await app.client().login(STAFF);
const agency = ok(await owner.get<{ id: string }>("/v1/agency")).id;
const { owed_usd: owed } = ok(await owner.get<{ owed_usd: string }>("/v1/agency/credit"));
// What the scenery sold itself is owed; else it would be kept back from what is payable.
ok(await staff.post(`/v1/platform/agencies/${agency}/settlements`, { amount_usd: owed }));
await schedulePayout(app.store, harbor, 180, new Date());
await schedulePayout(app.store, harbor, 125, new Date());
await sellByCard(app.store, harbor, 240, new Date());

const chromium = await startBrowser();

async function at(path: string, who: Parameters<typeof enter>[1] = owner): Promise<Visitor> {
  const visitor = await chromium.visitor(app.url);
  await enter(visitor, who, path);
  return visitor;
}

const payouts = (page: Page) => page.getByRole("table", { name: "Payouts" });

test("Home tells the owner of profit that stays for want of an account", async () => {
  const visitor = await at("/");
  const { page } = visitor;
  await reads(page.getByRole("note"), /^\$240\.00 of profit could be paid out at your renewal on .* no payout account/);
  await visitor.look("payout-notice");
  await page.getByRole("link", { name: "What to do" }).click();
  await page.getByText(/No payout account is connected, so profit stays/).waitFor();
  await payouts(page).getByText("$125.00").waitFor();
  await visitor.look("payouts-of-agency");
  await visitor.expectClean();
  await visitor.leave();
});

test("staff list payouts of all agencies, note that one arrived and that one failed", async () => {
  const visitor = await at("/platform/payouts", STAFF);
  const { page } = visitor;
  await payouts(page).getByText("$180.00").waitFor();
  await visitor.look("platform-payouts");

  await page.getByRole("button", { name: "Mark the payout to Northwind Voice paid" }).last().click();
  const paid = page.getByRole("dialog", { name: "Has this payout arrived?" });
  await paid.getByText("$180.00", { exact: true }).waitFor();
  assert.ok(await isFocused(paid.getByRole("button", { name: "Not yet" })));
  await visitor.look("platform-payout-paid");
  await paid.getByRole("button", { name: "Mark $180.00 paid" }).click();
  await paid.waitFor({ state: "detached" });
  await page.getByText("$180.00 to Northwind Voice: noted that it arrived.").waitFor();

  await page.getByRole("button", { name: "Mark the payout to Northwind Voice failed" }).click();
  const failed = page.getByRole("dialog", { name: "Has this payout failed?" });
  await failed.getByRole("button", { name: "Mark $125.00 failed" }).click();
  await failed.getByText("Say why, so that the agency can help").waitFor();
  await failed.getByLabel("Why").fill("The bank sent it back: no such account");
  await visitor.look("platform-payout-failed");
  await failed.getByRole("button", { name: "Mark $125.00 failed" }).dblclick();
  await failed.waitFor({ state: "detached" });
  await eventually(async () => {
    assert.equal(await page.getByRole("button", { name: /^Mark the payout/ }).count(), 0);
  });
  await visitor.look("platform-payouts-settled", ["light", "narrow-dark"]);

  const csv = await downloadedCsv(page, () => page.getByRole("button", { name: "CSV" }).click());
  assert.deepEqual(
    csv.rows.slice(1).map((cells) => [cells[2], cells[3], cells[4]]),
    [
      ["Northwind Voice", "125.00", "failed"],
      ["Northwind Voice", "180.00", "paid"],
    ],
  );
  await page.getByRole("combobox", { name: "State" }).click();
  await page.getByRole("option", { name: "In transit" }).click();
  await page.getByRole("heading", { name: "No payout matches" }).waitFor();
  await page.getByRole("button", { name: "Clear filters" }).click();
  await payouts(page).getByText("$180.00").waitFor();
  await visitor.expectClean();
  await visitor.leave();
});

test("the agency's page of the platform shows what is payable, and switches whether it can be paid", async () => {
  const visitor = await at(`/platform/agencies/${agency}`, STAFF);
  const { page } = visitor;
  await reads(fact(page, "With the platform", "Payable"), "$365.00");
  const panel = page.getByRole("region", { name: "Payouts" });
  await panel.getByText("$365.00 payable; a payout is made at a renewal from $100.00 on.").waitFor();
  await panel.getByText(/The bank sent it back: no such account/).waitFor();
  const connected = panel.getByRole("switch", { name: "Payout account connected" });
  assert.equal(await connected.isChecked(), false);
  await visitor.look("platform-agency-payouts");
  await connected.click();
  await page.getByText("Payouts can be made to Northwind Voice, from its next renewal on.").waitFor();
  await eventually(async () => {
    assert.equal(await connected.isChecked(), true);
  });
  await visitor.expectClean();
  await visitor.leave();
});

test("the agency sees its account as it is, what became of its payouts, and no notice any more", async () => {
  const visitor = await at("/profits");
  const { page } = visitor;
  await page.getByText("Your payout account is connected.").waitFor();
  await reads(fact(page, "Now", "Payable now"), "$365.00");
  await visitor.look("profits-connected", ["light", "narrow-dark"]);
  await page.getByRole("navigation", { name: "Profits" }).getByRole("link", { name: "Payouts" }).click();
  await payouts(page).getByText("The bank sent it back: no such account").waitFor();
  await page.getByText(/All that is payable is paid out at a renewal, from \$100\.00 on/).waitFor();
  await visitor.look("payouts-of-agency-settled");
  await page.getByRole("combobox", { name: "State" }).click();
  await page.getByRole("option", { name: "Paid" }).click();
  await eventually(async () => {
    assert.equal(await payouts(page).getByText("$125.00").count(), 0);
  });
  await payouts(page).getByText("$180.00").waitFor();
  await page.goto("/");
  await page.getByRole("heading", { name: "Activity" }).waitFor();
  assert.equal(await page.getByRole("note").count(), 0);
  await visitor.expectClean();
  await visitor.leave();
});

test("a member of the agency sees neither payouts nor the notice", async () => {
  const member = await addPerson(app.store, app.owner, "agency_member", { reachesAll: true });
  const visitor = await at("/profits/payouts", member);
  await visitor.page.getByText("This page is not part of your role").waitFor();
  await visitor.leave();
});
