// The usual things that tests set up through the API: clients with minutes, and calls that use them.

import { ok, type Client } from "./client.ts";

export type Tier = "basic" | "premium";

export interface Wallet {
  basic_seconds: number;
  premium_seconds: number;
  held_basic_seconds: number;
  held_premium_seconds: number;
  balance_usd: string;
  overdrawn: boolean;
}

export interface Subaccount {
  id: string;
  kind: "primary" | "secondary";
  name: string;
  email: string;
  reference: string | null;
  status: string;
  wallet: Wallet;
}

export interface Purchase {
  id: string;
  state: string;
  seconds: number;
  paid_usd: string;
  profit_usd: string | null;
  balances?: Wallet;
}

export interface CallRecord {
  id: string;
  source?: string;
  subaccount: string;
  tier: Tier;
  direction: "inbound" | "outbound";
  status: string;
  started_at: string;
  duration_seconds: number;
  reservation?: string | null;
}

export interface CallResults {
  accepted: number;
  duplicates: number;
  rejected: number;
  results: {
    id: string | null;
    status: "accepted" | "duplicate" | "conflict" | "rejected";
    code?: string;
    field?: string;
    detail?: string;
    charged?: string;
    billed_seconds?: number;
    reservation?: "ended" | "expired" | "canceled" | "taken" | "unknown";
  }[];
}

export interface Reservation {
  id: string;
  subaccount: string;
  subaccount_name?: string;
  tier: Tier;
  state: "open" | "ended" | "canceled" | "expired";
  granted_seconds: number;
  expires_at: string;
  created_at: string;
  ended_at: string | null;
  call: string | null;
  balances?: Wallet;
}

/** A new secondary account; its email is made from its name. */
export async function addSubaccount(owner: Client, name: string, more: object = {}): Promise<Subaccount> {
  const email = `${name.toLowerCase().replaceAll(/[^a-z0-9]+/g, ".")}@client.example`;
  return ok(await owner.post<Subaccount>("/v1/subaccounts", { name, email, ...more }));
}

/** A purchase of `seconds` that has been paid. */
export async function sell(owner: Client, subaccount: string, tier: Tier, seconds: number): Promise<Purchase> {
  const pending = ok(await owner.post<Purchase>(`/v1/subaccounts/${subaccount}/purchases`, { tier, seconds }));
  return ok(await owner.post<Purchase>(`/v1/purchases/${pending.id}/mark_paid`));
}

export async function walletOf(client: Client, subaccount: string): Promise<Wallet> {
  return ok(await client.get<Subaccount>(`/v1/subaccounts/${subaccount}`)).wallet;
}

/** A completed outbound premium call of a minute, now; `facts` says what is different. */
export function call(facts: Partial<CallRecord> & { id: string; subaccount: string }): CallRecord {
  return {
    tier: "premium",
    direction: "outbound",
    status: "completed",
    started_at: new Date().toISOString(),
    duration_seconds: 60,
    ...facts,
  };
}

export async function record(engine: Client, calls: CallRecord[]): Promise<CallResults> {
  return ok(await engine.post<CallResults>("/v1/calls", calls));
}

/** Asks whether an outbound premium call may begin; `facts` says what is different. */
export async function hold(engine: Client, subaccount: string, facts: object = {}): Promise<Reservation> {
  const order = { subaccount, tier: "premium", direction: "outbound", ...facts };
  return ok(await engine.post<Reservation>("/v1/reservations", order));
}
