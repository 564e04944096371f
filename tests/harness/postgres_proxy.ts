// A proxy between minutebank and PostgreSQL that sees every message of those who write, and at the one that is named lets
// the connection or the server die.

import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Server, type Socket } from "node:net";

import { Framing, type Message, type Sender } from "./postgres_wire.ts";

/** Where a connection ends: at a message, counted from 1, and whether the other side still gets that one. */
export interface Cut {
  at: number;
  place: "before" | "after";
}

export interface WatchOptions {
  cut?: Cut;
  /** What is done at the cut, before both ends of the connection are closed. */
  strike?: () => Promise<void>;
  /** Counts also what opens connections that are new. */
  withOpening?: boolean;
}

export interface Seen {
  from: Sender;
  type: string;
}

/** What a writer sets for itself, and nobody else. */
const SETTING_OF_WRITERS = "lock_timeout";

/** What was written to it is on its way: closing it does not take that back. */
async function flushed(socket: Socket): Promise<void> {
  if (socket.writable)
    await new Promise<void>((done) =>
      socket.write("", () => {
        done();
      }),
    );
}

async function destroyed(socket: Socket): Promise<void> {
  if (socket.closed) return;
  socket.destroy();
  await once(socket, "close");
}

/** One connection, with both its ends. */
class Link {
  /** What it is for, as soon as it has said so. */
  use: "unknown" | "writing" | "other" = "unknown";
  readonly #ends: readonly [Socket, Socket];
  readonly #judge: (link: Link, seen: Seen) => Cut["place"] | undefined;
  #isCut = false;

  constructor(client: Socket, server: Socket, judge: (link: Link, seen: Seen) => Cut["place"] | undefined) {
    this.#ends = [client, server];
    this.#judge = judge;
    this.#carry("client", client, server);
    this.#carry("server", server, client);
  }

  /** Lets through what comes, message by message, until it is cut. */
  #carry(from: Sender, source: Socket, target: Socket): void {
    const framing = new Framing(from);
    source.setNoDelay(true);
    source.on("data", (bytes) => {
      target.cork();
      for (const message of framing.take(bytes)) this.#pass(from, message, target);
      target.uncork();
    });
    source.on("error", () => undefined); // its end follows
    source.on("close", () => {
      target.destroySoon();
    });
  }

  #pass(from: Sender, message: Message, target: Socket): void {
    if (this.#isCut) return;
    this.#learn(from, message);
    const place = this.#judge(this, { from, type: message.type });
    this.#isCut = place !== undefined;
    if (place !== "before") target.write(message.bytes);
  }

  /** The first statement of each is its settings. */
  #learn(from: Sender, { type, bytes }: Message): void {
    if (this.use === "unknown" && from === "client" && type === "Q")
      this.use = bytes.includes(SETTING_OF_WRITERS) ? "writing" : "other";
  }

  /** Closes both ends when what went through is on its way, and `strike` is done. */
  async end(strike?: () => Promise<void>): Promise<void> {
    this.#isCut = true;
    await Promise.all(this.#ends.map(flushed));
    await strike?.();
    await Promise.all(this.#ends.map(destroyed));
  }
}

/** Counts what writers and PostgreSQL tell each other until it is ended, and cuts where it is told to. */
export class Watch {
  readonly seen: Seen[] = [];
  readonly #options: WatchOptions;
  #cutting: Promise<void> | undefined;

  constructor(options: WatchOptions) {
    this.#options = options;
  }

  get hasCut(): boolean {
    return this.#cutting !== undefined;
  }

  /** What the cut began is over. */
  async settled(): Promise<void> {
    await this.#cutting;
  }

  judge(link: Link, message: Seen): Cut["place"] | undefined {
    const { cut, strike, withOpening = false } = this.#options;
    if (link.use === "other" || (link.use === "unknown" && !withOpening)) return undefined;
    this.seen.push(message);
    if (cut?.at !== this.seen.length) return undefined;
    // What is before it in the same bytes is written first.
    this.#cutting = Promise.resolve().then(() => link.end(strike));
    return cut.place;
  }
}

export class PostgresProxy {
  readonly #listener: Server;
  readonly #links = new Set<Link>();
  #watch: Watch | undefined;

  private constructor(port: number) {
    this.#listener = createServer((client) => {
      this.#open(client, connect(port, "127.0.0.1"));
    });
  }

  /** A proxy to the PostgreSQL at this port, also after it was away. */
  static async to(port: number): Promise<PostgresProxy> {
    const proxy = new PostgresProxy(port);
    proxy.#listener.listen(0, "127.0.0.1");
    await once(proxy.#listener, "listening");
    return proxy;
  }

  /** The way to a database; without the questions about encryption, which are no messages. */
  url(database = "postgres"): string {
    const { port } = this.#listener.address() as AddressInfo;
    return `postgres://postgres@127.0.0.1:${port}/${database}?sslmode=disable&gssencmode=disable`;
  }

  #open(client: Socket, server: Socket): void {
    const link = new Link(client, server, (of, seen) => this.#watch?.judge(of, seen));
    this.#links.add(link);
    client.on("close", () => this.#links.delete(link));
  }

  /** Watches while `work` is done, and until what a cut began is over. */
  async during<T>(options: WatchOptions, work: () => Promise<T>): Promise<{ watch: Watch; result: T }> {
    const watch = new Watch(options);
    this.#watch = watch;
    try {
      return { watch, result: await work() };
    } finally {
      this.#watch = undefined;
      await watch.settled();
    }
  }

  /** Closes the connections of all writers. */
  async endWriters(): Promise<void> {
    await Promise.all([...this.#links].filter(({ use }) => use === "writing").map((link) => link.end()));
  }

  async close(): Promise<void> {
    this.#listener.close();
    await Promise.all([...this.#links].map((link) => link.end()));
  }
}
