// People of an agency: invited, with their own signed-in clients.

import { ok, type Client } from "./client.ts";
import type { App } from "./app.ts";

export type AssignableRole = "agency_admin" | "agency_member" | "subaccount_admin" | "subaccount_member";

export interface Invitation {
  id: string;
  email: string;
  role: string;
  subaccounts: "all" | { id: string; name: string }[];
  expires_at: string;
  is_expired: boolean;
  mail: { state: "waiting" | "sent" | "failed"; error: string | null } | null;
  link?: string;
}

export interface User {
  id: string;
  name: string;
  email: string;
  role: string;
  subaccounts: "all" | { id: string; name: string }[];
  last_seen_at: string | null;
  two_factor: boolean;
  is_you: boolean;
}

export interface Person {
  client: Client;
  email: string;
  password: string;
}

const PASSWORD = "quiet lamps by the river";

export function tokenOf({ link }: Invitation): string {
  const token = /#token=(.+)$/.exec(link ?? "")?.[1];
  if (token === undefined) throw new Error(`no token in ${link}`);
  return token;
}

export async function invite(
  by: Client,
  email: string,
  role: AssignableRole,
  subaccounts?: "all" | readonly string[],
): Promise<Invitation> {
  return ok(await by.post<Invitation>("/v1/invitations", { email, role, ...(subaccounts && { subaccounts }) }));
}

/** Invites somebody and accepts for them; their client is signed in. */
export async function join(
  app: App,
  by: Client,
  email: string,
  role: AssignableRole,
  subaccounts?: "all" | readonly string[],
): Promise<Person> {
  const token = tokenOf(await invite(by, email, role, subaccounts));
  const client = app.client();
  ok(await client.post("/v1/invitations/accept", { token, name: email.split("@")[0], password: PASSWORD }));
  return { client, email, password: PASSWORD };
}
