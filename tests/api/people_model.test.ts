// Random lives of an agency's people beside a small model of them: invite, accept, resend, revoke, change, sign out,
// remove, hand over, and attempts at what is refused. After each step the store agrees with the model, there is one owner,
// nobody reaches what they were not granted or what is another agency's, and who was removed is gone.

import assert from "node:assert/strict";
import { test } from "node:test";

import { startApp } from "../harness/app.ts";
import { ok, type Reply } from "../harness/client.ts";
import { addOtherAgency } from "../harness/other_agency.ts";
import type { Invitation, User } from "../harness/people.ts";
import { idNumber } from "../harness/rows.ts";
import { addSubaccount } from "../harness/scene.ts";
import { chance } from "../harness/seed.ts";
import { Model, type Person, type Reach } from "./people_model/model.ts";
import { attempts, steps } from "./people_model/steps.ts";

const STEPS = 240;

const app = await startApp({ args: ["--test-clock"] });
const random = chance("people");
const other = await addOtherAgency(app.store);
const accounts: string[] = [];
for (const name of ["Alder", "Birch", "Cedar", "Damson"]) {
  accounts.push((await addSubaccount(await app.ownerClient(), name)).id);
}
const model = new Model(app, random, other, accounts);

const status = async (reply: Promise<Reply>): Promise<number> => (await reply).status;
const sorted = (reach: Reach): Reach => (reach === "all" ? reach : [...reach].sort());
const byEmail = (a: { email: string }, b: { email: string }): number => a.email.localeCompare(b.email);

/** What the API says of everybody is what the model says. */
async function expectAll(): Promise<void> {
  const client = await model.clientOf(model.owner);
  const { data } = ok(await client.get<{ data: User[] }>("/v1/users?limit=500"));
  const told = data.map(({ email, role, subaccounts }) => ({
    ...{ email, role },
    reach: sorted(subaccounts === "all" ? subaccounts : subaccounts.map(({ id }) => id)),
  }));
  const modelled = [...model.people.values()].map(({ email, role, reach }) => ({ email, role, reach: sorted(reach) }));
  assert.deepEqual(told.sort(byEmail), modelled.sort(byEmail));
  const waiting = ok(await client.get<{ data: Invitation[] }>("/v1/invitations?limit=500")).data;
  assert.deepEqual(
    waiting.map(({ email, role, is_expired }) => ({ email, role, is_expired })).sort(byEmail),
    [...model.invitations.values()]
      .map(({ email, role, isExpired }) => ({ email, role, is_expired: isExpired }))
      .sort(byEmail),
  );
}

const AGENCY_OF_OTHERS = idNumber(other.ids.agency);

/** Whatever happened: what each of these finds is a fault. */
const FAULTS = {
  "an agency that has not one owner":
    "SELECT a.id FROM agencies a LEFT JOIN users u ON u.agency_id = a.id AND u.role = 'agency_owner'" +
    " GROUP BY a.id HAVING COUNT(u.id) <> 1",
  "a grant of what is not a client's account of the agency":
    "SELECT g.user_id FROM user_grants g LEFT JOIN subaccounts s ON s.agency_id = g.agency_id" +
    " AND s.id = g.subaccount_id AND s.kind = 'secondary' WHERE s.id IS NULL",
  "an invitation to what is not a client's account of the agency":
    "SELECT g.invitation_id FROM invitation_grants g LEFT JOIN subaccounts s ON s.agency_id = g.agency_id" +
    " AND s.id = g.subaccount_id AND s.kind = 'secondary' WHERE s.id IS NULL",
  "an invitation to be the owner": "SELECT id FROM invitations WHERE role = 'agency_owner'",
  "a session of nobody":
    "SELECT s.id FROM sessions s LEFT JOIN users u ON u.agency_id = s.agency_id AND u.id = s.user_id" +
    " WHERE u.id IS NULL",
  "a key that works, of nobody":
    "SELECT k.id FROM api_keys k LEFT JOIN users u ON u.agency_id = k.agency_id AND u.id = k.created_by" +
    " WHERE k.revoked_at IS NULL AND u.id IS NULL",
  "an address that signs in nobody, or two":
    "SELECT u.id FROM users u LEFT JOIN user_emails e ON e.agency_id = u.agency_id AND e.user_id = u.id" +
    " GROUP BY u.id HAVING COUNT(e.email_key) <> 1" +
    " UNION ALL SELECT e.user_id FROM user_emails e LEFT JOIN users u ON u.id = e.user_id WHERE u.id IS NULL",
  "anybody new in the other agency":
    `SELECT id FROM users WHERE agency_id = ${AGENCY_OF_OTHERS} AND id <> ${idNumber(other.ids.user)}` +
    ` UNION ALL SELECT id FROM invitations WHERE agency_id = ${AGENCY_OF_OTHERS}` +
    ` AND (id <> ${idNumber(other.ids.invitation)} OR state <> 'pending')`,
};

async function expectNoFaults(): Promise<void> {
  const found = await Promise.all(Object.values(FAULTS).map((sql) => app.store.query(sql)));
  const faults = Object.keys(FAULTS).filter((_, i) => (found[i] ?? []).length > 0);
  assert.deepEqual(faults, []);
}

/** One person reaches just what their role and grants give. */
async function expectReach(person: Person): Promise<void> {
  const client = await model.clientOf(person);
  for (const account of accounts) {
    const reached = person.reach === "all" || person.reach.includes(account);
    assert.equal(await status(client.get(`/v1/subaccounts/${account}`)), reached ? 200 : 404, person.email);
  }
  assert.equal(await status(client.get(`/v1/subaccounts/${other.ids.subaccount}`)), 404, person.email);
  const manages = ["agency_owner", "agency_admin"].includes(person.role);
  assert.equal(await status(client.get("/v1/users")), manages ? 200 : 403, person.email);
  if (person.key) assert.equal(await status(person.key.get("/v1/calls")), 200, "a key outlives its maker's role");
}

/** What has ended stays so: the newest of each kind, and in the end all of them. */
async function expectGone(howMany = 1): Promise<void> {
  for (const client of model.deadSessions.slice(-howMany)) {
    assert.equal(await status(client.get("/v1/me")), 401, "a session that was ended");
  }
  for (const key of model.deadKeys.slice(-howMany)) {
    assert.equal(await status(key.get("/v1/calls")), 401, "a key of somebody who was removed");
  }
  for (const token of model.deadTokens.slice(-howMany)) {
    const reply = await status(app.client().post("/v1/invitations/preview", { token }));
    assert.ok(reply === 404 || reply === 409, `a dead link: ${reply}`);
  }
}

function nextStep(i: number): string {
  if (i < 12) return i % 2 === 0 ? "invite" : "accept";
  return random.pick(Object.keys(random.oneIn(3) ? attempts : steps) as [string, ...string[]]);
}

test(`${STEPS} random steps, each as the model says`, async (t) => {
  t.diagnostic(`covered: ${STEPS} random steps of people's lives on ${app.store.kind}, MB_TEST_SEED=${random.seed}`);
  for (let i = 0; i < STEPS; i++) {
    const name = nextStep(i);
    await (steps[name] ?? attempts[name])?.(model);
    try {
      await expectAll();
      await expectNoFaults();
      await expectGone();
      const person = model.pick([...model.people.values()]);
      if (person) await expectReach(person);
    } catch (error) {
      throw new Error(`after step ${i}, ${name}`, { cause: error });
    }
  }
  await expectGone(STEPS);
  for (const person of model.people.values()) await expectReach(person);
});
