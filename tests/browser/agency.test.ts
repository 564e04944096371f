// What belongs to the agency itself: API keys, the audit trail, settings.

import assert from "node:assert/strict";
import { test } from "node:test";

import { startBrowser } from "../harness/browser.ts";
import { ok, refused } from "../harness/client.ts";
import { addSubaccount, call } from "../harness/scene.ts";
import { addressReads, cell, downloadedCsv, enter, eventually, reads, row, signIn } from "./person.ts";
import { startScenery } from "./scenery.ts";

const { app, owner, clients } = await startScenery();
const chromium = await startBrowser();

test("an API key is made, shown once, works, and stops when it is revoked", async () => {
  const visitor = await chromium.visitor(app.url);
  const { page } = visitor;
  await enter(visitor, owner, "/api-keys");
  await page.getByRole("button", { name: "Create API key" }).click();
  const dialog = page.getByRole("dialog", { name: "Create API key" });
  await dialog.getByRole("button", { name: "Create key" }).click();
  await dialog.getByText("Name the machine that will use it").waitFor();
  await dialog.getByLabel("Name").fill("Front PBX");
  await dialog.getByRole("combobox", { name: "Reaches" }).fill("harbor");
  await page.getByRole("option", { name: "Harbor Dental" }).click();
  await visitor.look("api-key-create");
  await dialog.getByRole("button", { name: "Create key" }).click();

  const ready = page.getByRole("dialog", { name: "Front PBX is ready" });
  const secret = await ready.getByLabel("Secret").inputValue();
  assert.match(secret, /^mbk_/);
  await page.keyboard.press("Escape");
  await ready.waitFor();
  await visitor.look("api-key-secret");
  await ready.getByRole("button", { name: "I have stored it" }).click();
  await reads(await cell(page, "Front PBX", "Reaches"), "Harbor Dental");
  await visitor.look("api-keys");

  const machine = app.client({ key: secret });
  const harbor = clients.get("Harbor Dental")?.id ?? "";
  ok(await machine.post("/v1/calls", call({ id: "pbx-1", subaccount: harbor })));
  await page.getByRole("button", { name: "Revoke Front PBX" }).click();
  const revoke = page.getByRole("dialog", { name: "Revoke Front PBX?" });
  await revoke.waitFor();
  await visitor.look("api-key-revoke");
  await revoke.getByRole("button", { name: "Revoke key" }).click();
  await row(page, "Front PBX").waitFor({ state: "detached" });
  refused(await machine.post("/v1/calls", call({ id: "pbx-2", subaccount: harbor })), 401, "bad_api_key");
  await visitor.leave();
});

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

test("settings: name, colour, prices and increment are saved, each by itself", async () => {
  const visitor = await chromium.visitor(app.url);
  const { page } = visitor;
  await enter(visitor, owner, "/settings");
  const part = (name: string) => page.getByRole("form", { name });
  const save = (name: string) => part(name).getByRole("button", { name: "Save" });
  const saved = async (name: string) =>
    eventually(async () => {
      assert.ok(await save(name).isDisabled());
    });

  await part("General").getByLabel("Agency").fill("");
  await save("General").click();
  await part("General").getByText("Name your agency").waitFor();
  await part("General").getByLabel("Agency").fill("Northwind Voice");
  await part("General").getByLabel("Timezone").fill("Tokyo");
  await page.getByRole("option", { name: "Asia/Tokyo" }).click();
  await save("General").click();
  await saved("General");

  await part("Default prices").getByLabel("Premium").fill("0.01");
  await save("Default prices").click();
  await part("Default prices").getByText("At least the base price, $0.16").waitFor();
  await visitor.look("settings");
  await part("Default prices").getByLabel("Premium").fill("0.25");
  await save("Default prices").click();
  await saved("Default prices");

  await part("Billing increment").getByText("30/6").click();
  await save("Billing increment").click();
  await saved("Billing increment");
  await part("Billing increment").getByText("Other").click();
  await part("Billing increment").getByLabel("First").fill("0");
  await save("Billing increment").click();
  await part("Billing increment").getByText("From 1 to 3600 seconds").waitFor();

  await part("Branding").getByLabel("Display name").fill("Northwind ✆");
  await part("Branding").getByLabel("Colour", { exact: true }).fill("#FFE600");
  await save("Branding").click();
  await saved("Branding");
  await page.getByRole("button", { name: /Northwind ✆.*Switch account/s }).waitFor();
  await eventually(async () => {
    assert.equal(await page.title(), "Settings · Northwind ✆");
  });
  await visitor.look("settings-branded");

  const agency = ok(
    await owner.get<{
      timezone: string;
      branding: object;
      default_prices: object;
      billing_increment: object;
    }>("/v1/agency"),
  );
  assert.equal(agency.timezone, "Asia/Tokyo");
  assert.deepEqual(agency.branding, { name: "Northwind ✆", colour: "#ffe600" });
  assert.deepEqual(agency.default_prices, { basic: null, premium: "0.25" });
  assert.deepEqual(agency.billing_increment, { first_seconds: 30, step_seconds: 6 });

  await page.goto("/subaccounts?dialog=add");
  await page.getByText("Starts at $0.25 per premium and $0.09 per basic minute").waitFor();
  await visitor.look("branded-dialog");
  await visitor.leave();
});

test("times are the agency's, wherever the browser is", async () => {
  ok(await owner.patch("/v1/agency", { timezone: "Pacific/Kiritimati" }));
  const { data } = ok(await owner.get<{ data: { started_at: string }[] }>("/v1/calls?limit=1"));
  const expected = new Intl.DateTimeFormat("en-US", {
    timeZone: "Pacific/Kiritimati",
    month: "short",
    day: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  }).format(Date.parse(data[0]?.started_at ?? ""));
  const visitor = await chromium.visitor(app.url);
  await visitor.page.goto("/calls");
  await signIn(visitor.page, app.owner);
  await reads(visitor.page.getByRole("table", { name: "Calls" }).getByRole("rowheader").first(), expected);
  await visitor.leave();
});
