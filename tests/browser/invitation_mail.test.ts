// Whether an invitation's mail went out, as the list of pending ones tells it, and what helps when it did not.

import assert from "node:assert/strict";
import { after, test } from "node:test";

import { startApp } from "../harness/app.ts";
import { startBrowser } from "../harness/browser.ts";
import { MailServer } from "../harness/mail.ts";
import { invite } from "../harness/people.ts";
import { cell, choose, enter, eventually, reads, row } from "./person.ts";

const post = await MailServer.start({ isPlain: true });
after(() => post.stop());
post.verdict = (step, address) => {
  if (step !== "rcpt" || address.startsWith("grace")) return undefined;
  return address.startsWith("nobody")
    ? { code: 550, text: "5.1.1 no such mailbox here" }
    : { code: 451, text: "4.7.1 greylisted, come back later" };
};
const app = await startApp({
  args: ["--smtp-url", `smtp://127.0.0.1:${post.port}`, "--mail-from", "mail@minutes.example"],
});
const owner = await app.ownerClient();
const chromium = await startBrowser();

test("each pending invitation tells how its mail stands, and what to do when it failed", async () => {
  const visitor = await chromium.visitor(app.url);
  const { page } = visitor;
  await enter(visitor, owner, "/users?dialog=invite");
  const inviting = page.getByRole("dialog", { name: "Invite somebody" });
  await inviting.getByLabel("Email").fill("grace@people.example");
  await inviting.getByRole("radio", { name: "Agency Admin" }).check();
  await inviting.getByRole("button", { name: "Invite" }).click();
  const invited = page.getByRole("dialog", { name: "Invited" });
  await invited.getByText("It is on its way to grace@people.example.").waitFor();
  await visitor.look("invited-by-mail");
  await invited.getByRole("button", { name: "Done" }).click();
  await invite(owner, "later@people.example", "agency_admin");
  await invite(owner, "nobody@people.example", "agency_admin");

  await page.goto("/users/pending");
  await eventually(async () => {
    await page.reload();
    await row(page, "nobody@").waitFor();
    const states = ["grace@", "later@", "nobody@"].map(async (who) => (await cell(page, who, "Mail")).innerText());
    assert.deepEqual(await Promise.all(states), ["Sent", "Trying again", "Not delivered"]);
  });
  await visitor.look("users-pending-mail");

  await (await cell(page, "later@", "Mail")).getByRole("button", { name: "Trying again" }).click();
  await page.getByRole("dialog", { name: "The mail is delayed" }).getByText("greylisted").waitFor();
  await visitor.look("mail-delayed");
  await page.keyboard.press("Escape");

  await choose(page, "nobody@people.example", "Why it did not arrive…");
  const failed = page.getByRole("dialog", { name: "The mail was not delivered" });
  await failed.getByText("no such mailbox here").waitFor();
  await visitor.look("mail-failed");
  post.verdict = () => undefined;
  await failed.getByRole("button", { name: "Send again…" }).click();
  await page
    .getByRole("dialog", { name: "Send the invitation again?" })
    .getByRole("button", { name: "Send again" })
    .click();
  await page.getByRole("dialog", { name: "Invited" }).getByRole("button", { name: "Done" }).click();
  await post.arrival("nobody@people.example");
  await eventually(async () => {
    await page.reload();
    await reads(await cell(page, "nobody@", "Mail"), "Sent");
  });
  await visitor.leave();
});

test("from what failed it is one step to revoking it", async () => {
  post.verdict = (step) => (step === "rcpt" ? { code: 550, text: "5.1.1 gone" } : undefined);
  await invite(owner, "typo@people.example", "agency_admin");
  const visitor = await chromium.visitor(app.url);
  const { page } = visitor;
  await enter(visitor, owner, "/users/pending");
  await eventually(async () => {
    await page.reload();
    await row(page, "typo@").waitFor();
    assert.equal(await (await cell(page, "typo@", "Mail")).innerText(), "Not delivered");
  });
  await (await cell(page, "typo@", "Mail")).getByRole("button").click();
  await page.getByRole("dialog").getByRole("button", { name: "Revoke…" }).click();
  const revoke = page.getByRole("dialog", { name: "Revoke this invitation?" });
  await revoke.getByRole("button", { name: "Revoke" }).click();
  await row(page, "typo@").waitFor({ state: "detached" });
  await visitor.leave();
});
