// A second agency in the store of a test, with something of each kind: what nobody of the first one may ever see.

import { App } from "./app.ts";
import { renewalJob, schedulePayout } from "./card_sale.ts";
import { ok } from "./client.ts";
import { waitingCall } from "./engines.ts";
import type { Owner } from "./minutebank.ts";
import { invite } from "./people.ts";
import { moveIn } from "./rows.ts";
import { addSubaccount, call, hold, record, sell } from "./scene.ts";
import type { Store } from "./store.ts";

export const OTHER_AGENCY = "Contoso Voice";
export const OTHER_NAMES = ["Zanzibar Foods", "Quokka Legal"] as const;
const EMAIL = "grace@contoso.example";

export interface OtherAgency {
  owner: Owner;
  /** One of each kind, by what paths call it; also a purchase that is not paid yet. */
  ids: Record<
    | "agency"
    | "subaccount"
    | "purchase"
    | "pending_purchase"
    | "call"
    | "reservation"
    | "session"
    | "api_key"
    | "user"
    | "invitation"
    | "job"
    | "renewal"
    | "payout"
    | "engine_connection"
    | "unmatched_call",
    string
  >;
  /** The secret of its API key, with every scope. */
  secret: string;
  /** What no reply to anybody else may hold. */
  words: string[];
}

interface Rows {
  data: { id: string }[];
}

async function furnish(app: App): Promise<Omit<OtherAgency, "owner" | "words">> {
  const owner = await app.ownerClient();
  const { id: subaccount } = await addSubaccount(owner, OTHER_NAMES[0], { reference: "theirs" });
  await addSubaccount(owner, OTHER_NAMES[1]);
  const { id: purchase } = await sell(owner, subaccount, "premium", 6000);
  const order = { tier: "premium", seconds: 60 };
  const pending = ok(await owner.post<{ id: string }>(`/v1/subaccounts/${subaccount}/purchases`, order));
  const scopes = ["calls:write", "reservations:write", "read"];
  const key = ok(await owner.post<{ id: string; secret: string }>("/v1/api_keys", { name: "theirs", scopes }));
  const engine = app.client({ key: key.secret });
  await record(engine, [call({ id: "same", subaccount })]);
  const reservation = await hold(engine, subaccount);
  // One that is open would run out by itself some day.
  ok(await engine.delete(`/v1/reservations/${reservation.id}`));
  const first = async (path: string): Promise<string> => ok(await owner.get<Rows>(path)).data[0]?.id ?? "";
  const waits = await waitingCall(owner, app.client(), "theirs");
  const agency = ok(await owner.get<{ id: string }>("/v1/agency")).id;
  const ids = {
    agency,
    subaccount,
    purchase,
    pending_purchase: pending.id,
    call: await first("/v1/calls"),
    reservation: reservation.id,
    session: await first("/v1/me/sessions"),
    api_key: key.id,
    user: ok(await owner.get<{ user: { id: string } }>("/v1/me")).user.id,
    invitation: (await invite(owner, "alan@contoso.example", "agency_member")).id,
    job: await renewalJob(app.store, agency),
    engine_connection: waits.connection,
    unmatched_call: waits.id,
    ...(await schedulePayout(app.store, subaccount, 1, new Date())),
  };
  return { ids, secret: key.secret };
}

/** Puts it into `store` beside what is there. */
export async function addOtherAgency(store: Store): Promise<OtherAgency> {
  const app = await App.start({ agency: OTHER_AGENCY, email: EMAIL });
  try {
    const furnished = await furnish(app);
    await moveIn(app.store, store);
    const words = [...Object.values(furnished.ids), ...OTHER_NAMES, EMAIL, OTHER_AGENCY];
    return { ...furnished, owner: app.owner, words };
  } finally {
    await app.finish();
  }
}
