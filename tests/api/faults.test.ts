// What systems like this one got wrong (../faults_others_shipped.md), each by the name it has there.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import { startApp } from "../harness/app.ts";
import { ok, refused, type Client } from "../harness/client.ts";
import { inSource } from "../harness/paths.ts";
import { invite, tokenOf } from "../harness/people.ts";
import { addSubaccount, call, hold, record, sell, walletOf } from "../harness/scene.ts";

const app = await startApp();
const owner = await app.ownerClient();
const engine = await app.machineClient(["reservations:write", "calls:write", "read"]);
const known = await readFile(inSource("tests/faults_others_shipped.md"), "utf8");

let accounts = 0;

async function newAccount(premium_seconds = 0): Promise<string> {
  const { id } = await addSubaccount(owner, `Account ${++accounts}`, { prices: { basic: "0.12", premium: "0.2" } });
  if (premium_seconds > 0) await sell(owner, id, "premium", premium_seconds);
  return id;
}

/** A test named by its row of the list; a row that is not there is a mistake here. */
function fault(row: string, body: () => Promise<void>): void {
  test(row, async () => {
    assert.ok(known.includes(`| ${row} |`), `no row "${row}"`);
    await body();
  });
}

interface Entry {
  kind: string;
  account: string;
  amount_seconds: number;
  balance_seconds: number;
}

async function statement(client: Client, account: string): Promise<Entry[]> {
  const path = `/v1/subaccounts/${account}/statement?account=wallet.premium&limit=500`;
  return ok(await client.get<{ data: Entry[] }>(path)).data;
}

interface Overview {
  minutes_used_seconds: number;
  calls: number;
  spent_usd: string;
}

const overviewOf = async (account: string): Promise<Overview> =>
  ok(await owner.get<Overview>(`/v1/subaccounts/${account}/overview`));

fault("the second level of resellers was never charged", async () => {
  const credit = async (): Promise<number> =>
    Number(ok(await owner.get<{ credit_usd: string }>("/v1/agency")).credit_usd.replace(".", ""));
  const before = await credit();
  const account = await newAccount(120_000);
  // 2,000 minutes at 0.20 over a base of 0.16: the wallet, the agency's debt of 320.00 and 80.00 of markup.
  assert.equal((await walletOf(owner, account)).premium_seconds, 120_000);
  assert.equal((await credit()) - before, -32_000);
});

fault("inbound calls drove the balance negative unnoticed", async () => {
  const account = await newAccount(60);
  await record(engine, [call({ id: "inbound-over", subaccount: account, direction: "inbound", duration_seconds: 61 })]);
  const wallet = await walletOf(owner, account);
  assert.deepEqual([wallet.premium_seconds, wallet.overdrawn], [-1, true]);
  const order = { subaccount: account, tier: "premium", direction: "inbound" };
  refused(await engine.post("/v1/reservations", order), 409, "insufficient_minutes");
});

fault("minutes moved away during a call, the call went on free", async () => {
  const [from, to] = [await newAccount(300), await newAccount()];
  const held = await hold(engine, from);
  const order = { from, to, tier: "premium", seconds: 60, received_seconds: 60 };
  refused(await owner.post("/v1/minute_moves", order), 409, "insufficient_minutes");
  refused(await owner.post(`/v1/subaccounts/${from}/remove`, { minutes_to: to }), 409, "calls_in_progress");
  await record(engine, [call({ id: "moved", subaccount: from, duration_seconds: 250, reservation: held.id })]);
  assert.equal((await walletOf(owner, from)).premium_seconds, 50);
});

fault("retry of a hold computed from live state gave another hold", async () => {
  const account = await newAccount(400);
  const order = { subaccount: account, tier: "premium", direction: "outbound" };
  const ask = () => engine.post("/v1/reservations", order, { headers: { "Idempotency-Key": "hold-once" } });
  const first = ok(await ask());
  await hold(engine, account); // what is left now would give another answer
  assert.deepEqual(ok(await ask()), first);
  assert.equal((await walletOf(owner, account)).held_premium_seconds, 400);
});

fault("callback billed one leg only", async () => {
  const account = await newAccount(600);
  const legs = ["inbound", "outbound"] as const;
  const calls = legs.map((direction) => call({ id: `callback-${direction}`, subaccount: account, direction }));
  assert.equal((await record(engine, calls)).accepted, 2);
  assert.equal((await walletOf(owner, account)).premium_seconds, 600 - 2 * 60);
});

fault("duration 0 after a switch upgrade, all calls free", async () => {
  const account = await newAccount(600);
  const { accepted } = await record(engine, [call({ id: "zero", subaccount: account, duration_seconds: 0 })]);
  assert.equal(accepted, 1);
  assert.equal((await walletOf(owner, account)).premium_seconds, 600);
  assert.equal((await overviewOf(account)).calls, 1);
});

fault("balance grew instead of falling; units added instead of deducted", async () => {
  const account = await newAccount(600);
  await record(engine, [call({ id: "sign", subaccount: account, duration_seconds: 45 })]);
  assert.equal((await walletOf(owner, account)).premium_seconds, 555);
});

fault("a top-up vanished without a trail", async () => {
  const account = await newAccount(600);
  await record(engine, [call({ id: "trail", subaccount: account, duration_seconds: 45 })]);
  await sell(owner, account, "premium", 300);
  const entries = (await statement(owner, account)).reverse();
  let balance = 0;
  for (const entry of entries) {
    balance += entry.amount_seconds;
    assert.equal(entry.balance_seconds, balance);
  }
  assert.deepEqual(
    entries.map(({ amount_seconds }) => amount_seconds),
    [600, -45, 300],
  );
  assert.equal(balance, (await walletOf(owner, account)).premium_seconds);
});

fault("duplicates counted twice in analytics", async () => {
  const account = await newAccount(600);
  const calls = [call({ id: "once", subaccount: account, duration_seconds: 60 })];
  await record(engine, calls);
  await record(engine, calls);
  const { minutes_used_seconds, calls: count, spent_usd } = await overviewOf(account);
  assert.deepEqual(
    { minutes_used_seconds, count, spent_usd },
    { minutes_used_seconds: 60, count: 1, spent_usd: "0.20" },
  );
});

fault("same event id for another customer dropped", async () => {
  const [first, second] = [await newAccount(600), await newAccount(600)];
  await record(engine, [call({ id: "shared", subaccount: first })]);
  const { results } = await record(engine, [call({ id: "shared", subaccount: second })]);
  assert.equal(results[0]?.status, "conflict");
  assert.equal((await walletOf(owner, second)).premium_seconds, 600);
  const other = await record(engine, [call({ id: "shared", source: "engine-2", subaccount: second })]);
  assert.equal(other.accepted, 1);
});

fault("the same key twice in one batch crashed it", async () => {
  const account = await newAccount(600);
  const twice = call({ id: "twice", subaccount: account });
  const other = call({ id: "twice", subaccount: account, duration_seconds: 61 });
  const { results } = await record(engine, [twice, twice, other]);
  assert.deepEqual(
    results.map(({ status }) => status),
    ["accepted", "duplicate", "conflict"],
  );
  assert.equal((await walletOf(owner, account)).premium_seconds, 540);
});

fault("precision lost between write and read", async () => {
  const account = await newAccount();
  const prices = { basic: "0.123456", premium: "0.234567" };
  ok(await owner.put(`/v1/subaccounts/${account}/prices`, prices));
  const read = ok(await owner.get<{ prices: typeof prices }>(`/v1/subaccounts/${account}`));
  assert.deepEqual({ basic: read.prices.basic, premium: read.prices.premium }, prices);
  // 61 s at 234,567 µ$ a minute: (61 · 234567 + 30) / 60 = 238,476 µ$.
  await record(engine, [call({ id: "precise", subaccount: account, duration_seconds: 61 })]);
  assert.equal((await overviewOf(account)).spent_usd, "0.238476");
});

fault("accepted but never counted", async () => {
  const account = await newAccount();
  for (let i = 1; i <= 20; i += 1) {
    await record(engine, [call({ id: `counted-${i}`, subaccount: account, duration_seconds: 1 })]);
    assert.equal((await walletOf(owner, account)).premium_seconds, -i);
  }
});

fault("retry after a failed ingest: answered success, counted zero times", async () => {
  const account = await newAccount(600);
  const good = call({ id: "retried", subaccount: account });
  const { results } = await record(engine, [{ ...good, duration_seconds: -5 }]);
  assert.equal(results[0]?.status, "rejected");
  assert.equal((await record(engine, [good])).accepted, 1);
  assert.equal((await walletOf(owner, account)).premium_seconds, 540);
});

fault("duplicate ids under load", async () => {
  const calls = Array.from({ length: 1000 }, (_, i) => ({ client: i % 8, id: `load-${i}` }));
  const account = await newAccount();
  const batches = Array.from({ length: 8 }, (_, client) =>
    calls
      .filter((row) => row.client === client)
      .map(({ id }) => call({ id, subaccount: account, duration_seconds: 1 })),
  );
  await Promise.all(batches.map((batch) => record(engine, batch)));
  const tables = ["calls", "ledger_postings", "audit_events"];
  for (const table of tables) {
    const [row] = await app.store.query(`SELECT COUNT(*) AS rows_n, COUNT(DISTINCT id) AS ids_n FROM ${table}`);
    assert.equal(row?.["ids_n"], row?.["rows_n"], table);
  }
  assert.equal((await walletOf(owner, account)).premium_seconds, -1000);
});

fault("an invitation with an unknown role was accepted", async () => {
  for (const role of ["superuser", "agency_owner", "platform_admin", ""]) {
    const reply = await owner.post("/v1/invitations", { email: "role@northwind.example", role });
    refused(reply, 422, "invalid", "role");
  }
  const token = tokenOf(await invite(owner, "role@northwind.example", "agency_member"));
  const accept = { token, name: "Role", password: "quiet lamps by the river" };
  const client = app.client();
  refused(
    await client.post("/v1/invitations/accept", { ...accept, role: "agency_admin" }),
    400,
    "unknown_field",
    "role",
  );
  ok(await client.post("/v1/invitations/accept", accept));
  assert.equal(ok(await client.get<{ role: string }>("/v1/me")).role, "agency_member");
});

fault("the invitation's id was the secret", async () => {
  const invitation = await invite(owner, "secret@northwind.example", "agency_member");
  assert.ok(!tokenOf(invitation).includes(invitation.id.slice("inv_".length)));
  const accept = { token: invitation.id, name: "Mallory", password: "quiet lamps by the river" };
  assert.ok((await app.client().post("/v1/invitations/accept", accept)).status >= 400);
  const { data } = ok(await owner.get<{ data: { id: string; link?: string }[] }>("/v1/invitations"));
  const listed = data.find(({ id }) => id === invitation.id);
  assert.ok(listed);
  assert.equal(listed.link, undefined);
});

fault('a side cache said "seen", usage was lost', async () => {
  const account = await newAccount(600);
  const calls = [call({ id: "seen", subaccount: account })];
  const key = { headers: { "Idempotency-Key": "ingest-1" } };
  ok(await engine.post("/v1/calls", calls, key));
  await app.crash();
  const again = app.client().carrying(owner);
  const { duplicates } = await record(again, calls);
  assert.equal(duplicates, 1);
  assert.equal((await walletOf(again, account)).premium_seconds, 540);
});

fault("hold expiry lived in a cache and was lost", async () => {
  const client = app.client().carrying(owner);
  const { id } = await addSubaccount(client, "Expired while away");
  await sell(client, id, "premium", 300);
  ok(await client.patch("/v1/agency", { reservations: { grace_seconds: 0 } }));
  await hold(client, id, { seconds: 1 });
  await app.crash();
  const again = app.client().carrying(owner);
  const began = performance.now();
  while ((await walletOf(again, id)).held_premium_seconds > 0) {
    assert.ok(performance.now() - began < 20_000);
    await sleep(50);
  }
  assert.equal((await walletOf(again, id)).premium_seconds, 300);
});
