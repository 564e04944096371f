// API keys: made, shown once, rotated while the old one still works, ended, and found again.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Page } from "playwright-core";

import { startBrowser } from "../harness/browser.ts";
import { ok, refused } from "../harness/client.ts";
import { call } from "../harness/scene.ts";
import { addressReads, cell, choose, enter, eventually, isFocused, reads, row, tabTo } from "./person.ts";
import { startScenery } from "./scenery.ts";

const { app, owner, clients } = await startScenery();
const chromium = await startBrowser();
const DAY_MS = 86_400_000;

interface ApiKey {
  id: string;
  name: string;
  status: string;
  secret?: string;
  hint: string;
  expires_at: string | null;
}

const make = async (name: string, more: object = {}): Promise<ApiKey> =>
  ok(await owner.post<ApiKey>("/v1/api_keys", { name, scopes: ["read"], ...more }));

async function works(secret: string): Promise<boolean> {
  const { status } = await app.client({ key: secret }).get("/v1/calls?limit=1");
  assert.ok(status === 200 || status === 401);
  return status === 200;
}

/** The secret that is shown, once; the dialog is closed after. */
async function takeSecret(page: Page, name: string): Promise<string> {
  const ready = page.getByRole("dialog", { name: `${name} is ready` });
  const secret = await ready.getByLabel("Secret").inputValue();
  assert.match(secret, /^mbk_/);
  await ready.getByRole("button", { name: "I have stored it" }).click();
  await ready.waitFor({ state: "detached" });
  return secret;
}

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
  await ready.waitFor();
  await page.keyboard.press("Escape");
  await visitor.look("api-key-secret");
  const secret = await takeSecret(page, "Front PBX");
  await reads(await cell(page, "Front PBX", "Reaches"), "Harbor Dental");
  await reads(await cell(page, "Front PBX", "Status"), "Active");
  await reads(await cell(page, "Front PBX", "Ends"), "Never");

  const machine = app.client({ key: secret });
  const harbor = clients.get("Harbor Dental")?.id ?? "";
  ok(await machine.post("/v1/calls", call({ id: "pbx-1", subaccount: harbor })));
  await choose(page, "Front PBX", "Revoke…");
  const revoke = page.getByRole("dialog", { name: "Revoke Front PBX?" });
  await revoke.waitFor();
  await visitor.look("api-key-revoke");
  await revoke.getByRole("button", { name: "Revoke key" }).click();
  await row(page, "Front PBX").waitFor({ state: "detached" });
  refused(await machine.post("/v1/calls", call({ id: "pbx-2", subaccount: harbor })), 401, "bad_api_key");
  await visitor.leave();
});

test("a key can be made to end after a while, or on a day", async () => {
  const visitor = await chromium.visitor(app.url);
  const { page } = visitor;
  await enter(visitor, owner, "/api-keys");
  await page.getByRole("button", { name: "Create API key" }).click();
  const dialog = page.getByRole("dialog", { name: "Create API key" });
  await dialog.getByLabel("Name").fill("Year end report");
  await dialog.getByRole("checkbox", { name: "read" }).check();
  await dialog.getByRole("combobox", { name: "Expires" }).click();
  await page.getByRole("option", { name: "After 90 days" }).click();
  await dialog.getByText(/^It works until the end of /).waitFor();
  await dialog.getByRole("combobox", { name: "Expires" }).click();
  await page.getByRole("option", { name: "On a day…" }).click();
  await dialog.getByRole("button", { name: "Create key" }).click();
  await dialog.getByText("Choose today or a later day").waitFor();
  const day = new Date(Date.now() + 3 * DAY_MS).toISOString().slice(0, 10);
  await dialog.getByLabel("Last day that it works").fill(day);
  await visitor.look("api-key-create-day");
  await dialog.getByRole("button", { name: "Create key" }).click();
  await takeSecret(page, "Year end report");
  await reads(await cell(page, "Year end report", "Status"), /^Ends in [34] days$/);
  const { data } = ok(await owner.get<{ data: ApiKey[] }>("/v1/api_keys"));
  const end = Date.parse(data.find(({ name }) => name === "Year end report")?.expires_at ?? "");
  assert.equal(end, Date.parse(`${day}T00:00:00Z`) + DAY_MS, "in the agency's zone, which is UTC");
  await visitor.leave();
});

test("a rotated key's old secret works on for as long as was said, and the list tells how long that is", async () => {
  const old = await make("Reporting");
  const visitor = await chromium.visitor(app.url);
  const { page } = visitor;
  await enter(visitor, owner, "/api-keys");
  await choose(page, `Reporting …${old.hint}`, "Rotate…");
  const dialog = page.getByRole("dialog", { name: "Rotate Reporting" });
  assert.ok(await dialog.getByRole("radio", { name: "One day" }).isChecked());
  await visitor.look("api-key-rotate");
  await dialog.getByRole("button", { name: "Make a new secret" }).click();
  const ready = page.getByRole("dialog", { name: "Reporting is ready" });
  await ready.getByText(`The old secret, …${old.hint}, works until`).waitFor();
  await visitor.look("api-key-rotated");
  const secret = await takeSecret(page, "Reporting");
  assert.ok((await works(secret)) && (await works(old.secret ?? "")));

  const line = (hint: string) => page.getByRole("row").filter({ hasText: `…${hint}` });
  await line(secret.slice(-4)).getByText("Active").waitFor();
  await line(old.hint)
    .getByText(/^Ends (in 2[34] hours|tomorrow)$/)
    .waitFor();
  await visitor.look("api-keys");

  await choose(page, `Reporting …${secret.slice(-4)}`, "Rotate…");
  await dialog.getByRole("radio", { name: "Not at all" }).check();
  await dialog.getByRole("button", { name: "Make a new secret" }).click();
  await page.getByText(`…${secret.slice(-4)}, no longer works`).waitFor();
  const third = await takeSecret(page, "Reporting");
  assert.deepEqual([await works(secret), await works(old.secret ?? ""), await works(third)], [false, true, true]);
  await line(secret.slice(-4)).getByText("Expired").waitFor();
  assert.equal(await line(secret.slice(-4)).getByRole("button").count(), 0, "nothing is left to be done to it");
  await visitor.leave();
});

test("keys that have ended are found by their status, which is in the address", async () => {
  const gone = await make("Old dialer");
  assert.equal((await owner.delete(`/v1/api_keys/${gone.id}`)).status, 204);
  const visitor = await chromium.visitor(app.url);
  const { page } = visitor;
  await enter(visitor, owner, "/api-keys");
  await page.getByRole("table", { name: "API keys" }).waitFor();
  assert.equal(await row(page, "Old dialer").count(), 0);
  await page.getByRole("combobox", { name: "Status" }).click();
  await page.getByRole("option", { name: "Revoked" }).click();
  await addressReads(page, /^\/api-keys\?status=revoked$/);
  await reads(await cell(page, "Old dialer", "Status"), "Revoked");
  await visitor.look("api-keys-revoked");
  await app.store.query("DELETE FROM api_keys WHERE expires_at IS NOT NULL");
  await page.goto("/api-keys?status=expired");
  await page.getByRole("heading", { name: "No key is expired" }).waitFor();
  await visitor.expectClean();
  await page.getByRole("button", { name: "Show the others" }).click();
  await addressReads(page, /^\/api-keys$/);
  await visitor.leave();
});

test("rotating, by keyboard only", async () => {
  const { hint } = await make("Keyboard");
  const visitor = await chromium.visitor(app.url);
  const { page } = visitor;
  const { keyboard } = page;
  await enter(visitor, owner, "/api-keys");
  const menu = page.getByRole("button", { name: `Actions for Keyboard …${hint}` });
  await tabTo(page, menu);
  await keyboard.press("Enter");
  await page.getByRole("menuitem", { name: "Rotate…" }).waitFor();
  await eventually(async () => {
    assert.ok(await isFocused(page.getByRole("menuitem", { name: "Rotate…" })));
  });
  await keyboard.press("Enter");
  const dialog = page.getByRole("dialog", { name: "Rotate Keyboard" });
  await tabTo(page, dialog.getByRole("radio", { name: "One day" }));
  await keyboard.press("ArrowUp");
  assert.ok(await dialog.getByRole("radio", { name: "One hour" }).isChecked());
  await tabTo(page, dialog.getByRole("button", { name: "Make a new secret" }));
  await keyboard.press("Enter");
  const ready = page.getByRole("dialog", { name: "Keyboard is ready" });
  await tabTo(page, ready.getByRole("button", { name: "I have stored it" }));
  await keyboard.press("Enter");
  await ready.waitFor({ state: "detached" });
  await page.getByText("Ends in 60 minutes").or(page.getByText("Ends in 1 hour")).first().waitFor();
  await visitor.leave();
});
