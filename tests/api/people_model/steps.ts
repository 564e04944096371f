// What can happen to an agency's people: steps that are done, and attempts that must be refused and change nothing.

import assert from "node:assert/strict";

import { ok, refused, type Client } from "../../harness/client.ts";
import { tokenOf, type Invitation, type User } from "../../harness/people.ts";
import { ASSIGNABLE, PASSWORD, type Model, type Pending, type Person } from "./model.ts";

const WEEK_SECONDS = 7 * 86_400;

export async function userId(model: Model, email: string): Promise<string> {
  const path = `/v1/users?limit=500&q=${encodeURIComponent(email)}`;
  const { data } = ok(await (await model.clientOf(model.owner)).get<{ data: User[] }>(path));
  const id = data.find((user) => user.email === email)?.id;
  assert.ok(id, email);
  return id;
}

async function inviteTo(model: Model, email: string): Promise<void> {
  const role = model.random.pick(ASSIGNABLE);
  const reach = model.someReach(role);
  const input = { email, ...model.access(role, reach) };
  const made = ok(await (await model.manager()).post<Invitation>("/v1/invitations", input));
  model.invitations.set(made.id, { id: made.id, email, role, reach, token: tokenOf(made), isExpired: false });
}

const acceptance = ({ token, email }: Pending): object => ({ token, name: email, password: PASSWORD });

function joined(model: Model, { id, email, role, reach, token }: Pending, client: Client): void {
  model.invitations.delete(id);
  model.deadTokens.push(token);
  model.people.set(email, { email, role, reach, password: PASSWORD, client, key: undefined });
}

export const steps: Record<string, (model: Model) => Promise<void>> = {
  async invite(model) {
    await inviteTo(model, `p${++model.invited}@northwind.example`);
  },
  async inviteAgain(model) {
    const email = model.freeAddresses.pop();
    if (email !== undefined) await inviteTo(model, email);
  },
  async accept(model) {
    const invitation = model.someInvitation();
    if (!invitation) return;
    const client = model.app.client();
    ok(await client.post("/v1/invitations/accept", acceptance(invitation)));
    joined(model, invitation, client);
  },
  async acceptTwiceAtOnce(model) {
    const invitation = model.someInvitation();
    if (!invitation) return;
    const clients = [model.app.client(), model.app.client()];
    const replies = await Promise.all(
      clients.map((client) => client.post("/v1/invitations/accept", acceptance(invitation))),
    );
    const winner = replies.findIndex(({ status }) => status === 201);
    assert.equal(replies.filter(({ status }) => status === 201).length, 1, "of two at once one wins");
    joined(model, invitation, clients[winner] ?? model.app.client());
  },
  async resend(model) {
    const invitation = model.someInvitation(model.random.oneIn(2));
    if (!invitation) return;
    const path = `/v1/invitations/${invitation.id}/resend`;
    const renewed = ok(await (await model.manager()).post<Invitation>(path));
    model.deadTokens.push(invitation.token);
    Object.assign(invitation, { token: tokenOf(renewed), isExpired: false });
  },
  async revoke(model) {
    const invitation = model.someInvitation(model.random.oneIn(2));
    if (!invitation) return;
    ok(await (await model.manager()).delete(`/v1/invitations/${invitation.id}`));
    model.invitations.delete(invitation.id);
    model.deadTokens.push(invitation.token);
  },
  async aWeekPasses(model) {
    if (!model.random.oneIn(3)) return;
    ok(await model.app.client().post("/v1/test/clock", { advance_seconds: WEEK_SECONDS }));
    for (const invitation of model.invitations.values()) invitation.isExpired = true;
    // Sessions may have idled too long by now: everybody signs in anew when it is their turn.
    for (const person of model.people.values()) person.client = undefined;
  },
  async change(model) {
    const person = model.someone();
    if (!person) return;
    const role = model.random.pick(ASSIGNABLE);
    const reach = model.someReach(role);
    const id = await userId(model, person.email);
    ok(await (await model.manager()).patch(`/v1/users/${id}`, model.access(role, reach)));
    Object.assign(person, { role, reach });
  },
  async makeKey(model) {
    const person = model.pick(model.with("agency_admin"));
    if (!person || person.key) return;
    const input = { name: person.email, scopes: ["read"] };
    const made = ok(await (await model.clientOf(person)).post<{ secret: string }>("/v1/api_keys", input));
    person.key = model.app.client({ key: made.secret });
  },
  async signOut(model) {
    const person = model.someone();
    if (!person) return;
    ok(await (await model.manager()).delete(`/v1/users/${await userId(model, person.email)}/sessions`));
    model.ended(person);
  },
  async remove(model) {
    const person = model.someone();
    if (!person) return;
    await model.clientOf(person);
    ok(await (await model.clientOf(model.owner)).delete(`/v1/users/${await userId(model, person.email)}`));
    model.ended(person);
    if (person.key) model.deadKeys.push(person.key);
    model.people.delete(person.email);
    model.freeAddresses.push(person.email);
  },
  async transfer(model) {
    const heir = model.pick(model.with("agency_admin"));
    if (!heir) return;
    const before = model.owner;
    const body = { user_id: await userId(model, heir.email), password: before.password };
    ok(await (await model.clientOf(before)).post("/v1/agency/transfer_ownership", body));
    Object.assign(heir, { role: "agency_owner", reach: "all" });
    Object.assign(before, { role: "agency_admin", reach: "all" });
  },
};

const asMember = (subaccounts: readonly string[]): object => ({ role: "subaccount_admin", subaccounts });

/** Somebody who may not manage people, signed in. */
async function outsider(model: Model): Promise<Client | undefined> {
  const person: Person | undefined = model.pick(model.with("agency_member", "subaccount_admin", "subaccount_member"));
  return person && model.clientOf(person);
}

export const attempts: Record<string, (model: Model) => Promise<void>> = {
  async inviteTheTaken(model) {
    const taken = [...model.people.keys(), model.other.owner.email];
    const email = (model.pick(taken) ?? "").toUpperCase();
    const input = { email, role: "agency_admin" };
    refused(await (await model.manager()).post("/v1/invitations", input), 409, "email_taken", "email");
  },
  async inviteAnOwner(model) {
    const input = { email: "second.owner@northwind.example", role: "agency_owner" };
    refused(await (await model.manager()).post("/v1/invitations", input), 422, "invalid", "role");
  },
  async inviteToAnotherAgency(model) {
    const input = { email: "spy@northwind.example", ...asMember([model.other.ids.subaccount]) };
    refused(await (await model.manager()).post("/v1/invitations", input), 422, "invalid", "subaccounts");
  },
  async grantAnotherAgencys(model) {
    const person = model.someone();
    if (!person) return;
    const access = asMember([...model.accounts, model.other.ids.subaccount]);
    const id = await userId(model, person.email);
    refused(await (await model.manager()).patch(`/v1/users/${id}`, access), 422, "invalid", "subaccounts");
  },
  async makeAnotherOwner(model) {
    const person = model.someone();
    if (!person) return;
    const id = await userId(model, person.email);
    refused(await (await model.manager()).patch(`/v1/users/${id}`, { role: "agency_owner" }), 422, "invalid", "role");
  },
  async touchTheOwner(model) {
    const id = await userId(model, model.owner.email);
    const by = await model.manager();
    refused(await by.patch(`/v1/users/${id}`, { role: "agency_admin" }), 409, "owner_is_fixed");
    refused(await by.delete(`/v1/users/${id}`), 409, "owner_is_fixed");
  },
  async touchAnotherAgencys(model) {
    const by = await model.manager();
    const { user, invitation } = model.other.ids;
    refused(await by.patch(`/v1/users/${user}`, { role: "agency_admin" }), 404, "not_found");
    refused(await by.delete(`/v1/users/${user}`), 404, "not_found");
    refused(await by.delete(`/v1/users/${user}/sessions`), 404, "not_found");
    refused(await by.post(`/v1/invitations/${invitation}/resend`), 404, "not_found");
    refused(await by.delete(`/v1/invitations/${invitation}`), 404, "not_found");
  },
  async handOverToNoAdmin(model) {
    const heir = model.pick(model.with("agency_member", "subaccount_admin", "subaccount_member"));
    if (!heir) return;
    const { password } = model.owner;
    const body = { user_id: await userId(model, heir.email), password };
    const by = await model.clientOf(model.owner);
    refused(await by.post("/v1/agency/transfer_ownership", body), 409, "not_an_admin");
    const theirs = { user_id: model.other.ids.user, password };
    refused(await by.post("/v1/agency/transfer_ownership", theirs), 404, "not_found");
  },
  async takeOwnership(model) {
    const admin = model.pick(model.with("agency_admin"));
    if (!admin) return;
    const body = { user_id: await userId(model, admin.email), password: admin.password };
    const by = await model.clientOf(admin);
    refused(await by.post("/v1/agency/transfer_ownership", body), 403, "not_allowed");
  },
  async manageWithoutPermission(model) {
    const by = await outsider(model);
    if (!by) return;
    const id = await userId(model, model.pick([...model.people.keys()]) ?? "");
    const input = { email: "spy@northwind.example", role: "agency_admin" };
    refused(await by.post("/v1/invitations", input), 403, "not_allowed");
    refused(await by.patch(`/v1/users/${id}`, { role: "agency_admin" }), 403, "not_allowed");
    refused(await by.delete(`/v1/users/${id}`), 403, "not_allowed");
    refused(await by.delete(`/v1/users/${id}/sessions`), 403, "not_allowed");
  },
  async acceptTooLate(model) {
    const invitation = model.someInvitation(true);
    if (!invitation) return;
    const reply = await model.app.client().post("/v1/invitations/accept", acceptance(invitation));
    refused(reply, 409, "invitation_expired");
  },
  async acceptByADeadLink(model) {
    const token = model.pick(model.deadTokens);
    if (token === undefined) return;
    const body = { token, name: "Eve", password: PASSWORD };
    const { status } = await model.app.client().post("/v1/invitations/accept", body);
    assert.ok(status === 404 || status === 409, `a dead link: ${status}`);
  },
};
