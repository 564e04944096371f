// Suspending and restoring (domain.md §7): with the answer, for its people and not for the agency's, and back exactly.

import assert from "node:assert/strict";
import { test } from "node:test";

import { startApp } from "../harness/app.ts";
import { ok, refused, type Client } from "../harness/client.ts";
import { addPerson, ROLES, type Role } from "../harness/rows.ts";
import { addSubaccount, call, record, sell, walletOf } from "../harness/scene.ts";

const app = await startApp();
const owner = await app.ownerClient();
const engine = await app.machineClient(["calls:write"]);

interface Account {
  id: string;
  status: string;
  suspension: { note: string | null; at: string } | null;
}
interface Rows<Row> {
  data: Row[];
}

const read = async (client: Client, id: string): Promise<Account> => {
  const { status, suspension } = ok(await client.get<Account>(`/v1/subaccounts/${id}`));
  return { id, status, suspension };
};
const suspend = (id: string, note?: string | null) =>
  owner.post<Account>(`/v1/subaccounts/${id}/suspend`, note === undefined ? {} : { note });
const restore = (id: string) => owner.post<Account>(`/v1/subaccounts/${id}/restore`);

const people = new Map<Role, Client>();
const harbor = await addSubaccount(owner, "Harbor Dental", { prices: { basic: "0.12", premium: "0.20" } });
for (const role of ROLES) {
  if (role === "agency_owner") continue;
  const person = await addPerson(app.store, app.owner, role, { grants: [harbor.id] });
  people.set(role, await app.client().login(person));
}
const asRole = (role: Role): Client => people.get(role) ?? owner;

test("a suspended account says so to all who see it, with the note", async () => {
  const { suspension } = ok(await suspend(harbor.id, "  Invoice 17 is unpaid.  "));
  assert.equal(suspension?.note, "Invoice 17 is unpaid.");
  assert.ok(Math.abs(Date.parse(suspension.at) - Date.now()) < 60_000);
  for (const client of people.values()) {
    assert.deepEqual(await read(client, harbor.id), { id: harbor.id, status: "suspended", suspension });
  }
  ok(await restore(harbor.id));
  assert.deepEqual(await read(owner, harbor.id), { id: harbor.id, status: "active", suspension: null });
});

test("its people read everything and change nothing, its agency's still manage it", async () => {
  await sell(owner, harbor.id, "premium", 600);
  ok(await suspend(harbor.id));
  const buy = { tier: "premium", seconds: 60 };
  const purchases = `/v1/subaccounts/${harbor.id}/purchases`;
  for (const role of ["subaccount_admin", "subaccount_member"] as const) {
    const client = asRole(role);
    refused(await client.post(purchases, buy), 409, "subaccount_suspended");
    for (const path of ["", "/overview", "/statement", "/purchases"]) {
      ok(await client.get(`/v1/subaccounts/${harbor.id}${path}`));
    }
    ok(await client.get(`/v1/calls?subaccount=${harbor.id}`));
  }
  ok(await asRole("agency_admin").post(purchases, buy));
  ok(await owner.patch(`/v1/subaccounts/${harbor.id}`, { name: "Harbor Dental & Co" }));
  ok(await owner.put(`/v1/subaccounts/${harbor.id}/prices`, { basic: "0.12", premium: "0.22" }));
  ok(await restore(harbor.id));
  ok(await asRole("subaccount_admin").post(purchases, buy));
});

test("calls that were made meanwhile are charged: they have happened", async () => {
  const { id } = await addSubaccount(owner, "Night Owls");
  await sell(owner, id, "premium", 600);
  ok(await suspend(id));
  const { accepted } = await record(engine, [call({ id: "during", subaccount: id })]);
  assert.deepEqual([accepted, (await walletOf(owner, id)).premium_seconds], [1, 540]);
});

test("what cannot be suspended or restored is told why", async () => {
  const { id } = await addSubaccount(owner, "Lakeside");
  const { data } = ok(await owner.get<Rows<Account>>("/v1/subaccounts?kind=primary"));
  refused(await suspend(data[0]?.id ?? ""), 409, "primary_cannot_be_suspended");
  refused(await restore(id), 409, "not_suspended");
  ok(await suspend(id, "first"));
  refused(await suspend(id, "second"), 409, "already_suspended");
  assert.equal((await read(owner, id)).suspension?.note, "first");
  const gone = await addSubaccount(owner, "Gone Fishing");
  await app.store.damage("UPDATE subaccounts SET status = 'removed', removed_at = 1 WHERE name = 'Gone Fishing'");
  refused(await suspend(gone.id), 409, "subaccount_removed");
  refused(await restore(gone.id), 409, "subaccount_removed");
});

test("a note has at most 150 characters, whatever they are made of", async () => {
  const { id } = await addSubaccount(owner, "Notes");
  refused(await suspend(id, "é".repeat(151)), 422, "invalid", "note");
  assert.equal((await read(owner, id)).status, "active");
  ok(await suspend(id, "😀".repeat(150)));
  assert.equal((await read(owner, id)).suspension?.note, "😀".repeat(150));
  ok(await restore(id));
  ok(await suspend(id, "   "));
  assert.equal((await read(owner, id)).suspension?.note, null);
});

test("only owners and admins suspend and restore", async () => {
  const { id } = await addSubaccount(owner, "Guarded");
  for (const role of ["agency_member", "subaccount_admin", "subaccount_member"] as const) {
    const client = await app.client().login(await addPerson(app.store, app.owner, role, { grants: [id] }));
    refused(await client.post(`/v1/subaccounts/${id}/suspend`, {}), 403, "not_allowed");
    refused(await client.post(`/v1/subaccounts/${id}/restore`), 403, "not_allowed");
  }
  ok(await asRole("agency_admin").post(`/v1/subaccounts/${id}/suspend`, {}));
  ok(await asRole("agency_admin").post(`/v1/subaccounts/${id}/restore`));
});

test("of two at the same moment one suspends", async () => {
  const { id } = await addSubaccount(owner, "Twice");
  const replies = await Promise.all(["one", "two", "three"].map((note) => suspend(id, note)));
  assert.deepEqual(replies.map(({ status }) => status).sort(), [200, 409, 409]);
});

test("both are in the audit trail, with the note", async () => {
  const { id } = await addSubaccount(owner, "Audited");
  ok(await suspend(id, "Unpaid"));
  ok(await restore(id));
  interface Event {
    action: string;
    before: object;
    after: object;
  }
  const { data } = ok(await owner.get<Rows<Event>>("/v1/audit_events?limit=2"));
  assert.deepEqual(
    data.map(({ action, before, after }) => ({ action, before, after })),
    [
      {
        action: "subaccount.restored",
        before: { status: "suspended", note: "Unpaid" },
        after: { status: "active", note: null },
      },
      {
        action: "subaccount.suspended",
        before: { status: "active", note: null },
        after: { status: "suspended", note: "Unpaid" },
      },
    ],
  );
});
