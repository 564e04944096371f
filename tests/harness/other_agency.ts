// A second agency in the store of a test, with something of each kind: what nobody of the first one may ever see.

import { App } from "./app.ts";
import { ok } from "./client.ts";
import type { Owner } from "./minutebank.ts";
import { invite } from "./people.ts";
import { moveIn } from "./rows.ts";
import { addSubaccount, call, record, sell } from "./scene.ts";
import type { Store } from "./store.ts";

export const OTHER_AGENCY = "Contoso Voice";
export const OTHER_NAMES = ["Zanzibar Foods", "Quokka Legal"] as const;
const EMAIL = "grace@contoso.example";

export interface OtherAgency {
  owner: Owner;
  /** One of each kind, by what paths call it; also a purchase that is not paid yet. */
  ids: Record<
    "agency" | "subaccount" | "purchase" | "pending_purchase" | "call" | "session" | "api_key" | "user" | "invitation",
    string
  >;
  /** The secret of its API key, with the scopes calls:write and read. */
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
  const scopes = ["calls:write", "read"];
  const key = ok(await owner.post<{ id: string; secret: string }>("/v1/api_keys", { name: "theirs", scopes }));
  await record(app.client({ key: key.secret }), [call({ id: "same", subaccount })]);
  const first = async (path: string): Promise<string> => ok(await owner.get<Rows>(path)).data[0]?.id ?? "";
  const ids = {
    agency: ok(await owner.get<{ id: string }>("/v1/agency")).id,
    subaccount,
    purchase,
    pending_purchase: pending.id,
    call: await first("/v1/calls"),
    session: await first("/v1/me/sessions"),
    api_key: key.id,
    user: ok(await owner.get<{ user: { id: string } }>("/v1/me")).user.id,
    invitation: (await invite(owner, "alan@contoso.example", "agency_member")).id,
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
