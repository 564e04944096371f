// Many clients at once: sums stay exact, each call counts once, each purchase is paid once.

import assert from "node:assert/strict";
import { test } from "node:test";

import { startApp } from "../harness/app.ts";
import { ok, type Client } from "../harness/client.ts";
import { addSubaccount, call, record, walletOf, type CallRecord, type Purchase } from "../harness/scene.ts";
import { chance, type Chance } from "../harness/seed.ts";

const CLIENTS = 64;
const STEPS = 12;
const ACCOUNTS = 6;
const BATCH_MAX = 20;

interface Account {
  id: string;
  bought_seconds: number;
  used_seconds: number;
}

interface Agency {
  owner: Client;
  engine: Client;
  accounts: Account[];
  dice: Chance;
  /** Batches that were sent by somebody, for somebody else to send again. */
  sent: CallRecord[][];
}

const app = await startApp();
const owner = await app.ownerClient();
const engine = await app.machineClient(["calls:write", "read"]);
const accounts: Account[] = [];
for (let i = 0; i < ACCOUNTS; i += 1) {
  const { id } = await addSubaccount(owner, `Client ${i}`, { prices: { basic: "0.12", premium: "0.2" } });
  accounts.push({ id, bought_seconds: 0, used_seconds: 0 });
}
const agency: Agency = { owner, engine, accounts, dice: chance("64 clients"), sent: [] };

let ids = 0;

function someAccount({ dice, accounts }: Agency): Account {
  const account = accounts[dice.int(0, accounts.length - 1)];
  assert.ok(account);
  return account;
}

/** New calls of several accounts in one batch. */
async function sendCalls(agency: Agency): Promise<void> {
  const { dice, engine, sent } = agency;
  const charged = Array.from({ length: dice.int(1, BATCH_MAX) }, () => {
    const account = someAccount(agency);
    const duration_seconds = dice.int(0, 600);
    return { account, facts: call({ id: `c-${++ids}`, subaccount: account.id, duration_seconds }) };
  });
  const calls = charged.map(({ facts }) => facts);
  const { accepted } = await record(engine, calls);
  assert.equal(accepted, calls.length);
  for (const { account, facts } of charged) account.used_seconds += facts.duration_seconds;
  sent.push(calls);
}

/** What somebody has sent already, twice at once: all of it is known. */
async function repeatCalls({ engine, sent, dice }: Agency): Promise<void> {
  const calls = sent[dice.int(0, sent.length - 1)];
  if (!calls) return;
  for (const { duplicates } of await Promise.all([record(engine, calls), record(engine, calls)])) {
    assert.equal(duplicates, calls.length);
  }
}

/** The same new batch from two senders at once: each record counts for one of them. */
async function raceCalls(agency: Agency): Promise<void> {
  const { engine, dice } = agency;
  const account = someAccount(agency);
  const calls = Array.from({ length: dice.int(1, BATCH_MAX) }, () =>
    call({ id: `r-${++ids}`, subaccount: account.id, duration_seconds: dice.int(1, 600) }),
  );
  const replies = await Promise.all([record(engine, calls), record(engine, calls)]);
  assert.equal(
    replies.reduce((sum, { accepted }) => sum + accepted, 0),
    calls.length,
  );
  account.used_seconds += calls.reduce((sum, { duration_seconds }) => sum + duration_seconds, 0);
}

/** A purchase that three people mark paid at once: one succeeds. */
async function racePurchase(agency: Agency): Promise<void> {
  const { owner, dice } = agency;
  const account = someAccount(agency);
  const seconds = dice.int(60, 6000);
  const body = { tier: "premium", seconds };
  const { id } = ok(await owner.post<Purchase>(`/v1/subaccounts/${account.id}/purchases`, body));
  const marks = [1, 2, 3].map(() => owner.post(`/v1/purchases/${id}/mark_paid`));
  const statuses = (await Promise.all(marks)).map(({ status }) => status).sort();
  assert.deepEqual(statuses, [200, 409, 409]);
  account.bought_seconds += seconds;
}

async function readAround(agency: Agency): Promise<void> {
  const { owner } = agency;
  const { id } = someAccount(agency);
  const paths = ["/v1/subaccounts", `/v1/subaccounts/${id}/statement?limit=20`, "/v1/agency/overview", "/v1/calls"];
  for (const reply of await Promise.all(paths.map((path) => owner.get(path)))) ok(reply);
}

const STEPS_TO_CHOOSE = [sendCalls, sendCalls, repeatCalls, raceCalls, racePurchase, readAround] as const;

test("64 clients at once: no request fails, nothing counts twice", async () => {
  const client = async (): Promise<void> => {
    for (let step = 0; step < STEPS; step += 1) await agency.dice.pick(STEPS_TO_CHOOSE)(agency);
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));
  assert.ok(ids > CLIENTS * STEPS);
});

test("every wallet is what was bought less what was used", async () => {
  for (const { id, bought_seconds, used_seconds } of accounts) {
    assert.equal((await walletOf(owner, id)).premium_seconds, bought_seconds - used_seconds);
  }
});

test("the overview's total is the sum of all calls", async () => {
  const used = accounts.reduce((sum, { used_seconds }) => sum + used_seconds, 0);
  const { minutes_used_seconds } = ok(await owner.get<{ minutes_used_seconds: number }>("/v1/agency/overview"));
  assert.equal(minutes_used_seconds, used);
});

test("each statement's newest balance is the wallet's", async () => {
  for (const { id } of accounts) {
    const { data } = ok(
      await owner.get<{ data: { balance_seconds: number }[] }>(
        `/v1/subaccounts/${id}/statement?account=wallet.premium&limit=1`,
      ),
    );
    assert.equal(data[0]?.balance_seconds, (await walletOf(owner, id)).premium_seconds);
  }
});
