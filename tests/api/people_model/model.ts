// What a test believes of an agency's people, in memory: who there is, what they reach, which links are alive.

import assert from "node:assert/strict";

import type { App } from "../../harness/app.ts";
import type { Client } from "../../harness/client.ts";
import type { OtherAgency } from "../../harness/other_agency.ts";
import type { AssignableRole } from "../../harness/people.ts";
import type { Chance } from "../../harness/seed.ts";

export type Reach = "all" | string[];
export const PASSWORD = "quiet lamps by the river";
export const ASSIGNABLE: [AssignableRole, ...AssignableRole[]] = [
  "agency_admin",
  "agency_member",
  "subaccount_admin",
  "subaccount_member",
];

export interface Person {
  email: string;
  role: AssignableRole | "agency_owner";
  reach: Reach;
  password: string;
  client: Client | undefined;
  /** An API key that they made, while it should work. */
  key: Client | undefined;
}

export interface Pending {
  id: string;
  email: string;
  role: AssignableRole;
  reach: Reach;
  token: string;
  isExpired: boolean;
}

export class Model {
  readonly app: App;
  readonly random: Chance;
  readonly other: OtherAgency;
  readonly accounts: readonly string[];
  readonly people = new Map<string, Person>();
  readonly invitations = new Map<string, Pending>();
  /** Links that were used, replaced or taken back. */
  readonly deadTokens: string[] = [];
  /** Sessions that were ended, and API keys of those who were removed. */
  readonly deadSessions: Client[] = [];
  readonly deadKeys: Client[] = [];
  /** Addresses of those who were removed. */
  readonly freeAddresses: string[] = [];
  invited = 0;

  constructor(app: App, random: Chance, other: OtherAgency, accounts: readonly string[]) {
    this.app = app;
    this.random = random;
    this.other = other;
    this.accounts = accounts;
    const { email, password } = app.owner;
    this.people.set(email, {
      ...{ email, password, role: "agency_owner", reach: "all" },
      client: undefined,
      key: undefined,
    });
  }

  get owner(): Person {
    const owners = [...this.people.values()].filter(({ role }) => role === "agency_owner");
    assert.ok(owners[0] && owners.length === 1);
    return owners[0];
  }

  pick<T>(all: readonly T[]): T | undefined {
    return all.length > 0 ? all[this.random.int(0, all.length - 1)] : undefined;
  }

  with(...roles: Person["role"][]): Person[] {
    return [...this.people.values()].filter(({ role }) => roles.includes(role));
  }

  /** Anybody but the owner. */
  someone(): Person | undefined {
    return this.pick(this.with(...ASSIGNABLE));
  }

  someInvitation(isExpired = false): Pending | undefined {
    return this.pick([...this.invitations.values()].filter((one) => one.isExpired === isExpired));
  }

  async clientOf(person: Person): Promise<Client> {
    person.client ??= await this.app.client().login(person);
    return person.client;
  }

  /** Somebody who may manage people, signed in. */
  async manager(): Promise<Client> {
    return this.clientOf(this.pick(this.with("agency_owner", "agency_admin")) ?? this.owner);
  }

  someReach(role: AssignableRole): Reach {
    if (role === "agency_admin" || this.random.oneIn(4)) return "all";
    const some = this.accounts.filter(() => this.random.oneIn(2));
    return some.length > 0 || role === "agency_member" ? some : this.accounts.slice(0, 1);
  }

  /** What is sent to give somebody a role and a reach. */
  access(role: AssignableRole, reach: Reach): object {
    return role === "agency_admin" ? { role } : { role, subaccounts: reach };
  }

  ended(person: Person): void {
    if (person.client) this.deadSessions.push(person.client);
    person.client = undefined;
  }
}
