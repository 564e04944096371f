// One sub-account: how it stands, its calls, its statement, its purchases; and calls that come in meanwhile.

import assert from "node:assert/strict";
import { test } from "node:test";

import { startBrowser } from "../harness/browser.ts";
import { cdrCsv } from "../harness/cdr.ts";
import { ok } from "../harness/client.ts";
import { minutebankOk } from "../harness/minutebank.ts";
import { addSubaccount, call, record, sell } from "../harness/scene.ts";
import { addressReads, downloadedCsv, enter, eventually, fact, isFocused, reads, row } from "./person.ts";
import { pendingPurchase, startScenery } from "./scenery.ts";

const { app, owner, engine, clients } = await startScenery();
const chromium = await startBrowser();
const harbor = clients.get("Harbor Dental")?.id ?? "";

test("the overview says what is left, what was used, and how calls went", async () => {
  const visitor = await chromium.visitor(app.url);
  const { page } = visitor;
  await enter(visitor, owner, `/subaccounts/${harbor}`);
  await page.getByRole("heading", { name: "Harbor Dental", level: 1 }).waitFor();
  await reads(fact(page, "Wallet", "Premium left"), /^1,\d{3}\.\d min$/);
  await page.getByText("at $0.20/min").waitFor();
  const used = page.getByRole("button", { name: /^Minutes used/ });
  const account = ok(await owner.get<{ period: { minutes_used_seconds: number } }>(`/v1/subaccounts/${harbor}`));
  const minutes = (Math.floor((account.period.minutes_used_seconds + 3) / 6) / 10).toFixed(1);
  await reads(used, new RegExp(`${minutes} min`));
  await page.getByRole("region", { name: "Calls by status" }).getByText("Completed").waitFor();
  await visitor.look("account");
  await visitor.leave();
});

test("calls are found, filtered and opened, each by its address", async () => {
  const visitor = await chromium.visitor(app.url);
  const { page } = visitor;
  await enter(visitor, owner, `/subaccounts/${harbor}`);
  await page.getByRole("navigation", { name: "Pages of this account" }).getByRole("link", { name: "Calls" }).click();
  const table = page.getByRole("table", { name: "Calls" });
  await table.getByRole("rowheader").first().waitFor();
  await visitor.look("account-calls");

  await page.getByRole("combobox", { name: "Status" }).click();
  await page.getByRole("option", { name: "Voicemail" }).click();
  await addressReads(page, /status=voicemail/);
  await eventually(async () => {
    const statuses = await table.getByRole("cell", { name: /^(Completed|Voicemail|Busy|No answer)$/ }).allInnerTexts();
    assert.ok(statuses.length > 0 && statuses.every((status) => status === "Voicemail"), statuses.join());
  });

  await table.getByRole("rowheader").first().getByRole("button").press("Enter");
  const drawer = page.getByRole("dialog", { name: /^(In|Out)bound call$/ });
  await drawer.getByText(/^\$0\.(20|12)\/min$/).waitFor();
  await addressReads(page, /call=call_/);
  await visitor.look("call");
  await page.reload();
  await drawer.getByText(/^\$0\.(20|12)\/min$/).waitFor();
  await page.keyboard.press("Escape");
  await drawer.waitFor({ state: "detached" });
  await addressReads(page, /calls\?status=voicemail$/);
  await visitor.leave();
});

test("a drawer that closes gives the focus back to the row it came from", async () => {
  const visitor = await chromium.visitor(app.url);
  const { page } = visitor;
  await enter(visitor, owner, "/calls");
  const opener = page.getByRole("table", { name: "Calls" }).getByRole("rowheader").nth(2).getByRole("button");
  await opener.press("Enter");
  await page.getByRole("dialog").waitFor();
  await page.keyboard.press("Escape");
  await eventually(async () => {
    assert.ok(await isFocused(opener));
  });
  await visitor.leave();
});

test("the calls of all accounts, and as CSV what the filters let through", async () => {
  const visitor = await chromium.visitor(app.url);
  const { page } = visitor;
  await enter(visitor, owner, "/calls?tier=basic&range=7d");
  await page.getByRole("table", { name: "Calls" }).getByRole("rowheader").first().waitFor();
  await visitor.look("calls");
  const { rows } = await downloadedCsv(page, () => page.getByRole("button", { name: "CSV" }).click());
  const [header = [], ...cells] = rows;
  assert.ok(cells.length > 0);
  assert.ok(cells.every((of) => of[header.indexOf("tier")] === "basic"));
  const expected = ok(
    await owner.get<{ data: { id: string }[] }>(`/v1/calls?tier=basic&limit=${cells.length}`),
  ).data.map(({ id }) => id);
  assert.deepEqual(
    cells.map((of) => of[header.indexOf("id")]),
    expected,
  );
  await visitor.leave();
});

test("the statement explains the wallet, entry by entry", async () => {
  const visitor = await chromium.visitor(app.url);
  const { page } = visitor;
  await enter(visitor, owner, `/subaccounts/${harbor}/statement`);
  const table = page.getByRole("table", { name: "Statement" });
  await row(page, "").first().waitFor();
  await table.getByText("+2,000.0 min").waitFor();
  await visitor.look("account-statement");
  await page.getByRole("combobox", { name: "Account" }).click();
  await page.getByRole("option", { name: "Basic", exact: true }).click();
  await addressReads(page, /account=wallet\.basic/);
  await eventually(async () => {
    assert.equal(await table.getByText("+2,000.0 min").count(), 0);
  });
  const { rows } = await downloadedCsv(page, () => page.getByRole("button", { name: "CSV" }).click());
  const [header = [], newest = []] = rows;
  const wallet = ok(await owner.get<{ wallet: { basic_seconds: number } }>(`/v1/subaccounts/${harbor}`)).wallet;
  assert.equal(newest[header.indexOf("balance_seconds")], String(wallet.basic_seconds));
  await visitor.leave();
});

test("purchases show what is paid and what waits to be", async () => {
  await pendingPurchase(owner, harbor, "premium", 6000);
  const visitor = await chromium.visitor(app.url);
  const { page } = visitor;
  await enter(visitor, owner, `/subaccounts/${harbor}/payments`);
  const pending = page.getByRole("row").filter({ hasText: "Pending" });
  await pending.getByText("$20.00").waitFor();
  await page.getByRole("row").filter({ hasText: "Paid" }).getByText("$80.00").waitFor();
  await visitor.look("account-purchases");
  await visitor.leave();
});

test("a call that the engine reports is seen in the wallet, the statement and Home without a reload", async () => {
  const live = await addSubaccount(owner, "Live Line");
  await sell(owner, live.id, "premium", 6000);
  const visitor = await chromium.visitor(app.url);
  const { page } = visitor;
  // The page's own clock runs fast, so that nobody waits for it.
  await page.clock.install();
  await enter(visitor, owner, `/subaccounts/${live.id}`);
  await reads(fact(page, "Wallet", "Premium left"), "100.0 min");
  await reads(fact(page, "Wallet", "Wallet"), "$16.00");

  await record(engine, [call({ id: "live-1", subaccount: live.id, duration_seconds: 90 })]);
  await page.clock.fastForward(20_000);
  await reads(fact(page, "Wallet", "Premium left"), "98.5 min");
  await reads(fact(page, "Wallet", "Wallet"), "$15.76");
  await reads(page.getByRole("button", { name: /^Minutes used/ }), /1\.5 min/);
  await page.getByRole("table", { name: "Recent calls" }).getByRole("cell", { name: "1:30", exact: true }).waitFor();

  await page.getByRole("link", { name: "Home" }).click();
  await page.getByRole("table", { name: "Recent calls" }).getByRole("link", { name: "Live Line" }).waitFor();
  await record(engine, [call({ id: "live-2", subaccount: live.id, duration_seconds: 6000 })]);
  await page.clock.fastForward(20_000);
  await page.getByRole("region", { name: "Accounts at risk" }).getByRole("link", { name: "Live Line" }).waitFor();
  await visitor.expectClean();
  await visitor.leave();
});

test("a call-detail file that is imported into the running server lowers the wallet that its owner looks at", async () => {
  const front = await addSubaccount(owner, "Front Office", { reference: "front-1" });
  await sell(owner, front.id, "premium", 6000);
  const visitor = await chromium.visitor(app.url);
  const { page } = visitor;
  await page.clock.install();
  await enter(visitor, owner, `/subaccounts/${front.id}/statement`);
  const statement = page.getByRole("table", { name: "Statement" });
  await statement.getByText("+100.0 min").waitFor();

  const { secret } = ok(await owner.post<{ secret: string }>("/v1/api_keys", { name: "cdr", scopes: ["calls:write"] }));
  const at = (minutesAgo: number): string =>
    new Date(Date.now() - minutesAgo * 60_000).toISOString().slice(0, 19).replace("T", " ");
  const lines = [30, 45, 90].map((billsec, number) =>
    cdrCsv({ accountcode: "front-1", start: at(9), answer: at(8), end: at(5), billsec, uniqueid: `177.${number}` }),
  );
  const options = ["--format", "asterisk-csv", "--map", "accountcode=subaccount", "--timezone", "UTC"];
  await minutebankOk(["import", "calls", "-", ...options, "--url", app.url], {
    input: lines.join("\n") + "\n",
    env: { ...process.env, MINUTEBANK_KEY: secret },
  });
  await page.clock.fastForward(20_000);
  await statement.getByText("−2.8 min").waitFor();
  await statement.getByText("97.3 min").waitFor();
  await page.getByRole("link", { name: "Overview" }).click();
  await reads(fact(page, "Wallet", "Premium left"), "97.3 min");
  await visitor.expectClean();
  await visitor.leave();
});
