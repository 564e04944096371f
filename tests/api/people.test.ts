// Users, roles and invitations (domain.md §12, §13).

import assert from "node:assert/strict";
import { test } from "node:test";

import { startApp } from "../harness/app.ts";
import { ok, refused, type Client, type Reply } from "../harness/client.ts";
import { invite, join, tokenOf, type Invitation, type User } from "../harness/people.ts";
import { addSubaccount } from "../harness/scene.ts";

const app = await startApp({ args: ["--test-clock"] });
const owner = await app.ownerClient();
const harbor = await addSubaccount(owner, "Harbor Dental");
const plumbing = await addSubaccount(owner, "Northside Plumbing");
const PASSWORD = "quiet lamps by the river";

interface Page<Row> {
  data: Row[];
  next_cursor: string | null;
  total?: number;
}
interface Me {
  role: string;
  all_subaccounts: boolean;
  subaccounts: { id: string }[];
  permissions: string[];
}

const users = async (search = ""): Promise<User[]> => ok(await owner.get<Page<User>>(`/v1/users${search}`)).data;
const pending = async (): Promise<Invitation[]> => ok(await owner.get<Page<Invitation>>("/v1/invitations")).data;
const userOf = async (email: string): Promise<User> => {
  const found = (await users()).find((user) => user.email === email);
  assert.ok(found, `${email} is no user`);
  return found;
};
const preview = (token: string): Promise<Reply> => app.client().post("/v1/invitations/preview", { token });
const accept = (token: string, name = "Grace Hopper"): Promise<Reply> =>
  app.client().post("/v1/invitations/accept", { token, name, password: PASSWORD });

test("an invitation says who invites, to what, as which role; accepting signs in, once", async () => {
  const invitation = await invite(owner, "grace@northwind.example", "subaccount_admin", [harbor.id]);
  const token = tokenOf(invitation);
  assert.equal(Buffer.from(token, "base64url").length, 32, "256 bits");
  const shown = ok(await preview(token)) as { agency: { name: string }; invited_by: string; role: string };
  assert.deepEqual([shown.agency.name, shown.invited_by, shown.role], ["Northwind Voice", "owner", "subaccount_admin"]);

  const grace = app.client();
  const me = ok(await grace.post<Me>("/v1/invitations/accept", { token, name: "Grace Hopper", password: PASSWORD }));
  assert.deepEqual([me.role, me.subaccounts.map(({ id }) => id)], ["subaccount_admin", [harbor.id]]);
  ok(await grace.get(`/v1/subaccounts/${harbor.id}`));
  refused(await grace.get(`/v1/subaccounts/${plumbing.id}`), 404, "not_found");

  refused(await accept(token), 409, "invitation_used");
  refused(await preview(token), 409, "invitation_used");
  assert.ok(!(await pending()).some(({ email }) => email === "grace@northwind.example"));
  await app.client().login({ email: "GRACE@northwind.example", password: PASSWORD });
  assert.notEqual((await userOf("grace@northwind.example")).last_seen_at, null, "signing in is being seen");
});

test("the role determines scope", async () => {
  const reach = async (client: Client): Promise<Record<string, number>> => {
    const status = async (path: string): Promise<number> => (await client.get(path)).status;
    const { data } = ok(await owner.get<Page<{ id: string }>>("/v1/subaccounts?kind=primary"));
    return {
      primary: await status(`/v1/subaccounts/${data[0]?.id}`),
      harbor: await status(`/v1/subaccounts/${harbor.id}`),
      plumbing: await status(`/v1/subaccounts/${plumbing.id}`),
      users: await status("/v1/users"),
      overview: await status("/v1/agency/overview"),
    };
  };
  const admin = await join(app, owner, "scope.admin@northwind.example", "agency_admin");
  const member = await join(app, owner, "scope.member@northwind.example", "agency_member", [harbor.id]);
  const all = await join(app, owner, "scope.all@northwind.example", "subaccount_admin", "all");
  const one = await join(app, owner, "scope.one@northwind.example", "subaccount_member", [plumbing.id]);
  assert.deepEqual(await reach(admin.client), { primary: 200, harbor: 200, plumbing: 200, users: 200, overview: 200 });
  assert.deepEqual(await reach(member.client), { primary: 200, harbor: 200, plumbing: 404, users: 403, overview: 403 });
  assert.deepEqual(await reach(all.client), { primary: 404, harbor: 200, plumbing: 200, users: 403, overview: 403 });
  assert.deepEqual(await reach(one.client), { primary: 404, harbor: 404, plumbing: 200, users: 403, overview: 403 });

  const later = await addSubaccount(owner, "Made Later");
  ok(await all.client.get(`/v1/subaccounts/${later.id}`));
  refused(await one.client.get(`/v1/subaccounts/${later.id}`), 404, "not_found");
});

test("may be added to multiple sub-accounts", async () => {
  await join(app, owner, "both@northwind.example", "subaccount_member", [plumbing.id, harbor.id, plumbing.id]);
  const { subaccounts } = await userOf("both@northwind.example");
  assert.deepEqual(subaccounts === "all" ? [] : subaccounts.map(({ name }) => name), [
    "Harbor Dental",
    "Northside Plumbing",
  ]);
});

const REFUSED: [string, object, number, string, string?][] = [
  ["an unknown role", { role: "superuser" }, 422, "invalid", "role"],
  [
    "the owner's role, which cannot be assigned through an invitation",
    { role: "agency_owner" },
    422,
    "invalid",
    "role",
  ],
  ["no role", {}, 422, "invalid", "role"],
  ["a client role without sub-accounts", { role: "subaccount_admin" }, 422, "invalid", "subaccounts"],
  ["a client role with none", { role: "subaccount_member", subaccounts: [] }, 422, "invalid", "subaccounts"],
  ["sub-accounts for an admin", { role: "agency_admin", subaccounts: [harbor.id] }, 422, "invalid", "subaccounts"],
  ["a reach that is a word", { role: "agency_member", subaccounts: "some" }, 422, "invalid", "subaccounts"],
  [
    "an id of another kind",
    { role: "agency_member", subaccounts: ["usr_0000000000001"] },
    422,
    "invalid",
    "subaccounts.0",
  ],
  [
    "another agency's sub-account",
    { role: "agency_member", subaccounts: ["sub_0000000000001"] },
    422,
    "invalid",
    "subaccounts",
  ],
  ["no address", { email: "nobody", role: "agency_admin" }, 422, "invalid", "email"],
  ["a field of another", { role: "agency_admin", agency_id: "agy_0000000000001" }, 400, "unknown_field", "agency_id"],
];
for (const [what, body, status, code, field] of REFUSED) {
  test(`an invitation with ${what} is refused`, async () => {
    const before = (await pending()).length;
    refused(await owner.post("/v1/invitations", { email: "x@northwind.example", ...body }), status, code, field);
    assert.equal((await pending()).length, before);
  });
}

test("the primary cannot be granted: it is the agency's own", async () => {
  const { data } = ok(await owner.get<Page<{ id: string }>>("/v1/subaccounts?kind=primary"));
  const body = { email: "x@northwind.example", role: "subaccount_admin", subaccounts: [data[0]?.id] };
  refused(await owner.post("/v1/invitations", body), 422, "invalid", "subaccounts");
});

test("an address is taken, in whatever case, by users and by pending invitations", async () => {
  const again = (email: string): Promise<Reply> => owner.post("/v1/invitations", { email, role: "agency_admin" });
  refused(await again("OWNER@Northwind.example"), 409, "email_taken", "email");
  await invite(owner, "pending@northwind.example", "agency_admin");
  refused(await again("Pending@NORTHWIND.example"), 409, "email_taken", "email");
});

test("valid for 7 days, and resend or revoke any outstanding invite", async () => {
  const advance = async (advance_seconds: number): Promise<unknown> =>
    ok(await app.client().post("/v1/test/clock", { advance_seconds }));
  const first = await invite(owner, "slow@northwind.example", "agency_admin");
  await advance(7 * 86_400 - 60);
  ok(await preview(tokenOf(first)));
  await advance(120);
  refused(await accept(tokenOf(first)), 409, "invitation_expired");
  assert.equal((await pending()).find(({ id }) => id === first.id)?.is_expired, true);

  const second = ok(await owner.post<Invitation>(`/v1/invitations/${first.id}/resend`));
  assert.notEqual(tokenOf(second), tokenOf(first));
  refused(await preview(tokenOf(first)), 404, "invitation_not_found");
  ok(await preview(tokenOf(second)));

  ok(await owner.delete(`/v1/invitations/${first.id}`));
  refused(await accept(tokenOf(second)), 409, "invitation_revoked");
  refused(await owner.post(`/v1/invitations/${first.id}/resend`), 409, "invitation_not_pending");
  refused(await owner.delete(`/v1/invitations/${first.id}`), 409, "invitation_not_pending");
});

test("the list never shows a link, and the id opens nothing", async () => {
  const { id, link } = await invite(owner, "secret@northwind.example", "agency_admin");
  assert.ok(link);
  const { bytes } = await owner.get("/v1/invitations");
  assert.ok(!bytes.includes("token") && !bytes.includes("link"));
  refused(await preview(id), 404, "invitation_not_found");
  const key = "invite-once";
  const send = { headers: { "idempotency-key": key } };
  const body = { email: "replayed@northwind.example", role: "agency_admin" };
  assert.ok(ok(await owner.post<Invitation>("/v1/invitations", body, send)).link);
  assert.equal(ok(await owner.post<Invitation>("/v1/invitations", body, send)).link, undefined);
});

test("two accepts at once: one wins", async () => {
  const token = tokenOf(await invite(owner, "twice@northwind.example", "agency_admin"));
  const replies = await Promise.all(Array.from({ length: 6 }, (_, i) => accept(token, `Try ${i}`)));
  assert.equal(replies.filter(({ status }) => status === 201).length, 1);
  for (const reply of replies.filter(({ status }) => status !== 201)) assert.equal(reply.status, 409);
  assert.equal((await users("?q=twice@northwind.example")).length, 1);
});

test("a tampered link is no link", async () => {
  const token = tokenOf(await invite(owner, "tampered@northwind.example", "agency_admin"));
  const flipped = (token.startsWith("A") ? "B" : "A") + token.slice(1);
  for (const wrong of [flipped, token.slice(0, -1), `${token}A`, "x"]) {
    refused(await preview(wrong), 404, "invitation_not_found");
  }
  const weak = { token, name: "Grace", password: "tampered@northwind" };
  refused(await app.client().post("/v1/invitations/accept", weak), 422, "invalid", "password");
  ok(await preview(token));
});

test("a changed role counts from the next request", async () => {
  const { client, email } = await join(app, owner, "changing@northwind.example", "agency_admin");
  ok(await client.get("/v1/users"));
  const { id } = await userOf(email);
  const patch = (body: object): Promise<Reply> => owner.patch(`/v1/users/${id}`, body);
  ok(await patch({ role: "agency_member", subaccounts: [] }));
  refused(await client.get("/v1/users"), 403, "not_allowed");
  refused(await client.get(`/v1/subaccounts/${harbor.id}`), 404, "not_found");
  ok(await patch({ role: "subaccount_member", subaccounts: [harbor.id] }));
  ok(await client.get(`/v1/subaccounts/${harbor.id}`));
  refused(await patch({ role: "agency_owner" }), 422, "invalid", "role");
  refused(await patch({ role: "subaccount_member" }), 422, "invalid", "subaccounts");
  const me = ok(await client.get<Me>("/v1/me"));
  assert.ok(me.permissions.includes("payments.manage") && !me.permissions.includes("workspace.edit"));
});

test("a removed user's sessions and keys die, and their address is free again", async () => {
  const { client, email } = await join(app, owner, "leaving@northwind.example", "agency_admin");
  const key = ok(await client.post<{ secret: string }>("/v1/api_keys", { name: "theirs", scopes: ["read"] }));
  const machine = app.client({ key: key.secret });
  ok(await machine.get("/v1/calls"));
  ok(await owner.delete(`/v1/users/${(await userOf(email)).id}`));
  refused(await client.get("/v1/me"), 401, "session_expired");
  refused(await machine.get("/v1/calls"), 401, "bad_api_key");
  await join(app, owner, email, "agency_member");
});

test("signed out everywhere, but still a user", async () => {
  const { client, email, password } = await join(app, owner, "everywhere@northwind.example", "agency_admin");
  const elsewhere = await app.client().login({ email, password });
  ok(await owner.delete(`/v1/users/${(await userOf(email)).id}/sessions`));
  refused(await client.get("/v1/me"), 401, "session_expired");
  refused(await elsewhere.get("/v1/me"), 401, "session_expired");
  await client.login({ email, password });
});

test("the owner can be neither demoted nor removed, and nobody reaches another agency's people", async () => {
  const admin = await join(app, owner, "mutiny@northwind.example", "agency_admin");
  const { id } = await userOf(app.owner.email);
  refused(await admin.client.patch(`/v1/users/${id}`, { role: "agency_member" }), 409, "owner_is_fixed");
  refused(await admin.client.delete(`/v1/users/${id}`), 409, "owner_is_fixed");
  refused(await owner.delete(`/v1/users/${id}`), 409, "owner_is_fixed");
  refused(await owner.delete("/v1/users/usr_0000000000001"), 404, "not_found");
  refused(await owner.patch("/v1/users/usr_0000000000001", { role: "agency_member" }), 404, "not_found");
});

test("ownership goes to an admin, with the owner's password, and back", async () => {
  const heir = await join(app, owner, "heir@northwind.example", "agency_admin");
  const member = await join(app, owner, "no.heir@northwind.example", "agency_member");
  const transfer = (by: Client, user_id: string, password: string): Promise<Reply> =>
    by.post("/v1/agency/transfer_ownership", { user_id, password });
  const heirId = (await userOf(heir.email)).id;
  refused(await transfer(heir.client, heirId, heir.password), 403, "not_allowed");
  refused(await transfer(owner, heirId, "not the password"), 403, "wrong_password");
  refused(await transfer(owner, (await userOf(member.email)).id, app.owner.password), 409, "not_an_admin");

  ok(await transfer(owner, heirId, app.owner.password));
  const roles = async (): Promise<string[]> => (await users("?role=agency_owner")).map(({ email }) => email);
  assert.deepEqual(await roles(), [heir.email]);
  assert.equal(ok(await owner.get<Me>("/v1/me")).role, "agency_admin");
  ok(await transfer(heir.client, (await userOf(app.owner.email)).id, heir.password));
  assert.deepEqual(await roles(), [app.owner.email]);
});

test("people are found, sorted and paged, each once", async () => {
  const all = await users("?limit=500");
  for (const sort of ["name", "-name", "email", "-email", "role", "-role", "last_seen_at", "-last_seen_at"]) {
    const ids: string[] = [];
    let cursor: string | null = "";
    while (cursor !== null) {
      const at: string = cursor && `&cursor=${encodeURIComponent(cursor)}`;
      const page: Page<User> = ok(await owner.get<Page<User>>(`/v1/users?sort=${sort}&limit=4${at}`));
      ids.push(...page.data.map(({ id }) => id));
      cursor = page.next_cursor;
    }
    assert.deepEqual([ids.length, new Set(ids).size], [all.length, all.length], sort);
  }
  assert.deepEqual(
    (await users("?q=HEIR@")).map(({ email }) => email),
    ["no.heir@northwind.example", "heir@northwind.example"].sort(),
  );
  assert.equal(all.filter(({ is_you }) => is_you).length, 1);
});

test("what happened to people is in the audit trail, without a secret", async () => {
  const { bytes } = await owner.get("/v1/audit_events?limit=500");
  for (const action of ["user.invited", "user.joined", "user.removed", "user.access_changed", "invitation.resent"]) {
    assert.ok(bytes.includes(action), action);
  }
  assert.ok(!bytes.includes("token") && !bytes.includes(PASSWORD));
});
