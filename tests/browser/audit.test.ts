// The audit trail: who did what to what, found by each of them, taken along whole; and the platform's staff in it.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Page } from "playwright-core";

import { startBrowser } from "../harness/browser.ts";
import { ok } from "../harness/client.ts";
import { invite, join } from "../harness/people.ts";
import { STAFF } from "../harness/platform.ts";
import { addSubaccount } from "../harness/scene.ts";
import { addressReads, downloadedCsv, enter, eventually, reads, tabTo } from "./person.ts";
import { startScenery } from "./scenery.ts";

const { app, owner, clients } = await startScenery({ staff: STAFF });
const chromium = await startBrowser();
const agency = ok(await owner.get<{ id: string }>("/v1/agency")).id;
const trail = (page: Page) => page.getByRole("table", { name: "Audit events" });

/** What the rows say that somebody did, from top to bottom. */
async function deeds(page: Page): Promise<string[]> {
  const rows = await trail(page).getByRole("row").all();
  const texts = await Promise.all(rows.slice(1).map((row) => row.getByRole("cell").allInnerTexts()));
  return texts.map(([who = "", did = ""]) => `${who}: ${did}`);
}

async function pick(page: Page, filter: string, typed: string, name: string | RegExp): Promise<void> {
  await page.getByRole("combobox", { name: filter }).fill(typed);
  await page.getByRole("option", { name }).click();
}

test("the audit trail tells who did what, with before and after", async () => {
  const { id } = await addSubaccount(owner, "Audited Ltd", { reference: "aud-1" });
  ok(await owner.patch(`/v1/subaccounts/${id}`, { name: "Audited Group", reference: null }));
  ok(await owner.put(`/v1/subaccounts/${id}/prices`, { premium: "0.25", basic: "0.12" }));

  const visitor = await chromium.visitor(app.url);
  const { page } = visitor;
  await enter(visitor, owner, "/audit");
  await page.getByText("Recorded a purchase").first().waitFor();
  await visitor.look("audit");

  await page.getByRole("combobox", { name: "Action" }).click();
  await page.getByRole("option", { name: "Changed a sub-account" }).click();
  await addressReads(page, /action=subaccount\.updated/);
  await page.getByText("name Audited Ltd → Audited Group, reference removed").waitFor();
  await page.getByRole("rowheader").first().getByRole("button").click();
  const drawer = page.getByRole("dialog", { name: "Changed a sub-account" });
  const changes = drawer.getByRole("table", { name: "What changed" });
  assert.deepEqual(await changes.getByRole("row").nth(1).getByRole("cell").allInnerTexts(), [
    "name",
    "Audited Ltd",
    "Audited Group",
  ]);
  await visitor.look("audit-event");
  await page.keyboard.press("Escape");
  const { rows } = await downloadedCsv(page, () => page.getByRole("button", { name: "CSV" }).click());
  const [header = [], first = []] = rows;
  assert.equal(first[header.indexOf("target")], "Audited Group");
  await visitor.leave();
});

test("it is filtered by who did it and to what, by name, and the address keeps it", async () => {
  const { client } = await join(app, owner, "linus@people.example", "agency_admin");
  const { id } = await addSubaccount(client, "Lantern Works");
  ok(await owner.patch(`/v1/subaccounts/${id}`, { name: "Lantern Works Ltd" }));
  await invite(client, "maya@people.example", "subaccount_admin", [id]);

  const visitor = await chromium.visitor(app.url);
  const { page } = visitor;
  await enter(visitor, owner, "/audit");
  await pick(page, "Who", "linus", "linus");
  await addressReads(page, /actor=usr_/);
  await eventually(async () => {
    const seen = await deeds(page);
    assert.deepEqual(seen.slice(0, 2), ["linus: Invited somebody", "linus: Added a sub-account"]);
    assert.ok(seen.every((deed) => deed.startsWith("linus: ")));
  });
  await page.reload();
  await eventually(async () => {
    assert.equal(await page.getByRole("combobox", { name: "Who" }).inputValue(), "linus");
  });

  await page.getByRole("rowheader").first().getByRole("button").click();
  const drawer = page.getByRole("dialog", { name: "Invited somebody" });
  const changes = drawer.getByRole("table", { name: "What changed" });
  await changes.getByRole("link", { name: "Lantern Works Ltd" }).waitFor();
  await changes.getByText("Subaccount Admin").waitFor();
  await visitor.look("audit-invited");
  await drawer.getByRole("button", { name: "All that was done to maya@people.example" }).click();
  await drawer.waitFor({ state: "detached" });
  await addressReads(page, /actor=usr_.*target=inv_/);

  await page.goto("/audit");
  await pick(page, "Done to", "lantern", "Lantern Works Ltd");
  await eventually(async () => {
    assert.deepEqual(await deeds(page), ["owner: Changed a sub-account", "linus: Added a sub-account"]);
  });
  await visitor.look("audit-filtered");
  await pick(page, "Done to", "harbor", "Harbor Dental");
  await trail(page).getByText("Marked a purchase paid").first().waitFor();
  await visitor.leave();
});

test("the file has everything that matches, however much there is, and says how far it is", async () => {
  const id = clients.get("Cedar Legal")?.id ?? "";
  for (let change = 0; change < 520; change += 1) {
    ok(await owner.patch(`/v1/subaccounts/${id}`, { reference: `ref-${change}` }));
  }
  const visitor = await chromium.visitor(app.url);
  const { page } = visitor;
  await enter(visitor, owner, `/audit?action=subaccount.updated&target=${id}`);
  await trail(page).getByText("Changed a sub-account").first().waitFor();
  // The second page is held back, so that there is time to look, and to stop.
  let release: () => void = () => undefined;
  const held = new Promise<void>((done) => (release = done));
  await page.route(/audit_events.*limit=500.*cursor=/, async (route) => {
    await held;
    await route.continue().catch(() => undefined);
  });
  await page.getByRole("button", { name: "CSV" }).click();
  const running = page.getByRole("button", { name: /^500 rows so far/ });
  await running.waitFor();
  await visitor.look("audit-exporting");
  await running.click();
  await page.getByRole("button", { name: "CSV" }).waitFor();
  release();
  const { rows } = await downloadedCsv(page, () => page.getByRole("button", { name: "CSV" }).click());
  assert.equal(rows.length, 1 + 520);
  await visitor.leave();
});

test("the platform's staff in the agency are seen by its admins, while they are there and afterwards", async () => {
  const staff = await app.client().login(STAFF);
  ok(await staff.patch("/v1/me", { name: "Sam Ives" }));
  const visitor = await chromium.visitor(app.url);
  const { page } = visitor;
  await enter(visitor, owner, "/");
  await page.getByRole("heading", { name: "Home" }).waitFor();
  const notice = page.getByRole("complementary", { name: "Platform staff" });
  assert.equal(await notice.count(), 0);

  ok(await staff.post(`/v1/platform/agencies/${agency}/enter`));
  await addSubaccount(staff, "Set Up From Above");
  await page.reload();
  await reads(notice, /^Platform: Sam Ives is inside this agency and may do what its admins may\. What was done$/);
  await visitor.look("home-platform-inside");
  await notice.getByRole("link", { name: "What was done" }).click();
  await addressReads(page, /^\/audit\?actor=plt_/);
  await eventually(async () => {
    assert.deepEqual(await deeds(page), [
      "Platform: Sam Ives: Added a sub-account",
      "Platform: Sam Ives: Entered the agency",
    ]);
    assert.equal(await page.getByRole("combobox", { name: "Who" }).inputValue(), "Sam Ives");
  });
  await visitor.look("audit-platform");
  ok(await staff.post("/v1/platform/leave"));
  await page.reload();
  await trail(page).getByText("Left the agency").waitFor();
  assert.equal(await notice.count(), 0);

  const member = await join(app, owner, "ken@people.example", "agency_member");
  ok(await staff.post(`/v1/platform/agencies/${agency}/enter`));
  const other = await chromium.visitor(app.url);
  await enter(other, member.client, "/");
  await other.page.getByRole("heading", { level: 1 }).waitFor();
  assert.equal(await other.page.getByRole("complementary", { name: "Platform staff" }).count(), 0);
  await other.leave();
  await visitor.leave();
});

test("filtering, by keyboard only", async () => {
  const visitor = await chromium.visitor(app.url);
  const { page } = visitor;
  const { keyboard } = page;
  await enter(visitor, owner, "/audit");
  await tabTo(page, page.getByRole("combobox", { name: "Who" }));
  await keyboard.type("linus");
  await page.getByRole("option", { name: "owner" }).waitFor({ state: "detached" });
  await page.getByRole("option", { name: "linus" }).waitFor();
  await keyboard.press("ArrowDown");
  await keyboard.press("Enter");
  await addressReads(page, /actor=usr_/);
  await trail(page).getByText("Added a sub-account").first().waitFor();
  await visitor.leave();
});
