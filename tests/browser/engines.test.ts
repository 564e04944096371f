// Voice engines: connected, their payloads mapped and tried, and what nobody could be charged for told whose it is.

import assert from "node:assert/strict";
import { test } from "node:test";

import { startBrowser } from "../harness/browser.ts";
import { ok } from "../harness/client.ts";
import { connect, ENGINES, send, type EngineConnection } from "../harness/engines.ts";
import { walletOf } from "../harness/scene.ts";
import { cell, choose, enter, eventually, reads, row } from "./person.ts";
import { startScenery } from "./scenery.ts";

const { app, owner, clients } = await startScenery();
const chromium = await startBrowser();
const harbor = clients.get("Harbor Dental")?.id ?? "";

const connections = async (): Promise<EngineConnection[]> =>
  ok(await owner.get<{ data: EngineConnection[] }>("/v1/engine_connections")).data;

const facts = (id: string): Parameters<NonNullable<(typeof ENGINES)["vapi"]>>[0] => ({
  ...{ id, seconds: 93, to: "+15550100", from: "+15550199", agent: "asst_front_desk" },
  endedAt: new Date(Math.floor(Date.now() / 1000 - 60) * 1000),
});

test("an engine is connected, and its first call waits, is assigned with a rule, and the next is charged by itself", async () => {
  const visitor = await chromium.visitor(app.url);
  const { page } = visitor;
  await enter(visitor, owner, "/engines");
  await page.getByText("No voice engine yet").waitFor();
  await visitor.look("engines-none");
  await page.getByRole("button", { name: "Connect engine" }).click();
  const dialog = page.getByRole("dialog", { name: "Connect a voice engine" });
  await dialog.getByRole("button", { name: "Connect", exact: true }).click();
  await dialog.getByText("It signs with this").waitFor();
  await dialog.getByLabel("Name").fill("Vapi, production");
  await dialog.getByRole("textbox", { name: "Secret" }).fill("lanterns-over-the-harbour-1029");
  await visitor.look("engines-connect");
  await dialog.getByRole("button", { name: "Connect", exact: true }).click();
  const ready = page.getByRole("dialog", { name: "Vapi, production may report now" });
  const url = await ready.getByLabel("URL").inputValue();
  assert.match(url, /\/webhooks\/engines\/[0-9a-z]{13}_/);
  await visitor.look("engines-connected");
  await ready.getByRole("button", { name: "Done" }).click();
  await reads(await cell(page, "Vapi, production", "Engine"), "Vapi");
  await visitor.look("engines");

  const report = (id: string): Promise<unknown> =>
    send(app.client(), url, ENGINES["vapi"]?.(facts(id), url) ?? assert.fail()).then(ok);
  await report("first-call");
  await report("same-assistant");
  await page.reload();
  const link = page.getByRole("link", { name: "Unmatched" });
  await link.getByLabel("2 waiting").waitFor();
  await link.click();
  await page.getByText("Whose it is, nothing tells").first().waitFor();
  await visitor.look("unmatched");
  const before = (await walletOf(owner, harbor)).premium_seconds;
  await page.getByRole("button", { name: "Assign first-call" }).click();
  const assign = page.getByRole("dialog", { name: "Whose call was it?" });
  await assign.getByRole("combobox", { name: "Account" }).fill("harbor");
  await page.getByRole("option", { name: "Harbor Dental" }).click();
  await assign.getByRole("combobox", { name: "From now on, also calls of" }).click();
  await page.getByRole("option", { name: "asst_front_desk" }).click();
  await assign.getByRole("checkbox", { name: "And the 1 other of it that waits already" }).waitFor();
  await visitor.look("unmatched-assign");
  await assign.getByRole("button", { name: "Charge it" }).click();
  await page.getByText("1:33 charged. 1 more of it charged, too.").waitFor();
  await page.getByText("Nothing waits").waitFor();
  await link.getByLabel(/waiting/).waitFor({ state: "detached" });
  await report("second-call");
  assert.equal(before - (await walletOf(owner, harbor)).premium_seconds, 279);
  await visitor.leave();
});

test("a call of nobody is dismissed for a reason, and stays to be seen", async () => {
  const connection = await connect(owner, { engine: "vapi", name: "Vapi, tests" });
  const sent = ENGINES["vapi"]?.(facts("a-test"), connection.url) ?? assert.fail();
  ok(await send(app.client(), connection.url, sent));
  const visitor = await chromium.visitor(app.url);
  const { page } = visitor;
  await enter(visitor, owner, "/unmatched");
  await page.getByRole("button", { name: "Dismiss a-test" }).click();
  const dialog = page.getByRole("dialog", { name: "Dismiss this call?" });
  await dialog.getByRole("button", { name: "Dismiss", exact: true }).click();
  await dialog.getByText("Say why, for whoever asks later").waitFor();
  await dialog.getByLabel("Reason").fill("A test call of ours");
  await visitor.look("unmatched-dismiss");
  await dialog.getByRole("button", { name: "Dismiss", exact: true }).click();
  await page.getByText("Nothing waits").waitFor();
  await page.getByRole("combobox", { name: "State" }).click();
  await page.getByRole("option", { name: "Dismissed" }).click();
  await page.getByText("A test call of ours").waitFor();
  await visitor.leave();
});

test("a mapping is tried with a payload as it is typed, and counts when it is saved", async () => {
  const visitor = await chromium.visitor(app.url);
  const { page } = visitor;
  await enter(visitor, owner, "/engines");
  await page.getByRole("button", { name: "Connect engine" }).click();
  const dialog = page.getByRole("dialog", { name: "Connect a voice engine" });
  await dialog.getByRole("combobox", { name: "Engine" }).click();
  await page.getByRole("option", { name: "Another engine" }).click();
  await dialog.getByLabel("Name").fill("Our own");
  await dialog.getByRole("button", { name: "Connect", exact: true }).click();
  await page.getByRole("button", { name: "Done" }).click();
  await choose(page, "Our own", "Mapping…");
  const editor = page.getByRole("dialog", { name: "Mapping of Our own" });
  const result = editor.getByRole("status", { name: "Result" });
  const started_at = new Date(Date.now() - 120_000).toISOString();
  const payload = { id: "own-1", direction: "in", started_at, ms: 1500, to: "+15550100" };
  await editor.getByLabel("A payload to try it with").fill(JSON.stringify(payload));
  await result.getByText("It would wait", { exact: true }).waitFor();
  await result.getByText("duration_seconds").first().waitFor();
  await visitor.look("engines-mapping-faulty");
  const rule = (n: number): ReturnType<typeof editor.getByRole> =>
    editor.getByRole("group", { name: `Rule ${n}`, exact: true });
  await rule(2).getByLabel("Words").fill("in=inbound, *=outbound");
  await rule(5).getByLabel("Value").fill("/ms");
  await rule(5).getByLabel("Form").selectOption("milliseconds");
  await result.getByText("A call", { exact: true }).waitFor();
  await reads(result.getByRole("row", { name: /^duration_seconds/ }), /2$/);
  await visitor.look("engines-mapping");
  await editor.getByRole("button", { name: "Save mapping" }).click();
  await editor.waitFor({ state: "detached" });
  const [made] = await connections();
  assert.equal(made?.name, "Our own");
  await choose(page, "Our own", "Edit…");
  const edit = page.getByRole("dialog", { name: "Edit Our own" });
  await edit.getByRole("button", { name: "Add a rule" }).click();
  await edit.getByLabel("Number or id").fill("+15550100");
  await edit.getByRole("combobox", { name: "Account", exact: true }).fill("harbor");
  await page.getByRole("option", { name: "Harbor Dental" }).click();
  await visitor.look("engines-edit");
  await edit.getByRole("button", { name: "Save" }).click();
  await edit.waitFor({ state: "detached" });
  const receipt = ok(await send(app.client(), made.url, { body: JSON.stringify(payload), headers: {} }));
  assert.equal(receipt.accepted, 1);

  await choose(page, "Our own", "Disconnect…");
  const gone = page.getByRole("dialog", { name: "Disconnect Our own?" });
  await gone.getByRole("button", { name: "Disconnect" }).click();
  await row(page, "Our own").waitFor({ state: "detached" });
  await eventually(async () => {
    assert.ok(!(await connections()).some(({ name }) => name === "Our own"));
  });
  await visitor.leave();
});
