// A PostgreSQL of its own, a proxy before it, a server behind the proxy, and an agency that is copied for each try.

import { Client, ok } from "../../harness/client.ts";
import { Pattern, signedIn, type Copy } from "../../harness/copies.ts";
import { check, initAgency, Server } from "../../harness/minutebank.ts";
import { rowsOf, Words } from "../../harness/outcome.ts";
import { PostgresCluster } from "../../harness/postgres.ts";
import { PostgresProxy } from "../../harness/postgres_proxy.ts";
import { addSubaccount, sell, type Purchase, type Subaccount } from "../../harness/scene.ts";
import { storeAt, type Store } from "../../harness/store.ts";
import { BOUGHT_SECONDS, type Hand, type World } from "./postings.ts";

const SCOPES = ["calls:write", "reservations:write"];
const DAY_US = 86_400_000_000;
/** In one query. */
const COPIES_READ = 200;

/** A copy of the agency, and those who act in it. */
export interface Stage {
  copy: Copy;
  hand: Hand;
  world: World;
}

export interface Scene {
  cluster: PostgresCluster;
  proxy: PostgresProxy;
  /** The server's. */
  url: string;
  words: Words;
  stages(count: number): Promise<Stage[]>;
  /** Every row of these agencies, in words. */
  rows(copies: readonly Copy[]): Promise<Map<Copy, string[]>>;
  check(): Promise<void>;
  end(): Promise<void>;
}

type Ids = Pick<World, "primary" | "harbor" | "acme" | "purchase"> & { agency: string };

async function fillAgency(owner: Client): Promise<Ids> {
  ok(await owner.post("/v1/api_keys", { name: "engine", scopes: SCOPES }));
  const { id: agency } = ok(await owner.get<{ id: string }>("/v1/agency"));
  const { data } = ok(await owner.get<{ data: Subaccount[] }>("/v1/subaccounts?kind=primary"));
  const harbor = await addSubaccount(owner, "Harbor", { prices: { basic: "0.12", premium: "0.20" } });
  const acme = await addSubaccount(owner, "Acme", { prices: { basic: "0.12", premium: "0.25" } });
  await sell(owner, harbor.id, "premium", BOUGHT_SECONDS);
  await sell(owner, acme.id, "premium", 3000);
  const order = { tier: "premium", seconds: 1200 };
  const purchase = ok(await owner.post<Purchase>(`/v1/subaccounts/${harbor.id}/purchases`, order));
  return { agency, primary: data[0]?.id ?? "", harbor: harbor.id, acme: acme.id, purchase: purchase.id };
}

/** Nobody is due to be noted as seen: the writer does that by the way, in between what is counted. */
async function allWereSeen(store: Store): Promise<void> {
  const tomorrow = Date.now() * 1000 + DAY_US;
  await store.query(`UPDATE sessions SET last_seen_at = ${tomorrow}`);
  await store.query(`UPDATE api_keys SET last_used_at = ${tomorrow}`);
}

/** Makes stages of copies. */
async function stagesOf(store: Store, server: Server, owner: Client, email: string) {
  const ids = await fillAgency(owner);
  await allWereSeen(store);
  const pattern = await Pattern.of(store, ids.agency);
  const words = new Words(await pattern.ids());
  const [cookie = ""] = owner.cookies.keys();
  const started_at = new Date().toISOString();
  const stageOf = (copy: Copy): Stage => {
    const own = Object.fromEntries(Object.entries(ids).map(([name, id]) => [name, copy.id(id)])) as Ids;
    return {
      copy,
      hand: {
        owner: signedIn(new Client(server.url), cookie, copy, email),
        engine: new Client(server.url, { key: copy.secret("engine") }),
      },
      world: { ...own, started_at },
    };
  };
  return { words, stages: async (count: number) => (await pattern.copy(count)).map(stageOf) };
}

async function rowsInParts(store: Store, copies: readonly Copy[], words: Words): Promise<Map<Copy, string[]>> {
  const all = new Map<Copy, string[]>();
  for (let i = 0; i < copies.length; i += COPIES_READ) {
    const part = await rowsOf(store, copies.slice(i, i + COPIES_READ), words);
    for (const [copy, rows] of part) all.set(copy, rows);
  }
  return all;
}

export async function beginScene(): Promise<Scene> {
  const cluster = await PostgresCluster.create();
  const store = storeAt(cluster.url());
  const signIn = await initAgency(store);
  const proxy = await PostgresProxy.to(cluster.port);
  const server = await Server.start(storeAt(proxy.url()), { args: ["--writer-threads", "1"] });
  const owner = await new Client(server.url).login(signIn);
  const { words, stages } = await stagesOf(store, server, owner, signIn.email);
  owner.close();
  return {
    ...{ cluster, proxy, words, stages, url: server.url },
    rows: (copies) => rowsInParts(store, copies, words),
    check: () => check(store),
    end: async () => {
      await server.stop();
      await proxy.close();
      await cluster.destroy();
    },
  };
}

export function leave({ hand }: Stage): void {
  hand.owner.close();
  hand.engine.close();
}
