// An agency's book as anybody would keep it by hand: slow, obvious, in exact fractions. What each action must come to, and
// that nothing mints value: what the minutes in circulation are worth at base, less what was given away, is covered by what
// the platform collected or is owed (domain.md §§1, 4, 5, 6).

import assert from "node:assert/strict";

import type { Tier } from "./scene.ts";

export const TIERS: readonly [Tier, Tier] = ["basic", "premium"];
export type PerTier = Record<Tier, bigint>;

/** Who collected the money of a purchase: the agency itself, or the platform by card. */
export type Collector = "agency" | "platform";

/** Accounts in micro-dollars, as the ledger has them. */
export const MONEY = [
  "credit",
  "profit",
  "collected",
  "outside",
  "payouts",
  "base_revenue",
  "cash",
  "rounding",
] as const;
export type Money = (typeof MONEY)[number];

export interface Order {
  account: string;
  tier: Tier;
  seconds: bigint;
  paid: bigint;
  unit_price: bigint;
  collector: Collector;
}

export interface Quote {
  sent: bigint;
  received: bigint;
  adjustment: bigint;
  capped: boolean;
}

/** An action that must be refused, by its code; nothing has changed. */
export class Refusal {
  readonly code: string;
  constructor(code: string) {
    this.code = code;
  }
}

const MICROS_PER_CENT = 10_000n;
const SECONDS_PER_MINUTE = 60n;

const floor = (a: bigint, b: bigint): bigint => a / b - (a % b !== 0n && a < 0n !== b < 0n ? 1n : 0n);
const ceil = (a: bigint, b: bigint): bigint => -floor(-a, b);

/** Exactly what seconds are worth, in sixtieths of a micro-dollar: a price is per minute. */
export const worth60 = (seconds: bigint, price: bigint): bigint => seconds * price;

/** Half up, and the same for what is owed. */
export function value(seconds: bigint, price: bigint): bigint {
  if (seconds < 0n) return -value(-seconds, price);
  return floor(2n * worth60(seconds, price) + SECONDS_PER_MINUTE, 2n * SECONDS_PER_MINUTE);
}

export const secondsFor = (amount: bigint, price: bigint): bigint => floor(amount * SECONDS_PER_MINUTE, price);
export const cardAmount = (seconds: bigint, price: bigint): bigint =>
  ceil(worth60(seconds, price), SECONDS_PER_MINUTE * MICROS_PER_CENT) * MICROS_PER_CENT;

/** The greatest whole number from `least` on for which `holds` does, which it stops doing at some point. */
function greatest(least: bigint, holds: (n: bigint) => boolean): bigint {
  let step = 1n;
  while (holds(least + step)) step *= 2n;
  let best = least;
  for (; step > 0n; step /= 2n) if (holds(best + step)) best += step;
  return best;
}

export class BookModel {
  readonly wallets = new Map<string, PerTier>();
  /** null: base price. */
  readonly prices = new Map<string, Record<Tier, bigint | null>>();
  readonly base: PerTier;
  readonly money: Record<Money, bigint>;
  /** null: none. */
  limit: bigint | null = null;

  /** Of all time, in sixtieths of a micro-dollar at the base of their moment. */
  given60 = 0n;
  used60 = 0n;
  /** What a change of base made of the minutes that were there: no action of anybody's. */
  revalued60 = 0n;
  /** On money that the platform collected, in micro-dollars. */
  markup = 0n;
  /** How often a value was rounded, each time by half a micro-dollar at most. */
  roundings = 0n;

  constructor(base: PerTier) {
    this.base = { ...base };
    this.money = Object.fromEntries(MONEY.map((name) => [name, 0n])) as Record<Money, bigint>;
  }

  wallet(account: string): PerTier {
    const wallet = this.wallets.get(account);
    assert.ok(wallet, `no account ${account}`);
    return wallet;
  }

  open(account: string, prices: Record<Tier, bigint | null>): void {
    this.wallets.set(account, { basic: 0n, premium: 0n });
    this.prices.set(account, prices);
  }

  /** Never below base. */
  price(account: string, tier: Tier): bigint {
    const set = this.prices.get(account)?.[tier] ?? null;
    return set === null || set < this.base[tier] ? this.base[tier] : set;
  }

  /** What may still be taken from credit; null: anything. */
  available(): bigint | null {
    if (this.limit === null) return null;
    const { credit, profit } = this.money;
    const left = credit + (profit > 0n ? profit : 0n) + this.limit;
    return left > 0n ? left : 0n;
  }

  /** Minutes that cost nobody anything: a plan's, the platform's gifts. */
  give(account: string, tier: Tier, seconds: bigint): void {
    this.wallet(account)[tier] += seconds;
    this.given60 += worth60(seconds, this.base[tier]);
  }

  orderSeconds(account: string, tier: Tier, seconds: bigint, collector: Collector = "agency"): Order {
    const unit_price = this.price(account, tier);
    return { account, tier, seconds, paid: cardAmount(seconds, unit_price), unit_price, collector };
  }

  orderAmount(account: string, tier: Tier, paid: bigint, collector: Collector = "agency"): Order | Refusal {
    const unit_price = this.price(account, tier);
    const seconds = secondsFor(paid, unit_price);
    return seconds === 0n ? new Refusal("nothing_to_buy") : { account, tier, seconds, paid, unit_price, collector };
  }

  /** The money of an order has arrived: the profit. */
  pay({ account, tier, seconds, paid, unit_price, collector }: Order): bigint | Refusal {
    const base = value(seconds, this.base[tier]);
    const markup = paid - base;
    const isRounding = unit_price <= this.base[tier] && markup >= 0n;
    const { money } = this;
    if (collector === "agency") {
      const available = this.available();
      if (available !== null && base > 0n && money.credit - base + max(0n, money.profit) < -(this.limit ?? 0n)) {
        return new Refusal("insufficient_credit");
      }
      money.credit -= base;
      money.outside -= markup;
      money[isRounding ? "rounding" : "collected"] += markup;
    } else {
      money.cash -= paid;
      money[isRounding ? "rounding" : "profit"] += markup;
      if (!isRounding) this.markup += markup;
    }
    money.base_revenue += base;
    this.roundings += 1n;
    this.wallet(account)[tier] += seconds;
    return isRounding ? 0n : markup;
  }

  use(account: string, tier: Tier, seconds: bigint): void {
    this.wallet(account)[tier] -= seconds;
    this.used60 += worth60(seconds, this.base[tier]);
  }

  quote(from: string, to: string, tier: Tier, sent: bigint): Quote | Refusal {
    if (this.wallet(from)[tier] < sent) return new Refusal("insufficient_minutes");
    const [priceFrom, priceTo] = [this.price(from, tier), this.price(to, tier)];
    const base = this.base[tier];
    const adjustmentOf = (received: bigint): bigint => value(sent, base) - value(received, base);
    const atPrices = greatest(0n, (received) => worth60(received, priceTo) <= worth60(sent, priceFrom));
    const available = this.available();
    const covers = (received: bigint): boolean => available === null || adjustmentOf(received) >= -available;
    const capped = !covers(atPrices);
    const received = capped ? greatest(sent, covers) : atPrices;
    return { sent, received, adjustment: adjustmentOf(received), capped };
  }

  move(from: string, to: string, tier: Tier, sent: bigint, received: bigint): Quote | Refusal {
    const quote = this.quote(from, to, tier, sent);
    if (quote instanceof Refusal) return quote;
    if (received !== quote.received) {
      return new Refusal(quote.capped && received > quote.received ? "insufficient_credit" : "quote_changed");
    }
    this.wallet(from)[tier] -= sent;
    this.wallet(to)[tier] += received;
    this.money.credit += quote.adjustment;
    this.money.base_revenue -= quote.adjustment;
    this.roundings += 2n;
    return quote;
  }

  setPrices(account: string, prices: Record<Tier, bigint | null>): Refusal | undefined {
    for (const tier of TIERS) {
      const price = prices[tier];
      if (price !== null && price < this.base[tier]) return new Refusal("price_below_base");
    }
    this.prices.set(account, prices);
    return undefined;
  }

  setBase(base: PerTier): void {
    const before = this.circulating60();
    Object.assign(this.base, base);
    this.revalued60 += this.circulating60() - before;
  }

  settle(amount: bigint): void {
    this.money.cash -= amount;
    this.money.credit += amount;
  }

  /** All minutes that clients can use or owe, at base. */
  circulating60(): bigint {
    let sum = 0n;
    for (const wallet of this.wallets.values()) {
      for (const tier of TIERS) sum += worth60(wallet[tier], this.base[tier]);
    }
    return sum;
  }

  /** What the platform collected or is owed, and is not the agency's. */
  covered(): bigint {
    const { cash, credit, profit, payouts, collected, outside, rounding } = this.money;
    return -cash - credit - profit - payouts - collected - outside - rounding;
  }

  /** Nothing was minted, and nothing lost but by rounding; see the top. */
  expectNothingMinted(): void {
    const bought60 = this.circulating60() + this.used60 - this.given60 - this.revalued60;
    const off60 = bought60 - SECONDS_PER_MINUTE * this.covered();
    assert.ok(abs(off60) * 2n <= SECONDS_PER_MINUTE * this.roundings, `${off60}/60 µ$ are off by more than rounding`);
    assert.equal(this.covered(), this.money.base_revenue, "every dollar comes from somewhere");
    assert.equal(
      this.money.profit + this.money.payouts,
      this.markup,
      "paid out, or to be, is markup that was collected",
    );
  }
}

function max(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}

function abs(a: bigint): bigint {
  return a < 0n ? -a : a;
}

/** "12.345678" of the API as micro-dollars. */
export function micros(usd: string): bigint {
  const [whole = "0", fraction = ""] = usd.replace("-", "").split(".");
  const amount = BigInt(whole) * 1_000_000n + BigInt(fraction.padEnd(6, "0"));
  return usd.startsWith("-") ? -amount : amount;
}

/** The other way round. */
export function usd(amount: bigint): string {
  const digits = String(abs(amount)).padStart(7, "0");
  const fraction = digits.slice(-6).replace(/0{1,4}$/, "");
  return `${amount < 0n ? "-" : ""}${digits.slice(0, -6)}.${fraction}`;
}
