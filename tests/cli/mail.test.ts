// What serve takes to send mail, and what mails look like on the command line.

import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";

import { minutebank, minutebankOk } from "../harness/minutebank.ts";
import { inSource } from "../harness/paths.ts";

const TEMPLATES = [
  "invitation",
  "password_reset",
  "password_changed",
  "email_change_confirm",
  "email_change_notice",
  "new_device",
  "ownership_transferred",
  "two_factor_changed",
  "agency_deleting",
  "purchase_waiting",
  "auto_recharge_off",
  "allocation_past_due",
  "payout_kept",
  "payout_failed",
];

const scratch = await mkdtemp(join(tmpdir(), "minutebank-mail-"));
after(() => rm(scratch, { recursive: true }));

async function misused(args: string[], why: RegExp): Promise<void> {
  const done = await minutebank(args);
  assert.equal(done.code, 2, done.stdout + done.stderr);
  assert.match(done.stderr, why);
  assert.equal(done.stdout, "");
}

for (const template of TEMPLATES) {
  test(`mail preview ${template}`, async () => {
    const text = await minutebankOk(["mail", "preview", template]);
    assert.match(text, /^Subject: .*Northwind Voice.*\n\nHello/);
    assert.match(text, /https:\/\/minutes\.example\.com\/\S*\n/);
    assert.match(text, /\n-- \nSent by Northwind Voice\.\n$/);
    const html = await minutebankOk(["mail", "preview", template, "--html"]);
    assert.match(html, /^<!DOCTYPE html>\n<html lang="en">[^]+<\/html>\n$/);
    assert.ok(!/<(script|img|link)|url\(|src=/.test(html), "nothing is loaded");
  });
}

test("docs/mail.md says of every mail when it is sent", async () => {
  const page = await readFile(inSource("docs/mail.md"), "utf8");
  for (const template of TEMPLATES) assert.match(page, new RegExp(`^\\| \`${template}\` \\| `, "m"));
});

test("mail preview of something else lists what there is", () =>
  misused(["mail", "preview", "birthday"], new RegExp(`no mail "birthday"; there are ${TEMPLATES.join(", ")}`)));

test("mail knows one thing", () => misused(["mail", "send", "invitation"], /knows preview, not "send"/));

const serve = (...args: string[]): string[] => ["serve", "--store", `sqlite:${join(scratch, "store.db")}`, ...args];
const smtp = (...args: string[]): string[] => serve("--smtp-url", "smtp://127.0.0.1:1", ...args);
const from = ["--mail-from", "mail@minutes.example"];
const missing = join(scratch, "nothing");

const MISUSES: [string, string[], RegExp][] = [
  ["no sender", smtp(), /--smtp-url needs --mail-from/],
  ["a sender that is no address", smtp("--mail-from", "Minutes"), /--mail-from is "Name <addr>"/],
  ["a sender with a line break", smtp("--mail-from", "a\r\nBcc: x@y.example <m@n.example>"), /--mail-from is/],
  ["a sender of two", smtp("--mail-from", "A <a@b.example>, <c@d.example>"), /--mail-from is/],
  ["both a server and the log", smtp("--dev-mail", ...from), /exclude each other/],
  ["a user without a password", smtp("--smtp-user", "ada", ...from), /go together/],
  ["a password without a user", smtp("--smtp-password-file", missing, ...from), /go together/],
  [
    "no file",
    smtp("--smtp-user", "ada", "--smtp-password-file", missing, ...from),
    /smtp-password-file: the file cannot/,
  ],
  ["a URL of something else", serve("--smtp-url", "http://127.0.0.1", ...from), /--smtp-url is smtp:\/\//],
  ["a user in the URL", serve("--smtp-url", "smtp://ada:secret@127.0.0.1", ...from), /--smtp-url is .*without a user/],
  ["a time-out of nothing", smtp("--smtp-timeout", "0", ...from), /smtp-timeout/],
];
for (const [what, args, why] of MISUSES) test(`mail with ${what} is refused at the start`, () => misused(args, why));

test("an empty password is none", async () => {
  const file = join(scratch, "empty");
  await writeFile(file, "");
  await misused(smtp("--smtp-user", "ada", "--smtp-password-file", file, ...from), /cannot be read/);
});
