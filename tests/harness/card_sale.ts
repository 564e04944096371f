// A purchase that a card paid, written straight into the books: money that the platform collected, whatever providers
// the program under test has.

import { idNumber, idText, insertRow } from "./rows.ts";
import type { Row, Store } from "./store.ts";

const [WALLET_PREMIUM, PROFIT, ISSUED_PREMIUM, BASE_REVENUE, CASH] = [1, 5, 11, 17, 18];
const PURCHASE_KIND = 1;
const PREMIUM = 1;
const MINUTE_S = 60n;

interface Change {
  account: number;
  owner: bigint;
  amount: bigint;
}

/** Another number of the time of the newest id, beyond all that there are. */
async function freshIds(store: Store): Promise<bigint> {
  const [row] = await store.query("SELECT MAX(id) AS id FROM ledger_postings");
  return (row?.["id"] as bigint) + 1n;
}

/** Time never goes back in the books, also when a test has put the clock of its server ahead. */
async function nowOrAfter(store: Store, agency: bigint, now: Date): Promise<bigint> {
  const [last] = await store.query(`SELECT MAX(posted_at) AS at FROM ledger_accounts WHERE agency_id = ${agency}`);
  const [wanted, posted] = [BigInt(now.getTime()) * 1000n, (last?.["at"] as bigint | null | undefined) ?? 0n];
  return wanted > posted ? wanted : posted;
}

async function enter(store: Store, agency: bigint, posting: bigint, at: bigint, change: Change): Promise<void> {
  const where = `agency_id = ${agency} AND account = ${change.account} AND owner_id = ${change.owner}`;
  const [before] = await store.query(`SELECT balance, entries FROM ledger_accounts WHERE ${where}`);
  const balance = ((before?.["balance"] as bigint | undefined) ?? 0n) + change.amount;
  const entries = ((before?.["entries"] as bigint | undefined) ?? 0n) + 1n;
  const of: Row = { agency_id: agency, account: change.account, owner_id: change.owner };
  if (before) {
    await store.damage(
      `UPDATE ledger_accounts SET balance = ${balance}, entries = ${entries}, posted_at = ${at} WHERE ${where}`,
    );
  } else {
    await insertRow(store, "ledger_accounts", { ...of, balance, entries, posted_at: at });
  }
  const entry = { seq: entries, posting_id: posting, amount: change.amount, balance, posted_at: at };
  await insertRow(store, "ledger_entries", { ...of, ...entry });
}

interface Earned {
  agency: bigint;
  account: bigint;
  purchase: bigint;
  posting: bigint;
  profit: bigint;
  at: bigint;
}

/** Beside the ledger, with the sums so far. */
async function noteProfit(store: Store, earned: Earned): Promise<void> {
  const { agency, account, profit } = earned;
  const last = async (which: string): Promise<Row> =>
    (
      await store.query(`SELECT * FROM profit_changes WHERE agency_id = ${agency} ${which} ORDER BY seq DESC LIMIT 1`)
    )[0] ?? {};
  const [ofAgency, ofAccount] = [await last(""), await last(`AND subaccount_id = ${account}`)];
  const sum = (row: Row, column: string): bigint => (row[column] as bigint | undefined) ?? 0n;
  await insertRow(store, "profit_changes", {
    ...{ agency_id: agency, seq: sum(ofAgency, "seq") + 1n, posting_id: earned.posting, subaccount_id: account },
    ...{ purchase_id: earned.purchase, payable_micros: profit, collected_micros: 0n, posted_at: earned.at },
    agency_payable_micros: sum(ofAgency, "agency_payable_micros") + profit,
    agency_collected_micros: sum(ofAgency, "agency_collected_micros"),
    subaccount_payable_micros: sum(ofAccount, "subaccount_payable_micros") + profit,
    subaccount_collected_micros: sum(ofAccount, "subaccount_collected_micros"),
  });
}

/** `minutes` of premium minutes bought by `subaccount` at a dollar a minute over base, now; all of the dollars are profit. */
export async function sellByCard(store: Store, subaccount: string, minutes: number, now: Date): Promise<void> {
  const account = idNumber(subaccount);
  const [of] = await store.query(`SELECT agency_id FROM subaccounts WHERE id = ${account}`);
  const agency = of?.["agency_id"] as bigint;
  const [priced] = await store.query(
    `SELECT price_micros FROM price_points WHERE agency_id = ${agency} AND owner_id = ${agency} AND tier = ${PREMIUM} AND effective_at = 0`,
  );
  const base = priced?.["price_micros"] as bigint;
  const n = BigInt(minutes);
  const [cost, profit, seconds] = [n * base, n * 1_000_000n, n * MINUTE_S];
  const id = await freshIds(store);
  const [purchase, posting, card] = [id, id + 1n, id + 2n];
  const at = await nowOrAfter(store, agency, now);
  // A card that was removed since.
  await insertRow(store, "payment_methods", {
    ...{ agency_id: agency, id: card, subaccount_id: account, provider: "stripe", token: "pm_1", brand: "visa" },
    ...{ last4: "4242", exp_year: 2090, exp_month: 12, is_default: 0, created_at: at, removed_at: at },
  });
  await insertRow(store, "purchases", {
    ...{ agency_id: agency, id: purchase, subaccount_id: account, tier: PREMIUM, provider: "stripe", origin: "direct" },
    ...{
      payer_id: account,
      payment_method_id: card,
      charge_reference: "ch_1",
      refunded_seconds: 0,
      refunded_micros: 0,
    },
    ...{ state: "succeeded", seconds, paid_micros: cost + profit, unit_price_micros: base + 1_000_000n },
    ...{ base_price_micros: base, profit_micros: profit, posting_id: posting, created_at: at, succeeded_at: at },
  });
  await insertRow(store, "ledger_postings", {
    ...{ agency_id: agency, id: posting, kind: PURCHASE_KIND, subject_id: account, reference_id: purchase },
    ...{ once_key: purchase, posted_at: at },
  });
  const changes: Change[] = [
    { account: ISSUED_PREMIUM, owner: 0n, amount: -seconds },
    { account: WALLET_PREMIUM, owner: account, amount: seconds },
    { account: CASH, owner: 0n, amount: -cost - profit },
    { account: BASE_REVENUE, owner: 0n, amount: cost },
    { account: PROFIT, owner: agency, amount: profit },
  ];
  for (const change of changes) await enter(store, agency, posting, at, change);
  await noteProfit(store, { agency, account, purchase, posting, profit, at });
}

export interface ScheduledPayout {
  payout: string;
  renewal: string;
}

const PAYOUT_KIND = 14;
const PAYOUTS = 9;
let cycles = 1_000_000;

/** A payout of profit that a card sale of now earned, as a renewal of a far-away cycle schedules it. */
export async function schedulePayout(
  store: Store,
  subaccount: string,
  dollars: number,
  now: Date,
): Promise<ScheduledPayout> {
  await sellByCard(store, subaccount, dollars, now);
  const [of] = await store.query(
    `SELECT s.agency_id, a.plan_code, a.primary_id FROM subaccounts s JOIN agencies a ON a.id = s.agency_id WHERE s.id = ${idNumber(subaccount)}`,
  );
  const agency_id = of?.["agency_id"] as bigint;
  const posting_id = await freshIds(store);
  const [renewal, payout] = [posting_id, posting_id + 1n];
  const [at, amount] = [await nowOrAfter(store, agency_id, now), BigInt(dollars) * 1_000_000n];
  await insertRow(store, "renewals", {
    ...{ agency_id, id: renewal, cycle: ++cycles, start_at: at, end_at: at + 1n, plan_code: of?.["plan_code"] },
    ...{ fee_micros: 0, granted_basic_seconds: 0, granted_premium_seconds: 0, each_basic_seconds: 0 },
    ...{ each_premium_seconds: 0, accounts: 0, distributed_basic_seconds: 0, distributed_premium_seconds: 0 },
    ...{ short_accounts: 0, payout: "scheduled", payable_micros: amount, started_at: at, completed_at: at },
  });
  await insertRow(store, "ledger_postings", {
    ...{ agency_id, id: posting_id, kind: PAYOUT_KIND, subject_id: of?.["primary_id"], reference_id: payout },
    ...{ once_key: payout, posted_at: at },
  });
  await enter(store, agency_id, posting_id, at, { account: PROFIT, owner: agency_id, amount: -amount });
  await enter(store, agency_id, posting_id, at, { account: PAYOUTS, owner: agency_id, amount });
  await insertRow(store, "payouts", {
    ...{ agency_id, id: payout, amount_micros: amount, state: "scheduled", renewal_id: renewal, posting_id },
    created_at: at,
  });
  return { payout: idText("pay", payout), renewal: idText("rnw", renewal) };
}

/** The id of the agency's renewal job. */
export async function renewalJob(store: Store, agency: string): Promise<string> {
  const [job] = await store.query(`SELECT id FROM jobs WHERE kind = 'renewal' AND agency_id = ${idNumber(agency)}`);
  return idText("job", job?.["id"] as bigint);
}
