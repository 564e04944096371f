// Every text that people or machines can send in is shown as text, and nothing of it runs or breaks a page.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Page } from "playwright-core";

import { startApp } from "../harness/app.ts";
import { startBrowser } from "../harness/browser.ts";
import { ok } from "../harness/client.ts";
import { invite, tokenOf } from "../harness/people.ts";
import { STAFF } from "../harness/platform.ts";
import { addSubaccount, call, sell } from "../harness/scene.ts";
import { downloadedCsv, enter, eventually } from "./person.ts";

const SCRIPT = `<img src=x onerror="document.title='pwned'"><script>document.title='pwned'</script>`;
const FORMULA = `=HYPERLINK("http://evil.example","x")`;
/** Turns the direction of writing and never turns it back. */
const BIDI = "\u202Eevil\u2066 عميل";

const app = await startApp({ staff: STAFF });
const owner = await app.ownerClient();
const chromium = await startBrowser();

ok(await owner.patch("/v1/agency", { name: `${SCRIPT} Agency`, branding: { name: `${SCRIPT} Brand`, colour: null } }));
ok(await owner.patch("/v1/me", { name: `${SCRIPT} Owner` }));
const account = await addSubaccount(owner, `${SCRIPT} Ltd`, { email: "a@client.example", reference: "<b>\"'x" });
await addSubaccount(owner, FORMULA, { email: "b@client.example" });
await addSubaccount(owner, `${"W".repeat(119)}.`, { email: "c@client.example" });
await addSubaccount(owner, BIDI.replaceAll(/[\u202E\u2066]/g, ""), { email: "d@client.example" });
await sell(owner, account.id, "premium", 6000);
ok(await owner.post("/v1/api_keys", { name: `${SCRIPT} key`, scopes: ["read"] }));
ok(
  await owner.post("/v1/calls", {
    ...call({ id: SCRIPT.slice(0, 60), subaccount: account.id }),
    source: "pbx",
    agent: SCRIPT,
    campaign: SCRIPT,
    from: "<b>+1</b>",
    to: "'\"><svg/onload=alert(1)>",
    outcome: SCRIPT,
    summary: `${SCRIPT} ${"no-break".repeat(60)}`,
    recording_url: "https://recordings.example/1?<script>",
  }),
);

/** Somebody whose name and browser are hostile, too. */
const eve = await invite(owner, "eve@northwind.example", "agency_admin");
ok(
  await app
    .client()
    .post(
      "/v1/invitations/accept",
      { token: tokenOf(eve), name: `${SCRIPT} Eve`, password: "quiet lamps by the river" },
      { headers: { "user-agent": `${SCRIPT} browser` } },
    ),
);
const waiting = await invite(owner, "mallory@northwind.example", "subaccount_member", [account.id]);
const staff = await app.client().login(STAFF);
const { id: agency } = ok(await owner.get<{ id: string }>("/v1/agency"));
const settlement = { amount_usd: "1.00", note: `${SCRIPT} note` };
ok(await staff.post(`/v1/platform/agencies/${agency}/settlements`, settlement));

async function expectUnharmed(page: Page): Promise<void> {
  assert.notEqual(await page.title(), "pwned");
  const overflow_px = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  assert.equal(overflow_px, 0, `${page.url()} scrolls sideways`);
}

test("every page shows hostile texts as they were typed", async () => {
  const visitor = await chromium.visitor(app.url);
  const { page } = visitor;
  page.on("dialog", () => assert.fail("a script ran"));
  await enter(visitor, owner);
  const id = account.id;
  for (const [path, text] of [
    ["/", `${SCRIPT} Ltd`],
    ["/subaccounts", `${SCRIPT} Ltd`],
    [`/subaccounts/${id}`, `${SCRIPT} Ltd`],
    [`/subaccounts/${id}/calls`, "<b>+1</b>"],
    [`/subaccounts/${id}/statement`, `${SCRIPT} Owner`],
    [`/subaccounts/${id}/payments`, `${SCRIPT} Ltd`],
    ["/calls", SCRIPT],
    ["/api-keys", `${SCRIPT} key`],
    ["/audit", `${SCRIPT} Owner`],
    ["/audit", `${SCRIPT} Eve`],
    ["/users", `${SCRIPT} Eve`],
    ["/users/pending", `${SCRIPT} Ltd`],
  ] as const) {
    await page.goto(path);
    await page.getByText(text, { exact: false }).first().waitFor();
    await expectUnharmed(page);
    await visitor.expectClean();
    await page.setViewportSize({ width: 360, height: 740 });
    await expectUnharmed(page);
    await page.setViewportSize({ width: 1440, height: 900 });
  }
  await page.goto("/settings");
  await eventually(async () => {
    assert.equal(await page.getByLabel("Agency").inputValue(), `${SCRIPT} Agency`);
  });
  await visitor.expectClean();
  await visitor.leave();
});

test("whoever is invited reads hostile names as they are", async () => {
  const visitor = await chromium.visitor(app.url);
  const { page } = visitor;
  page.on("dialog", () => assert.fail("a script ran"));
  await page.goto(`/accept#token=${tokenOf(waiting)}`);
  for (const text of [`${SCRIPT} Brand`, `${SCRIPT} Owner`, `${SCRIPT} Ltd`]) {
    await page.getByText(text, { exact: false }).first().waitFor();
  }
  await expectUnharmed(page);
  await visitor.look("hostile-invitation");
  await visitor.leave();
});

test("dialogs and drawers do, too", async () => {
  const visitor = await chromium.visitor(app.url);
  const { page } = visitor;
  await enter(visitor, owner, `/subaccounts/${account.id}/calls`);
  await page.getByRole("table", { name: "Calls" }).getByRole("rowheader").first().getByRole("button").click();
  const drawer = page.getByRole("dialog");
  await drawer.getByText("no-breakno-break").waitFor();
  await visitor.look("hostile-call");
  const link = drawer.getByRole("link", { name: "Open recording" });
  assert.equal(await link.getAttribute("href"), "https://recordings.example/1?<script>");
  assert.equal(await link.getAttribute("rel"), "noreferrer noopener");

  await page.goto("/audit?action=subaccount.created");
  await page.getByRole("rowheader").last().getByRole("button").click();
  await page.getByRole("dialog").getByRole("table", { name: "What changed" }).waitFor();
  await expectUnharmed(page);

  await page.goto("/audit?action=agency.settled");
  await page.getByRole("rowheader").last().getByRole("button").click();
  await page.getByRole("dialog").getByText(`${SCRIPT} note`).waitFor();
  await expectUnharmed(page);

  await page.goto("/users");
  await page.getByRole("button", { name: `Actions for ${SCRIPT} Eve` }).click();
  await page.getByRole("menuitem", { name: "Remove" }).click();
  await page.getByRole("dialog", { name: `Remove ${SCRIPT} Eve` }).waitFor();
  await expectUnharmed(page);
  await visitor.look("hostile-removal");

  await page.goto("/subaccounts");
  await page.getByRole("button", { name: `Actions for ${SCRIPT} Ltd` }).click();
  await page.getByRole("menuitem", { name: "Prices" }).click();
  await page.getByRole("dialog", { name: `Prices of ${SCRIPT} Ltd` }).waitFor();
  await visitor.look("hostile-dialog");
  await visitor.leave();
});

test("what is searched for is shown back as text", async () => {
  const visitor = await chromium.visitor(app.url);
  const { page } = visitor;
  await enter(visitor, owner, `/subaccounts?q=${encodeURIComponent("<svg onload=alert(1)>")}`);
  await page.getByRole("heading", { name: "No sub-account matches" }).waitFor();
  await page.keyboard.press("Control+k");
  const palette = page.getByRole("dialog", { name: "Search" });
  await palette.getByRole("combobox").fill("<svg onload=alert(1)>");
  await palette.getByText("Nothing matches").waitFor();
  await expectUnharmed(page);
  await visitor.leave();
});

test("a spreadsheet that opens the CSV runs nothing of it", async () => {
  const visitor = await chromium.visitor(app.url);
  const { page } = visitor;
  await enter(visitor, owner, "/subaccounts?q=hyperlink");
  await page.getByText(FORMULA).waitFor();
  const { rows } = await downloadedCsv(page, () => page.getByRole("button", { name: "CSV" }).click());
  assert.ok(rows.flat().includes(`'${FORMULA}`), "the formula has no quote before it");
  await visitor.leave();
});
