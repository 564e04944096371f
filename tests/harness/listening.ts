// Somebody who listens to live events (GET /v1/events), as an EventSource or an engine does.

import assert from "node:assert/strict";
import { request, type ClientRequest, type IncomingMessage } from "node:http";

import type { Client } from "./client.ts";
import type { Wallet } from "./scene.ts";

const PATIENCE_MS = 30_000;

export interface AccountEvent {
  subaccount: string;
  changed: string[];
  status: string;
  wallet: Wallet;
  calls_in_progress: number;
  risks: string[];
  reservations?: string[];
}

export interface AgencyEvent {
  changed: string[];
  calls_in_progress: number;
}

export interface LiveEvent {
  id: string | undefined;
  name: string;
  data: unknown;
}

export const isAccount =
  (subaccount: string, fits: (event: AccountEvent) => boolean = () => true) =>
  ({ name, data }: LiveEvent): boolean =>
    name === "account" && (data as AccountEvent).subaccount === subaccount && fits(data as AccountEvent);
export const isNamed =
  (wanted: string) =>
  ({ name }: LiveEvent): boolean =>
    name === wanted;

function parse(block: string): LiveEvent | undefined {
  const fields = new Map(
    block.split("\n").map((line): [string, string] => {
      const colon = line.indexOf(": ");
      return [line.slice(0, colon), line.slice(colon + 2)];
    }),
  );
  const name = fields.get("event");
  return name === undefined
    ? undefined
    : { id: fields.get("id"), name, data: JSON.parse(fields.get("data") ?? "null") as unknown };
}

export interface ListenOptions {
  /** An API key's secret, instead of a client's session. */
  key?: string;
  client?: Pick<Client, "cookies">;
  lastEventId?: string;
}

export class Listener {
  readonly events: LiveEvent[] = [];
  #request: ClientRequest | undefined;
  #response: IncomingMessage | undefined;
  #text = "";
  #changed = (): void => undefined;
  hasEnded = false;

  static async to(url: string, options: ListenOptions): Promise<Listener> {
    const listener = new Listener();
    const status = await listener.#connect(url, options);
    assert.equal(status, 200);
    await listener.until(isNamed("ready"));
    return listener;
  }

  /** The newest id that it got. */
  get lastId(): string {
    return this.events.findLast(({ id }) => id !== undefined)?.id ?? "";
  }

  account(subaccount: string): AccountEvent[] {
    return this.events.filter(isAccount(subaccount)).map(({ data }) => data as AccountEvent);
  }

  /** The first event from `from` on that fits, when it comes. */
  async until(fits: (event: LiveEvent) => boolean, from = 0): Promise<LiveEvent> {
    await this.#wait(() => this.events.slice(from).some(fits));
    const found = this.events.slice(from).find(fits);
    assert.ok(found, `ended, or nothing of it came: ${JSON.stringify(this.events.slice(from))}`);
    return found;
  }

  async untilAccount(subaccount: string, fits?: (event: AccountEvent) => boolean, from = 0): Promise<AccountEvent> {
    return (await this.until(isAccount(subaccount, fits), from)).data as AccountEvent;
  }

  async untilEnd(): Promise<void> {
    await this.#wait(() => this.hasEnded);
    assert.ok(this.hasEnded, "it still goes on");
  }

  /** Reads nothing any more until `resume`. */
  pause(): void {
    this.#response?.pause();
  }

  resume(): void {
    this.#response?.resume();
  }

  close(): void {
    this.#request?.destroy();
  }

  async #wait(holds: () => boolean): Promise<void> {
    const deadline = Date.now() + PATIENCE_MS;
    while (!holds() && !this.hasEnded && Date.now() < deadline) {
      await new Promise<void>((done) => {
        const timer = setTimeout(done, Math.max(deadline - Date.now(), 0));
        this.#changed = () => {
          clearTimeout(timer);
          done();
        };
      });
    }
  }

  async #connect(url: string, { key, client, lastEventId }: ListenOptions): Promise<number> {
    const cookie = [...(client?.cookies ?? [])].map(([name, value]) => `${name}=${value}`).join("; ");
    const sent = request(new URL("/v1/events", url), {
      agent: false,
      headers: {
        ...(key === undefined ? {} : { Authorization: `Bearer ${key}` }),
        ...(cookie === "" ? {} : { Cookie: cookie }),
        ...(lastEventId === undefined ? {} : { "Last-Event-ID": lastEventId }),
      },
    });
    this.#request = sent;
    sent.end();
    const response = await new Promise<IncomingMessage>((done, failed) => {
      sent.once("response", done);
      sent.once("error", failed);
    });
    this.#response = response;
    sent.on("error", () => {
      this.#end();
    });
    response.setEncoding("utf8");
    response.on("data", (text: string) => {
      this.#take(text);
    });
    for (const event of ["end", "close", "error"])
      response.on(event, () => {
        this.#end();
      });
    return response.statusCode ?? 0;
  }

  #take(text: string): void {
    this.#text += text;
    const blocks = this.#text.split("\n\n");
    this.#text = blocks.pop() ?? "";
    for (const block of blocks) {
      const event = parse(block);
      if (event) this.events.push(event);
    }
    this.#changed();
  }

  #end(): void {
    this.hasEnded = true;
    this.#changed();
  }
}
