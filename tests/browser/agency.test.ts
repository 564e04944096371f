// What belongs to the agency itself: its settings.

import assert from "node:assert/strict";
import { test } from "node:test";

import { startBrowser } from "../harness/browser.ts";
import { ok } from "../harness/client.ts";
import { enter, eventually, reads, signIn } from "./person.ts";
import { startScenery } from "./scenery.ts";

const { app, owner } = await startScenery();
const chromium = await startBrowser();

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

  await part("Holds for calls").getByLabel("Held when a call begins").fill("86401");
  await save("Holds for calls").click();
  await part("Holds for calls").getByText("From 1 to 86400 seconds").waitFor();
  await part("Holds for calls").getByLabel("Held when a call begins").fill("120");
  await part("Holds for calls").getByLabel("Calls at once per sub-account").fill("8");
  await save("Holds for calls").click();
  await saved("Holds for calls");

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
      reservations: object;
    }>("/v1/agency"),
  );
  assert.equal(agency.timezone, "Asia/Tokyo");
  assert.deepEqual(agency.branding, { name: "Northwind ✆", colour: "#ffe600" });
  assert.deepEqual(agency.default_prices, { basic: null, premium: "0.25" });
  assert.deepEqual(agency.billing_increment, { first_seconds: 30, step_seconds: 6 });
  assert.deepEqual(agency.reservations, {
    hold_seconds: 120,
    extension_seconds: 300,
    grace_seconds: 120,
    concurrency_limit: 8,
  });

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
