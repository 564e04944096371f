// What happens on the server is on the page within a moment, without anybody asking.

import assert from "node:assert/strict";
import { test } from "node:test";

import { startApp } from "../harness/app.ts";
import { startBrowser } from "../harness/browser.ts";
import { addSubaccount, call, hold, record, sell } from "../harness/scene.ts";
import { enter, eventually, fact, reads } from "./person.ts";

const app = await startApp();
const owner = await app.ownerClient();
const engine = await app.machineClient(["reservations:write", "calls:write"]);
const { id: account } = await addSubaccount(owner, "Harbor Dental");
await sell(owner, account, "premium", 60_000);
const chromium = await startBrowser();

/** Longer than a page that hears nothing waits before it asks by itself. */
const NEVER_ASKS = "60";

test("Home shows a call when it begins, and what it cost when it is over", async () => {
  const visitor = await chromium.visitor(app.url);
  const { page } = visitor;
  await enter(visitor, owner);
  const live = page.getByRole("region", { name: /^Calls in progress/ });
  await live.getByText("Live", { exact: true }).waitFor();
  await live.getByText(/^None just now/).waitFor();
  await reads(fact(page, "Agency", "Wallets"), "$320.00");

  const reservation = await hold(engine, account, { seconds: 600 });
  await live.getByRole("link", { name: "Harbor Dental" }).waitFor();
  await page.getByRole("heading", { name: "Calls in progress · 1" }).waitFor();
  await live.getByText("Outbound, 10.0 min premium held").waitFor();
  await visitor.look("home-live");

  await record(engine, [
    call({ id: "live-1", subaccount: account, reservation: reservation.id, duration_seconds: 600 }),
  ]);
  await live.getByText(/^None just now/).waitFor();
  await reads(fact(page, "Agency", "Wallets"), "$318.40");
  await page.getByRole("table", { name: "Recent calls" }).getByRole("link", { name: "Harbor Dental" }).waitFor();
  await visitor.expectClean();
  await visitor.leave();
});

test("the table of accounts and an account's page show what is left", async () => {
  const visitor = await chromium.visitor(app.url);
  const { page } = visitor;
  await enter(visitor, owner, "/subaccounts");
  const row = page.getByRole("row", { name: /Harbor Dental/ });
  const before = await row.innerText();
  await record(engine, [call({ id: "live-2", subaccount: account, duration_seconds: 3600 })]);
  await eventually(async () => {
    assert.notEqual(await row.innerText(), before);
  });
  await page.getByRole("link", { name: "Harbor Dental" }).click();
  await page.getByRole("heading", { name: "Harbor Dental" }).waitFor();
  await sell(owner, account, "premium", 600_000);
  await eventually(async () => {
    assert.match(await page.getByRole("main").innerText(), /10,9\d\d\.\d min/);
  });
  await visitor.leave();
});

test("without the stream the page asks by itself, and says so", async () => {
  const visitor = await chromium.visitor(app.url);
  const { page } = visitor;
  await page.route("**/v1/events*", (route) =>
    route.fulfill({ status: 503, headers: { "Retry-After": NEVER_ASKS }, body: "" }),
  );
  await enter(visitor, owner);
  const live = page.getByRole("region", { name: /^Calls in progress/ });
  await live.getByText("Reconnecting", { exact: true }).waitFor();
  const { id } = await hold(engine, account, { seconds: 60 });
  await live.getByRole("link", { name: "Harbor Dental" }).waitFor();
  await record(engine, [call({ id: "live-3", subaccount: account, reservation: id })]);
  await visitor.leave();
});
