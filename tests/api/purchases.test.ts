// Buying minutes by hand: what is paid, what is granted, and where the money is posted (domain.md §4, §5).

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";

import { startApp } from "../harness/app.ts";
import { ok, refused } from "../harness/client.ts";
import { inSource } from "../harness/paths.ts";
import { addSubaccount, sell, walletOf, type Purchase } from "../harness/scene.ts";

const app = await startApp();
const owner = await app.ownerClient();

interface Overview {
  profit_usd: string;
  purchased_usd: string;
  wallet_balance_usd: string;
}

async function overview(): Promise<Overview> {
  const { profit_usd, purchased_usd, wallet_balance_usd } = ok(await owner.get<Overview>("/v1/agency/overview"));
  return { profit_usd, purchased_usd, wallet_balance_usd };
}
let accounts = 0;

async function accountAt(premium: string): Promise<string> {
  const prices = { basic: "0.09", premium };
  return (await addSubaccount(owner, `Account ${++accounts}`, { prices })).id;
}

test("2,000 minutes at 0.20 over a base of 0.16: paid 400.00, profit 80.00", async () => {
  const account = await accountAt("0.20");
  const before = await overview();
  const path = `/v1/subaccounts/${account}/purchases`;
  const pending = ok(await owner.post<Purchase>(path, { tier: "premium", seconds: 120_000 }));
  assert.deepEqual([pending.state, pending.paid_usd], ["pending", "400.00"]);
  assert.equal((await walletOf(owner, account)).premium_seconds, 0, "nothing is granted unpaid");
  assert.deepEqual(await overview(), before);

  const paid = ok(await owner.post<Purchase>(`/v1/purchases/${pending.id}/mark_paid`));
  assert.deepEqual([paid.state, paid.profit_usd], ["succeeded", "80.00"]);
  assert.equal(paid.balances?.premium_seconds, 120_000);
  assert.equal(paid.balances.balance_usd, "400.00");
  const { profit_usd, purchased_usd, wallet_balance_usd } = await overview();
  // Beside them, the plan's 1,000 premium minutes of the primary are worth 160.00.
  assert.deepEqual([profit_usd, purchased_usd, wallet_balance_usd], ["80.00", "400.00", "560.00"]);
});

test("a purchase is marked paid once", async () => {
  const { id } = await sell(owner, await accountAt("0.20"), "premium", 60);
  refused(await owner.post(`/v1/purchases/${id}/mark_paid`), 409, "purchase_not_pending");
});

test("by amount one gets the whole seconds that it buys", async () => {
  const account = await accountAt("0.23");
  const path = `/v1/subaccounts/${account}/purchases`;
  const { seconds, paid_usd } = ok(await owner.post<Purchase>(path, { tier: "premium", amount_usd: "10" }));
  assert.deepEqual({ seconds, paid_usd }, { seconds: Math.floor((10_000_000 * 60) / 230_000), paid_usd: "10.00" });
});

test("an amount that buys less than a second is refused", async () => {
  const account = await accountAt("9.99");
  const reply = await owner.post(`/v1/subaccounts/${account}/purchases`, { tier: "premium", amount_usd: "0.01" });
  refused(reply, 422, "nothing_to_buy");
});

test("seconds and an amount at once are refused", async () => {
  const body = { tier: "premium", seconds: 60, amount_usd: "1" };
  const reply = await owner.post(`/v1/subaccounts/${await accountAt("0.20")}/purchases`, body);
  assert.equal(reply.status, 422);
  assert.match(JSON.stringify(reply.body), /exclusive_fields/);
});

test("the primary pays base, and its price stays so", async () => {
  const { data } = ok(await owner.get<{ data: { id: string; kind: string }[] }>("/v1/subaccounts?kind=primary"));
  const [primary] = data;
  assert.ok(primary);
  assert.equal(primary.kind, "primary");
  const path = `/v1/subaccounts/${primary.id}/purchases`;
  const { paid_usd } = ok(await owner.post<Purchase>(path, { tier: "premium", seconds: 6000 }));
  assert.equal(paid_usd, "16.00");
  const reply = await owner.put(`/v1/subaccounts/${primary.id}/prices`, { basic: "0.20", premium: "0.30" });
  refused(reply, 409, "primary_price_is_base");
});

interface Vector {
  seconds: number;
  price: string;
  cents: number;
}

const BASE_PREMIUM = 0.16;
const vectors = JSON.parse(await readFile(inSource("tests/vectors/card_amount.json"), "utf8")) as Vector[];
const sellable = vectors.filter(({ seconds, price }) => seconds > 0 && Number(price) >= BASE_PREMIUM);

test("the vectors hold amounts that can be sold", () => {
  assert.ok(sellable.length >= 5);
});

for (const { seconds, price, cents } of sellable) {
  test(`${seconds} s at ${price} cost ${cents} cents`, async () => {
    const path = `/v1/subaccounts/${await accountAt(price)}/purchases`;
    const { paid_usd } = ok(await owner.post<Purchase>(path, { tier: "premium", seconds }));
    assert.equal(paid_usd, (cents / 100).toFixed(2));
  });
}
