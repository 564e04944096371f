// Debian's Chromium, used as a person would: by roles and labels. Whatever the page complains about
// in its console (errors, refused by the content policy) fails the test that caused it.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after } from "node:test";
import { chromium, type Browser, type BrowserContext, type Page } from "playwright-core";
import type { AxeResults, RunOptions } from "axe-core";

import { inSource } from "./paths.ts";

/** The same engine without a window's frame around it, which costs a third of the processor's time. */
const EXECUTABLE = "/usr/bin/chromium-headless-shell";
/** Far more than a busy machine needs: only what never comes takes this long. */
const ACTION_TIMEOUT_MS = 60_000;

type RunOnly = RunOptions["runOnly"] & object;

const ALL_RULES: RunOnly = {
  type: "tag",
  values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
};
/** The same page in other colours breaks no other rules. */
const RULES_OF_COLOUR: RunOnly = { type: "rule", values: ["color-contrast", "link-in-text-block"] };

export type Scheme = "light" | "dark";

const WIDE = { width: 1440, height: 900 };
const NARROW = { width: 360, height: 740 };

/** What is kept of every page to look at. */
const VIEWS = [
  { name: "light", scheme: "light", size: WIDE },
  { name: "dark", scheme: "dark", size: WIDE },
  { name: "narrow-light", scheme: "light", size: NARROW },
  { name: "narrow-dark", scheme: "dark", size: NARROW },
] as const satisfies { name: string; scheme: Scheme; size: typeof WIDE }[];

export type ViewName = (typeof VIEWS)[number]["name"];

const require = createRequire(import.meta.url);
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

function takeOut(from: string[], one: string): boolean {
  const at = from.indexOf(one);
  if (at >= 0) from.splice(at, 1);
  return at >= 0;
}

export class Visitor {
  readonly page: Page;
  readonly #context: BrowserContext;
  readonly #url: string;
  readonly #complaints: string[] = [];
  /** Addresses that were refused, and of which the console has yet to complain; it may do so after the page says it. */
  #refused: string[] = [];
  #forgiven: string[] = [];

  constructor(context: BrowserContext, page: Page, url: string) {
    this.#context = context;
    this.#url = url;
    this.page = page;
    page.on("pageerror", (error) => this.#complaints.push(error.stack ?? error.message));
    page.on("response", (response) => {
      if (response.status() >= 400) this.#refused.push(response.url());
    });
    page.on("console", (message) => {
      if (message.type() === "error") this.#complain(message.text(), message.location().url);
    });
  }

  #complain(text: string, url: string): void {
    if (text.startsWith("Failed to load resource")) {
      if (takeOut(this.#forgiven, url)) return;
      takeOut(this.#refused, url);
    }
    this.#complaints.push(`${text} (${url})`);
  }

  /** Brings the cookies of somebody who has signed in elsewhere. */
  async carry(cookies: ReadonlyMap<string, string>): Promise<void> {
    const url = this.#url;
    await this.#context.addCookies([...cookies].map(([name, value]) => ({ name, value, url })));
  }

  /** Forgets what the page has said so far, as after a refusal that the test asked for, and what it has yet to say of it. */
  forgiveComplaints(): void {
    this.#complaints.length = 0;
    this.#forgiven.push(...this.#refused);
    this.#refused = [];
  }

  /** No error in the console, no rule of WCAG 2.2 AA broken. */
  async expectClean(runOnly: RunOnly = ALL_RULES): Promise<void> {
    assert.deepEqual(this.#complaints, [], "the page complains");
    const broken = await this.#accessibilityFaults(runOnly);
    assert.deepEqual(broken, [], `axe on ${this.page.url()}`);
  }

  async #accessibilityFaults(runOnly: RunOnly): Promise<string[]> {
    // Through the debugger's door, so that the page's content policy stays as it is.
    if (!(await this.page.evaluate("'axe' in window"))) await this.page.evaluate(axe);
    // Menus and hints float above the page, outside of its landmarks.
    const floats = (await this.page.getByRole("menu").or(this.page.getByRole("tooltip")).count()) > 0;
    const rules = floats && runOnly === ALL_RULES ? { region: { enabled: false } } : {};
    const { violations } = await this.page.evaluate<AxeResults>(
      `axe.run(${JSON.stringify({ runOnly, rules, resultTypes: ["violations"] })})`,
    );
    return violations.flatMap(({ id, help, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${id}: ${help} at ${target.join(" ")}\n${failureSummary ?? ""}`),
    );
  }

  /** Keeps build/screenshots/NAME-VIEW.png of the views `of`, all unless told otherwise, and checks each. */
  async look(name: string, of: readonly ViewName[] = VIEWS.map((view) => view.name)): Promise<void> {
    const folder = inSource("build/screenshots");
    // Nothing is pointed at, so that no hint covers what is to be seen.
    await this.page.mouse.move(0, 0);
    await mkdir(folder, { recursive: true });
    for (const view of VIEWS.filter((one) => of.includes(one.name))) {
      await this.page.emulateMedia({ colorScheme: view.scheme, reducedMotion: "reduce" });
      await this.page.setViewportSize(view.size);
      await this.page.evaluate(() => document.fonts.ready);
      await this.page.screenshot({ path: join(folder, `${name}-${view.name}.png`), animations: "disabled" });
      await this.expectClean(view.scheme === "light" ? ALL_RULES : RULES_OF_COLOUR);
      await this.#expectNoSidewaysScroll(view.name);
    }
    await this.page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" });
    await this.page.setViewportSize(WIDE);
  }

  /** Keeps a picture for a page of docs/: build/screenshots/docs/NAME.png, or where MB_TEST_PICTURES says. */
  async picture(name: string): Promise<void> {
    const folder = process.env["MB_TEST_PICTURES"] ?? inSource("build/screenshots/docs");
    await this.page.mouse.move(0, 0);
    await mkdir(folder, { recursive: true });
    await this.page.evaluate(() => document.fonts.ready);
    await this.page.screenshot({ path: join(folder, `${name}.png`), animations: "disabled" });
    await this.expectClean(RULES_OF_COLOUR);
  }

  async #expectNoSidewaysScroll(view: string): Promise<void> {
    const overflow_px = await this.page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    assert.equal(overflow_px, 0, `${view}: the page scrolls sideways`);
  }

  async leave(): Promise<void> {
    await this.#context.close();
  }
}

export class Chromium {
  readonly #browser: Browser;

  private constructor(browser: Browser) {
    this.#browser = browser;
  }

  static async launch(): Promise<Chromium> {
    // The shell would else fit letters to whole pixels, which closes the gaps between words.
    const args = ["--font-render-hinting=none"];
    // Chromium's sandbox refuses root.
    if (process.getuid?.() === 0) args.push("--no-sandbox");
    return new Chromium(await chromium.launch({ executablePath: EXECUTABLE, args }));
  }

  /** Somebody new, with no cookies, on the server at `url`. */
  async visitor(url: string): Promise<Visitor> {
    const context = await this.#browser.newContext({
      baseURL: url,
      viewport: WIDE,
      colorScheme: "light",
      reducedMotion: "reduce",
      locale: "en-US",
    });
    context.setDefaultTimeout(ACTION_TIMEOUT_MS);
    return new Visitor(context, await context.newPage(), url);
  }

  async close(): Promise<void> {
    await this.#browser.close();
  }
}

/** A browser for the test file that calls this at its top; closed after its last test. */
export async function startBrowser(): Promise<Chromium> {
  const browser = await Chromium.launch();
  after(() => browser.close());
  return browser;
}
