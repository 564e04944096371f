// What a person does in the console, in their own words: roles and labels, never the markup.

import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import type { Locator, Page } from "playwright-core";

import type { Visitor } from "../harness/browser.ts";
import { Client } from "../harness/client.ts";
import type { Owner } from "../harness/minutebank.ts";

/** Far more than a busy machine needs: only what never comes takes this long. */
const PATIENCE_MS = 60_000;
const LOOK_AGAIN_MS = 50;

/** Fills the sign-in page that is shown, and waits until it is gone. */
export async function signIn(page: Page, { email, password }: Owner): Promise<void> {
  await page.getByLabel("Email").fill(email);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("heading", { name: "Sign in" }).waitFor({ state: "detached" });
}

/** Opens `path` as somebody who is signed in already, or by way of the sign-in page. */
export async function enter(visitor: Visitor, who: Client | Owner, path = "/"): Promise<void> {
  if (!(who instanceof Client)) return signInTo(visitor, who, path);
  await visitor.carry(who.cookies);
  await visitor.page.goto(path);
  await visitor.page.getByRole("main").waitFor();
}

async function signInTo(visitor: Visitor, person: Owner, path: string): Promise<void> {
  await visitor.page.goto(path);
  await signIn(visitor.page, person);
  // Asking who is signed in was answered with 401, as it should be.
  visitor.forgiveComplaints();
}

/** Passes once `check` does; its last failure when it never does. */
export async function eventually(check: () => Promise<void> | void): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    try {
      await check();
      return;
    } catch (failure) {
      if (Date.now() > deadline) throw failure;
    }
    await sleep(LOOK_AGAIN_MS);
  }
}

export async function reads(locator: Locator, text: string | RegExp): Promise<void> {
  await eventually(async () => {
    const seen = (await locator.innerText()).trim();
    if (typeof text === "string") assert.equal(seen, text);
    else assert.match(seen, text);
  });
}

export async function addressReads(page: Page, pattern: RegExp): Promise<void> {
  await eventually(() => {
    const { pathname, search } = new URL(page.url());
    assert.match(decodeURIComponent(pathname + search), pattern);
  });
}

export function row(page: Page, name: string): Locator {
  return page.getByRole("row").filter({ has: page.getByRole("rowheader", { name }) });
}

/** The cell of a row under the heading `column`. */
export async function cell(page: Page, rowName: string, column: string): Promise<Locator> {
  await row(page, rowName).waitFor();
  const headings = await page.getByRole("columnheader").allInnerTexts();
  const index = headings.findIndex((heading) => heading.trim() === column);
  assert.ok(index > 0, `no column ${column} among ${headings.join(", ")}`);
  return row(page, rowName)
    .getByRole("cell")
    .nth(index - 1);
}

/** The names of the rows, from top to bottom. */
export async function rowNames(page: Page, table: string): Promise<string[]> {
  return page.getByRole("table", { name: table }).getByRole("rowheader").allInnerTexts();
}

/** Chooses from the three-dot menu of a sub-account. */
export async function choose(page: Page, account: string, action: string): Promise<void> {
  await page.getByRole("button", { name: `Actions for ${account}` }).click();
  await page.getByRole("menuitem", { name: action }).click();
}

/** The value of a fact that stands under its label, as on an overview. */
export function fact(page: Page, region: string, label: string): Locator {
  const facts = page.getByRole("region", { name: region });
  return facts
    .getByRole("term")
    .filter({ hasText: new RegExp(`^${label}$`) })
    .locator("xpath=following-sibling::dd[1]");
}

/** What a download holds, as rows of cells, its heading first. */
export async function downloadedCsv(
  page: Page,
  click: () => Promise<void>,
): Promise<{ name: string; rows: string[][] }> {
  const [download] = await Promise.all([page.waitForEvent("download"), click()]);
  const chunks: Buffer[] = [];
  for await (const chunk of await download.createReadStream()) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks)
    .toString("utf8")
    .replace(/^\uFEFF/, "");
  return { name: download.suggestedFilename(), rows: parseCsv(text) };
}

/** RFC 4180. */
function parseCsv(text: string): string[][] {
  const rows: string[][] = [[]];
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|$)/g)) {
    rows.at(-1)?.push(quoted?.replaceAll('""', '"') ?? plain ?? "");
    if (end === "\r\n") rows.push([]);
    if (end === "") break;
  }
  return rows.filter((cells) => cells.length > 1 || cells[0] !== "");
}

export async function isFocused(locator: Locator): Promise<boolean> {
  return locator.evaluate((element) => element === document.activeElement);
}

/** Types where the page puts the focus: a dialog does so a moment after it is there. */
export async function typeThere(page: Page, text: string): Promise<void> {
  await page.locator("input:focus, textarea:focus").waitFor();
  await page.keyboard.type(text);
}

/** Presses Tab until `locator` has the focus, as somebody without a mouse would. */
export async function tabTo(page: Page, locator: Locator, most = 60): Promise<void> {
  await locator.first().waitFor();
  for (let pressed = 0; pressed < most && !(await isFocused(locator.first())); pressed += 1) {
    await page.keyboard.press("Tab");
  }
  if (await isFocused(locator.first())) return;
  throw new Error(`no Tab leads to ${String(locator)}`);
}
