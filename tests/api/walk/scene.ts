// Everybody who asks and everything they ask for: an agency with accounts in every state, another one beside it.

import { startApp, type App } from "../../harness/app.ts";
import { renewalJob, schedulePayout } from "../../harness/card_sale.ts";
import { ok, type Client } from "../../harness/client.ts";
import { waitingCall } from "../../harness/engines.ts";
import type { Owner } from "../../harness/minutebank.ts";
import { addOtherAgency, type OtherAgency } from "../../harness/other_agency.ts";
import { invite, tokenOf, type Invitation } from "../../harness/people.ts";
import { addStaff, STAFF } from "../../harness/platform.ts";
import { addPerson, idText, remove, ROLES, suspend, type Role } from "../../harness/rows.ts";
import { addSubaccount, call, hold, record, sell } from "../../harness/scene.ts";
import { OWN_ACCOUNTS, type Place, type Standing } from "./oracle.ts";

/** What the ids in a path stand for, at one place. */
export interface Things {
  subaccount: string;
  purchase: string;
  /** One that nobody has paid yet. */
  pending: string;
  call: string;
  /** One that was given back. */
  reservation: string;
  api_key: string;
  user: string;
  invitation: string;
  payment_method: string;
  session: string;
  agency: string;
  plan: string;
  price_change: string;
  job: string;
  renewal: string;
  /** On its way. */
  payout: string;
  engine_connection: string;
  /** One that waits. */
  unmatched_call: string;
}

export interface Caller extends Standing {
  client: Client;
  /** Who signs in as them: nobody as keys. */
  person: Owner | undefined;
  /** Signs in once more, as at first. */
  enter(): Promise<unknown>;
}

export interface Scene {
  app: App;
  owner: Client;
  agency: string;
  things: Record<Place, Things>;
  /** What nobody may be told who does not reach the place. */
  words: Map<Place, string[]>;
  other: OtherAgency;
  callers: Caller[];
  /** The link of an invitation that stays pending. */
  token: string;
}

interface Rows {
  data: { id: string }[];
}

const NAMES: Partial<Record<Place, string>> = {
  granted: "Grenadine Cafe",
  foreign: "Fennel Bakery",
  suspended: "Sorrel Clinic",
  removed: "Radish Motors",
};
const GRANTED: readonly Place[] = ["granted", "suspended"];
const EVERYTHING = ["calls:write", "reservations:write", "read"];

/** One of each kind that nothing has. */
const NOWHERE: Things = {
  subaccount: "sub_0000000000001",
  purchase: "pur_0000000000001",
  pending: "pur_0000000000001",
  call: "call_0000000000001",
  reservation: "rsv_0000000000001",
  api_key: "key_0000000000001",
  user: "usr_0000000000001",
  invitation: "inv_0000000000001",
  payment_method: "pmt_0000000000001",
  session: "ses_0000000000001",
  agency: "agy_0000000000001",
  plan: "nothing_of_the_kind",
  price_change: "bpr_0000000000001",
  job: "job_0000000000001",
  renewal: "rnw_0000000000001",
  payout: "pay_0000000000001",
  engine_connection: "eng_0000000000001",
  unmatched_call: "unc_0000000000001",
};

/** Plans are the platform's, whoever is on them. */
const PLAN = { plan: "agency_lite", price_change: "bpr_0000000000001" };

/** A minute bought, held, given back and used, and a purchase that waits: the wallet ends empty, as removal leaves it. */
async function furnish(owner: Client, engine: Client, subaccount: string): Promise<Things> {
  const { id: purchase } = await sell(owner, subaccount, "premium", 60);
  const order = { tier: "premium", seconds: 60 };
  const { id: pending } = ok(await owner.post<{ id: string }>(`/v1/subaccounts/${subaccount}/purchases`, order));
  const { id: reservation } = await hold(engine, subaccount);
  ok(await engine.delete(`/v1/reservations/${reservation}`));
  await record(engine, [call({ id: `first-${subaccount}`, subaccount })]);
  const { data } = ok(await owner.get<Rows>(`/v1/calls?subaccount=${subaccount}`));
  return { ...NOWHERE, subaccount, purchase, pending, reservation, call: data[0]?.id ?? "" };
}

export async function userId(app: App, { email }: Owner): Promise<string> {
  const [row] = await app.store.query(`SELECT user_id FROM user_emails WHERE email_key = '${email}'`);
  return idText("usr", row?.["user_id"] as bigint);
}

const nobody = (name: string, code: string, client: Client, enter: () => unknown): Caller => ({
  ...{ name, kind: "nobody", role: undefined, reachesAll: false, granted: [], scopes: [], code },
  ...{ client, person: undefined, enter: () => Promise.resolve(enter()) },
});

/** The owner who takes part is the one who makes things for the others: what ends all sessions of theirs but one ends no other. */
const theOwner = (app: App, client: Client): Caller => ({
  ...{ name: "agency_owner", kind: "person", role: "agency_owner", reachesAll: false, granted: [], scopes: [] },
  ...{ client, person: app.owner, enter: () => client.login(app.owner) },
});

async function person(app: App, role: Role, reachesAll: boolean, accounts: Map<Place, string>): Promise<Caller> {
  const grants = reachesAll || role === "agency_admin" ? [] : GRANTED.map((place) => accounts.get(place) ?? "");
  const who = await addPerson(app.store, app.owner, role, { grants, reachesAll });
  const client = await app.client().login(who);
  const name = reachesAll ? `${role}, all` : role;
  return {
    ...{ name, kind: "person", role, reachesAll, granted: reachesAll ? [] : GRANTED, scopes: [] },
    ...{ client, person: who, enter: () => client.login(who) },
  };
}

async function key(owner: Client, app: App, scopes: string[], bound?: { place: Place; id: string }): Promise<Caller> {
  const name = `key of ${scopes.join(" ")}${bound ? `, for ${bound.place}` : ""}`;
  const input = { name, scopes, ...(bound && { subaccount: bound.id }) };
  const { secret } = ok(await owner.post<{ secret: string }>("/v1/api_keys", input));
  const client = app.client({ key: secret });
  return {
    ...{ name, kind: "key", role: bound ? "subaccount_member" : "agency_admin", reachesAll: !bound, scopes },
    ...{ granted: bound ? [bound.place] : [] },
    ...{ client, person: undefined, enter: () => Promise.resolve(client.forget()) },
  };
}

async function staff(app: App, inside: string | undefined): Promise<Caller> {
  const client = app.client();
  // Each somebody else: what ends all sessions of one ends none of another.
  const who = inside === undefined ? STAFF : await addStaff(app.store);
  const enter = async (): Promise<void> => {
    await client.login(who);
    if (inside !== undefined) ok(await client.post(`/v1/platform/agencies/${inside}/enter`));
  };
  await enter();
  return {
    ...{ name: `staff ${inside === undefined ? "outside" : "inside"}`, reachesAll: false, granted: [], scopes: [] },
    ...{ kind: inside === undefined ? "staff outside" : "staff inside", client, person: who, enter },
    role: inside === undefined ? undefined : "agency_admin",
  };
}

/** Whoever comes without anything, with a session that has ended, with a key that was revoked. */
async function nobodies(app: App, owner: Client): Promise<Caller[]> {
  const stranger = app.client();
  const gone = await app.client().login(app.owner);
  const kept = app.client().carrying(gone);
  ok(await gone.post("/v1/auth/logout"));
  const late = app.client().carrying(kept);
  const made = ok(
    await owner.post<{ id: string; secret: string }>("/v1/api_keys", { name: "revoked", scopes: EVERYTHING }),
  );
  ok(await owner.delete(`/v1/api_keys/${made.id}`));
  const revoked = app.client({ key: made.secret });
  return [
    nobody("nobody", "not_signed_in", stranger, () => stranger.forget()),
    nobody("a session that was ended", "session_expired", late, () => late.forget().carrying(kept)),
    nobody("a key that was revoked", "bad_api_key", revoked, () => revoked.forget()),
  ];
}

async function everybody(app: App, owner: Client, agency: string, accounts: Map<Place, string>): Promise<Caller[]> {
  const bound = { place: "granted" as const, id: accounts.get("granted") ?? "" };
  const clientsAndMembers: Role[] = ["agency_member", "subaccount_admin", "subaccount_member"];
  const callers: Caller[] = [theOwner(app, owner)];
  for (const role of ROLES.slice(1)) callers.push(await person(app, role, false, accounts));
  for (const role of clientsAndMembers) callers.push(await person(app, role, true, accounts));
  callers.push(await staff(app, undefined), await staff(app, agency));
  for (const scopes of [...EVERYTHING.map((scope) => [scope]), EVERYTHING]) {
    callers.push(await key(owner, app, scopes), await key(owner, app, scopes, bound));
  }
  return [...callers, ...(await nobodies(app, owner))];
}

/** What is the agency's as a whole; with a session of somebody who does not take part. */
async function common(app: App, owner: Client, agency: string): Promise<{ own: Things; token: string }> {
  const colleague = await addPerson(app.store, app.owner, "agency_member");
  const signedIn = await app.client().login(colleague);
  const session = ok(await signedIn.get<Rows>("/v1/me/sessions")).data[0]?.id ?? "";
  const made: Invitation = await invite(owner, "waiting@northwind.example", "agency_member");
  const input = { name: "fixture", scopes: ["read"] };
  const { id: api_key } = ok(await owner.post<{ id: string }>("/v1/api_keys", input));
  const user = await userId(app, colleague);
  const job = await renewalJob(app.store, agency);
  const primary = ok(await owner.get<Rows>("/v1/subaccounts?kind=primary")).data[0]?.id ?? "";
  const paid = await schedulePayout(app.store, primary, 1, new Date());
  const waits = await waitingCall(owner, app.client(), "waits");
  const engines = { engine_connection: waits.connection, unmatched_call: waits.id };
  return {
    own: { ...NOWHERE, ...PLAN, agency, user, api_key, session, invitation: made.id, job, ...paid, ...engines },
    token: tokenOf(made),
  };
}

export async function setTheScene(): Promise<Scene> {
  const app = await startApp({ staff: STAFF, args: ["--test-clock", "--trusted-proxies", "127.0.0.1"] });
  const owner = await app.ownerClient();
  const other = await addOtherAgency(app.store);
  const engine = await app.machineClient(["calls:write", "reservations:write"]);
  const agency = ok(await owner.get<{ id: string }>("/v1/agency")).id;
  const accounts = new Map<Place, string>();
  accounts.set("primary", ok(await owner.get<Rows>("/v1/subaccounts?kind=primary")).data[0]?.id ?? "");
  for (const [place, name] of Object.entries(NAMES)) {
    accounts.set(place as Place, (await addSubaccount(owner, name)).id);
  }
  const { own, token } = await common(app, owner, agency);
  const things: Partial<Record<Place, Things>> = {
    own,
    colleague: own,
    other: { ...NOWHERE, ...other.ids, ...PLAN, pending: other.ids.pending_purchase },
    nowhere: NOWHERE,
  };
  const words = new Map<Place, string[]>([["other", other.words]]);
  for (const place of OWN_ACCOUNTS) {
    const its = await furnish(owner, engine, accounts.get(place) ?? "");
    things[place] = {
      ...own,
      subaccount: its.subaccount,
      purchase: its.purchase,
      pending: its.pending,
      call: its.call,
      reservation: its.reservation,
    };
    const ids = [its.subaccount, its.purchase, its.pending, its.call, its.reservation];
    words.set(place, [...ids, ...(NAMES[place] === undefined ? [] : [NAMES[place]])]);
  }
  const callers = await everybody(app, owner, agency, accounts);
  await suspend(app.store, accounts.get("suspended") ?? "");
  await remove(app.store, accounts.get("removed") ?? "");
  return { app, owner, agency, things: things as Record<Place, Things>, words, other, callers, token };
}
