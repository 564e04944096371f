// What a renewal did, for the agency, and the jobs that do such things, for the platform's staff.

import assert from "node:assert/strict";
import { test } from "node:test";

import { startApp } from "../harness/app.ts";
import { startBrowser } from "../harness/browser.ts";
import { jobsSettled, setClock } from "../harness/jobs.ts";
import { STAFF } from "../harness/platform.ts";
import { addSubaccount } from "../harness/scene.ts";
import { enter, eventually } from "./person.ts";

const MONTH_AND_MORE_MS = 32 * 86_400_000;
/** 200 minutes each are more than the 1,000 that the first plan included and the 2,000 of a month. */
const CLIENTS = 16;

const app = await startApp({ staff: STAFF, args: ["--test-clock"] });
const owner = await app.ownerClient();
for (let n = 1; n <= CLIENTS; n += 1) await addSubaccount(owner, `Client ${String(n).padStart(2, "0")}`);
await app.store.damage(
  `UPDATE agencies SET plan_code = 'partner_legacy';
   INSERT INTO plan_starts SELECT id, plan_code, created_at FROM agencies`,
);
await setClock(app, new Date(Date.now() + MONTH_AND_MORE_MS));
await jobsSettled(app);
const chromium = await startBrowser();

test("the renewals say for how many clients there was too little, and for whom", async () => {
  const visitor = await chromium.visitor(app.url);
  const { page } = visitor;
  await enter(visitor, app.owner, "/settings");
  await page.getByRole("button", { name: "1 of 16 clients" }).click();
  const dialog = page.getByRole("dialog", { name: /^Too few minutes on / });
  const [left, ...more] = await eventuallyItems();
  assert.match(left ?? "", /^Client 16\s+Got 0\.0 min premium and 0\.0 min basic$/);
  assert.equal(more.length, 0);
  await visitor.look("renewal-short");
  await dialog.getByRole("button", { name: "Close" }).last().click();
  await dialog.waitFor({ state: "detached" });
  await visitor.expectClean();
  await visitor.leave();

  async function eventuallyItems(): Promise<string[]> {
    const items = dialog.getByRole("list", { name: "Clients left short" }).getByRole("listitem");
    await items.first().waitFor();
    return items.allInnerTexts();
  }
});

test("staff see the jobs that wait and those that were given up, and try one again", async () => {
  await app.store.damage(
    "UPDATE jobs SET state = 'dead', tries = 10, last_error = 'the moon was full' WHERE kind = 'renewal'",
  );
  const visitor = await chromium.visitor(app.url);
  const { page } = visitor;
  await enter(visitor, STAFF, "/platform/jobs?state=dead");
  const jobs = page.getByRole("table", { name: "Jobs" });
  await jobs.getByText("Given up").waitFor();
  await jobs.getByText("the moon was full").waitFor();
  await visitor.look("platform-jobs");
  await page.getByRole("button", { name: "Try again: Renewal of an agency, Northwind Voice" }).click();
  await page.getByText("Renewal of an agency: it is tried again now.").waitFor();
  await page.getByRole("heading", { name: "Nothing was given up" }).waitFor();
  await page.getByRole("radiogroup", { name: "State" }).getByText("All").click();
  await eventually(async () => {
    assert.ok((await jobs.getByText("Waiting").count()) > 0);
  });
  await visitor.expectClean();
  await visitor.leave();
});
