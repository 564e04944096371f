// A small HTTP client that is a browser (cookie, Origin) or a machine (API key), and holds every
// reply to api/openapi.yaml.

import assert from "node:assert/strict";
import { Agent, request, type IncomingHttpHeaders, type OutgoingHttpHeaders } from "node:http";
import { gunzipSync } from "node:zlib";

import { contract, isJson, isProblem } from "./contract.ts";
import type { Owner } from "./minutebank.ts";

const TIMEOUT_MS = 60_000;

export interface Reply<Body = unknown> {
  status: number;
  headers: IncomingHttpHeaders;
  /** The decoded body of a JSON reply, the text of any other. */
  body: Body;
  bytes: Buffer;
}

export interface Problem {
  type: string;
  title: string;
  status: number;
  code: string;
  detail: string;
  errors: { field: string; code: string; detail: string }[];
  request_id: string;
}

export interface Send {
  /** A string or bytes go out as they are; anything else as JSON. */
  body?: unknown;
  headers?: OutgoingHttpHeaders;
  /** false for what is no part of the API: pages, and requests broken on purpose. */
  isDescribed?: boolean;
}

export interface ClientOptions {
  /** An API key's secret. */
  key?: string;
  /** What a browser would send; null leaves it out. Default: the server's own. */
  origin?: string | null;
}

export class Client {
  readonly #base: URL;
  readonly #agent = new Agent({ keepAlive: true });
  readonly #options: ClientOptions;
  readonly #cookies = new Map<string, string>();

  constructor(url: string, options: ClientOptions = {}) {
    this.#base = new URL(url);
    this.#options = options;
  }

  get cookies(): ReadonlyMap<string, string> {
    return this.#cookies;
  }

  async get<Body = unknown>(path: string, send: Send = {}): Promise<Reply<Body>> {
    return this.send("GET", path, send);
  }

  async post<Body = unknown>(path: string, body?: unknown, send: Send = {}): Promise<Reply<Body>> {
    return this.send("POST", path, { ...send, body });
  }

  async put<Body = unknown>(path: string, body: unknown, send: Send = {}): Promise<Reply<Body>> {
    return this.send("PUT", path, { ...send, body });
  }

  async patch<Body = unknown>(path: string, body: unknown, send: Send = {}): Promise<Reply<Body>> {
    return this.send("PATCH", path, { ...send, body });
  }

  async delete<Body = unknown>(path: string, send: Send = {}): Promise<Reply<Body>> {
    return this.send("DELETE", path, send);
  }

  /** Signs in as a person; the session's cookie goes with every later request. */
  async login({ email, password }: Owner): Promise<this> {
    ok(await this.post("/v1/auth/login", { email, password }));
    return this;
  }

  /** The same person as `other`, by the same session; also on another server of the same store. */
  carrying(other: Pick<Client, "cookies">): this {
    for (const [name, value] of other.cookies) this.#cookies.set(name, value);
    return this;
  }

  /** Nobody any more: the server is not told. */
  forget(): this {
    this.#cookies.clear();
    return this;
  }

  async send<Body>(method: string, path: string, send: Send): Promise<Reply<Body>> {
    const reply = await this.#exchange(method, path, send);
    this.#keepCookies(reply.headers["set-cookie"] ?? []);
    if (send.isDescribed !== false) {
      const { pathname } = new URL(path, this.#base);
      contract().verify(method, pathname, {
        status: reply.status,
        contentType: reply.headers["content-type"],
        body: reply.body,
      });
    }
    return reply as Reply<Body>;
  }

  /** Lets go of its connections. */
  close(): void {
    this.#agent.destroy();
  }

  #headers(method: string, body: Buffer | undefined, extra: OutgoingHttpHeaders = {}) {
    const { key, origin = this.#base.origin } = this.#options;
    const headers: OutgoingHttpHeaders = {};
    if (key !== undefined) headers["authorization"] = `Bearer ${key}`;
    else if (method !== "GET" && origin !== null) headers["origin"] = origin;
    if (this.#cookies.size > 0) {
      headers["cookie"] = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    }
    if (body !== undefined) {
      headers["content-type"] = "application/json";
      if (extra["transfer-encoding"] === undefined) headers["content-length"] = body.length;
    }
    return { ...headers, ...extra };
  }

  async #exchange(method: string, path: string, send: Send): Promise<Reply> {
    const body = encode(send.body);
    const url = new URL(path, this.#base);
    return new Promise((done, failed) => {
      const outgoing = request(
        url,
        {
          method,
          agent: this.#agent,
          headers: this.#headers(method, body, send.headers),
          timeout: TIMEOUT_MS,
        },
        (incoming) => {
          const chunks: Buffer[] = [];
          incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
          incoming.on("error", failed);
          incoming.on("end", () => {
            const bytes = Buffer.concat(chunks);
            const { statusCode = 0, headers } = incoming;
            done({ status: statusCode, headers, bytes, body: decode(headers, bytes) });
          });
        },
      );
      outgoing.on("timeout", () => outgoing.destroy(new Error(`${method} ${path}: no reply in ${TIMEOUT_MS} ms`)));
      outgoing.on("error", failed);
      outgoing.end(body);
    });
  }

  #keepCookies(lines: string[]): void {
    for (const line of lines) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (value === "" || /;\s*max-age=0/i.test(line)) this.#cookies.delete(name);
      else this.#cookies.set(name, value);
    }
  }
}

function encode(body: unknown): Buffer | undefined {
  if (body === undefined) return undefined;
  if (Buffer.isBuffer(body)) return body;
  return Buffer.from(typeof body === "string" ? body : JSON.stringify(body));
}

function decode(headers: IncomingHttpHeaders, bytes: Buffer): unknown {
  const isPacked = headers["content-encoding"] === "gzip";
  const text = (isPacked ? gunzipSync(bytes) : bytes).toString("utf8");
  return isJson(headers["content-type"]) ? (JSON.parse(text) as unknown) : text;
}

/** The server went away before it answered; any other error of a request is a fault. */
export function isConnectionLost(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === "ECONNRESET" || code === "ECONNREFUSED" || code === "EPIPE";
}

/** The body of a reply that must be a success. */
export function ok<Body>(reply: Reply<Body>): Body {
  assert.ok(reply.status >= 200 && reply.status < 300, `${reply.status}: ${JSON.stringify(reply.body)}`);
  return reply.body;
}

/** The problem of a reply that must be this refusal; `field` must be among the fields it names. */
export function refused(reply: Reply, status: number, code: string, field?: string): Problem {
  const problem = reply.body as Problem;
  assert.ok(isProblem(reply.headers["content-type"]), `no problem: ${reply.bytes.toString()}`);
  assert.deepEqual({ status: reply.status, code: problem.code }, { status, code }, JSON.stringify(problem));
  assert.equal(problem.status, status);
  if (field !== undefined) {
    const fields = problem.errors.map((error) => error.field);
    assert.ok(fields.includes(field), `${field} is not among ${JSON.stringify(problem.errors)}`);
  }
  return problem;
}
