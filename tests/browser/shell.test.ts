// What surrounds every page: navigation, switcher, palette, light and dark, narrow screens.

import assert from "node:assert/strict";
import { test } from "node:test";

import { startBrowser } from "../harness/browser.ts";
import { check, minutebankOk, Server } from "../harness/minutebank.ts";
import { freshStore } from "../harness/store.ts";
import { addressReads, enter, eventually, isFocused, reads, row, signIn } from "./person.ts";
import { startScenery } from "./scenery.ts";

const { app, owner } = await startScenery();
const chromium = await startBrowser();

test("the navigation leads to every page and says where one is", async () => {
  const visitor = await chromium.visitor(app.url);
  const { page } = visitor;
  await enter(visitor, owner);
  const navigation = page.getByRole("navigation", { name: "Main" });
  for (const name of ["Subaccounts", "Calls", "API keys", "Audit", "Settings", "Home"]) {
    const link = navigation.getByRole("link", { name });
    await link.click();
    await page.getByRole("heading", { name, level: 1 }).waitFor();
    assert.equal(await link.getAttribute("aria-current"), "page");
    await eventually(async () => {
      assert.equal(await page.title(), `${name} · Northwind Voice`);
    });
    await visitor.expectClean();
  }
  await visitor.leave();
});

test("the switcher finds an account by a part of its name and enters it", async () => {
  const visitor = await chromium.visitor(app.url);
  const { page } = visitor;
  await enter(visitor, owner, "/audit");
  const switcher = page.getByRole("button", { name: /Switch account/ });
  await switcher.click();
  const field = page.getByRole("combobox", { name: "Find a sub-account" });
  await field.waitFor();
  await eventually(async () => {
    assert.ok(await isFocused(field));
  });
  await page.getByRole("option", { name: /Alpine Ski School/ }).waitFor();
  await visitor.look("switcher", ["light", "dark"]);
  await page.keyboard.type("freight");
  await eventually(async () => {
    assert.equal(await page.getByRole("option").count(), 1);
  });
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Delta Freight Brokers", level: 1 }).waitFor();
  await reads(switcher, /Delta Freight Brokers\s+Northwind Voice/);

  await switcher.click();
  await page.getByRole("option", { name: /All accounts/ }).click();
  await page.getByRole("heading", { name: "Home" }).waitFor();
  await visitor.leave();
});

test("the palette finds pages, actions and accounts", async () => {
  const visitor = await chromium.visitor(app.url);
  const { page } = visitor;
  await enter(visitor, owner);
  await page.getByRole("button", { name: "Search" }).first().click();
  const palette = page.getByRole("dialog", { name: "Search" });
  const field = palette.getByRole("combobox");
  await palette.getByRole("option", { name: /Alpine Ski School/ }).waitFor();
  await page.emulateMedia({ colorScheme: "dark" });
  await palette.getByRole("option", { name: "Switch to light" }).waitFor();
  await page.emulateMedia({ colorScheme: "light" });
  await palette.getByRole("option", { name: "Switch to dark" }).waitFor();
  await visitor.look("palette");
  await field.fill("ivy");
  await eventually(async () => {
    assert.equal(await palette.getByRole("option").count(), 1);
  });
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Ivy & Oak Interiors", level: 1 }).waitFor();

  await page.keyboard.press("Control+k");
  await field.fill("zebra crossing");
  await palette.getByText("Nothing matches “zebra crossing”").waitFor();
  await field.fill("settings");
  await page.keyboard.press("Enter");
  await addressReads(page, /^\/settings$/);
  await visitor.leave();
});

test("a demo says that it is one, before signing in and on every page", async () => {
  const store = await freshStore();
  const told = await minutebankOk(["demo", "--store", store.url, "--clients", "4", "--days", "10"]);
  const [, email = "", password = ""] = /owner: (\S+)\s+(\S+)/.exec(told) ?? [];
  const server = await Server.start(store);
  const visitor = await chromium.visitor(server.url);
  const { page } = visitor;
  await page.goto("/");
  await page.getByText("This server holds a made-up agency").waitFor();
  await signIn(page, { email, password });
  visitor.forgiveComplaints();
  await page.getByText("every client, call and dollar is made up").waitFor();
  await page.getByRole("table", { name: "Minutes used per day" }).waitFor();
  await visitor.look("demo");
  await visitor.leave();
  await server.stop();
  await check(store);
  await store.drop();
});

test("light and dark are chosen and remembered", async () => {
  const visitor = await chromium.visitor(app.url);
  const { page } = visitor;
  await enter(visitor, owner);
  const scheme = () => page.evaluate(() => getComputedStyle(document.documentElement).colorScheme);
  assert.equal(await scheme(), "light");
  await page.getByRole("button", { name: /Your account/ }).click();
  await page.getByRole("dialog", { name: "Your account" }).waitFor();
  await visitor.look("user-menu", ["light", "dark"]);
  await page.getByRole("dialog", { name: "Your account" }).getByText("Dark").click({ force: true });
  await eventually(async () => {
    assert.equal(await scheme(), "dark");
  });
  await page.reload();
  await page.getByRole("heading", { name: "Home" }).waitFor();
  assert.equal(await scheme(), "dark");
  await visitor.expectClean();
  await visitor.leave();
});

test("on a narrow screen the navigation is a drawer, tables keep what counts, dialogs fill the screen", async () => {
  const visitor = await chromium.visitor(app.url);
  const { page } = visitor;
  await page.setViewportSize({ width: 360, height: 740 });
  await enter(visitor, owner);
  await page.getByRole("button", { name: "Navigation" }).click();
  const drawer = page.getByRole("dialog", { name: "Navigation" });
  await drawer.getByRole("link", { name: "Subaccounts" }).waitFor();
  await visitor.expectClean();
  await drawer.getByRole("link", { name: "Subaccounts" }).click();
  await drawer.waitFor({ state: "detached" });
  await reads(row(page, "Harbor Dental"), /premium[^]*\$/);

  await page.getByRole("button", { name: "Add sub-account" }).click();
  const dialog = page.getByRole("dialog", { name: "Add sub-account" });
  const box = await dialog.boundingBox();
  assert.deepEqual([box?.width, box?.height], [360, 740]);
  await visitor.leave();
});

test("at 320 px no page scrolls sideways", async () => {
  const visitor = await chromium.visitor(app.url);
  const { page } = visitor;
  await enter(visitor, owner);
  await page.setViewportSize({ width: 320, height: 640 });
  for (const path of ["/", "/subaccounts", "/calls", "/settings", "/audit"]) {
    await page.goto(path);
    await page.getByRole("heading", { level: 1 }).waitFor();
    const overflow_px = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    assert.equal(overflow_px, 0, `${path} scrolls sideways`);
  }
  await visitor.leave();
});
