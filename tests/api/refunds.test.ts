// Refunds: what is unused goes back pro rata, what was used does not, and all parts are the whole (domain.md §5).

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";

import { startApp } from "../harness/app.ts";
import { ok, refused, type Reply } from "../harness/client.ts";
import { inSource } from "../harness/paths.ts";
import { addPerson, remove } from "../harness/rows.ts";
import { addSubaccount, call, record, sell, walletOf, type Purchase, type Wallet } from "../harness/scene.ts";
import { chance } from "../harness/seed.ts";

const app = await startApp();
const owner = await app.ownerClient();
const engine = await app.machineClient(["calls:write"]);

interface Refund {
  id: string;
  purchase: string;
  seconds: number;
  amount_usd: string;
  base_usd: string | null;
  profit_usd: string | null;
  state: string;
  kind: string;
  refundable_seconds?: number;
  actor: { name: string };
  balances?: Wallet;
}
interface Credit {
  balance_usd: string;
  collected_usd: string;
}

let accounts = 0;

async function accountAt(premium: string): Promise<string> {
  return (await addSubaccount(owner, `Client ${++accounts}`, { prices: { basic: "0.09", premium } })).id;
}

const quote = (purchase: string, input: object = {}): Promise<Reply<Refund>> =>
  owner.post<Refund>(`/v1/purchases/${purchase}/refund/quote`, input);
const refund = (purchase: string, input: object = {}): Promise<Reply<Refund>> =>
  owner.post<Refund>(`/v1/purchases/${purchase}/refund`, input);
const purchaseOf = async (id: string): Promise<Purchase & { refunded_seconds: number; refunded_usd: string }> =>
  ok(await owner.get<Purchase & { refunded_seconds: number; refunded_usd: string }>(`/v1/purchases/${id}`));
const credit = async (): Promise<Credit> => ok(await owner.get<Credit>("/v1/agency/credit"));
const micros = (usd: string): bigint => BigInt(Math.round(Number(usd) * 1e6));

async function use(account: string, seconds: number): Promise<void> {
  const { accepted } = await record(engine, [
    call({ id: `use-${account}-${seconds}`, subaccount: account, duration_seconds: seconds }),
  ]);
  assert.equal(accepted, 1);
}

const known = await readFile(inSource("tests/faults_others_shipped.md"), "utf8");

test("refund of minutes failed", async () => {
  assert.ok(known.includes("| refund of minutes failed |"));
  // Unused.
  const unused = await accountAt("0.20");
  const whole = await sell(owner, unused, "premium", 6000);
  const { seconds, amount_usd, balances } = ok(await refund(whole.id));
  assert.deepEqual([seconds, amount_usd, balances?.premium_seconds], [6000, "20.00", 0]);
  assert.equal((await purchaseOf(whole.id)).state, "refunded");

  // Used.
  const used = await accountAt("0.20");
  const gone = await sell(owner, used, "premium", 600);
  await use(used, 600);
  const none = await refund(gone.id);
  refused(none, 409, "minutes_used");
  assert.match(JSON.stringify(none.body), /At most 0 seconds/);
  refused(await quote(gone.id), 409, "minutes_used");
  assert.equal((await purchaseOf(gone.id)).state, "succeeded");

  // Partly used.
  const partly = await accountAt("0.20");
  const { id } = await sell(owner, partly, "premium", 6000);
  await use(partly, 1500);
  const most = await refund(id);
  refused(most, 409, "minutes_used");
  assert.match(JSON.stringify(most.body), /At most 4500 seconds/);
  refused(await refund(id, { seconds: 4501 }), 409, "minutes_used");
  assert.equal(ok(await quote(id)).refundable_seconds, 4500);
  assert.equal(ok(await refund(id, { seconds: 4500 })).amount_usd, "15.00");
  const { state, refunded_seconds, refunded_usd } = await purchaseOf(id);
  assert.deepEqual([state, refunded_seconds, refunded_usd], ["succeeded", 4500, "15.00"]);
  assert.equal((await walletOf(owner, partly)).premium_seconds, 0);
});

test("base goes back to the agency's credit, markup out of what it collected", async () => {
  const before = await credit();
  const { id } = await sell(owner, await accountAt("0.20"), "premium", 120_000);
  const quoted = ok(await quote(id, { seconds: 30_000 }));
  assert.deepEqual(quoted, {
    ...{ purchase: id, tier: "premium", seconds: 30_000, refundable_seconds: 120_000 },
    ...{ amount_usd: "100.00", base_usd: "80.00", profit_usd: "20.00" },
  });
  const made = ok(await refund(id, { seconds: 30_000 }));
  assert.deepEqual([made.state, made.kind, made.actor.name], ["succeeded", "refund", "owner"]);
  const between = await credit();
  assert.equal(micros(between.balance_usd) - micros(before.balance_usd), -240_000_000n);
  assert.equal(micros(between.collected_usd) - micros(before.collected_usd), 60_000_000n);
  ok(await refund(id));
  assert.deepEqual(await credit(), before, "as if nothing had been bought");
});

test("what was bought and earned is less what was given back", async () => {
  interface Overview {
    purchased_usd: string;
    profit_usd: string;
  }
  const account = await accountAt("0.20");
  const { id } = await sell(owner, account, "premium", 6000);
  ok(await refund(id, { seconds: 1500 }));
  const { purchased_usd, profit_usd } = ok(await owner.get<Overview>(`/v1/subaccounts/${account}/overview`));
  assert.deepEqual([purchased_usd, profit_usd], ["15.00", "3.00"]);
  interface Row {
    period: { purchased_usd: string };
  }
  assert.equal(ok(await owner.get<Row>(`/v1/subaccounts/${account}`)).period.purchased_usd, "15.00");
});

test("any parts of a purchase are the whole, to the micro-dollar", async () => {
  const before = await credit();
  const random = chance("refunds");
  for (let round = 0; round < 6; round++) {
    const price = (0.16 + random.int(0, 200_000) / 1e6).toFixed(6);
    const bought = random.int(50, 5000);
    const { id } = await sell(owner, await accountAt(price), "premium", bought);
    let left = bought;
    while (left > 0) {
      const seconds = Math.min(left, random.int(1, left));
      const reply = await refund(id, { seconds });
      if (reply.status === 422) {
        refused(reply, 422, "nothing_to_refund");
        ok(await refund(id, { seconds: left }));
        left = 0;
      } else {
        ok(reply);
        left -= seconds;
      }
    }
    const { state, refunded_usd, paid_usd } = await purchaseOf(id);
    assert.deepEqual([state, refunded_usd], ["refunded", paid_usd]);
  }
  assert.deepEqual(await credit(), before);
});

test("less than a cent is not refunded, nor what is not there", async () => {
  const account = await accountAt("0.20");
  const { id } = await sell(owner, account, "premium", 600);
  refused(await refund(id, { seconds: 2 }), 422, "nothing_to_refund");
  refused(await refund(id, { seconds: 601 }), 409, "minutes_used");
  refused(await refund(id, { seconds: 0 }), 422, "invalid", "seconds");
  ok(await refund(id));
  refused(await refund(id), 409, "purchase_not_refundable");
  const waiting = ok(
    await owner.post<Purchase>(`/v1/subaccounts/${account}/purchases`, { tier: "premium", seconds: 60 }),
  );
  refused(await refund(waiting.id), 409, "purchase_not_refundable");
});

test("a removed account's purchase is not refunded", async () => {
  const account = await accountAt("0.20");
  const { id } = await sell(owner, account, "premium", 600);
  await use(account, 600);
  await remove(app.store, account);
  refused(await refund(id), 409, "subaccount_removed");
});

test("two refunds of the same minutes at once: one of them", async () => {
  const account = await accountAt("0.20");
  const { id } = await sell(owner, account, "premium", 600);
  await use(account, 300);
  const replies = await Promise.all([1, 2, 3].map(() => refund(id, { seconds: 300 })));
  assert.deepEqual(replies.map(({ status }) => status).sort(), [201, 409, 409]);
  assert.equal((await walletOf(owner, account)).premium_seconds, 0);
});

test("the statement says what was refunded, and so does the purchase's list", async () => {
  const account = await accountAt("0.20");
  const { id } = await sell(owner, account, "premium", 600);
  const made = ok(await refund(id, { seconds: 300 }));
  interface Entries {
    data: { kind: string; amount_seconds: number; description: string; reference: string }[];
  }
  const [entry] = ok(await owner.get<Entries>(`/v1/subaccounts/${account}/statement?limit=1`)).data;
  assert.deepEqual(
    [entry?.kind, entry?.amount_seconds, entry?.description, entry?.reference],
    ["refund", -300, "Minutes refunded: 1.00 USD", made.id],
  );
  const path = `/v1/purchases/${id}/refunds`;
  assert.deepEqual(
    ok(await owner.get<{ data: Refund[] }>(path)).data.map(({ seconds, amount_usd, base_usd }) => [
      seconds,
      amount_usd,
      base_usd,
    ]),
    [[300, "1.00", "0.80"]],
  );
  const person = await addPerson(app.store, app.owner, "subaccount_member", { grants: [account] });
  const client = await app.client().login(person);
  const [seen] = ok(await client.get<{ data: Refund[] }>(path)).data;
  assert.deepEqual([seen?.amount_usd, seen?.base_usd, seen?.profit_usd], ["1.00", null, null], "base is the agency's");
  refused(await client.post(`/v1/purchases/${id}/refund`, {}), 403, "not_allowed");
});

test("a payment that arrived outside cannot be disputed at a card network", async () => {
  const { id } = await sell(owner, await accountAt("0.20"), "premium", 600);
  refused(await owner.post(`/v1/platform/agencies/agy_0000000000001/purchases/${id}/dispute_lost`), 404, "not_found");
});
