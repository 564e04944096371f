// Random lives of an agency's people beside a small model: invite, accept, resend, revoke, change, sign out, remove, hand
// over. After each step the store agrees with the model, there is one owner, and nobody reaches what they were not granted.

import assert from "node:assert/strict";
import { test } from "node:test";

import { startApp } from "../harness/app.ts";
import { ok, type Client, type Reply } from "../harness/client.ts";
import { tokenOf, type AssignableRole, type Invitation, type User } from "../harness/people.ts";
import { addSubaccount } from "../harness/scene.ts";
import { chance } from "../harness/seed.ts";

const STEPS = 160;
const PASSWORD = "quiet lamps by the river";
const ROLES: [AssignableRole, ...AssignableRole[]] = [
  "agency_admin",
  "agency_member",
  "subaccount_admin",
  "subaccount_member",
];

const app = await startApp();
const random = chance("people");
const accounts: string[] = [];
for (const name of ["Alder", "Birch", "Cedar", "Damson"]) {
  accounts.push((await addSubaccount(await app.ownerClient(), name)).id);
}

type Reach = "all" | string[];

interface Person {
  email: string;
  role: AssignableRole | "agency_owner";
  reach: Reach;
  password: string;
  client: Client | undefined;
  /** An API key that they made, while it should work. */
  key: Client | undefined;
}
interface Pending {
  id: string;
  email: string;
  role: AssignableRole;
  reach: Reach;
  token: string;
}

const owner: Person = {
  email: app.owner.email,
  role: "agency_owner",
  reach: "all",
  password: app.owner.password,
  client: await app.ownerClient(),
  key: undefined,
};
const people = new Map<string, Person>([[owner.email, owner]]);
const invitations = new Map<string, Pending>();
const deadTokens: string[] = [];
const gone: { client: Client | undefined; key: Client | undefined }[] = [];
let invited = 0;

const currentOwner = (): Person => {
  const found = [...people.values()].find(({ role }) => role === "agency_owner");
  assert.ok(found);
  return found;
};
/** Who may manage people, signed in. */
async function manager(): Promise<Client> {
  const admins = [...people.values()].filter(({ role }) => ["agency_owner", "agency_admin"].includes(role));
  return clientOf(pickOf(admins) ?? currentOwner());
}
async function clientOf(person: Person): Promise<Client> {
  person.client ??= await app.client().login(person);
  return person.client;
}
const pickOf = <T>(all: T[]): T | undefined => (all.length > 0 ? all[random.int(0, all.length - 1)] : undefined);

function reachFor(role: AssignableRole): Reach {
  if (role === "agency_admin") return "all";
  if (random.oneIn(4)) return "all";
  const some = accounts.filter(() => random.oneIn(2));
  return some.length > 0 || role === "agency_member" ? some : [accounts[0] ?? ""];
}
const access = (role: AssignableRole, reach: Reach): object =>
  role === "agency_admin" ? { role } : { role, subaccounts: reach };
const userId = async (email: string): Promise<string> => {
  const path = `/v1/users?limit=500&q=${encodeURIComponent(email)}`;
  const { data } = ok(await (await clientOf(currentOwner())).get<{ data: User[] }>(path));
  const id = data.find((user) => user.email === email)?.id;
  assert.ok(id, email);
  return id;
};
const other = (): Person | undefined => pickOf([...people.values()].filter(({ role }) => role !== "agency_owner"));

const steps: Record<string, () => Promise<void>> = {
  async invite() {
    const role = random.pick(ROLES);
    const reach = reachFor(role);
    const email = `p${++invited}@northwind.example`;
    const made = ok(await (await manager()).post<Invitation>("/v1/invitations", { email, ...access(role, reach) }));
    invitations.set(made.id, { id: made.id, email, role, reach, token: tokenOf(made) });
  },
  async accept() {
    const invitation = pickOf([...invitations.values()]);
    if (!invitation) return;
    const client = app.client();
    const { email, role, reach, token } = invitation;
    ok(await client.post("/v1/invitations/accept", { token, name: email, password: PASSWORD }));
    invitations.delete(invitation.id);
    deadTokens.push(token);
    people.set(email, { email, role, reach, password: PASSWORD, client, key: undefined });
  },
  async resend() {
    const invitation = pickOf([...invitations.values()]);
    if (!invitation) return;
    const renewed = ok(await (await manager()).post<Invitation>(`/v1/invitations/${invitation.id}/resend`));
    deadTokens.push(invitation.token);
    invitation.token = tokenOf(renewed);
  },
  async revoke() {
    const invitation = pickOf([...invitations.values()]);
    if (!invitation) return;
    ok(await (await manager()).delete(`/v1/invitations/${invitation.id}`));
    invitations.delete(invitation.id);
    deadTokens.push(invitation.token);
  },
  async change() {
    const person = other();
    if (!person) return;
    const role = random.pick(ROLES);
    const reach = reachFor(role);
    ok(await (await manager()).patch(`/v1/users/${await userId(person.email)}`, access(role, reach)));
    Object.assign(person, { role, reach });
  },
  async makeKey() {
    const person = pickOf([...people.values()].filter(({ role }) => role === "agency_admin"));
    if (!person || person.key) return;
    const made = ok(
      await (await clientOf(person)).post<{ secret: string }>("/v1/api_keys", { name: person.email, scopes: ["read"] }),
    );
    person.key = app.client({ key: made.secret });
  },
  async signOut() {
    const person = other();
    if (!person) return;
    ok(await (await manager()).delete(`/v1/users/${await userId(person.email)}/sessions`));
    gone.push({ client: person.client, key: undefined });
    person.client = undefined;
  },
  async remove() {
    const person = other();
    if (!person) return;
    ok(await (await clientOf(currentOwner())).delete(`/v1/users/${await userId(person.email)}`));
    people.delete(person.email);
    gone.push({ client: person.client, key: person.key });
  },
  async transfer() {
    const heir = pickOf([...people.values()].filter(({ role }) => role === "agency_admin"));
    if (!heir) return;
    const before = currentOwner();
    const body = { user_id: await userId(heir.email), password: before.password };
    ok(await (await clientOf(before)).post("/v1/agency/transfer_ownership", body));
    Object.assign(heir, { role: "agency_owner", reach: "all" });
    Object.assign(before, { role: "agency_admin", reach: "all" });
  },
};

const status = async (reply: Promise<Reply>): Promise<number> => (await reply).status;

/** What the store says of everybody is what the model says. */
async function compareAll(): Promise<void> {
  const client = await clientOf(currentOwner());
  const { data } = ok(await client.get<{ data: User[] }>("/v1/users?limit=500"));
  const told = data.map(({ email, role, subaccounts }) => ({
    email,
    role,
    reach: subaccounts === "all" ? subaccounts : subaccounts.map(({ id }) => id).sort(),
  }));
  const modelled = [...people.values()].map(({ email, role, reach }) => ({
    email,
    role,
    reach: reach === "all" ? reach : [...reach].sort(),
  }));
  const byEmail = (a: { email: string }, b: { email: string }): number => a.email.localeCompare(b.email);
  assert.deepEqual(told.sort(byEmail), modelled.sort(byEmail));
  assert.equal(told.filter(({ role }) => role === "agency_owner").length, 1, "one owner");
  const waiting = ok(await client.get<{ data: Invitation[] }>("/v1/invitations?limit=500")).data;
  assert.deepEqual(waiting.map(({ id }) => id).sort(), [...invitations.keys()].sort());
}

/** One person reaches just what their role and grants give. */
async function compareOne(person: Person): Promise<void> {
  const client = await clientOf(person);
  for (const account of accounts) {
    const reached = person.reach === "all" || person.reach.includes(account);
    assert.equal(await status(client.get(`/v1/subaccounts/${account}`)), reached ? 200 : 404, person.email);
  }
  const manages = ["agency_owner", "agency_admin"].includes(person.role);
  assert.equal(await status(client.get("/v1/users")), manages ? 200 : 403, person.email);
  if (person.key) assert.equal(await status(person.key.get("/v1/calls")), 200, "a key outlives its maker's role");
}

async function compareGone(): Promise<void> {
  for (const { client, key } of gone.splice(0)) {
    if (client) assert.equal(await status(client.get("/v1/me")), 401, "a session that was ended");
    if (key) assert.equal(await status(key.get("/v1/calls")), 401, "a key of somebody who was removed");
  }
  const token = pickOf(deadTokens);
  if (token === undefined) return;
  const reply = await status(app.client().post("/v1/invitations/preview", { token }));
  assert.ok(reply === 404 || reply === 409, `a dead link: ${reply}`);
}

test(`${STEPS} random steps, each as the model says`, async () => {
  const names = Object.keys(steps) as [string, ...string[]];
  for (let i = 0; i < STEPS; i++) {
    const name = i < 12 ? (i % 2 === 0 ? "invite" : "accept") : random.pick(names);
    await steps[name]?.();
    await compareAll();
    await compareGone();
    const person = pickOf([...people.values()]);
    if (person) await compareOne(person);
  }
});
