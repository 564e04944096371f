// The platform's own staff: what they see of agencies, what an agency settled, and acting inside one.

import assert from "node:assert/strict";
import { test } from "node:test";

import { App, startApp } from "../harness/app.ts";
import { ok, refused, type Client, type Reply } from "../harness/client.ts";
import { join } from "../harness/people.ts";
import { STAFF } from "../harness/platform.ts";
import { moveIn } from "../harness/rows.ts";
import { addSubaccount, call, record, sell, walletOf } from "../harness/scene.ts";

interface AgencyRow {
  id: string;
  name: string;
  plan: { code: string; name: string };
  status: string;
  owner: { name: string | null; email: string | null };
  subaccounts: number;
  credit_usd: string;
}
interface Page<Row> {
  data: Row[];
  next_cursor: string | null;
  total: number;
}
interface Settlement {
  id: string;
  agency: string;
  amount_usd: string;
  note: string | null;
  credit_usd: string;
  settled_by: { kind: string; id: string | null; name: string };
}
interface Event {
  action: string;
  actor: { kind: string; id: string | null; name: string };
  after: Record<string, unknown> | null;
}
interface Me {
  user: { id: string; email: string };
  role: string;
  agency: { id: string; name: string } | null;
  entered_by_platform?: boolean;
  permissions: string[];
  platform_inside: { id: string; name: string }[];
}
interface Session {
  id: string;
  current: boolean;
}

/** A second agency, which lives in the same store afterwards. */
const otherApp = await App.start({ agency: "Contoso Voice", email: "grace@contoso.example" });
await addSubaccount(await otherApp.ownerClient(), "Zanzibar Foods");
const app = await startApp({ staff: STAFF, args: ["--test-clock"] });
await moveIn(otherApp.store, app.store);
await otherApp.finish();

const owner = await app.ownerClient();
const engine = await app.machineClient(["calls:write"]);
const harbor = await addSubaccount(owner, "Harbor Dental", { prices: { basic: "0.12", premium: "0.20" } });
await addSubaccount(owner, "Northside Plumbing");
await sell(owner, harbor.id, "premium", 6000); // of which base is 16.00: the agency owes it
await record(engine, [call({ id: "one", subaccount: harbor.id })]);
const agency = ok(await owner.get<{ id: string }>("/v1/agency")).id;
const staff = await app.client().login(STAFF);

const at = (rest = ""): string => `/v1/platform/agencies/${agency}${rest}`;
const agencies = async (search = ""): Promise<Page<AgencyRow>> =>
  ok(await staff.get<Page<AgencyRow>>(`/v1/platform/agencies${search}`));
const trail = async (): Promise<Event[]> => ok(await owner.get<{ data: Event[] }>("/v1/audit_events?limit=500")).data;
const enter = async (): Promise<Client> => {
  const client = await app.client().login(STAFF);
  ok(await client.post(at("/enter")));
  return client;
};

test("a platform admin is signed in outside every agency", async () => {
  const me = ok(await staff.get<Me>("/v1/me"));
  assert.deepEqual([me.role, me.agency, me.user.email], ["platform_admin", null, STAFF.email]);
  assert.deepEqual(me.permissions, [
    "platform.view",
    "platform.plans",
    "platform.settle",
    "platform.operate",
    "platform.enter",
  ]);
  assert.equal(ok(await staff.patch<{ user: { name: string } }>("/v1/me", { name: "Sam Ives" })).user.name, "Sam Ives");
});

test("nobody is invited under the address of one of the staff", async () => {
  refused(
    await owner.post("/v1/invitations", { email: STAFF.email, role: "agency_member" }),
    409,
    "email_taken",
    "email",
  );
});

test("a wrong password signs nobody of the staff in", async () => {
  const wrong = { email: STAFF.email, password: "not the lighthouse" };
  refused(await app.client().post("/v1/auth/login", wrong), 401, "wrong_credentials");
});

test("the overview counts agencies, accounts, calls and what is owed", async () => {
  const overview = ok(await staff.get<Record<string, unknown>>("/v1/platform/overview"));
  const { agencies: counted, subaccounts, owed_usd, calls_today, minutes_used_seconds } = overview;
  assert.deepEqual(
    { counted, subaccounts, owed_usd, calls_today, minutes_used_seconds },
    {
      counted: { active: 2, deleting: 0 },
      subaccounts: { active: 5, suspended: 0 },
      owed_usd: "16.00",
      calls_today: 1,
      minutes_used_seconds: 60,
    },
  );
});

test("agencies are listed with plan, owner, accounts and credit", async () => {
  const { data, total } = await agencies();
  assert.equal(total, 2);
  const seen = data.map(({ name, plan, owner, subaccounts, credit_usd }) => [
    name,
    plan.code,
    owner.email,
    subaccounts,
    credit_usd,
  ]);
  assert.deepEqual(seen, [
    ["Contoso Voice", "agency_unlimited", "grace@contoso.example", 1, "0.00"],
    ["Northwind Voice", "agency_unlimited", app.owner.email, 2, "-16.00"],
  ]);
});

test("agencies are found, sorted and paged, each once", async () => {
  const names = async (search: string): Promise<string[]> => (await agencies(search)).data.map(({ name }) => name);
  assert.deepEqual(await names("?q=contoso.EXAMPLE"), ["Contoso Voice"]);
  assert.deepEqual(await names("?q=northw"), ["Northwind Voice"]);
  assert.deepEqual(await names("?status=deleting"), []);
  assert.deepEqual(await names("?plan=agency_lite"), []);
  assert.deepEqual(await names("?sort=credit_usd"), ["Northwind Voice", "Contoso Voice"]);
  assert.deepEqual(await names("?sort=-subaccounts"), ["Northwind Voice", "Contoso Voice"]);
  for (const sort of ["name", "-name", "created_at", "-created_at", "subaccounts", "-credit_usd"]) {
    const first = await agencies(`?sort=${sort}&limit=1`);
    const second = await agencies(`?sort=${sort}&limit=1&cursor=${encodeURIComponent(first.next_cursor ?? "")}`);
    assert.equal(second.next_cursor, null);
    assert.equal(new Set([...first.data, ...second.data].map(({ id }) => id)).size, 2, sort);
  }
  const { next_cursor } = await agencies("?sort=name&limit=1");
  const stray = `/v1/platform/agencies?sort=-name&cursor=${encodeURIComponent(next_cursor ?? "")}`;
  refused(await staff.get(stray), 400, "bad_cursor", "cursor");
});

test("one agency is shown with its money, and nothing of its clients", async () => {
  const shown = await staff.get<Record<string, unknown>>(at());
  assert.equal(ok(shown)["collected_usd"], "4.00");
  assert.ok(!shown.bytes.includes("Harbor"));
  refused(await staff.get("/v1/platform/agencies/agy_0000000000001"), 404, "not_found");
});

test("the plans are those of a new install", async () => {
  const { data } = ok(await staff.get<{ data: { plan: { code: string } }[] }>("/v1/platform/plans"));
  const codes = data.map(({ plan }) => plan.code).sort();
  assert.deepEqual(codes, ["agency_kickstart", "agency_lite", "agency_unlimited", "partner_legacy"]);
});

test("a settlement brings the credit up, once under its key, and stands in the agency's trail", async () => {
  const input = { amount_usd: "10.50", note: "Bank transfer of 3 November" };
  const send = { headers: { "Idempotency-Key": "settle-1" } };
  const first = await staff.post<{ credit_usd: string; id: string }>(at("/settlements"), input, send);
  assert.deepEqual([first.status, ok(first).credit_usd], [201, "-5.50"]);
  const again = await staff.post(at("/settlements"), input, send);
  assert.deepEqual([again.headers["idempotency-replayed"], again.body], ["true", first.body]);
  refused(await staff.post(at("/settlements"), { amount_usd: "1.00" }, send), 409, "idempotency_conflict");
  assert.equal(ok(await owner.get<{ credit_usd: string }>("/v1/agency")).credit_usd, "-5.50");

  const event = (await trail()).find(({ action }) => action === "agency.settled");
  assert.deepEqual(event?.after, { amount_usd: "10.50", note: input.note, credit_usd: "-5.50" });
  assert.deepEqual([event.actor.kind, event.actor.name], ["platform", "Sam Ives"]);
  const byThem = ok(await owner.get<{ data: Event[] }>(`/v1/audit_events?actor=${event.actor.id ?? ""}`)).data;
  assert.ok(byThem.length > 0 && byThem.every(({ actor }) => actor.kind === "platform"));
});

test("settlements are listed, the newest first, with who recorded each and the credit after it", async () => {
  for (const amount_usd of ["2.00", "0.50"]) {
    ok(await staff.post(at("/settlements"), { amount_usd }, { headers: { "Idempotency-Key": `list-${amount_usd}` } }));
  }
  const first = ok(await staff.get<Page<Settlement>>(at("/settlements?limit=2")));
  const rest = ok(await staff.get<Page<Settlement>>(at(`/settlements?cursor=${first.next_cursor ?? ""}`)));
  const seen = [...first.data, ...rest.data].map(({ amount_usd, note, credit_usd }) => [amount_usd, note, credit_usd]);
  assert.deepEqual(seen, [
    ["0.50", null, "-3.00"],
    ["2.00", null, "-3.50"],
    ["10.50", "Bank transfer of 3 November", "-5.50"],
  ]);
  const { settled_by, agency: whose } = first.data[0] ?? {};
  assert.deepEqual([settled_by?.kind, settled_by?.name, whose], ["platform", "Sam Ives", agency]);
  assert.equal(rest.next_cursor, null);
  refused(await staff.get("/v1/platform/agencies/agy_0000000000001/settlements"), 404, "not_found");
  refused(await owner.get(at("/settlements")), 404, "not_found");
  refused(await staff.get(at("/settlements?cursor=nothing")), 400, "bad_cursor", "cursor");
});

const UNSETTLED: [string, object, number, string, string][] = [
  ["nothing", {}, 422, "invalid", "amount_usd"],
  ["zero", { amount_usd: "0.00" }, 422, "invalid", "amount_usd"],
  ["less than nothing", { amount_usd: "-5.00" }, 422, "invalid", "amount_usd"],
  ["more than there is", { amount_usd: "1000000000.01" }, 422, "invalid", "amount_usd"],
  ["a number", { amount_usd: 5 }, 422, "invalid", "amount_usd"],
  ["a note of two lines", { amount_usd: "5.00", note: "one\ntwo" }, 422, "invalid", "note"],
  ["an account of another name", { amount_usd: "5.00", account: "profit" }, 400, "unknown_field", "account"],
];
for (const [what, input, status, code, field] of UNSETTLED) {
  test(`a settlement of ${what} is refused`, async () => {
    refused(await staff.post(at("/settlements"), input), status, code, field);
  });
}

test("a settlement with an agency that is not there is none", async () => {
  const nowhere = "/v1/platform/agencies/agy_0000000000001/settlements";
  const send = { headers: { "Idempotency-Key": "nowhere" } };
  refused(await staff.post(nowhere, { amount_usd: "5.00" }, send), 404, "not_found");
});

test("an agency whose data is gone is not there any more", async () => {
  const contoso = (await agencies("?q=contoso")).data[0]?.id ?? "";
  const setStatus = (status: string): Promise<unknown> =>
    app.store.query(`UPDATE agencies SET status = '${status}' WHERE name = 'Contoso Voice'`);
  await setStatus("deleted");
  try {
    assert.deepEqual((await agencies()).data.length, 1);
    const gone = `/v1/platform/agencies/${contoso}`;
    for (const path of [gone, `${gone}/settlements`]) refused(await staff.get(path), 404, "not_found");
    refused(await staff.post(`${gone}/enter`), 404, "not_found");
    refused(await staff.post(`${gone}/settlements`, { amount_usd: "5.00" }), 404, "not_found");
  } finally {
    await setStatus("active");
  }
});

test("the agency's admins are told who is inside now, and nobody else is", async () => {
  const insiders = async (client: Client): Promise<string[]> =>
    ok(await client.get<Me>("/v1/me")).platform_inside.map(({ name }) => name);
  const admin = await join(app, owner, "watches@northwind.example", "agency_admin");
  const member = await join(app, owner, "works@northwind.example", "agency_member");
  assert.deepEqual(await insiders(owner), []);
  const [once, twice] = [await enter(), await enter()];
  assert.deepEqual(await insiders(owner), ["Sam Ives"]);
  assert.deepEqual(await insiders(admin.client), ["Sam Ives"]);
  assert.deepEqual(await insiders(member.client), []);
  assert.deepEqual(await insiders(once), []);
  ok(await once.post("/v1/platform/leave"));
  assert.deepEqual(await insiders(owner), ["Sam Ives"]);
  assert.equal((await twice.post("/v1/auth/logout")).status, 204);
  assert.deepEqual(await insiders(owner), []);
});

test("outside every agency nothing of a client is read or changed", async () => {
  refused(await staff.get(`/v1/subaccounts/${harbor.id}`), 404, "not_found");
  for (const path of ["/v1/subaccounts", "/v1/calls", "/v1/users", "/v1/agency", "/v1/audit_events"]) {
    refused(await staff.get(path), 403, "not_allowed");
  }
  refused(await staff.post("/v1/platform/leave"), 403, "not_allowed");
});

test("inside an agency staff act as one of its admins, marked, until they leave; the agency sees it", async () => {
  const inside = await app.client().login(STAFF);
  const me = ok(await inside.post<Me>(at("/enter")));
  assert.deepEqual([me.role, me.agency?.id, me.entered_by_platform], ["agency_admin", agency, true]);
  assert.deepEqual(ok(await inside.get<Me>("/v1/me")), me);
  assert.ok(me.permissions.includes("users.manage") && me.permissions.includes("platform.leave"));
  assert.ok(!me.permissions.includes("agency.transfer_ownership") && !me.permissions.includes("platform.enter"));

  assert.equal((await walletOf(inside, harbor.id)).premium_seconds, 5940);
  const made = await addSubaccount(inside, "Made From Above");
  const body = { email: "helped@northwind.example", role: "agency_admin" };
  const invited = ok(await inside.post<{ invited_by: { kind: string; name: string } }>("/v1/invitations", body));
  assert.deepEqual([invited.invited_by.kind, invited.invited_by.name], ["platform", "Sam Ives"]);
  const transfer = { user_id: "usr_0000000000001", password: STAFF.password };
  refused(await inside.post("/v1/agency/transfer_ownership", transfer), 403, "not_allowed");
  for (const path of ["/v1/platform/overview", "/v1/platform/agencies", at()]) {
    refused(await inside.get(path), 404, "not_found");
  }
  refused(await inside.post(at("/settlements"), { amount_usd: "5.00" }), 404, "not_found");

  const out = ok(await inside.post<Me>("/v1/platform/leave"));
  assert.deepEqual([out.role, out.agency], ["platform_admin", null]);
  refused(await inside.get(`/v1/subaccounts/${made.id}`), 404, "not_found");

  const theirs = (await trail()).filter(({ actor }) => actor.kind === "platform").map(({ action }) => action);
  assert.deepEqual(theirs.slice(0, 4), ["platform.left", "user.invited", "subaccount.created", "platform.entered"]);
});

test("the cookie of before is neither inside nor outside", async () => {
  const client = await app.client().login(STAFF);
  const outside = app.client().carrying(client);
  ok(await client.post(at("/enter")));
  refused(await outside.get("/v1/me"), 401, "session_expired");
  const inside = app.client().carrying(client);
  ok(await client.post("/v1/platform/leave"));
  refused(await inside.get("/v1/subaccounts"), 401, "session_expired");
  ok(await client.get("/v1/platform/overview"));
});

test("two who enter at once by one session: one is inside", async () => {
  const client = await app.client().login(STAFF);
  const twins = Array.from({ length: 4 }, () => app.client().carrying(client));
  const replies = await Promise.all(twins.map((twin) => twin.post(at("/enter"))));
  assert.deepEqual(replies.map(({ status }) => status).sort(), [200, 401, 401, 401]);
});

test("staff see where they are signed in, and end it; the agency sees them leave", async () => {
  const inside = await enter();
  const before = (await trail()).filter(({ action }) => action === "platform.left").length;
  const own = ok(await inside.get<{ data: Session[] }>("/v1/me/sessions")).data.find(({ current }) => current);
  assert.ok(own);
  const listed = ok(await staff.get<{ data: Session[] }>("/v1/me/sessions")).data;
  assert.ok(listed.some(({ id }) => id === own.id) && listed.filter(({ current }) => current).length === 1);
  refused(await owner.delete(`/v1/me/sessions/${own.id}`), 404, "not_found");
  ok(await staff.delete(`/v1/me/sessions/${own.id}`));
  refused(await inside.get("/v1/me"), 401, "session_expired");
  const other = await enter();
  ok(await other.post("/v1/auth/logout"));
  refused(await other.get("/v1/me"), 401, "not_signed_in");
  assert.equal((await trail()).filter(({ action }) => action === "platform.left").length, before + 2);
});

test("to everybody else the platform is not there", async () => {
  const admin = await join(app, owner, "admin@northwind.example", "agency_admin");
  const member = await join(app, owner, "member@northwind.example", "agency_member");
  const reader = await app.machineClient(["read"]);
  for (const client of [owner, admin.client, member.client, reader]) {
    for (const path of ["/v1/platform/overview", "/v1/platform/agencies", "/v1/platform/plans", at()]) {
      refused(await client.get(path), 404, "not_found");
    }
    for (const path of [at("/enter"), "/v1/platform/leave"]) refused(await client.post(path), 404, "not_found");
    refused(await client.post(at("/settlements"), { amount_usd: "5.00" }), 404, "not_found");
  }
  refused(await app.client().get("/v1/platform/overview"), 401, "not_signed_in");
});

test("one address is one person in the whole system", async () => {
  const again = (email: string): Promise<Reply> => owner.post("/v1/invitations", { email, role: "agency_admin" });
  refused(await again(STAFF.email.toUpperCase()), 409, "email_taken", "email");
});

test("what staff did to their own accounts is kept", async () => {
  const rows = await app.store.query("SELECT DISTINCT action FROM platform_events ORDER BY action");
  assert.deepEqual(
    rows.map(({ action }) => action),
    ["platform_admin.created", "platform_admin.renamed", "session.created", "session.ended", "session.revoked"],
  );
});

test("a session of staff ends by idling as everybody's does, inside an agency too", async () => {
  const inside = await enter();
  const advance = { advance_seconds: 14 * 86_400 + 1 };
  ok(await app.client().post("/v1/test/clock", advance));
  for (const client of [staff, inside]) refused(await client.get("/v1/me"), 401, "session_expired");
});
