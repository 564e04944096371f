// Ten thousand sub-accounts: few rows exist at a time, all can be reached.

import assert from "node:assert/strict";
import { test } from "node:test";

import { startApp } from "../harness/app.ts";
import { startBrowser } from "../harness/browser.ts";
import { ok, type Client } from "../harness/client.ts";
import { enter, eventually, reads, row, rowNames } from "./person.ts";

const ACCOUNTS = 10_000;
const AT_ONCE = 64;
/** What a screen shows, and a little above and below. */
const ROWS_AT_MOST = 80;

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
  await page.keyboard.type("09999");
  await reads(page.getByRole("option"), new RegExp(name(9999)));
  await visitor.leave();
});
