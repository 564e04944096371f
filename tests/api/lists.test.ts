// Lists: pages that fit together, order, filters and search.

import assert from "node:assert/strict";
import { test } from "node:test";

import { startApp } from "../harness/app.ts";
import { ok } from "../harness/client.ts";
import { addSubaccount, call, record, sell, type Subaccount } from "../harness/scene.ts";

const app = await startApp();
const owner = await app.ownerClient();
const engine = await app.machineClient(["calls:write"]);

interface Page<Row> {
  data: Row[];
  next_cursor: string | null;
  total?: number;
}

/** Every row, page by page. */
async function all<Row>(path: string): Promise<Row[]> {
  const rows: Row[] = [];
  let cursor: string | null = "";
  while (cursor !== null) {
    const at = cursor === "" ? path : `${path}&cursor=${encodeURIComponent(cursor)}`;
    const page: Page<Row> = ok(await owner.get<Page<Row>>(at));
    rows.push(...page.data);
    cursor = page.next_cursor;
  }
  return rows;
}

const NAMES = [
  "Éclair Bakery",
  "acme two",
  "Acme",
  "Zebra",
  "harbor dental",
  "Ümlaut & Söhne",
  "zebra 2",
  "Kilo",
  "Mike",
];
const accounts: Subaccount[] = [];
for (const [i, name] of NAMES.entries()) {
  accounts.push(await addSubaccount(owner, name, { email: `c${i}@client.example`, reference: `ref-${i}` }));
}
for (const [i, { id }] of accounts.entries()) if (i % 2 === 0) await sell(owner, id, "premium", 600 * (i + 1));

const START = Date.parse("2026-10-01T00:00:00Z");
const calls = Array.from({ length: 60 }, (_, i) =>
  call({
    id: `call-${String(i).padStart(2, "0")}`,
    subaccount: accounts[i % 3]?.id ?? "",
    tier: i % 4 === 0 ? "basic" : "premium",
    direction: i % 2 === 0 ? "inbound" : "outbound",
    // Three calls start at the same instant, so that pages are cut inside a tie.
    started_at: new Date(START + Math.floor(i / 3) * 60_000).toISOString(),
  }),
);
await record(engine, calls);

const SORTS = ["name", "-name", "email", "-email", "created_at", "-created_at", "premium_seconds", "-premium_seconds"];

for (const sort of SORTS) {
  for (const limit of [1, 3, 500]) {
    test(`sub-accounts by ${sort} in pages of ${limit}: each once, the primary first`, async () => {
      const rows = await all<Subaccount>(`/v1/subaccounts?sort=${sort}&limit=${limit}`);
      assert.equal(rows.length, NAMES.length + 1);
      assert.equal(new Set(rows.map(({ id }) => id)).size, rows.length);
      assert.equal(rows[0]?.kind, "primary");
      const whole = await all<Subaccount>(`/v1/subaccounts?sort=${sort}&limit=500`);
      assert.deepEqual(
        rows.map(({ id }) => id),
        whole.map(({ id }) => id),
      );
    });
  }
}

test("by minutes left the order is that of the numbers, downward too", async () => {
  const minutes = async (sort: string): Promise<number[]> =>
    (await all<Subaccount>(`/v1/subaccounts?sort=${sort}&limit=4&kind=secondary`)).map(
      ({ wallet }) => wallet.premium_seconds,
    );
  const upward = await minutes("premium_seconds");
  assert.deepEqual(
    upward,
    [...upward].sort((a, b) => a - b),
  );
  assert.deepEqual(await minutes("-premium_seconds"), [...upward].reverse());
});

test("by name the order does not depend on case", async () => {
  const rows = await all<Subaccount>("/v1/subaccounts?sort=name&kind=secondary&limit=500");
  const names = rows.map(({ name }) => name);
  assert.ok(names.indexOf("Acme") < names.indexOf("acme two"));
  assert.ok(names.indexOf("acme two") < names.indexOf("harbor dental"));
  assert.ok(names.indexOf("Zebra") < names.indexOf("zebra 2"));
});

const SEARCHES: [string, string[]][] = [
  ["ACME", ["Acme", "acme two"]],
  ["c4@client", ["harbor dental"]],
  ["ref-8", ["Mike"]],
  ["söhne", ["Ümlaut & Söhne"]],
  ["100%", []],
  ["_", []],
];

for (const [q, names] of SEARCHES) {
  test(`a search for "${q}" finds ${names.length}`, async () => {
    const page = ok(await owner.get<Page<Subaccount>>(`/v1/subaccounts?kind=secondary&q=${encodeURIComponent(q)}`));
    assert.deepEqual(page.data.map(({ name }) => name).sort(), [...names].sort());
    assert.equal(page.total, names.length);
  });
}

interface Call {
  external_id: string;
  tier: string;
  direction: string;
  started_at: string;
}

for (const sort of ["started_at", "-started_at"]) {
  for (const limit of [1, 7, 60]) {
    test(`calls by ${sort} in pages of ${limit}: each once, in order`, async () => {
      const rows = await all<Call>(`/v1/calls?sort=${sort}&limit=${limit}`);
      assert.equal(new Set(rows.map(({ external_id }) => external_id)).size, calls.length);
      const starts = rows.map(({ started_at }) => started_at);
      const ordered = [...starts].sort();
      assert.deepEqual(starts, sort === "started_at" ? ordered : ordered.reverse());
    });
  }
}

test("calls by tier, direction and account", async () => {
  const query = `tier=basic&direction=inbound&subaccount=${accounts[0]?.id ?? ""}`;
  const rows = await all<Call>(`/v1/calls?${query}&limit=3`);
  const wanted = calls.filter(
    (c) => c.tier === "basic" && c.direction === "inbound" && c.subaccount === accounts[0]?.id,
  );
  assert.deepEqual(rows.map(({ external_id }) => external_id).sort(), wanted.map(({ id }) => id).sort());
});

test("a range holds its first instant and not its last", async () => {
  const rows = await all<Call>("/v1/calls?from=2026-10-01T00:05:00Z&to=2026-10-01T00:06:00Z&limit=500");
  assert.deepEqual(rows.map(({ external_id }) => external_id).sort(), ["call-15", "call-16", "call-17"]);
});
