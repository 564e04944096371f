// Moving minutes: quoted, made as quoted or not at all, and never more than was paid for (domain.md §6).

import assert from "node:assert/strict";
import { test } from "node:test";

import { startApp } from "../harness/app.ts";
import { ok, refused, type Reply } from "../harness/client.ts";
import { addPerson, ROLES } from "../harness/rows.ts";
import { addSubaccount, call, record, sell, walletOf, type Tier, type Wallet } from "../harness/scene.ts";
import { chance } from "../harness/seed.ts";

const app = await startApp();
const owner = await app.ownerClient();
const engine = await app.machineClient(["calls:write"]);
const BASE = { basic: 90_000n, premium: 160_000n };

interface Quote {
  sent_seconds: number;
  received_seconds: number;
  price_from: string;
  price_to: string;
  value_from_usd: string;
  value_to_usd: string;
  remainder_usd: string;
  adjustment_usd: string;
  capped: boolean;
}
interface Move extends Quote {
  id: string;
  from: string;
  to: string;
  tier: Tier;
  from_name: string;
  to_name: string;
  actor: { name: string };
  balances?: { from: Wallet; to: Wallet };
}
interface Moves {
  data: Move[];
  next_cursor: string | null;
}
interface Order {
  from: string;
  to: string;
  tier: Tier;
  seconds: number;
}

let accounts = 0;

async function accountAt(premium: string, seconds = 0): Promise<string> {
  const { id } = await addSubaccount(owner, `Client ${++accounts}`, { prices: { basic: "0.09", premium } });
  if (seconds > 0) await sell(owner, id, "premium", seconds);
  return id;
}

const premium = (from: string, to: string, seconds: number): Order => ({ from, to, tier: "premium", seconds });
const quote = (order: object): Promise<Reply<Quote>> => owner.post<Quote>("/v1/minute_moves/quote", order);
const move = (order: object, received: number): Promise<Reply<Move>> =>
  owner.post<Move>("/v1/minute_moves", { ...order, received_seconds: received });

function wrong(reply: Reply, field: string, code: string): void {
  refused(reply, 422, "invalid", field);
  assert.match(JSON.stringify(reply.body), new RegExp(`"field":"${field}","code":"${code}"`));
}

async function setLimit(limit: string): Promise<void> {
  await app.store.damage(`UPDATE agencies SET credit_limit_micros = ${limit}`);
}

test("100 minutes from 0.20 to 0.25 are 80, credit gains 3.20, and the way back gives them again", async () => {
  const [cheap, dear] = [await accountAt("0.20", 6000), await accountAt("0.25")];
  const quoted = ok(await quote(premium(cheap, dear, 6000)));
  assert.deepEqual(quoted, {
    ...{ from: cheap, to: dear, tier: "premium", sent_seconds: 6000, received_seconds: 4800 },
    ...{ price_from: "0.20", price_to: "0.25", base_price: "0.16", value_from_usd: "20.00", value_to_usd: "20.00" },
    ...{ remainder_usd: "0.00", adjustment_usd: "3.20", capped: false },
  });
  assert.equal((await walletOf(owner, cheap)).premium_seconds, 6000, "a quote changes nothing");

  const made = ok(await move(premium(cheap, dear, 6000), 4800));
  assert.deepEqual([made.balances?.from.premium_seconds, made.balances?.to.premium_seconds], [0, 4800]);
  assert.equal(made.actor.name, "owner");
  const back = ok(await quote(premium(dear, cheap, 4800)));
  assert.deepEqual([back.received_seconds, back.adjustment_usd], [6000, "-3.20"]);
  ok(await move(premium(dear, cheap, 4800), 6000));
  assert.equal((await walletOf(owner, cheap)).premium_seconds, 6000);
});

test("both wallets' statements say where the minutes went and came from", async () => {
  const [from, to] = [await accountAt("0.20", 600), await accountAt("0.20")];
  const { id } = ok(await move(premium(from, to, 600), 600));
  interface Entries {
    data: { kind: string; amount_seconds: number; description: string; reference: string }[];
  }
  const newest = async (account: string) =>
    ok(await owner.get<Entries>(`/v1/subaccounts/${account}/statement?limit=1`)).data[0];
  const { data } = ok(await owner.get<Moves>("/v1/minute_moves?limit=1"));
  const { from_name, to_name } = data[0] as Move;
  const out = await newest(from);
  assert.deepEqual([out?.kind, out?.amount_seconds, out?.reference], ["move", -600, id]);
  assert.equal(out?.description, `Minutes moved to ${to_name}`);
  const into = await newest(to);
  assert.deepEqual([into?.amount_seconds, into?.description], [600, `Minutes moved from ${from_name}`]);

  const client = await app.client().login(await addPerson(app.store, app.owner, "subaccount_admin", { grants: [to] }));
  const seen = ok(await client.get<Entries>(`/v1/subaccounts/${to}/statement?limit=1`)).data[0];
  assert.equal(seen?.description, "Minutes moved", "a client isn't told another client's name");
});

test("what cannot be moved is refused with its reason, and nothing moves", async () => {
  const [from, to] = [await accountAt("0.20", 600), await accountAt("0.25")];
  const unknown = "sub_0k3v9m2c5x1qy";
  for (const ask of [quote, (order: object) => move(order, 480)]) {
    refused(await ask(premium(from, to, 601)), 409, "insufficient_minutes");
    wrong(await ask(premium(from, from, 60)), "to", "same_subaccount");
    wrong(await ask(premium(unknown, to, 60)), "from", "unknown_subaccount");
    wrong(await ask(premium(from, unknown, 60)), "to", "unknown_subaccount");
    wrong(await ask(premium(from, to, 0)), "seconds", "too_small");
    wrong(await ask({ ...premium(from, to, 60), tier: "gold" }), "tier", "not_allowed_value");
    refused(await ask({ ...premium(from, to, 600), tier: "basic" }), 409, "insufficient_minutes");
  }
  refused(await move(premium(from, to, 600), 481), 409, "quote_changed");
  refused(await move(premium(from, to, 600), 479), 409, "quote_changed");
  assert.deepEqual(
    [(await walletOf(owner, from)).premium_seconds, (await walletOf(owner, to)).premium_seconds],
    [600, 0],
  );
});

test("a price that changed after the quote is noticed", async () => {
  const [from, to] = [await accountAt("0.20", 600), await accountAt("0.25")];
  const { received_seconds } = ok(await quote(premium(from, to, 600)));
  ok(await owner.put(`/v1/subaccounts/${to}/prices`, { basic: "0.09", premium: "0.30" }));
  refused(await move(premium(from, to, 600), received_seconds), 409, "quote_changed");
  ok(await move(premium(from, to, 600), 400));
});

test("credit caps what arrives, and more than it covers is refused", async () => {
  const [dear, cheap] = [await accountAt("0.25", 4800), await accountAt("0.20")];
  const { credit_usd } = await credit();
  // 1.60 is left: what 10 minutes cost at base.
  await setLimit(String(1_600_000n - micros(credit_usd)));
  const quoted = ok(await quote(premium(dear, cheap, 4800)));
  assert.deepEqual([quoted.received_seconds, quoted.capped, quoted.adjustment_usd], [5400, true, "-1.60"]);
  refused(await move(premium(dear, cheap, 4800), 6000), 409, "insufficient_credit");
  refused(await move(premium(dear, cheap, 4800), 5399), 409, "quote_changed");
  ok(await move(premium(dear, cheap, 4800), 5400));
  await setLimit("NULL");
});

test("suspended accounts give and receive, removed ones do not", async () => {
  const [from, to] = [await accountAt("0.20", 600), await accountAt("0.20")];
  await app.store.damage(`UPDATE subaccounts SET status = 'suspended', suspended_at = created_at
    WHERE name IN ('Client ${accounts - 1}', 'Client ${accounts}')`);
  ok(await move(premium(from, to, 100), 100));
  ok(await move(premium(to, from, 100), 100));
  await app.store.damage(`UPDATE subaccounts SET status = 'active', suspended_at = NULL
    WHERE name IN ('Client ${accounts - 1}', 'Client ${accounts}')`);
});

test("only owners and admins move minutes", async () => {
  const [from, to] = [await accountAt("0.20", 600), await accountAt("0.20")];
  for (const role of ROLES) {
    if (role === "agency_owner") continue;
    const client = await app.client().login(await addPerson(app.store, app.owner, role, { grants: [from, to] }));
    const replies = [
      await client.post("/v1/minute_moves/quote", premium(from, to, 60)),
      await client.post("/v1/minute_moves", { ...premium(from, to, 60), received_seconds: 60 }),
      await client.get("/v1/minute_moves"),
    ];
    const allowed = role === "agency_admin";
    assert.deepEqual(
      replies.map(({ status }) => status),
      allowed ? [200, 201, 200] : [403, 403, 403],
      role,
    );
  }
});

test("moves are listed newest first, by account, page by page", async () => {
  const [a, b, c] = [await accountAt("0.20", 600), await accountAt("0.20"), await accountAt("0.20")];
  const made: string[] = [];
  const ends: [string, string][] = [
    [a, b],
    [a, c],
    [b, c],
    [c, a],
  ];
  for (const [from, to] of ends) made.unshift(ok(await move(premium(from, to, 10), 10)).id);
  const ids = async (query: string) => ok(await owner.get<Moves>(`/v1/minute_moves?${query}`)).data.map(({ id }) => id);
  assert.deepEqual(await ids("limit=4"), made);
  assert.deepEqual(await ids(`subaccount=${b}`), [made[1], made[3]]);
  assert.deepEqual(await ids(`subaccount=${a}`), [made[0], made[2], made[3]]);

  const paged: string[] = [];
  let cursor: string | null = "";
  while (cursor !== null) {
    const more: string = cursor === "" ? "" : `&cursor=${cursor}`;
    const { data, next_cursor }: Moves = ok(await owner.get<Moves>(`/v1/minute_moves?subaccount=${a}&limit=1${more}`));
    paged.push(...data.map(({ id }) => id));
    cursor = next_cursor;
  }
  assert.deepEqual(paged, [made[0], made[2], made[3]]);
  assert.deepEqual(await ids(`subaccount=${a}&to=2020-01-01T00:00:00Z`), []);
});

test("of moves at the same moment no minute is moved twice", async () => {
  const from = await accountAt("0.20", 600);
  const others = await Promise.all(Array.from({ length: 8 }, () => accountAt("0.20")));
  const replies = await Promise.all(others.map((to) => move(premium(from, to, 200), 200)));
  assert.equal(replies.filter(({ status }) => status === 201).length, 3);
  for (const reply of replies) if (reply.status !== 201) refused(reply, 409, "insufficient_minutes");
  assert.equal((await walletOf(owner, from)).premium_seconds, 0);
});

test("a move is made once under its key", async () => {
  const [from, to] = [await accountAt("0.20", 600), await accountAt("0.20")];
  const send = () =>
    owner.post<Move>(
      "/v1/minute_moves",
      { ...premium(from, to, 100), received_seconds: 100 },
      { headers: { "Idempotency-Key": "move-once" } },
    );
  assert.equal(ok(await send()).id, ok(await send()).id);
  assert.equal((await walletOf(owner, to)).premium_seconds, 100);
});

test("a move is in the audit trail with both ends", async () => {
  const [from, to] = [await accountAt("0.20", 600), await accountAt("0.25")];
  ok(await move(premium(from, to, 60), 48));
  interface Events {
    data: { action: string; after: Record<string, unknown> }[];
  }
  const { data } = ok(await owner.get<Events>("/v1/audit_events?action=minutes.moved&limit=1"));
  assert.deepEqual(data[0]?.after, {
    ...{ from, to, tier: "premium", sent_seconds: 60, received_seconds: 48 },
    ...{ price_from: "0.20", price_to: "0.25", adjustment_usd: "0.032" },
  });
});

interface Credit {
  credit_usd: string;
}

/** The agency's credit, as the ledger has it. */
async function credit(): Promise<Credit> {
  const [row] = await app.store.query("SELECT balance FROM ledger_accounts WHERE account = 8");
  const balance = BigInt((row?.["balance"] ?? 0) as string | number);
  const sign = balance < 0n ? "-" : "";
  const digits = String(balance < 0n ? -balance : balance).padStart(7, "0");
  return { credit_usd: `${sign}${digits.slice(0, -6)}.${digits.slice(-6)}` };
}

function micros(usd: string): bigint {
  const [whole = "0", fraction = ""] = usd.replace("-", "").split(".");
  const amount = BigInt(whole) * 1_000_000n + BigInt(fraction.padEnd(6, "0"));
  return usd.startsWith("-") ? -amount : amount;
}

const value = (seconds: bigint, price: bigint): bigint =>
  seconds < 0n ? -((-seconds * price + 30n) / 60n) : (seconds * price + 30n) / 60n;

/** What all minutes in circulation are worth at base, and what credit stands at. */
async function circulation(ids: string[]): Promise<bigint> {
  let worth = 0n;
  for (const id of ids) {
    const wallet = await walletOf(owner, id);
    worth += value(BigInt(wallet.basic_seconds), BASE.basic) + value(BigInt(wallet.premium_seconds), BASE.premium);
  }
  return worth + micros((await credit()).credit_usd);
}

test("chains of purchases, calls, moves and price changes never mint value", async () => {
  const random = chance("minute moves");
  const prices: [string, ...string[]] = ["0.16", "0.17", "0.200001", "0.25", "0.333333", "1.00", "9.99"];
  const ids: [string, ...string[]] = [await accountAt("0.16", 600)];
  while (ids.length < 4) ids.push(await accountAt(random.pick(prices), 600));
  let calls = 0;
  for (let step = 0; step < 120; step++) {
    const [from, to] = [random.pick(ids), random.pick(ids)];
    const before = await circulation(ids);
    // One rounding of half a micro-dollar for each value that is summed.
    const slack = BigInt(ids.length * 2 + 2);
    switch (random.int(0, 3)) {
      case 0:
        await sell(owner, from, "premium", random.int(1, 1000));
        assert.ok(abs((await circulation(ids)) - before) <= slack, "minutes that were sold are owed for at base");
        break;
      case 1:
        ok(await owner.put(`/v1/subaccounts/${from}/prices`, { basic: "0.09", premium: random.pick(prices) }));
        assert.equal(await circulation(ids), before);
        break;
      case 2:
        await record(engine, [call({ id: `chain-${++calls}`, subaccount: from, duration_seconds: random.int(1, 30) })]);
        assert.ok((await circulation(ids)) < before);
        break;
      default: {
        const { premium_seconds } = await walletOf(owner, from);
        if (from === to || premium_seconds <= 0) break;
        const order = premium(from, to, random.int(1, premium_seconds));
        ok(await move(order, ok(await quote(order)).received_seconds));
        assert.ok(abs((await circulation(ids)) - before) <= slack, "what arrives covers base again");
      }
    }
  }
});

function abs(amount: bigint): bigint {
  return amount < 0n ? -amount : amount;
}
