// What accounts buy by themselves: a server with a mail server and a test clock, cards, and how things stand.

import { setTimeout as sleep } from "node:timers/promises";

import { startApp, type App } from "./app.ts";
import { isConnectionLost, ok, type Client } from "./client.ts";
import { jobsSettled, setClock } from "./jobs.ts";
import { MailServer } from "./mail.ts";
import { STAFF } from "./platform.ts";

/** The processor's test cards, by what they do. */
export const CARDS = {
  fine: "4242424242424242",
  declined: "4000000000000002",
  insufficientFunds: "4000000000009995",
  asks: "4000002500003155",
  slow: "4000000000000101",
  twice: "4000000000000077",
} as const;

export interface AutomaticPurchase {
  id: string;
  origin: string;
  provider: string;
  state: string;
  tier: string;
  seconds: number;
  paid_usd: string;
  profit_usd: string | null;
  failure: string | null;
  created_at: string;
}

export class Automatic {
  readonly app: App;
  readonly post: MailServer;
  owner: Client;

  private constructor(app: App, post: MailServer, owner: Client) {
    this.app = app;
    this.post = post;
    this.owner = owner;
  }

  static async start(post: MailServer): Promise<Automatic> {
    const mail = ["--smtp-url", `smtp://127.0.0.1:${post.port}`, "--mail-from", "Minutes <mail@minutes.example>"];
    const app = await startApp({ staff: STAFF, args: ["--test-clock", ...mail] });
    return new Automatic(app, post, await app.ownerClient());
  }

  /** The owner's session runs out when time leaps. */
  async at(now: string): Promise<void> {
    await setClock(this.app, now);
    await jobsSettled(this.app);
    this.owner = await this.app.ownerClient();
  }

  /** Sets time forward on a server that may be killed meanwhile. */
  async leap(now: string): Promise<void> {
    try {
      await setClock(this.app, now);
    } catch (error) {
      if (!isConnectionLost(error)) throw error;
    }
  }

  async settled(): Promise<void> {
    await jobsSettled(this.app);
  }

  async primary(): Promise<string> {
    const { data } = ok(await this.owner.get<{ data: { id: string }[] }>("/v1/subaccounts?kind=primary"));
    return data[0]?.id ?? "";
  }

  /** The account's default card from now on, in place of those before it. */
  async useCard(account: string, number: string): Promise<void> {
    const path = `/v1/subaccounts/${account}/payment_methods`;
    const { data } = ok(await this.owner.get<{ data: { id: string }[] }>(path));
    for (const { id } of data) ok(await this.owner.delete(`${path}/${id}`));
    ok(await this.owner.post(path, { number, exp_month: 12, exp_year: 2099 }));
  }

  /** All of an account's, the oldest first. */
  async purchases(account: string, origin?: string): Promise<AutomaticPurchase[]> {
    interface List {
      data: AutomaticPurchase[];
    }
    const { data } = ok(await this.owner.get<List>(`/v1/subaccounts/${account}/purchases?limit=500`));
    return data.filter((one) => one.origin === origin || origin === undefined).reverse();
  }

  /** Subjects of the mails to an address, once as many have arrived as are expected. */
  async mailsTo(address: string, count: number): Promise<string[]> {
    const subjects = (): string[] =>
      this.post.mails.filter(({ to }) => to.includes(address)).map(({ headers }) => headers.get("subject") ?? "");
    for (let tries = 0; tries < 500 && subjects().length < count; tries += 1) await sleep(20);
    return subjects();
  }

  /** What the system did to an account by itself, of one kind, the oldest first. */
  async actions(account: string, kind: string): Promise<string[]> {
    interface Trail {
      data: { action: string; actor: { kind: string } }[];
    }
    const { data } = ok(await this.owner.get<Trail>(`/v1/audit_events?target=${account}&limit=100`));
    return data
      .filter(({ action, actor }) => actor.kind === "system" && action.startsWith(`${kind}.`))
      .map(({ action }) => action)
      .reverse();
  }
}
