// The work on a TigerBeetle that runs: tigerbeetle.mjs PLAN, a file that run writes. Prints what came of it as JSON.
// `npm ci` in this folder installs its client.

import { randomInt } from "node:crypto";
import { readFileSync } from "node:fs";
import { CreateAccountStatus, CreateTransferStatus, createClient } from "tigerbeetle-node";

const { address, path, funded, batch: BATCH } = JSON.parse(readFileSync(process.argv[2], "utf8"));
const IN_FLIGHT = 4;
const LEDGER = 1;
const CODE = 1;

const client = createClient({ cluster_id: 0n, replica_addresses: [address] });
// Ids of this run alone: the accounts and transfers of an earlier one stay.
const base = BigInt(randomInt(2 ** 47)) << 64n;
const issued = base + 1n;
const used = base + 2n;
const wallet = (number) => base + 3n + BigInt(number);

const account = (id) => ({
  ...{ id, debits_pending: 0n, debits_posted: 0n, credits_pending: 0n, credits_posted: 0n },
  ...{ user_data_128: 0n, user_data_64: 0n, user_data_32: 0, reserved: 0, ledger: LEDGER, code: CODE },
  ...{ flags: 0, timestamp: 0n },
});
const transfer = (id, debit_account_id, credit_account_id, amount) => ({
  ...{ id, debit_account_id, credit_account_id, amount, pending_id: 0n, user_data_128: 0n, user_data_64: 0n },
  ...{ user_data_32: 0, timeout: 0, ledger: LEDGER, code: CODE, flags: 0, timestamp: 0n },
});

function* inBatches(all) {
  for (let i = 0; i < all.length; i += BATCH) yield all.slice(i, i + BATCH);
}

function must(results, created, what) {
  const other = results.find(({ status }) => status !== created);
  if (other) throw new Error(`${what}: ${other.status}`);
}

const accounts = [account(issued), account(used), ...funded.map((_, i) => account(wallet(i)))];
for (const some of inBatches(accounts)) must(await client.createAccounts(some), CreateAccountStatus.created, "account");
// Transfers of the work are numbered from 1 on, so these are beyond them.
const funds = funded.map((seconds, i) => transfer(base + (1n << 62n) + BigInt(i), issued, wallet(i), BigInt(seconds)));
for (const some of inBatches(funds)) must(await client.createTransfers(some), CreateTransferStatus.created, "funds");

const lines = readFileSync(path, "ascii").trimEnd().split("\n");
const work = lines.map((line) => {
  const [number, from, seconds] = line.split(" ");
  return transfer(base + BigInt(number), wallet(from), used, BigInt(seconds));
});
const waiting = [...inBatches(work)];
const seen = new Map();

async function connection() {
  for (let some = waiting.shift(); some; some = waiting.shift()) {
    for (const { status } of await client.createTransfers(some)) seen.set(status, (seen.get(status) ?? 0) + 1);
  }
}

const began = performance.now();
await Promise.all(Array.from({ length: IN_FLIGHT }, connection));
const seconds = (performance.now() - began) / 1000;

const left = [];
for (const some of inBatches(funded.map((_, i) => wallet(i)))) {
  for (const { credits_posted, debits_posted } of await client.lookupAccounts(some))
    left.push(Number(credits_posted - debits_posted));
}
const of = (status) => seen.get(status) ?? 0;
console.log(
  JSON.stringify({
    seconds,
    made: of(CreateTransferStatus.created),
    replays: of(CreateTransferStatus.exists),
    conflicts: of(CreateTransferStatus.exists_with_different_amount),
    left,
  }),
);
client.destroy();
