// Plans and base prices in the console: what an agency has room for and may change to, what the platform edits and orders.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Page } from "playwright-core";

import { startApp } from "../harness/app.ts";
import { startBrowser, type Visitor } from "../harness/browser.ts";
import { ok } from "../harness/client.ts";
import { jobsSettled } from "../harness/jobs.ts";
import { STAFF } from "../harness/platform.ts";
import { addSubaccount } from "../harness/scene.ts";
import { cell, choose, enter, eventually, fact, reads, row } from "./person.ts";

const app = await startApp({ staff: STAFF, plan: "agency_lite", args: ["--test-clock"] });
const owner = await app.ownerClient();
const staff = await app.client().login(STAFF);
const chromium = await startBrowser();

const fees = { agency_kickstart: "0.00", agency_lite: "97.00", agency_unlimited: "497.00" };
for (const [code, monthly_fee_usd] of Object.entries(fees)) {
  ok(await staff.patch(`/v1/platform/plans/${code}`, { monthly_fee_usd }));
}
await addSubaccount(owner, "Harbor Dental", { prices: { basic: "0.12", premium: "0.20" } });
await addSubaccount(owner, "Acme Logistics", { prices: { basic: "0.12", premium: "0.30" } });
await addSubaccount(owner, "Northside Plumbing");
const inTenDays = new Date(Date.now() + 10 * 86_400_000).toISOString();
ok(
  await staff.post("/v1/platform/prices", {
    ...{ plan: "agency_lite", basic: "0.10", premium: "0.24", effective_at: inTenDays },
  }),
);
await jobsSettled(app);

async function at(path: string, who: typeof owner | typeof STAFF = owner): Promise<Visitor> {
  const visitor = await chromium.visitor(app.url);
  await enter(visitor, who, path);
  return visitor;
}

const dialogOf = (page: Page, name: string | RegExp) => page.getByRole("dialog", { name });

test("an agency sees its plan, its slots, and base prices that will change", async () => {
  const visitor = await at("/plan");
  const { page } = visitor;
  await reads(fact(page, "Your plan", "Plan"), "Agency Lite");
  await reads(fact(page, "Your plan", "Sub-accounts"), "3 of 3");
  await reads(fact(page, "Your plan", "Included minutes"), "300.0 min");
  await page.getByText("premium $0.16 → $0.24, basic $0.09 → $0.10").waitFor();
  await page.getByText("1 sub-account has a price below that, and base counts instead: Harbor Dental.").waitFor();
  await reads(await cell(page, "Agency Unlimited", "Monthly fee"), "$497.00");
  await visitor.look("plan");
  await visitor.leave();
});

test("with every slot used, adding says so and leads to the plan", async () => {
  const visitor = await at("/subaccounts?dialog=add");
  const { page } = visitor;
  const dialog = dialogOf(page, "Add sub-account");
  await dialog.getByText(/Agency Lite has room for 3 sub-accounts, and all of it is used/).waitFor();
  assert.equal(await dialog.getByRole("button", { name: "Add sub-account" }).isDisabled(), true);
  await visitor.look("subaccount-cap");
  await dialog.getByRole("link", { name: "change your plan" }).click();
  await page.getByRole("heading", { name: "Plan", level: 1 }).waitFor();
  await visitor.expectClean();
  await visitor.leave();
});

test("a smaller plan says which would have to go, a larger one counts at once", async () => {
  const visitor = await at("/plan");
  const { page } = visitor;
  await page.getByRole("button", { name: "Change to Agency Kickstart" }).click();
  const tooMany = dialogOf(page, "Change to Agency Kickstart");
  await tooMany.getByText(/has room for 1 sub-account, and you have 3/).waitFor();
  await tooMany.getByText(/added last were Northside Plumbing and Acme Logistics/).waitFor();
  await visitor.look("plan-too-many");
  await tooMany.getByRole("button", { name: "Stay on Agency Lite" }).click();

  await page.getByRole("button", { name: "Change to Agency Unlimited" }).click();
  const dialog = dialogOf(page, "Change to Agency Unlimited");
  await dialog.getByText("1,000.0 min premium, once, to your primary").waitFor();
  await dialog.getByText(/\$97\.00 → \$497\.00 from /).waitFor();
  await visitor.look("plan-change");
  await dialog.getByRole("button", { name: "Change now" }).click();
  await dialog.waitFor({ state: "detached" });
  await reads(fact(page, "Your plan", "Plan"), "Agency Unlimited");
  await page.getByText("Your base prices will change").waitFor({ state: "detached" });
  await visitor.expectClean();
  await visitor.leave();
});

test("a change that waits for the renewal is shown, and taken back", async () => {
  const visitor = await at("/plan");
  const { page } = visitor;
  await page.getByRole("button", { name: "Change to Agency Lite" }).click();
  const dialog = dialogOf(page, "Change to Agency Lite");
  await dialog.getByText("None: you have had this plan’s").waitFor();
  await dialog.getByText(/Harbor Dental/).waitFor();
  await visitor.look("plan-change-down");
  await dialog.getByRole("button", { name: /^Change on / }).click();
  await dialog.waitFor({ state: "detached" });
  await page.getByText(/^Agency Lite from /).waitFor();
  await row(page, "Agency Lite").getByText("Ordered").waitFor();
  await visitor.look("plan-ordered");
  await page.getByRole("button", { name: "Stay on Agency Unlimited" }).click();
  await page.getByText(/^Agency Lite from /).waitFor({ state: "detached" });
  await visitor.expectClean();
  await visitor.leave();
});

test("the platform edits a plan, and is told who is over a smaller cap", async () => {
  const visitor = await at("/platform/plans", STAFF);
  const { page } = visitor;
  await reads(await cell(page, "Agency Unlimited", "Agencies"), "1");
  await visitor.look("platform-plans");
  await page.getByRole("button", { name: "Edit Agency Unlimited" }).click();
  const dialog = dialogOf(page, "Edit Agency Unlimited");
  await dialog.getByText("Counts for 1 agency at once.").waitFor();
  await dialog.getByLabel("Sub-accounts").fill("2");
  await dialog.getByText("1 agency uses more than 2: they keep what they have and can add none.").waitFor();
  await visitor.look("platform-plan-edit");
  await dialog.getByLabel("Sub-accounts").fill("20");
  await dialog.getByLabel("Premium minutes included").fill("1200");
  await dialog.getByRole("button", { name: "Save plan" }).click();
  await dialog.waitFor({ state: "detached" });
  await reads(await cell(page, "Agency Unlimited", "Sub-accounts"), "20");
  await reads(await cell(page, "Agency Unlimited", "Included minutes"), "1,200.0 min premium once");

  await page.getByRole("button", { name: "New plan" }).click();
  const made = dialogOf(page, "New plan");
  await made.getByRole("button", { name: "Make plan" }).click();
  await made.getByText("Enter a name").waitFor();
  await made.getByLabel("Name").fill("Agency Plus");
  await made.getByLabel("Code").fill("agency_lite");
  await made.getByRole("button", { name: "Make plan" }).click();
  await made.getByText("There is a plan with this code already.").waitFor();
  visitor.forgiveComplaints();
  await visitor.look("platform-plan-new");
  await made.getByLabel("Code").fill("agency_plus");
  await made.getByRole("button", { name: "Make plan" }).click();
  await made.waitFor({ state: "detached" });
  await row(page, "Agency Plus").waitFor();
  await visitor.expectClean();
  await visitor.leave();
});

test("the platform orders base prices, sees what they do, and cancels them", async () => {
  const visitor = await at("/platform/prices", STAFF);
  const { page } = visitor;
  await reads(await cell(page, "Agency Lite", "State"), "Ordered");
  await page.getByRole("button", { name: "Change base prices" }).click();
  const dialog = dialogOf(page, "Change base prices");
  await dialog.getByRole("combobox", { name: "Plan" }).click();
  await page.getByRole("option", { name: "Agency Unlimited" }).click();
  await dialog.getByLabel("Premium base").fill("0.25");
  await dialog.getByLabel("Basic base").fill("0.09");
  await dialog.getByLabel("Date", { exact: true }).fill("2027-03-01");
  await dialog.getByText(/1 client price falls below it, and base counts instead: Northwind Voice \(1\)/).waitFor();
  await visitor.look("platform-prices-order");
  await dialog.getByRole("button", { name: "Order" }).click();
  await dialog.waitFor({ state: "detached" });
  await reads(await cell(page, "Agency Unlimited", "Premium"), "$0.25/min");
  await visitor.look("platform-prices");
  await page.getByRole("button", { name: "Cancel the base prices of Agency Lite" }).click();
  const sure = dialogOf(page, "Cancel the base prices of Agency Lite");
  await sure.getByRole("button", { name: "Cancel these prices" }).click();
  await sure.waitFor({ state: "detached" });
  await eventually(async () => reads(await cell(page, "Agency Lite", "State"), "Canceled"));
  await visitor.expectClean();
  await visitor.leave();
});

test("the prices dialog tells what base will be, and what was charged since when", async () => {
  await jobsSettled(app);
  const visitor = await at("/subaccounts?q=harbor");
  const { page } = visitor;
  await choose(page, "Harbor Dental", "Prices");
  const dialog = dialogOf(page, "Prices of Harbor Dental");
  await dialog
    .getByText(/base is \$0\.25 per premium and \$0\.09 per basic minute\. The premium price falls below it/)
    .waitFor();
  await dialog.getByLabel("Premium price per minute").fill("0.30");
  await dialog.getByText(/falls below it/).waitFor({ state: "detached" });
  await dialog.getByRole("button", { name: "Price history" }).click();
  await dialog.getByRole("table", { name: "Price history" }).getByText("Added, owner").waitFor();
  await visitor.look("prices-history");
  await dialog.getByRole("button", { name: "Save prices" }).click();
  await dialog.waitFor({ state: "detached" });
  await visitor.expectClean();
  await visitor.leave();
});
