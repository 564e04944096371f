// Home: how the agency stands, what was used and earned over a range, who needs somebody.

import assert from "node:assert/strict";
import { test } from "node:test";

import { startBrowser } from "../harness/browser.ts";
import { ok } from "../harness/client.ts";
import { addressReads, enter, eventually, fact, reads } from "./person.ts";
import { startScenery } from "./scenery.ts";

const { app, owner } = await startScenery();
const chromium = await startBrowser();

interface Overview {
  minutes_used_seconds: number;
  profit_usd: string;
  spent_usd: string;
  cost_usd: string;
  margin_usd: string;
  wallet_balance_usd: string;
  series: { start: string; minutes_used_seconds: number }[];
}

const dollars = (usd: string): string =>
  Number(usd).toLocaleString("en-US", { style: "currency", currency: "USD" }).replace("-", "−");
const minutes = (seconds: number): string =>
  (Math.floor((seconds + 3) / 6) / 10).toLocaleString("en-US", { minimumFractionDigits: 1 }) + " min";

/** The range that the page shows unless told otherwise, as the page asks for it. */
async function lastThirtyDays(): Promise<Overview> {
  const today = Math.floor(Date.now() / 86_400_000) * 86_400_000;
  const [from, to] = [today - 29 * 86_400_000, today + 86_400_000].map((at) => new Date(at).toISOString());
  return ok(await owner.get<Overview>(`/v1/agency/overview?from=${from}&to=${to}`));
}

test("its figures are the API's, and the chart draws the one that is chosen", async () => {
  const visitor = await chromium.visitor(app.url);
  const { page } = visitor;
  await enter(visitor, owner);
  const overview = await lastThirtyDays();
  await reads(fact(page, "Agency", "Wallets"), dollars(overview.wallet_balance_usd));
  await reads(fact(page, "Agency", "Sub-accounts"), "11");
  await reads(fact(page, "Agency", "Plan"), "Agency Unlimited");

  const figure = (label: string) => page.getByRole("button", { name: new RegExp(`^${label}`) });
  await reads(figure("Minutes used"), new RegExp(minutes(overview.minutes_used_seconds)));
  for (const [label, usd] of [
    ["Profit", overview.profit_usd],
    ["Spent", overview.spent_usd],
    ["Cost", overview.cost_usd],
    ["Margin", overview.margin_usd],
  ] as const) {
    assert.ok((await figure(label).innerText()).includes(dollars(usd)), `${label} is not ${dollars(usd)}`);
  }

  const days = page.getByRole("table", { name: "Minutes used per day" });
  await eventually(async () => {
    assert.equal(await days.getByRole("row").count(), 30);
  });
  const drawn = await days.getByRole("cell").allInnerTexts();
  assert.deepEqual(
    drawn,
    overview.series.map((point) => minutes(point.minutes_used_seconds)),
  );

  await figure("Margin").click();
  await page.getByRole("table", { name: "Margin per day" }).waitFor();
  await addressReads(page, /figure=margin_usd/);
  await visitor.look("home");
  await visitor.leave();
});

test("a range is chosen from presets or days, and is in the address", async () => {
  const visitor = await chromium.visitor(app.url);
  const { page } = visitor;
  await enter(visitor, owner, "/?range=7d&figure=calls");
  const picker = page.getByRole("button", { name: /^Date range/ });
  await reads(picker, "Last 7 days");
  const days = page.getByRole("table", { name: "Minutes used per day" });
  await eventually(async () => {
    assert.equal(await days.getByRole("row").count(), 7);
  });

  await picker.click();
  await page.getByRole("button", { name: "This billing period" }).click();
  await addressReads(page, /range=period/);
  await eventually(async () => {
    assert.equal(await days.getByRole("row").count(), 19);
  });

  await picker.click();
  await page.getByRole("button", { name: "Custom range…" }).click();
  await page.getByRole("button", { name: "Month before" }).click();
  const dialog = page.getByRole("dialog", { name: "Date range" });
  await dialog.getByRole("button", { name: /^3 / }).click();
  await dialog.getByRole("button", { name: /^12 / }).click();
  await visitor.look("home-range");
  await dialog.getByRole("button", { name: "Apply" }).click();
  await addressReads(page, /since=\d{4}-\d\d-03&until=\d{4}-\d\d-12/);
  await page.getByText("Nothing in this range.").waitFor();
  await page.reload();
  await reads(picker, /3, \d{4} – \w+ 12, \d{4}$/);
  await visitor.leave();
});

test("an account at risk is named with its reason, and can be helped at once", async () => {
  const visitor = await chromium.visitor(app.url);
  const { page } = visitor;
  await enter(visitor, owner);
  const risks = page.getByRole("region", { name: "Accounts at risk" });
  await risks.getByText("Overdrawn").waitFor();
  await risks.getByText(/premium minutes below zero/).waitFor();
  await risks.getByRole("button", { name: "Add minutes to Cedar Legal" }).click();
  const dialog = page.getByRole("dialog", { name: "Record a purchase for Cedar Legal" });
  await dialog.getByText("By amount").click();
  await dialog.getByLabel("Amount", { exact: true }).fill("640");
  await reads(dialog.getByRole("status", { name: "Preview" }), /2,000\.0 min/);
  await dialog.getByRole("button", { name: "Record purchase" }).click();
  await page.getByRole("dialog", { name: "Is it paid?" }).getByRole("button", { name: "Mark paid" }).click();
  await risks.getByText("Nothing needs you").waitFor();
  await visitor.expectClean();
  await visitor.leave();
});

test("a recent call leads to its account", async () => {
  const visitor = await chromium.visitor(app.url);
  const { page } = visitor;
  await enter(visitor, owner);
  const calls = page.getByRole("table", { name: "Recent calls" });
  const first = calls.getByRole("link").first();
  const name = await first.innerText();
  await first.click();
  await page.getByRole("heading", { name, level: 1 }).waitFor();
  await visitor.leave();
});
