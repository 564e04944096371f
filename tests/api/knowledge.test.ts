// Knowledge credits: granted by the plan, bought, moved to a client and back, returned when it is removed.

import assert from "node:assert/strict";
import { test } from "node:test";

import { startApp } from "../harness/app.ts";
import { ok, refused, type Client, type Reply } from "../harness/client.ts";
import { addPerson, ROLES } from "../harness/rows.ts";
import { addSubaccount } from "../harness/scene.ts";
import { chance } from "../harness/seed.ts";

const app = await startApp();
const owner = await app.ownerClient();
const primary = await primaryOf(owner);

interface Account {
  id: string;
  kind: string;
  knowledge_credits: number;
}
interface Transfer {
  id: string;
  from: string;
  to: string;
  credits: number;
  from_name: string;
  to_name: string;
  balances?: { from: number; to: number };
}
interface Entry {
  kind: string;
  credits: number;
  balance: number;
  description: string;
  reference: string | null;
}
interface List<Row> {
  data: Row[];
  next_cursor: string | null;
}

let accounts = 0;

async function primaryOf(client: Client): Promise<string> {
  const [first] = ok(await client.get<List<Account>>("/v1/subaccounts?kind=primary")).data;
  assert.ok(first);
  return first.id;
}

const client = async (): Promise<string> => (await addSubaccount(owner, `Client ${++accounts}`)).id;
const creditsOf = async (id: string): Promise<number> =>
  ok(await owner.get<Account>(`/v1/subaccounts/${id}`)).knowledge_credits;
const transfer = (from: string, to: string, credits: unknown): Promise<Reply<Transfer>> =>
  owner.post<Transfer>("/v1/knowledge_transfers", { from, to, credits });
const buy = (credits: number, cost_usd: string): Promise<Reply<{ knowledge_credits: number; credit_usd: string }>> =>
  owner.post("/v1/knowledge_purchases", { credits, cost_usd });
const entriesOf = async (id: string): Promise<Entry[]> =>
  ok(await owner.get<List<Entry>>(`/v1/subaccounts/${id}/knowledge_statement`)).data;

async function sells(price: string): Promise<void> {
  await app.store.damage(`UPDATE plans SET knowledge_price_micros = ${price}`);
}

/** Makes sure that the primary has some. */
async function stock(credits: number): Promise<void> {
  await sells("12500000");
  ok(await buy(credits, (credits * 12.5).toFixed(2)));
  await sells("NULL");
}

function wrong(reply: Reply, field: string, code: string): void {
  refused(reply, 422, "invalid", field);
  assert.match(JSON.stringify(reply.body), new RegExp(`"field":"${field}","code":"${code}"`));
}

test("a new agency has what its plan includes", async () => {
  assert.equal(await creditsOf(primary), 2);
  const [grant] = await entriesOf(primary);
  assert.deepEqual(
    [grant?.kind, grant?.credits, grant?.balance, grant?.description, grant?.reference],
    ["knowledge_grant", 2, 2, "Knowledge credits included in the plan", null],
  );
});

test("credits are bought out of the agency's credit, at the plan's price", async () => {
  const had = await creditsOf(primary);
  refused(await buy(1, "12.50"), 409, "knowledge_not_sold");
  await sells("12500000");
  refused(await buy(2, "24.99"), 409, "quote_changed");
  wrong(await buy(0, "12.50"), "credits", "too_small");
  wrong(await buy(1_000_001, "12.50"), "credits", "too_large");
  assert.equal(await creditsOf(primary), had);

  const { credit_usd } = ok(await owner.get<{ credit_usd: string }>("/v1/agency"));
  const bought = ok(await buy(2, "25.00"));
  assert.equal(bought.knowledge_credits, had + 2);
  assert.equal(Number(bought.credit_usd), Number(credit_usd) - 25);
  assert.deepEqual(
    [(await entriesOf(primary))[0]?.kind, (await entriesOf(primary))[0]?.credits],
    ["knowledge_purchase", 2],
  );

  await app.store.damage(`UPDATE agencies SET credit_limit_micros = ${-Number(bought.credit_usd) * 1_000_000}`);
  refused(await buy(1, "12.50"), 409, "insufficient_credit");
  await app.store.damage("UPDATE agencies SET credit_limit_micros = NULL");
  await sells("NULL");
});

test("credits go to a client, to another one, and back", async () => {
  await stock(3);
  const [a, b] = [await client(), await client()];
  const had = await creditsOf(primary);
  assert.deepEqual(ok(await transfer(primary, a, 3)).balances, { from: had - 3, to: 3 });
  assert.deepEqual(ok(await transfer(a, b, 1)).balances, { from: 2, to: 1 });
  const back = ok(await transfer(b, primary, 1));
  assert.deepEqual(back.balances, { from: 0, to: had - 2 });

  const entries = await entriesOf(b);
  assert.deepEqual(
    entries.map(({ credits, balance }) => [credits, balance]),
    [
      [-1, 0],
      [1, 1],
    ],
  );
  assert.deepEqual(
    [entries[0]?.description, entries[0]?.reference],
    [`Knowledge credits moved to ${back.to_name}`, back.id],
  );
  ok(await transfer(a, primary, 2));
});

test("a client is not told other clients' names", async () => {
  await stock(1);
  const [a, b] = [await client(), await client()];
  ok(await transfer(primary, a, 1));
  ok(await transfer(a, b, 1));
  const person = await app.client().login(await addPerson(app.store, app.owner, "subaccount_admin", { grants: [b] }));
  const path = `/v1/subaccounts/${b}/knowledge_statement`;
  assert.equal(ok(await person.get<List<Entry>>(path)).data[0]?.description, "Knowledge credits moved");
  refused(await person.get(`/v1/subaccounts/${a}/knowledge_statement`), 404, "not_found");
  ok(await transfer(b, primary, 1));
});

test("what cannot be moved is refused with its reason, and nothing moves", async () => {
  await stock(1);
  const a = await client();
  const had = await creditsOf(primary);
  refused(await transfer(primary, a, had + 1), 409, "insufficient_knowledge_credits");
  refused(await transfer(a, primary, 1), 409, "insufficient_knowledge_credits");
  wrong(await transfer(primary, primary, 1), "to", "same_subaccount");
  wrong(await transfer("sub_0k3v9m2c5x1qy", a, 1), "from", "unknown_subaccount");
  wrong(await transfer(primary, "sub_0k3v9m2c5x1qy", 1), "to", "unknown_subaccount");
  wrong(await transfer(primary, a, 0), "credits", "too_small");
  wrong(await transfer(primary, a, -1), "credits", "too_small");
  wrong(await transfer(primary, a, 0.5), "credits", "wrong_type");
  const gone = await client();
  ok(await owner.post(`/v1/subaccounts/${gone}/remove`, {}));
  refused(await transfer(primary, gone, 1), 409, "subaccount_removed");
  refused(await transfer(gone, primary, 1), 409, "subaccount_removed");
  assert.deepEqual([await creditsOf(primary), await creditsOf(a)], [had, 0]);

  ok(await owner.post(`/v1/subaccounts/${a}/suspend`, {}));
  ok(await transfer(primary, a, 1));
  ok(await transfer(a, primary, 1));
});

test("a removed client's credits return to the primary in the same step", async () => {
  await stock(2);
  const a = await client();
  ok(await transfer(primary, a, 2));
  const had = await creditsOf(primary);
  const removal = `/v1/subaccounts/${a}/removal`;
  assert.equal(ok(await owner.get<{ knowledge_credits: number }>(removal)).knowledge_credits, 2);
  assert.equal(ok(await owner.post<Account>(`/v1/subaccounts/${a}/remove`, {})).knowledge_credits, 0);
  assert.equal(await creditsOf(primary), had + 2);
  const [last] = ok(await owner.get<List<Transfer>>(`/v1/knowledge_transfers?subaccount=${a}`)).data;
  assert.deepEqual([last?.from, last?.to, last?.credits], [a, primary, 2]);

  interface Events {
    data: { after: { knowledge_credits: number } }[];
  }
  const { data } = ok(await owner.get<Events>("/v1/audit_events?action=subaccount.removed&limit=1"));
  assert.equal(data[0]?.after.knowledge_credits, 2);
});

test("transfers are listed newest first, by account, page by page", async () => {
  await stock(1);
  const [a, b] = [await client(), await client()];
  const made: string[] = [];
  for (const [from, to] of [
    [primary, a],
    [a, b],
    [b, primary],
  ] as const)
    made.unshift(ok(await transfer(from, to, 1)).id);
  const ids = async (query: string): Promise<string[]> =>
    ok(await owner.get<List<Transfer>>(`/v1/knowledge_transfers?${query}`)).data.map(({ id }) => id);
  assert.deepEqual(await ids("limit=3"), made);
  assert.deepEqual(await ids(`subaccount=${a}`), made.slice(1));
  const { data, next_cursor } = ok(await owner.get<List<Transfer>>(`/v1/knowledge_transfers?subaccount=${b}&limit=1`));
  assert.equal(data[0]?.id, made[0]);
  assert.deepEqual(await ids(`subaccount=${b}&limit=1&cursor=${next_cursor}`), [made[1]]);
});

test("of transfers at the same moment no credit is moved twice", async () => {
  await stock(2);
  const source = await client();
  ok(await transfer(primary, source, 2));
  const others = await Promise.all(Array.from({ length: 6 }, () => client()));
  const replies = await Promise.all(others.map((to) => transfer(source, to, 1)));
  assert.equal(replies.filter(({ status }) => status === 201).length, 2);
  for (const reply of replies) if (reply.status !== 201) refused(reply, 409, "insufficient_knowledge_credits");
  assert.equal(await creditsOf(source), 0);
});

test("only owners and admins move and buy", async () => {
  const a = await client();
  for (const role of ROLES) {
    if (role === "agency_owner" || role === "agency_admin") continue;
    const person = await app.client().login(await addPerson(app.store, app.owner, role, { grants: [a] }));
    refused(await person.post("/v1/knowledge_transfers", { from: primary, to: a, credits: 1 }), 403, "not_allowed");
    refused(await person.get("/v1/knowledge_transfers"), 403, "not_allowed");
    refused(await person.post("/v1/knowledge_purchases", { credits: 1, cost_usd: "1.00" }), 403, "not_allowed");
  }
});

test("the table is sorted by credits", async () => {
  await stock(3);
  const [some, more] = [await client(), await client()];
  ok(await transfer(primary, some, 1));
  ok(await transfer(primary, more, 2));
  const { data } = ok(await owner.get<List<Account>>("/v1/subaccounts?kind=secondary&sort=-knowledge_credits&limit=2"));
  assert.deepEqual(
    data.map(({ id }) => id),
    [more, some],
  );
  ok(await transfer(some, primary, 1));
  ok(await transfer(more, primary, 2));
});

test("chains of transfers and removals keep the sum of all credits", async () => {
  const random = chance("knowledge credits");
  await stock(7);
  const clients = [await client(), await client(), await client()];
  const held = new Map([[primary, await creditsOf(primary)], ...clients.map((id): [string, number] => [id, 0])]);
  const total = held.get(primary);
  for (let step = 0; step < 80; step++) {
    const [from, to] = [random.pick([primary, ...clients]), random.pick([primary, ...clients])];
    const credits = random.int(1, 4);
    const reply = await transfer(from, to, credits);
    const isAllowed = from !== to && (held.get(from) ?? 0) >= credits;
    assert.equal(reply.status, isAllowed ? 201 : from === to ? 422 : 409);
    if (!isAllowed) continue;
    held.set(from, (held.get(from) ?? 0) - credits);
    held.set(to, (held.get(to) ?? 0) + credits);
  }
  for (const [id, credits] of held) assert.equal(await creditsOf(id), credits);
  for (const id of clients) ok(await owner.post(`/v1/subaccounts/${id}/remove`, {}));
  assert.equal(await creditsOf(primary), total);
});
