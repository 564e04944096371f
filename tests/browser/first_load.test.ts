// How much a browser fetches before the first page is there, and under which rules the page runs.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Page } from "playwright-core";

import { startApp } from "../harness/app.ts";
import { startBrowser } from "../harness/browser.ts";
import { enter } from "./person.ts";

const LIMIT_BYTES = 250_000;

const app = await startApp();
const owner = await app.ownerClient();
const chromium = await startBrowser();

interface Fetched {
  path: string;
  bytes: number;
}

/** Notes what the page fetches of the console's own code, as it comes over the wire. */
function noteCode(page: Page): () => Promise<Fetched[]> {
  const fetched: Promise<Fetched>[] = [];
  page.on("requestfinished", (request) => {
    const path = new URL(request.url()).pathname;
    const sizes = request.sizes().then(({ responseBodySize }) => ({ path, bytes: responseBodySize }));
    if (/\.(js|css)$/.test(path)) fetched.push(sizes);
  });
  return () => Promise.all(fetched);
}

const bytesOf = (fetched: readonly Fetched[]): number => fetched.reduce((sum, { bytes }) => sum + bytes, 0);
/** The chart, and what is live: they come when the page is there. */
const isLater = ({ path }: Fetched): boolean => /TrendChart|live/i.test(path);

/** A stream that never ends is no part of loading: without it there is an end to what is fetched. */
async function withoutStream(page: Page): Promise<void> {
  await page.addInitScript("delete window.EventSource");
}

test("code and styles of the first page stay under 250 KB, charts and calendars come later", async () => {
  const visitor = await chromium.visitor(app.url);
  const code = noteCode(visitor.page);
  await visitor.page.goto("/signin");
  await visitor.page.waitForLoadState("networkidle");
  const signIn = await code();
  assert.ok(signIn.length > 0);
  assert.deepEqual(
    signIn.filter(({ path }) => /Chart|Calendar|Shell|Palette|Live/.test(path)),
    [],
  );
  assert.ok(bytesOf(signIn) < LIMIT_BYTES, `sign-in fetches ${bytesOf(signIn)} bytes`);
  await visitor.leave();

  const other = await chromium.visitor(app.url);
  const homeCode = noteCode(other.page);
  await withoutStream(other.page);
  await enter(other, owner);
  await other.page.waitForLoadState("networkidle");
  const home = (await homeCode()).filter((fetched) => !isLater(fetched));
  assert.ok(bytesOf(home) < LIMIT_BYTES, `Home fetches ${bytesOf(home)} bytes before its chart`);
  await other.leave();
});

test("the page runs no inline script, and its policy allows none", async () => {
  const visitor = await chromium.visitor(app.url);
  const response = await visitor.page.goto("/signin");
  const policy = response?.headers()["content-security-policy"] ?? "";
  assert.match(policy, /script-src 'self';/);
  assert.doesNotMatch(policy, /script-src[^;]*unsafe/);
  const html = (await response?.text()) ?? "";
  assert.doesNotMatch(html, /<script(?![^>]*\bsrc=)|\son\w+=|<style/);
  await visitor.leave();
});

test("what was fetched once is not fetched again", async () => {
  const visitor = await chromium.visitor(app.url);
  await withoutStream(visitor.page);
  await enter(visitor, owner);
  await visitor.page.waitForLoadState("networkidle");
  const code = noteCode(visitor.page);
  await visitor.page.reload();
  await visitor.page.waitForLoadState("networkidle");
  for (const { path, bytes } of await code()) assert.ok(bytes <= 0, `${path} came again, ${bytes} bytes`);
  await visitor.leave();
});
