// A store with two clients that no server holds, for commands that work on it directly; and what an import said.

import assert from "node:assert/strict";

import { Client, ok } from "./client.ts";
import { check, initAgency, minutebank, Server, type Owner } from "./minutebank.ts";
import type { Finished, RunOptions } from "./process.ts";
import { addSubaccount, type Subaccount } from "./scene.ts";
import { freshStore, type Store } from "./store.ts";

/** The references of the clients. */
export const CLIENTS = ["harbor", "acme"] as const;

export interface Used {
  basic: number;
  premium: number;
}

/** Seconds that each client has used, by reference: what its wallet is below zero. */
export async function usedBy(owner: Client): Promise<Record<string, Used>> {
  const { data } = ok(await owner.get<{ data: Subaccount[] }>("/v1/subaccounts"));
  return Object.fromEntries(
    data
      .filter(({ kind }) => kind === "secondary")
      .map(({ reference, wallet }) => [
        reference ?? "",
        { basic: 0 - wallet.basic_seconds, premium: 0 - wallet.premium_seconds },
      ]),
  );
}

export async function addClients(owner: Client): Promise<void> {
  await addSubaccount(owner, "Harbor Dental", { reference: CLIENTS[0] });
  await addSubaccount(owner, "Acme Solar", { reference: CLIENTS[1] });
}

export class Books {
  readonly store: Store;
  readonly #owner: Owner;

  private constructor(store: Store, owner: Owner) {
    this.store = store;
    this.#owner = owner;
  }

  static async open(): Promise<Books> {
    const store = await freshStore();
    const books = new Books(store, await initAgency(store));
    await books.visit(addClients);
    return books;
  }

  /** The owner comes by, over a server that is gone afterwards. */
  async visit<Seen>(look: (owner: Client) => Promise<Seen>): Promise<Seen> {
    const server = await Server.start(this.store, { args: ["--test-clock"] });
    const owner = await new Client(server.url).login(this.#owner);
    try {
      return await look(owner);
    } finally {
      owner.close();
      await server.stop();
    }
  }

  used(): Promise<Record<string, Used>> {
    return this.visit(usedBy);
  }

  async calls(): Promise<number> {
    const [row] = await this.store.query("SELECT COUNT(*) AS n FROM calls");
    return Number(row?.["n"]);
  }

  arguments(path: string, ...args: string[]): string[] {
    return ["import", "calls", path, "--store", this.store.url, ...args];
  }

  /** Imports the file, whatever comes of it. */
  import(path: string, args: readonly string[], options: RunOptions = {}): Promise<Finished> {
    return minutebank(this.arguments(path, ...args), options);
  }

  async close(): Promise<void> {
    await check(this.store);
    await this.store.drop();
  }
}

export interface Told {
  lines: number;
  charged: number;
  duplicates: number;
  conflicts: number;
  rejected: number;
}

export const NOTHING: Told = { lines: 0, charged: 0, duplicates: 0, conflicts: 0, rejected: 0 };

/** The counts of an import's summary. */
export function told(done: Finished): Told {
  const count = (name: string): number => {
    const found = new RegExp(`^${name} +(\\d+)$`, "m").exec(done.stdout)?.[1];
    assert.ok(found !== undefined, `no ${name} in:\n${done.stdout}${done.stderr}`);
    return Number(found);
  };
  return {
    lines: count("lines"),
    charged: count("(?:charged|to charge)"),
    duplicates: count("duplicates"),
    conflicts: count("conflicts"),
    rejected: count("rejected"),
  };
}
