// Chains of purchases, moves, calls, price changes, settlements and removals beside a model of the book: each comes to what
// the model says, to the micro-dollar, and nothing mints value. Several agencies live their lives at once.

import assert from "node:assert/strict";
import { test } from "node:test";

import { startApp } from "../harness/app.ts";
import { ok, type Client, type Problem, type Reply } from "../harness/client.ts";
import { BookModel, MONEY, micros, Refusal, TIERS, usd, value, type Order, type Quote } from "../harness/book_model.ts";
import { Pattern, signedIn, type Copy } from "../harness/copies.ts";
import { STAFF } from "../harness/platform.ts";
import {
  addSubaccount,
  call,
  type CallResults,
  type Purchase,
  type Subaccount,
  type Tier,
  type Wallet,
} from "../harness/scene.ts";
import { chance, chanceFrom, steps, type Chance } from "../harness/seed.ts";

const CHAINS = 8;
const STEPS = 2400;
const CLIENTS = 4;
/** Beyond it a chain would sooner or later leave what a wallet can hold: a price 6,000 times another makes 6,000 s of one. */
const SECONDS_MAX = 1_000_000_000n;
const BASE = { basic: 90_000n, premium: 160_000n };
const PRICES: [string, ...string[]] = ["0.16", "0.17", "0.200001", "0.25", "0.333333", "1.00", "9.99", "1000.00"];
const BASES: [bigint, ...bigint[]] = [1n, 90_000n, 123_457n, 160_000n, 160_001n, 499_999n];
const PLAN_SECONDS = 60_000n; // agency_unlimited

const app = await startApp({ staff: STAFF });
const random = chance("minting");
const owner = await app.ownerClient();
const staff = await app.client().login(STAFF);
await app.machineClient(["calls:write"]);
const primary = ok(await owner.get<{ data: Subaccount[] }>("/v1/subaccounts?kind=primary")).data[0]?.id ?? "";
const clients: string[] = [];
while (clients.length < CLIENTS) clients.push((await addSubaccount(owner, `Client ${clients.length}`)).id);
const agency = ok(await owner.get<{ id: string }>("/v1/agency")).id;
const pattern = await Pattern.of(app.store, agency);
const [cookie = ""] = owner.cookies.keys();

interface Move {
  received_seconds: number;
  adjustment_usd: string;
  capped: boolean;
  balances?: { from: Wallet; to: Wallet };
}

/** How often what happened, by name. */
const seen = new Map<string, number>();
const count = (what: string): void => void seen.set(what, (seen.get(what) ?? 0) + 1);

const now_us = (): bigint => BigInt(Date.now()) * 1000n;

/** One agency's life. */
class Chain {
  readonly dice: Chance;
  readonly model = new BookModel(BASE);
  readonly #copy: Copy;
  readonly #owner: Client;
  readonly #engine: Client;
  readonly #primary: string;
  readonly #waiting: { id: string; order: Order }[] = [];
  #calls = 0;
  #added = 0;
  done = 0;

  constructor(copy: Copy, seed: number) {
    this.dice = chanceFrom(seed);
    this.#copy = copy;
    this.#owner = signedIn(app.client(), cookie, copy, app.owner.email);
    this.#engine = app.client({ key: copy.secret("calls:write") });
    this.#primary = copy.id(primary);
    for (const id of [primary, ...clients]) this.model.open(copy.id(id), { basic: null, premium: null });
    this.model.give(this.#primary, "premium", PLAN_SECONDS);
  }

  get #accounts(): [string, ...string[]] {
    return [...this.model.wallets.keys()] as [string, ...string[]];
  }

  /** Everything that may happen; what is more likely stands here more often. */
  readonly #actions = [
    () => this.order(),
    () => this.order(),
    () => this.pay(),
    () => this.pay(),
    () => this.move(),
    () => this.move(),
    () => this.move(),
    () => this.use(),
    () => this.setPrices(),
    () => this.setPrices(),
    () => this.setBase(),
    () => this.settle(),
    () => this.limit(),
    () => this.removeAndAdd(),
  ] as const;

  async step(): Promise<void> {
    await this.dice.pick(this.#actions)();
    this.model.expectNothingMinted();
    this.done += 1;
    if (this.done % 10 === 0) await this.expectBalances();
  }

  async order(): Promise<void> {
    const [account, tier] = [this.dice.pick(this.#accounts), this.dice.pick(TIERS)];
    const isByAmount = this.dice.oneIn(3);
    const seconds = BigInt(this.dice.int(1, 6000));
    const cents = BigInt(this.dice.int(1, 5000));
    const expected = isByAmount
      ? this.model.orderAmount(account, tier, cents * 10_000n)
      : this.model.orderSeconds(account, tier, seconds);
    const amount = isByAmount ? { amount_usd: usd(cents * 10_000n) } : { seconds: Number(seconds) };
    const reply = await this.#owner.post<Purchase>(`/v1/subaccounts/${account}/purchases`, { tier, ...amount });
    if (expected instanceof Refusal) return this.#expectRefusal(reply, expected);
    const made = ok(reply);
    assert.deepEqual([BigInt(made.seconds), micros(made.paid_usd)], [expected.seconds, expected.paid]);
    this.#waiting.push({ id: made.id, order: expected });
  }

  /** Whichever has waited, perhaps since before prices changed. */
  async pay(): Promise<void> {
    const [waiting] = this.#waiting.splice(this.dice.int(0, Math.max(0, this.#waiting.length - 1)), 1);
    if (!waiting) return this.order();
    const reply = await this.#owner.post<Purchase>(`/v1/purchases/${waiting.id}/mark_paid`);
    if (!this.model.wallets.has(waiting.order.account))
      return this.#expectRefusal(reply, new Refusal("subaccount_removed"));
    const profit = this.model.pay(waiting.order);
    if (profit instanceof Refusal) return this.#expectRefusal(reply, profit);
    assert.equal(micros(ok(reply).profit_usd ?? ""), profit);
    count("purchase");
    this.#expectWallet(waiting.order.account, ok(reply).balances);
  }

  async move(): Promise<void> {
    const [from, to, tier] = [this.dice.pick(this.#accounts), this.dice.pick(this.#accounts), this.dice.pick(TIERS)];
    if (from === to) return this.order();
    const all = this.model.wallet(from)[tier];
    const sent =
      all <= 0n || this.dice.oneIn(20) ? all + 1n : this.dice.oneIn(4) ? all : BigInt(this.dice.int(1, Number(all)));
    if (sent < 1n) return this.order();
    const quote = this.model.quote(from, to, tier, sent);
    const order = { from, to, tier, seconds: Number(sent) };
    const quoted = await this.#owner.post<Move>("/v1/minute_moves/quote", order);
    if (quote instanceof Refusal) return this.#expectRefusal(quoted, quote);
    expectQuote(ok(quoted), quote);
    if (this.model.wallet(to)[tier] + quote.received > SECONDS_MAX) return this.order();
    const wanted = quote.received + (this.dice.oneIn(6) ? BigInt(this.dice.pick([-1, 1, 60])) : 0n);
    if (wanted < 0n) return this.order();
    const reply = await this.#owner.post<Move>("/v1/minute_moves", { ...order, received_seconds: Number(wanted) });
    const moved = this.model.move(from, to, tier, sent, wanted);
    if (moved instanceof Refusal) return this.#expectRefusal(reply, moved);
    expectQuote(ok(reply), moved);
    count(moved.capped ? "move, capped" : "move");
    this.#expectWallet(from, ok(reply).balances?.from);
    this.#expectWallet(to, ok(reply).balances?.to);
  }

  /** Also more than there is: a call that has happened overdraws. */
  async use(): Promise<void> {
    const [account, tier] = [this.dice.pick(this.#accounts), this.dice.pick(TIERS)];
    const duration_seconds = this.dice.oneIn(5) ? 7200 : this.dice.int(0, 300);
    const record = call({ id: `c-${++this.#calls}`, subaccount: account, tier, duration_seconds });
    assert.equal(ok(await this.#engine.post<CallResults>("/v1/calls", [record])).accepted, 1);
    this.model.use(account, tier, BigInt(duration_seconds));
  }

  async setPrices(): Promise<void> {
    const account = this.dice.pick(this.#accounts);
    if (account === this.#primary) return this.use();
    const isBase = this.dice.oneIn(5);
    const text = { basic: this.dice.pick(PRICES), premium: this.dice.pick(PRICES) };
    const prices = isBase
      ? { basic: null, premium: null }
      : { basic: micros(text.basic), premium: micros(text.premium) };
    const refusal = this.model.setPrices(account, prices);
    const body = isBase ? { apply_base_price: true } : text;
    const reply = await this.#owner.put(`/v1/subaccounts/${account}/prices`, body);
    if (refusal) return this.#expectRefusal(reply, refusal);
    ok(reply);
  }

  /** As a change of the platform's comes into force; straight into the store, as nothing else here waits for a date. */
  async setBase(): Promise<void> {
    const base = this.dice.oneIn(2) ? BASE : { basic: this.dice.pick(BASES), premium: this.dice.pick(BASES) };
    const { agency } = this.#copy;
    for (const [i, tier] of TIERS.entries()) {
      await app.store.query(
        `INSERT INTO price_points (agency_id, owner_id, tier, effective_at, price_micros)` +
          ` VALUES (${agency}, ${agency}, ${i}, ${now_us()}, ${base[tier]}) ON CONFLICT (agency_id, owner_id, tier,` +
          ` effective_at) DO UPDATE SET price_micros = excluded.price_micros`,
      );
    }
    await app.store.query(`UPDATE agencies SET version = version + 1 WHERE id = ${agency}`);
    this.model.setBase(base);
  }

  async settle(): Promise<void> {
    const amount = BigInt(this.dice.int(1, 100_000_000));
    const path = `/v1/platform/agencies/${this.#copy.id(agency)}/settlements`;
    ok(await staff.post(path, { amount_usd: usd(amount) }));
    this.model.settle(amount);
  }

  /** None, one that has room, or one that was passed already. */
  async limit(): Promise<void> {
    const { credit } = this.model.money;
    const owed = credit < 0n ? -credit : 0n;
    const limit = this.dice.pick([null, owed + BigInt(this.dice.int(0, 20_000_000)), owed / 2n]);
    await app.store.query(
      `UPDATE agencies SET credit_limit_micros = ${limit ?? "NULL"} WHERE id = ${this.#copy.agency}`,
    );
    this.model.limit = limit;
  }

  /** One goes, with all that it has, and another takes its place. */
  async removeAndAdd(): Promise<void> {
    const [account, to] = [this.dice.pick(this.#accounts), this.dice.pick(this.#accounts)];
    const left = this.model.wallet(account);
    if (account === this.#primary || account === to || left.basic < 0n || left.premium < 0n) return this.order();
    const received = await this.#removalQuote(account, to);
    if (TIERS.some((tier) => this.model.wallet(to)[tier] + received[tier] > SECONDS_MAX)) return this.order();
    const body = {
      ...(left.basic + left.premium > 0n ? { minutes_to: to } : {}),
      received: { basic_seconds: Number(received.basic), premium_seconds: Number(received.premium) },
    };
    const reply = await this.#owner.post<Subaccount>(`/v1/subaccounts/${account}/remove`, body);
    // The second tier rests on the credit that the first has left.
    const before = { ...this.model.money };
    const roundings = this.model.roundings;
    const wallets = [account, to].map((id) => [id, { ...this.model.wallet(id) }] as const);
    for (const tier of TIERS) {
      if (left[tier] === 0n) continue;
      const moved = this.model.move(account, to, tier, left[tier], received[tier]);
      if (!(moved instanceof Refusal)) continue;
      Object.assign(this.model.money, before);
      this.model.roundings = roundings;
      for (const [id, wallet] of wallets) Object.assign(this.model.wallet(id), wallet);
      return this.#expectRefusal(reply, moved);
    }
    assert.equal(ok(reply).status, "removed");
    count("removal");
    this.model.wallets.delete(account);
    const { id } = await addSubaccount(this.#owner, `Another ${++this.#added}`);
    this.model.open(id, { basic: null, premium: null });
  }

  /** What the page would offer, each tier by itself. */
  async #removalQuote(account: string, to: string): Promise<Record<Tier, bigint>> {
    interface Look {
      moves: (Move & { tier: Tier })[];
    }
    const { moves } = ok(await this.#owner.get<Look>(`/v1/subaccounts/${account}/removal?minutes_to=${to}`));
    const received = { basic: 0n, premium: 0n };
    for (const move of moves) {
      const quote = this.model.quote(account, to, move.tier, this.model.wallet(account)[move.tier]);
      assert.ok(!(quote instanceof Refusal));
      expectQuote(move, quote);
      received[move.tier] = quote.received;
    }
    return received;
  }

  /** By this code, of the whole or of a field. */
  #expectRefusal(reply: Reply, { code }: Refusal): Promise<void> {
    const { code: whole, errors } = reply.body as Problem;
    const codes = reply.status < 400 ? [] : [whole, ...errors.map((error) => error.code)];
    assert.ok(codes.includes(code), `${code} was expected: ${reply.status} ${JSON.stringify(reply.body)}`);
    count(code);
    return Promise.resolve();
  }

  #expectWallet(account: string, wallet: Wallet | undefined): void {
    const { basic, premium } = this.model.wallet(account);
    assert.deepEqual([wallet?.basic_seconds, wallet?.premium_seconds], [Number(basic), Number(premium)]);
    const worth =
      value(basic, this.model.price(account, "basic")) + value(premium, this.model.price(account, "premium"));
    assert.equal(micros(wallet?.balance_usd ?? ""), worth);
  }

  async expectBalances(): Promise<void> {
    const { data } = ok(await this.#owner.get<{ data: Subaccount[] }>("/v1/subaccounts?limit=500"));
    assert.deepEqual(new Set(data.map(({ id }) => id)), new Set(this.#accounts));
    for (const { id, wallet } of data) this.#expectWallet(id, wallet);
    const { credit_usd } = ok(await this.#owner.get<{ credit_usd: string }>("/v1/agency"));
    assert.equal(micros(credit_usd), this.model.money.credit);
  }

  /** Every account in dollars, as the ledger has it. */
  async expectLedger(): Promise<void> {
    await this.expectBalances();
    const rows = await app.store.query(
      `SELECT account, balance FROM ledger_accounts WHERE agency_id = ${this.#copy.agency} AND account IN (5, 6, 7, 8, 9, 17, 18, 19)`,
    );
    const names: Record<string, (typeof MONEY)[number]> = {
      ...{ 5: "profit", 6: "collected", 7: "outside", 8: "credit", 9: "payouts", 17: "base_revenue", 18: "cash" },
      19: "rounding",
    };
    const balances = Object.fromEntries(MONEY.map((name) => [name, 0n]));
    for (const { account, balance } of rows) balances[names[String(account)] ?? ""] = balance as bigint;
    assert.deepEqual(balances, this.model.money);
  }
}

function expectQuote(move: Move, { received, adjustment, capped }: Quote): void {
  assert.deepEqual(
    [BigInt(move.received_seconds), micros(move.adjustment_usd), move.capped],
    [received, adjustment, capped],
  );
}

const copies = await pattern.copy(CHAINS);
const chains = copies.map((copy) => new Chain(copy, random.int(0, 2 ** 31 - 1)));

test("chains of everything that moves minutes or money never mint value", async (t) => {
  const each = Math.ceil(steps(STEPS) / CHAINS);
  await Promise.all(
    chains.map(async (chain) => {
      while (chain.done < each) await chain.step();
    }),
  );
  const owed = chains.filter(({ model }) => model.money.credit < 0n).length;
  const tally = [...seen].map(([what, n]) => `${what} ${n}`).join(", ");
  for (const what of ["purchase", "move", "move, capped", "removal", "insufficient_credit", "quote_changed"]) {
    assert.ok(seen.has(what), `no ${what} in ${tally}`);
  }
  t.diagnostic(`covered: ${tally}`);
  t.diagnostic(`covered: ${each * CHAINS} steps of ${CHAINS} agencies' books, ${owed} of which owe in the end`);
});

test("in the end every account in dollars is what the model has", async () => {
  for (const chain of chains) await chain.expectLedger();
});
