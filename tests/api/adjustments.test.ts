// Minutes given and taken by hand: by the agency's people at its cost, by the platform's for nothing (domain.md §5).

import assert from "node:assert/strict";
import { test } from "node:test";

import { startApp } from "../harness/app.ts";
import { ok, refused, type Reply } from "../harness/client.ts";
import { STAFF } from "../harness/platform.ts";
import { remove } from "../harness/rows.ts";
import { addSubaccount, walletOf, type Wallet } from "../harness/scene.ts";

const app = await startApp({ staff: STAFF });
const owner = await app.ownerClient();
const staff = await app.client().login(STAFF);
const agency = ok(await owner.get<{ id: string }>("/v1/agency")).id;
const grants = `/v1/platform/agencies/${agency}/grants`;

interface Adjustment {
  id: string;
  seconds: number;
  credit_usd: string;
  reason: string;
  actor: { kind: string; name: string };
  balances?: Wallet;
}

let accounts = 0;

async function newAccount(): Promise<string> {
  const prices = { basic: "0.12", premium: "0.20" };
  return (await addSubaccount(owner, `Client ${++accounts}`, { prices })).id;
}

const adjust = (account: string, seconds: number, more: object = {}): Promise<Reply<Adjustment>> =>
  owner.post<Adjustment>(`/v1/subaccounts/${account}/adjustments`, {
    ...{ tier: "premium", seconds, reason: "Goodwill" },
    ...more,
  });
const credit = async (): Promise<string> =>
  ok(await owner.get<{ balance_usd: string }>("/v1/agency/credit")).balance_usd;

async function newest(account: string): Promise<string | undefined> {
  interface Entries {
    data: { description: string }[];
  }
  return ok(await owner.get<Entries>(`/v1/subaccounts/${account}/statement?limit=1`)).data[0]?.description;
}

async function setLimit(limit: string | null): Promise<void> {
  ok(await staff.patch(`/v1/platform/agencies/${agency}`, { credit_limit_usd: limit }));
}

test("minutes given cost the agency base, and minutes taken give it back", async () => {
  const account = await newAccount();
  const given = ok(await adjust(account, 600, { reason: "Ten minutes for the outage" }));
  assert.deepEqual([given.credit_usd, given.balances?.premium_seconds], ["-1.60", 600]);
  assert.deepEqual([given.actor.kind, given.actor.name], ["user", "owner"]);
  assert.equal(await credit(), "-1.60");
  assert.equal(await newest(account), "Adjusted by the agency: Ten minutes for the outage");
  const taken = ok(await adjust(account, -599));
  assert.deepEqual([taken.credit_usd, taken.balances?.premium_seconds], ["1.597333", 1]);
  ok(await adjust(account, -1));
  // 600 s are 1.60; 599 s and 1 s are 1.597333 and 0.002667.
  assert.equal(await credit(), "0.00");
  assert.deepEqual((await walletOf(owner, account)).premium_seconds, 0);
});

test("what cannot be adjusted is refused with its reason, and nothing changes", async () => {
  const account = await newAccount();
  ok(await adjust(account, 60));
  const before = await credit();
  refused(await adjust(account, -61), 409, "insufficient_minutes");
  refused(await adjust(account, -1, { tier: "basic" }), 409, "insufficient_minutes");
  refused(await adjust(account, 0), 422, "invalid", "seconds");
  refused(await adjust(account, 6_000_000_001), 422, "invalid", "seconds");
  refused(await adjust(account, 60, { reason: "" }), 422, "invalid", "reason");
  refused(await adjust(account, 60, { reason: "x".repeat(201) }), 422, "invalid", "reason");
  refused(await adjust(account, 60, { reason: undefined }), 422, "invalid", "reason");
  assert.equal(await credit(), before);
  assert.equal((await walletOf(owner, account)).premium_seconds, 60);
  ok(await adjust(account, -60, { reason: "é".repeat(200) }));
  await remove(app.store, account);
  refused(await adjust(account, 60), 409, "subaccount_removed");
});

test("the credit limit holds goodwill, and a platform admin sets it", async () => {
  const account = await newAccount();
  await setLimit("1.60");
  ok(await adjust(account, 600));
  refused(await adjust(account, 1), 409, "insufficient_credit");
  const { limit_usd, available_usd, owed_usd } = ok(
    await owner.get<Record<string, string | null>>("/v1/agency/credit"),
  );
  assert.deepEqual([limit_usd, available_usd, owed_usd], ["1.60", "0.00", "1.60"]);
  await setLimit("0.50");
  refused(await adjust(account, 1), 409, "insufficient_credit");
  ok(await adjust(account, -600));
  await setLimit(null);
});

test("the platform gives minutes for nothing: to the primary, or to whom it says", async () => {
  const account = await newAccount();
  const before = await credit();
  const grant = { tier: "premium", seconds: 6000, reason: "Welcome" };
  const made = ok(await staff.post<Adjustment>(grants, grant));
  assert.deepEqual([made.seconds, made.reason, made.actor.kind], [6000, "Welcome", "platform"]);
  ok(await staff.post(grants, { ...grant, subaccount: account }));
  assert.equal((await walletOf(owner, account)).premium_seconds, 6000);
  assert.equal(await newest(account), "Granted by the platform: Welcome");
  ok(await staff.post(grants, { ...grant, subaccount: account, seconds: -1000 }));
  refused(await staff.post(grants, { ...grant, subaccount: account, seconds: -5001 }), 409, "insufficient_minutes");
  refused(await staff.post(grants, { ...grant, subaccount: "sub_0000000000001" }), 422, "invalid", "subaccount");
  assert.equal(await credit(), before);

  const { data } = ok(await staff.get<{ data: Adjustment[] }>(grants));
  assert.deepEqual(
    data.map(({ seconds }) => seconds),
    [-1000, 6000, 6000],
  );
  const mine = ok(await owner.get<{ data: Adjustment[] }>(`/v1/subaccounts/${account}/adjustments`));
  assert.deepEqual(mine.data, [], "they are not the agency's own");
});

test("adjustments are listed newest first, page by page", async () => {
  const account = await newAccount();
  const made: string[] = [];
  for (const seconds of [60, 30, -10]) made.unshift(ok(await adjust(account, seconds)).id);
  interface Page {
    data: Adjustment[];
    next_cursor: string | null;
  }
  const path = `/v1/subaccounts/${account}/adjustments`;
  const first = ok(await owner.get<Page>(`${path}?limit=2`));
  const second = ok(await owner.get<Page>(`${path}?limit=2&cursor=${first.next_cursor ?? ""}`));
  assert.deepEqual(
    [...first.data, ...second.data].map(({ id }) => id),
    made,
  );
  assert.equal(second.next_cursor, null);
});
