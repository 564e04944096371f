// From signing in to a filled wallet without a mouse: the way an owner goes every day.

import assert from "node:assert/strict";
import { test } from "node:test";

import { startApp } from "../harness/app.ts";
import { startBrowser } from "../harness/browser.ts";
import { addressReads, fact, isFocused, reads, tabTo, typeThere } from "./person.ts";

const app = await startApp();
const chromium = await startBrowser();

test("sign in, add a sub-account, sell it minutes, mark them paid and see the wallet, by keyboard only", async () => {
  const visitor = await chromium.visitor(app.url);
  const { page } = visitor;
  const { keyboard } = page;
  await page.goto("/");

  await tabTo(page, page.getByLabel("Email"));
  await keyboard.type(app.owner.email);
  await tabTo(page, page.getByLabel("Password", { exact: true }));
  await keyboard.type(app.owner.password);
  await keyboard.press("Enter");
  await page.getByRole("heading", { name: "Home" }).waitFor();
  visitor.forgiveComplaints();

  await keyboard.press("Control+k");
  const palette = page.getByRole("dialog", { name: "Search" });
  await palette.waitFor();
  await typeThere(page, "add sub");
  await keyboard.press("Enter");

  const add = page.getByRole("dialog", { name: "Add sub-account" });
  await add.waitFor();
  await tabTo(page, add.getByLabel("Name"));
  await keyboard.type("Harbor Dental");
  await keyboard.press("Tab");
  await keyboard.type("office@harbordental.example");
  await keyboard.press("Enter");
  await page.getByRole("heading", { name: "Harbor Dental" }).waitFor();
  await reads(fact(page, "Wallet", "Premium left"), "0.0 min");

  await tabTo(page, page.getByRole("button", { name: "Record a purchase" }));
  await keyboard.press("Enter");
  const purchase = page.getByRole("dialog", { name: "Record a purchase for Harbor Dental" });
  await purchase.waitFor();
  await tabTo(page, purchase.getByLabel("Minutes", { exact: true }));
  await keyboard.type("2,000");
  await reads(purchase.getByRole("status", { name: "Preview" }), /\$320\.00/);
  await keyboard.press("Enter");

  const settle = page.getByRole("dialog", { name: "Is it paid?" });
  await settle.waitFor();
  await tabTo(page, settle.getByRole("button", { name: "Mark paid" }));
  await keyboard.press("Enter");
  await settle.waitFor({ state: "detached" });
  await reads(fact(page, "Wallet", "Premium left"), "2,000.0 min");
  await reads(fact(page, "Wallet", "Wallet"), "$320.00");
  await addressReads(page, /^\/subaccounts\/sub_[0-9a-z]{13}$/);
  await visitor.expectClean();
  await visitor.leave();
});

test("Tab first leads past the navigation, and Escape closes what is open and gives the focus back", async () => {
  const visitor = await chromium.visitor(app.url);
  const { page } = visitor;
  await page.goto("/signin?next=/subaccounts");
  await page.getByLabel("Email").fill(app.owner.email);
  await page.getByLabel("Password", { exact: true }).fill(app.owner.password);
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Subaccounts" }).waitFor();

  await page.keyboard.press("Tab");
  const skip = page.getByRole("link", { name: "Skip to content" });
  assert.ok(await isFocused(skip), "the first Tab does not reach the skip link");
  await page.keyboard.press("Enter");
  await tabTo(page, page.getByRole("button", { name: "Add sub-account" }), 1);

  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog", { name: "Add sub-account" });
  await dialog.waitFor();
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
  await tabTo(page, page.getByRole("button", { name: "Add sub-account" }), 0);

  await page.keyboard.press("/");
  assert.ok(await isFocused(page.getByLabel("Search name, email, reference")), "/ does not reach the search");
  await visitor.leave();
});
