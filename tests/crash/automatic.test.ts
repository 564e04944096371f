// kill -9 in the middle of months that come due and of recharges: each month is bought once, and one recharge at a time.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import { Automatic, CARDS } from "../harness/automatic.ts";
import { ok } from "../harness/client.ts";
import { MailServer } from "../harness/mail.ts";
import { addSubaccount, walletOf } from "../harness/scene.ts";
import { chance } from "../harness/seed.ts";

const KILLS = 20;
const ACCOUNTS = 12;
const MINUTES = { basic_seconds: 60, premium_seconds: 120 };

const post = await MailServer.start();
after(() => post.stop());
const automatic = await Automatic.start(post);
const dice = chance("kill -9 while buying");
await automatic.at("2027-01-15T00:00:00Z");
const primary = await automatic.primary();
await automatic.useCard(primary, CARDS.twice);
const monthly: string[] = [];
for (let i = 0; i < ACCOUNTS; i += 1) {
  const { id } = await addSubaccount(automatic.owner, `Monthly ${i}`);
  monthly.push(id);
  ok(await automatic.owner.put(`/v1/subaccounts/${id}/auto_allocation`, { enabled: true, day: 1 + i, ...MINUTES }));
}
const { id: recharged } = await addSubaccount(automatic.owner, "Recharged");
await automatic.useCard(recharged, CARDS.fine);

/** Recharges ten times a day: never enough. */
const NEVER_ENOUGH = { enabled: true, threshold_usd: "100000.00", amount_usd: "1.00", tier: "premium" };

/** When all of a month has come due, and some minutes later: what the dead server had leased is free again. */
const monthAfter = (count: number, minute = 0): string =>
  new Date(Date.UTC(2027, 1 + count, 13, 0, minute)).toISOString();

test(`after ${KILLS} kills every month of every account was bought once, and each recharge ended before the next`, async () => {
  ok(await automatic.owner.put(`/v1/subaccounts/${recharged}/auto_recharge`, NEVER_ENOUGH));
  for (let kill = 0; kill < KILLS; kill += 1) {
    const leap = automatic.leap(monthAfter(kill));
    await sleep(dice.int(0, 250));
    await automatic.app.crash();
    await leap;
    await automatic.at(monthAfter(kill, 10));
  }
  for (const id of monthly) {
    const purchases = await automatic.purchases(id, "auto_allocation");
    const tiers = purchases.filter(({ state }) => state === "succeeded").map(({ tier }) => tier);
    assert.equal(tiers.length, purchases.length, "none failed, and none was left behind");
    assert.equal(tiers.length, 2 * KILLS);
    const { basic_seconds, premium_seconds } = await walletOf(automatic.owner, id);
    assert.deepEqual(
      { basic_seconds, premium_seconds },
      { basic_seconds: MINUTES.basic_seconds * KILLS, premium_seconds: MINUTES.premium_seconds * KILLS },
    );
  }
  const recharges = await automatic.purchases(recharged, "auto_recharge");
  assert.deepEqual([...new Set(recharges.map(({ state }) => state))], ["succeeded"]);
  const perDay = new Map<string, number>();
  for (const { created_at } of recharges) {
    const day = created_at.slice(0, 10);
    perDay.set(day, (perDay.get(day) ?? 0) + 1);
  }
  assert.ok(
    [...perDay.values()].every((count) => count <= 10),
    JSON.stringify([...perDay]),
  );
  assert.ok(recharges.length >= 10);
});
