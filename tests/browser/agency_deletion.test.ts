// Deleting the agency: what is said before, what is taken along, what is left to do until it is undone.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Page } from "playwright-core";

import { startBrowser, type Visitor } from "../harness/browser.ts";
import { ok } from "../harness/client.ts";
import { join } from "../harness/people.ts";
import { downloadedCsv, enter, eventually, isFocused, reads, row, tabTo } from "./person.ts";
import { startScenery } from "./scenery.ts";

const { app, owner, clients } = await startScenery();
const chromium = await startBrowser();
const admin = await join(app, owner, "grace@people.example", "agency_admin");
const harbor = clients.get("Harbor Dental")?.id ?? "";
const client = await join(app, owner, "nora@harbordental.example", "subaccount_admin", [harbor]);
const NAME = "Northwind Voice";
const DAYS_14 = 14 * 86_400_000;
const remove = async (): Promise<unknown> => ok(await owner.send("DELETE", "/v1/agency", { body: { name: NAME } }));
const undo = async (): Promise<unknown> => owner.post("/v1/agency/undo_delete");
const status = async (): Promise<string> => ok(await owner.get<{ status: string }>("/v1/agency")).status;
const notice = (page: Page) => page.getByRole("complementary", { name: "Deletion" });

async function opens(who: Parameters<typeof enter>[1], path: string): Promise<Visitor> {
  const visitor = await chromium.visitor(app.url);
  await enter(visitor, who, path);
  return visitor;
}

test("the dialog says what happens and when, gives everything to take along, and wants the name", async () => {
  const visitor = await opens(admin.client, "/settings");
  const { page } = visitor;
  await page.getByRole("region", { name: "Deletion" }).getByRole("button", { name: "Delete agency…" }).click();
  const dialog = page.getByRole("dialog", { name: `Delete ${NAME}?` });
  const last = new Intl.DateTimeFormat("en-US", { year: "numeric", month: "short", day: "numeric", timeZone: "UTC" });
  await dialog.getByText(`Until ${last.format(Date.now() + DAYS_14)}`).waitFor();
  await dialog.getByText("The owner alone can take it back").waitFor();
  await dialog.getByText("Nobody is told by mail").waitFor();
  await visitor.look("agency-delete");

  const taken = async (label: string) =>
    downloadedCsv(page, () => dialog.getByRole("button", { name: `${label}: CSV` }).click());
  const accounts = await taken("Sub-accounts");
  assert.equal(accounts.name, "subaccounts.csv");
  assert.equal(accounts.rows.length, 1 + 1 + clients.size);
  const calls = await taken("Calls");
  const [counted] = await app.store.query("SELECT COUNT(*) AS n FROM calls");
  assert.equal(calls.rows.length, 1 + Number(counted?.["n"]), "all of them, whatever their day");
  const statements = await taken("Statements");
  const [header = [], ...entries] = statements.rows;
  assert.deepEqual(header.slice(0, 3), ["subaccount", "subaccount_name", "id"]);
  assert.ok(new Set(entries.map(([id]) => id)).size > 5, "of many accounts");
  assert.ok((await taken("Audit trail")).rows.some((cells) => cells.includes("user.joined")));

  await dialog.getByLabel(`Type ${NAME} to confirm`).fill("Northwind");
  await dialog.getByRole("button", { name: "Delete agency" }).click();
  await dialog.getByText(`Type ${NAME}, exactly so`).waitFor();
  await visitor.expectClean();
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await dialog.waitFor({ state: "detached" });
  assert.equal(await status(), "active");
  await visitor.leave();
});

test("from then on every page says so, names whom to ask, and offers nothing that would be refused", async () => {
  const visitor = await opens(admin.client, "/settings");
  const { page } = visitor;
  await page.getByRole("button", { name: "Delete agency…" }).click();
  const dialog = page.getByRole("dialog", { name: `Delete ${NAME}?` });
  await dialog.getByLabel(`Type ${NAME} to confirm`).fill(NAME);
  await dialog.getByRole("button", { name: "Delete agency" }).click();
  await dialog.waitFor({ state: "detached" });
  assert.equal(await status(), "deleting");
  await reads(
    notice(page),
    /^Northwind Voice is being deleted\. Its data is removed for good on .+; until then it can be read and exported, not changed\. New calls are refused\. owner, the owner, can take that back\.$/,
  );
  assert.equal(await page.getByRole("button", { name: "Undo deletion" }).count(), 0);
  const general = page.getByRole("form", { name: "General" });
  await general.getByText("Cannot be changed while the agency is being deleted.").waitFor();
  assert.ok(await general.getByLabel("Agency").isDisabled());
  await page.getByRole("region", { name: "Being deleted" }).scrollIntoViewIfNeeded();
  await visitor.look("settings-deleting-admin");

  for (const [path, heading, offers] of [
    ["/subaccounts", "Subaccounts", "Add sub-account"],
    ["/users", "Users", "Invite"],
    ["/api-keys", "API keys", "Create API key"],
  ] as const) {
    await page.goto(path);
    await page.getByRole("heading", { name: heading, level: 1 }).waitFor();
    await page.getByRole("table").waitFor();
    await notice(page).waitFor();
    assert.equal(await page.getByRole("button", { name: offers }).count(), 0, offers);
  }
  await page.goto("/subaccounts");
  await page.getByRole("button", { name: "Actions for Harbor Dental" }).click();
  await eventually(async () => {
    assert.deepEqual(await page.getByRole("menuitem").allInnerTexts(), ["Open"]);
  });
  await page.keyboard.press("Escape");
  await page.keyboard.press("Control+k");
  const found = page.getByRole("dialog", { name: "Search" });
  await found.getByRole("option", { name: "Sign out" }).waitFor();
  assert.equal(await found.getByRole("option", { name: "Invite somebody" }).count(), 0);
  await page.keyboard.press("Escape");
  const link = notice(page).getByRole("link", { name: "exported" });
  await link.click();
  await page.getByRole("list", { name: "Exports" }).waitFor();
  await visitor.leave();
});

test("a client's people are told, too, and whom to ask", async () => {
  const visitor = await opens(client.client, "/");
  const { page } = visitor;
  await reads(notice(page), /until then it can be read, not changed\..* The agency's owner can take that back\.$/);
  assert.equal(await page.getByRole("button", { name: "Buy minutes" }).count(), 0);
  await visitor.look("account-deleting");
  await visitor.leave();
});

test("the owner undoes it from any page, and everything is as it was", async () => {
  const visitor = await opens(owner, "/");
  const { page } = visitor;
  await page.getByRole("heading", { name: "Home" }).waitFor();
  await notice(page).waitFor();
  await visitor.look("home-deleting");
  await page.goto("/settings");
  const section = page.getByRole("region", { name: "Being deleted" });
  await section.scrollIntoViewIfNeeded();
  await visitor.look("settings-deleting");
  await notice(page).getByRole("button", { name: "Undo deletion" }).click();
  await page.getByText(`${NAME} stays. Everything is as it was.`).waitFor();
  await notice(page).waitFor({ state: "detached" });
  assert.equal(await status(), "active");
  await page.getByRole("form", { name: "General" }).getByLabel("Agency").fill(`${NAME} Ltd`);
  await page.getByRole("form", { name: "General" }).getByRole("button", { name: "Save" }).click();
  await page.getByText("The agency was changed.").waitFor();
  ok(await owner.patch("/v1/agency", { name: NAME }));
  await page.goto("/subaccounts");
  await page.getByRole("button", { name: "Add sub-account" }).waitFor();
  await visitor.leave();
});

test("whoever is at work when it begins is told by what is refused, and sees the notice then", async () => {
  const visitor = await opens(admin.client, "/subaccounts?dialog=add");
  const { page } = visitor;
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name").fill("Too Late Ltd");
  await dialog.getByLabel("Email").fill("late@client.example");
  await remove();
  await dialog.getByRole("button", { name: "Add sub-account" }).click();
  await notice(page).waitFor();
  visitor.forgiveComplaints();
  await row(page, "Harbor Dental").waitFor();
  assert.equal(await row(page, "Too Late Ltd").count(), 0);
  await visitor.leave();
  await undo();
});

test("deleting and undoing, by keyboard only", async () => {
  const visitor = await opens(owner, "/settings");
  const { page } = visitor;
  const { keyboard } = page;
  await tabTo(page, page.getByRole("button", { name: "Delete agency…" }));
  await keyboard.press("Enter");
  const dialog = page.getByRole("dialog", { name: `Delete ${NAME}?` });
  await tabTo(page, dialog.getByLabel(`Type ${NAME} to confirm`));
  await keyboard.type(NAME);
  await keyboard.press("Enter");
  await dialog.waitFor({ state: "detached" });
  const back = notice(page).getByRole("button", { name: "Undo deletion" });
  await tabTo(page, back);
  assert.ok(await isFocused(back));
  await keyboard.press("Enter");
  await notice(page).waitFor({ state: "detached" });
  assert.equal(await status(), "active");
  await visitor.leave();
});
