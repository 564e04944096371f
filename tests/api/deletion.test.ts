// Deleting the agency: read only at once, the owner's way back, and what is left after 14 days.

import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { test } from "node:test";

import { startApp } from "../harness/app.ts";
import { setUpTwoFactor } from "../harness/authenticator.ts";
import { ok, refused, type Reply } from "../harness/client.ts";
import { connect, ENGINES, send, unmatched } from "../harness/engines.ts";
import { invite, join } from "../harness/people.ts";
import { addSubaccount, call, record, sell } from "../harness/scene.ts";

const app = await startApp({ agency: "Contoso Voice", args: ["--test-clock"] });
const owner = await app.ownerClient();
const admin = await join(app, owner, "grace@contoso.example", "agency_admin");
const member = await join(app, owner, "alan@contoso.example", "agency_member");
const engine = await app.machineClient(["calls:write", "read"]);
const { id: account } = await addSubaccount(owner, "Harbor Dental", { reference: "acme-042" });
await sell(owner, account, "premium", 6000);
const facts = { from: "+14155550123", to: "+14155550199", summary: "About a root canal", agent: "Ava", contact: "Bob" };
await record(engine, [{ ...call({ id: "call-1", subaccount: account }), ...facts }]);
await invite(owner, "pending@contoso.example", "agency_admin");

/** One call by webhook that is charged, one that waits with all that the engine sent. */
async function reportByWebhook(): Promise<void> {
  const rules = [{ key: facts.to, subaccount: account }];
  const connection = await connect(owner, { engine: "vapi", name: "Vapi of Contoso", rules });
  for (const [id, to] of [
    ["call-1-of-vapi", facts.to],
    ["call-2-of-vapi", "+14155550100"],
  ] as const) {
    const report = { id, to, from: facts.from, seconds: 60, agent: "Ava", endedAt: new Date(Date.now() - 60_000) };
    const sent = ENGINES["vapi"]?.(report, connection.url) ?? assert.fail();
    ok(await send(app.client(), connection.url, sent));
  }
  assert.equal((await unmatched(owner)).length, 1);
}
await reportByWebhook();

const DAYS_14 = 14 * 86_400_000;
interface Card {
  status: string;
  deletes_at: string | null;
}
const remove = (by: typeof owner, name: string): Promise<Reply<Card>> =>
  by.send<Card>("DELETE", "/v1/agency", { body: { name } });
const undo = (by: typeof owner): Promise<Reply<Card>> => by.post<Card>("/v1/agency/undo_delete");

test("it needs the agency's name, and the permission", async () => {
  refused(await remove(owner, "Contoso"), 422, "name_differs", "name");
  refused(await remove(member.client, "Contoso Voice"), 403, "not_allowed");
  refused(await undo(owner), 409, "agency_not_deleting");
  assert.equal(ok(await owner.get<Card>("/v1/agency")).status, "active");
});

test("from the answer on it is read only, and engines are refused", async () => {
  const card = ok(await remove(admin.client, "Contoso Voice"));
  assert.equal(card.status, "deleting");
  assert.ok(Math.abs(Date.parse(card.deletes_at ?? "") - Date.now() - DAYS_14) < 60_000);
  refused(await engine.post("/v1/calls", [call({ id: "late", subaccount: account })]), 409, "agency_deleting");
  refused(await owner.post("/v1/subaccounts", { name: "B", email: "b@client.example" }), 409, "agency_deleting");
  refused(await remove(owner, "Contoso Voice"), 409, "agency_deleting");
  ok(await owner.get("/v1/subaccounts"));
  ok(await engine.get("/v1/calls"));
  ok(await owner.get("/v1/audit_events?action=agency.deletion_began"));
});

test("the owner alone takes it back, and everything is as it was", async () => {
  refused(await undo(admin.client), 403, "not_allowed");
  assert.deepEqual(ok(await undo(owner)).deletes_at, null);
  assert.equal((await record(engine, [call({ id: "again", subaccount: account })])).accepted, 1);
});

test("after 14 days people and texts are gone, and the books are whole", async () => {
  await setUpTwoFactor(app, admin.client, admin);
  ok(await remove(owner, "Contoso Voice"));
  ok(await app.client().post("/v1/test/clock", { advance_seconds: 14 * 86_400 + 1 }));
  refused(await undo(await app.ownerClient()), 409, "agency_deleting");
  await app.store.query("UPDATE agencies SET deletes_at = 1");
  await app.restart();
  const status = async (): Promise<unknown> => (await app.store.query("SELECT status FROM agencies"))[0]?.["status"];
  while ((await status()) !== "deleted") await sleep(50);

  for (const table of [
    "users",
    "user_emails",
    "user_totp",
    "recovery_codes",
    "sessions",
    "api_keys",
    "invitations",
    "audit_events",
    "idempotency_keys",
    "engine_connections",
    "engine_rules",
    "engine_deliveries",
  ]) {
    assert.deepEqual(await app.store.query(`SELECT * FROM ${table}`), [], table);
  }
  const rows = await Promise.all(
    ["agencies", "subaccounts", "calls", "purchases"].map((table) => app.store.query(`SELECT * FROM ${table}`)),
  );
  const left = JSON.stringify(rows, (_, value: unknown) => (typeof value === "bigint" ? String(value) : value));
  for (const trace of ["Contoso", "Harbor", "acme", "4155550", "root canal", "Ava", "Bob", "call-1", "harbor.dental"]) {
    assert.ok(!left.includes(trace), trace);
  }
  const sums = await app.store.query("SELECT COUNT(*) AS calls, SUM(billed_seconds) AS seconds FROM calls");
  assert.deepEqual(
    sums.map((row) => [String(row["calls"]), String(row["seconds"])]),
    [["3", "180"]],
  );
  refused(
    await app.client().post("/v1/auth/login", { email: app.owner.email, password: app.owner.password }),
    401,
    "wrong_credentials",
  );
});
