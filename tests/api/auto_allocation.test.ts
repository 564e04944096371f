// Monthly auto-allocation: its settings, what they cost, and the months as they come due (domain.md §5).

import assert from "node:assert/strict";
import { test } from "node:test";

import { startApp } from "../harness/app.ts";
import { ok, refused, type Client, type Reply } from "../harness/client.ts";
import { addPerson, ROLES } from "../harness/rows.ts";
import { addSubaccount } from "../harness/scene.ts";

const app = await startApp({ args: ["--test-clock"] });
await setClock("2027-01-20T09:00:00Z");
const owner = await app.ownerClient();
ok(await owner.patch("/v1/agency", { timezone: "America/New_York" }));

async function setClock(now: string): Promise<void> {
  ok(await app.client().post("/v1/test/clock", { now }));
}

interface Run {
  month: string;
  state: string;
  basic_seconds: number;
  premium_seconds: number;
  due_at: string;
  failures: number;
  reason: string | null;
  retry_at: string | null;
  settled_at: string | null;
}
interface Allocation {
  enabled: boolean;
  basic_seconds: number;
  premium_seconds: number;
  day: number | null;
  state: string;
  basic_price: string;
  premium_price: string;
  cost_usd: string;
  next_run_at: string | null;
  runs: Run[];
}
type Quote = Pick<Allocation, "basic_price" | "premium_price" | "cost_usd" | "next_run_at">;

const path = (account: string): string => `/v1/subaccounts/${account}/auto_allocation`;
const read = async (account: string): Promise<Allocation> => ok(await owner.get<Allocation>(path(account)));
const put = (account: string, body: object, client: Client = owner): Promise<Reply<Allocation>> =>
  client.put<Allocation>(path(account), body);

let accounts = 0;
const account = async (): Promise<string> => (await addSubaccount(owner, `Client ${++accounts}`)).id;

const PREMIUM = { enabled: true, premium_seconds: 6000, day: 5 };

test("it is off until it is set, and costs nothing", async () => {
  const allocation = await read(await account());
  assert.deepEqual(
    [allocation.enabled, allocation.state, allocation.day, allocation.cost_usd, allocation.next_run_at],
    [false, "off", null, "0.00", null],
  );
  assert.deepEqual(allocation.runs, []);
});

test("a month costs both tiers at base price, also where the client pays more", async () => {
  const { id } = await addSubaccount(owner, "Dear", { prices: { basic: "0.50", premium: "0.90" } });
  const set = ok(await put(id, { enabled: true, basic_seconds: 601, premium_seconds: 6000, day: 31 }));
  assert.deepEqual(
    [set.state, set.basic_price, set.premium_price, set.cost_usd, set.next_run_at],
    ["on", "0.09", "0.16", "16.91", "2027-01-31T05:00:00Z"],
  );
  assert.deepEqual(await read(id), set);
});

test("nothing is due at once: a day that has begun comes next month, one to come this month", async () => {
  const id = await account();
  const next = async (day: number): Promise<string | null> => ok(await put(id, { ...PREMIUM, day })).next_run_at;
  assert.equal(await next(5), "2027-02-05T05:00:00Z");
  assert.equal(await next(20), "2027-02-20T05:00:00Z");
  assert.equal(await next(21), "2027-01-21T05:00:00Z");
  assert.equal(await next(31), "2027-01-31T05:00:00Z");
  assert.deepEqual((await read(id)).runs, []);
});

test("a quote says what it would cost and when, and changes nothing", async () => {
  const id = await account();
  const quote = ok(await owner.post<Quote>(`${path(id)}/quote`, { basic_seconds: 60, day: 1 }));
  assert.deepEqual(quote, {
    ...{ basic_price: "0.09", premium_price: "0.16", cost_usd: "0.09", next_run_at: "2027-02-01T05:00:00Z" },
  });
  assert.equal((await read(id)).state, "off");
});

test("turned off, it keeps what was set; removed, it forgets it", async () => {
  const id = await account();
  ok(await put(id, PREMIUM));
  const off = ok(await put(id, { enabled: false }));
  assert.deepEqual([off.state, off.premium_seconds, off.day, off.next_run_at], ["off", 6000, 5, null]);
  assert.equal((await owner.delete(path(id))).status, 204);
  assert.equal((await owner.delete(path(id))).status, 204, "twice is once");
  assert.deepEqual([(await read(id)).premium_seconds, (await read(id)).day], [0, null]);
});

test("what is wrong is named, and nothing is set", async () => {
  const id = await account();
  for (const at of [path(id), `${path(id)}/quote`]) {
    const send = (body: object): Promise<Reply> =>
      at === path(id) ? owner.put(at, { enabled: true, ...body }) : owner.post(at, body);
    refused(await send({ day: 5 }), 422, "invalid", "premium_seconds");
    refused(await send({ day: 5, basic_seconds: 0 }), 422, "invalid", "basic_seconds");
    refused(await send({ premium_seconds: 60 }), 422, "invalid", "day");
    refused(await send({ premium_seconds: 60, day: 32 }), 422, "invalid", "day");
    refused(await send({ premium_seconds: -60, day: 3 }), 422, "invalid", "premium_seconds");
    refused(await send({ premium_seconds: 6_000_000_001, day: 3 }), 422, "invalid", "premium_seconds");
  }
  refused(await owner.put(path(id), { premium_seconds: 60, day: 3 }), 422, "invalid", "enabled");
  assert.equal((await read(id)).state, "off");
});

test("the primary has none, a removed account sets none", async () => {
  const { id: primary } = ok(await owner.get<{ data: { id: string }[] }>("/v1/subaccounts?kind=primary")).data[0] as {
    id: string;
  };
  const code = "primary_cannot_be_allocated";
  refused(await owner.get(path(primary)), 409, code);
  refused(await put(primary, PREMIUM), 409, code);
  refused(await owner.delete(path(primary)), 409, code);
  refused(await owner.post(`${path(primary)}/quote`, { premium_seconds: 60, day: 1 }), 409, code);
  const gone = await account();
  ok(await owner.post(`/v1/subaccounts/${gone}/remove`, {}));
  refused(await put(gone, PREMIUM), 409, "subaccount_removed");
});

test("only the owner and admins may", async () => {
  const id = await account();
  for (const role of ROLES) {
    const isAllowed = role === "agency_owner" || role === "agency_admin";
    if (role === "agency_owner") continue;
    const client = await app.client().login(await addPerson(app.store, app.owner, role, { grants: [id] }));
    assert.equal((await client.get(path(id))).status, isAllowed ? 200 : 403, role);
    assert.equal((await put(id, PREMIUM, client)).status, isAllowed ? 200 : 403, role);
  }
});

test("the trail says who set what", async () => {
  const id = await account();
  ok(await put(id, PREMIUM));
  const { data } = ok(
    await owner.get<{ data: { action: string; before: object; after: object }[] }>(
      `/v1/audit_events?target=${id}&limit=1`,
    ),
  );
  assert.deepEqual(
    [data[0]?.action, data[0]?.before, data[0]?.after],
    [
      "auto_allocation.set",
      { enabled: false, basic_seconds: 0, premium_seconds: 0, day: 0 },
      { enabled: true, basic_seconds: 0, premium_seconds: 6000, day: 5 },
    ],
  );
});
