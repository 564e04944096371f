// Ten thousand sub-accounts: few rows exist at a time, all can be reached.

import assert from "node:assert/strict";
import { test } from "node:test";

import { startApp } from "../harness/app.ts";
import { startBrowser } from "../harness/browser.ts";
import { ok, type Client } from "../harness/client.ts";
import { enter, eventually, reads, row, rowNames, typeThere } from "./person.ts";

/** What is asked of a list, as the server counts it. */
interface Page {
  data: { name: string }[];
  total: number;
}

const ACCOUNTS = 10_000;
const AT_ONCE = 64;
/** What a screen shows, and a little above and below. */
const ROWS_AT_MOST = 80;
/** Ten thousand requests on a machine that does much else. */
const RUN_PATIENCE_MS = 600_000;

const app = await startApp();
const owner = await app.ownerClient();
const chromium = await startBrowser();
await addMany(owner, ACCOUNTS);

const name = (number: number): string => `Client ${String(number).padStart(5, "0")}`;

async function addMany(client: Client, count: number): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let number = next++; number < count; number = next++) {
      const padded = String(number).padStart(5, "0");
      const body = { name: `Client ${padded}`, email: `c${padded}@client.example` };
      ok(await client.post("/v1/subaccounts", body, { isDescribed: false }));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

test("all are counted, few are in the page, and scrolling reaches the last one", async () => {
  const visitor = await chromium.visitor(app.url);
  const { page } = visitor;
  await enter(visitor, owner, "/subaccounts");
  const table = page.getByRole("table", { name: "Sub-accounts" });
  await row(page, name(0)).waitFor();
  await page.getByText("10,001", { exact: true }).waitFor();
  assert.equal(await table.getAttribute("aria-rowcount"), "10002");
  assert.ok((await rowNames(page, "Sub-accounts")).length < ROWS_AT_MOST);

  await visitor.look("subaccounts-many");

  const region = page.getByRole("region", { name: "Sub-accounts" });
  await region.hover();
  await eventually(async () => {
    await page.mouse.wheel(0, 1_000_000);
    assert.equal(await row(page, name(ACCOUNTS - 1)).count(), 1);
  });
  assert.ok((await rowNames(page, "Sub-accounts")).length < ROWS_AT_MOST);
  assert.equal(await row(page, name(ACCOUNTS - 1)).getAttribute("aria-rowindex"), "10002");
  await visitor.leave();
});

test("one of them is found, and going back finds the list as it was", async () => {
  const visitor = await chromium.visitor(app.url);
  const { page } = visitor;
  await enter(visitor, owner, "/subaccounts");
  await page.getByLabel("Search name, email, reference").fill("client 04711");
  await eventually(async () => {
    assert.deepEqual(await rowNames(page, "Sub-accounts"), [name(4711)]);
  });
  await page.getByRole("link", { name: name(4711) }).click();
  await page.getByRole("heading", { name: name(4711), level: 1 }).waitFor();
  await page.goBack();
  await eventually(async () => {
    assert.deepEqual(await rowNames(page, "Sub-accounts"), [name(4711)]);
  });

  await page.getByRole("button", { name: /Switch account/ }).click();
  await page.getByText("9,971 more: type to find them").waitFor();
  await typeThere(page, "09999");
  await reads(page.getByRole("option"), new RegExp(name(9999)));
  await visitor.leave();
});

test("the order is that of all of them, not of those that were read", async () => {
  const visitor = await chromium.visitor(app.url);
  const { page } = visitor;
  await enter(visitor, owner, "/subaccounts?sort=-name");
  const region = page.getByRole("region", { name: "Sub-accounts" });
  await row(page, name(ACCOUNTS - 1)).waitFor();
  const [, ...first] = await rowNames(page, "Sub-accounts");
  assert.deepEqual(
    first,
    first.map((_, index) => name(ACCOUNTS - 1 - index)),
  );
  await region.hover();
  await eventually(async () => {
    await page.mouse.wheel(0, 1_000_000);
    assert.equal(await row(page, name(0)).count(), 1);
  });
  assert.equal(await row(page, name(0)).getAttribute("aria-rowindex"), "10002");
  const last = await rowNames(page, "Sub-accounts");
  assert.ok(last.length < ROWS_AT_MOST);
  assert.deepEqual(
    last,
    last.map((_, index) => name(last.length - 1 - index)),
  );
  await visitor.leave();
});

test("all that match are chosen and suspended at once, and few of the results exist at a time", async () => {
  const visitor = await chromium.visitor(app.url);
  const { page } = visitor;
  await enter(visitor, owner, "/subaccounts");
  await page.getByRole("checkbox", { name: "Select all 10,001" }).check();
  await page.getByRole("checkbox", { name: `Select ${name(3)}` }).uncheck();
  const toolbar = page.getByRole("toolbar", { name: "Selected sub-accounts" });
  await toolbar.getByText("10,000 selected").waitFor();
  await toolbar.getByRole("button", { name: "Suspend" }).click();
  const ask = page.getByRole("dialog", { name: "Suspend 9,999 sub-accounts" });
  await ask.getByText("your own account is never suspended").waitFor();
  await ask.getByRole("button", { name: "Suspend 9,999 sub-accounts" }).click();

  const run = page.getByRole("dialog", { name: "Suspending 9,999 sub-accounts" });
  await run.getByText(/[\d,]+ suspended · 1 left out · [\d,]+ to go/).waitFor();
  const results = page.getByRole("region", { name: "Results" });
  await results.hover();
  await eventually(async () => {
    await page.mouse.wheel(0, 1_000_000);
    assert.equal(await results.getByRole("rowheader", { name: name(ACCOUNTS - 1) }).count(), 1);
  });
  assert.ok((await rowNames(page, "Results")).length < ROWS_AT_MOST);

  const ended = page.getByRole("dialog", { name: "9,999 sub-accounts suspended" });
  await ended.waitFor({ timeout: RUN_PATIENCE_MS });
  assert.equal(ok(await owner.get<Page>("/v1/subaccounts?status=suspended&limit=1")).total, ACCOUNTS - 1);
  await ended.getByText("Left out 1", { exact: true }).click();
  await eventually(async () => {
    assert.deepEqual(await rowNames(page, "Results"), ["Northwind Voice"]);
  });
  await ended.getByRole("button", { name: "Done" }).click();
  await page.getByText("9,999 sub-accounts suspended.").waitFor();
  await page.getByRole("combobox", { name: "Status" }).click();
  await page.getByRole("option", { name: "Active" }).click();
  await eventually(async () => {
    assert.deepEqual(await rowNames(page, "Sub-accounts"), ["Northwind Voice\nPrimary", name(3)]);
  });
  await visitor.expectClean();
  await visitor.leave();
});
