// A real mail server that keeps what it gets, and says no when a test wants it to.

import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { SMTPServer, type SMTPServerOptions, type SMTPServerSession } from "smtp-server";

import { runOk } from "./process.ts";

const ARRIVAL_TIMEOUT_MS = 60_000;
const LOOK_EVERY_MS = 20;

export interface Mail {
  /** The envelope's. */
  from: string;
  to: string[];
  /** Whether it came over TLS, and whoever signed in. */
  isSecure: boolean;
  user: string | undefined;
  /** Unfolded and decoded, by lower-case name; each once. */
  headers: Map<string, string>;
  text: string;
  html: string;
  raw: string;
}

export type Step = "connect" | "mail" | "rcpt" | "data";

/** A reply such as 451; undefined lets the step pass. */
export type Verdict = { code: number; text: string } | undefined;

export interface MailServerOptions {
  /** TLS from the first byte on. */
  isImplicitTls?: boolean;
  /** Offers no STARTTLS. */
  isPlain?: boolean;
  /** Lets in only who signs in like this. */
  user?: string;
  password?: string;
  port?: number;
}

export class MailServer {
  /** All that arrived, the oldest first. */
  readonly mails: Mail[] = [];
  /** Steps that were begun: "rcpt grace@example.com". */
  readonly steps: string[] = [];
  /** What a step is answered; it may take its time. */
  verdict: (step: Step, address: string) => Verdict | Promise<Verdict> = () => undefined;
  readonly #options: MailServerOptions;
  readonly #server: SMTPServer;
  #port = 0;

  private constructor(options: MailServerOptions, extra: SMTPServerOptions) {
    this.#options = options;
    this.#server = new SMTPServer({ ...this.#behaviour(), ...extra });
    // A client that goes away in the middle is no error of ours.
    this.#server.on("error", () => undefined);
  }

  static async start(options: MailServerOptions = {}, certificate?: Certificate): Promise<MailServer> {
    const { isImplicitTls = false, isPlain = false, user, port = 0 } = options;
    const disabledCommands = [...(isPlain ? ["STARTTLS"] : []), ...(user === undefined ? ["AUTH"] : [])];
    const server = new MailServer(options, {
      secure: isImplicitTls,
      authOptional: user === undefined,
      closeTimeout: 100, // ms: clients keep connections open
      disabledCommands,
      ...(certificate && { key: certificate.key, cert: certificate.cert }),
    });
    await new Promise<void>((done, failed) => {
      server.#server.once("error", failed);
      server.#server.listen(port, "127.0.0.1", done);
    });
    server.#port = (server.#server.server.address() as AddressInfo).port;
    return server;
  }

  get port(): number {
    return this.#port;
  }

  async stop(): Promise<void> {
    await new Promise<void>((done) => {
      this.#server.close(done);
    });
  }

  /** Waits for the `nth` mail to `address`, of those whose subject says `about`. */
  async arrival(address: string, nth = 1, about = /^/): Promise<Mail> {
    const found = (): Mail | undefined =>
      this.sentTo(address).filter(({ headers }) => about.test(headers.get("subject") ?? ""))[nth - 1];
    await until(() => found() !== undefined, `mail ${nth} to ${address} about ${about}`);
    return found() as Mail;
  }

  sentTo(address: string): Mail[] {
    return this.mails.filter(({ to }) => to.includes(address));
  }

  /** Waits until a step was begun `times` times. */
  async begun(step: string, times = 1): Promise<void> {
    await until(() => this.steps.filter((one) => one === step).length >= times, `${times} × ${step}`);
  }

  async #judge(step: Step, address: string): Promise<Error | undefined> {
    this.steps.push(`${step} ${address}`.trimEnd());
    const no = await this.verdict(step, address);
    return no && Object.assign(new Error(no.text), { responseCode: no.code });
  }

  #behaviour(): SMTPServerOptions {
    return {
      // What these are called with is unlike for each; all they need is an error or nothing.
      onConnect: (_session, answer) => void this.#judge("connect", "").then(answer),
      onMailFrom: ({ address }, _session, answer) => void this.#judge("mail", address).then(answer),
      onRcptTo: ({ address }, _session, answer) => void this.#judge("rcpt", address).then(answer),
      onAuth: ({ username, password }, _session, answer) => {
        const isKnown = username === this.#options.user && password === this.#options.password;
        answer(isKnown ? null : new Error("who are you"), isKnown ? { user: username } : undefined);
      },
      onData: (stream, session, answer) => {
        const chunks: Buffer[] = [];
        stream.on("data", (chunk: Buffer) => chunks.push(chunk));
        stream.on("end", () => void this.#keep(session, Buffer.concat(chunks)).then(answer));
      },
    };
  }

  async #keep(session: SMTPServerSession, bytes: Buffer): Promise<Error | undefined> {
    const { mailFrom, rcptTo } = session.envelope;
    const to = rcptTo.map(({ address }) => address);
    const no = await this.#judge("data", to[0] ?? "");
    if (no) return no;
    const from = mailFrom === false ? "" : mailFrom.address;
    this.mails.push({ from, to, isSecure: session.secure, user: session.user as string | undefined, ...parsed(bytes) });
    return undefined;
  }
}

async function until(holds: () => boolean, what: string): Promise<void> {
  const deadline = Date.now() + ARRIVAL_TIMEOUT_MS;
  while (!holds()) {
    if (Date.now() > deadline) throw new Error(`there is no ${what} after ${ARRIVAL_TIMEOUT_MS} ms`);
    await sleep(LOOK_EVERY_MS);
  }
}

/** Waits until `logs` has a line that matches. */
export async function logged(server: { logs: string }, line: RegExp): Promise<void> {
  await until(() => line.test(server.logs), `line like ${line} in the log`);
}

/** The token of the link in a mail. */
export function tokenIn({ text }: Mail): string {
  const token = /#token=([\w-]{43})\s/.exec(text)?.[1];
  if (token === undefined) throw new Error(`no link in ${text}`);
  return token;
}

// --- what a mail program makes of a mail: no code of the server's, and no mercy ---

function parsed(bytes: Buffer): Pick<Mail, "headers" | "text" | "html" | "raw"> {
  const raw = bytes.toString("latin1");
  assert.ok(!/[^\r]\n|\r[^\n]/.test(raw), "every line ends with CRLF");
  for (const line of raw.split("\r\n")) assert.ok(line.length <= 998, "RFC 5322 §2.1.1");
  const { headers, body } = entity(raw);
  const boundary = /^multipart\/alternative; boundary="([^"]+)"$/.exec(headers.get("content-type") ?? "")?.[1];
  assert.ok(boundary, `no boundary in ${headers.get("content-type")}`);
  const [before, ...parts] = `\r\n${body}`.split(`\r\n--${boundary}`);
  assert.deepEqual([before, parts.length, parts[2]], ["", 3, "--\r\n"], "two parts, and nothing around them");
  const [text = "", html = ""] = ["text/plain", "text/html"].map((type, i) => partOf(parts[i] ?? "", type));
  return { headers, text, html, raw };
}

function entity(raw: string): { headers: Map<string, string>; body: string } {
  const end = raw.indexOf("\r\n\r\n");
  assert.ok(end > 0);
  const headers = new Map<string, string>();
  for (const line of raw
    .slice(0, end)
    .replaceAll(/\r\n(?=[ \t])/g, "")
    .split("\r\n")) {
    const [, name = "", value = ""] = /^([\w-]+): (.*)$/.exec(line) ?? [];
    assert.ok(name !== "" && !headers.has(name.toLowerCase()), `header: ${line}`);
    headers.set(name.toLowerCase(), words(value));
  }
  return { headers, body: raw.slice(end + 4) };
}

/** RFC 2047, base64 only. */
function words(value: string): string {
  return value
    .replaceAll(/(\?=)\s+(?==\?)/g, "$1")
    .replaceAll(/=\?UTF-8\?B\?([\w+/=]+)\?=/g, (_word, base64: string) =>
      Buffer.from(base64, "base64").toString("utf8"),
    );
}

function partOf(raw: string, type: string): string {
  const { headers, body } = entity(raw.replace(/^\r\n/, ""));
  assert.equal(headers.get("content-type"), `${type}; charset=utf-8`);
  assert.equal(headers.get("content-transfer-encoding"), "quoted-printable");
  for (const line of body.split("\r\n")) assert.ok(line.length <= 76, "RFC 2045 §6.7 (5)");
  const bytes = body
    .replaceAll("=\r\n", "")
    .replaceAll(/=([0-9A-F]{2})/g, (_quoted, hex: string) => String.fromCharCode(parseInt(hex, 16)));
  return Buffer.from(bytes, "latin1").toString("utf8").replaceAll("\r\n", "\n");
}

// --- certificates ---

export interface Certificate {
  key: string;
  cert: string;
  /** Where the certificate is: what --smtp-ca-file takes. */
  file: string;
  remove(): Promise<void>;
}

/** One that vouches for itself, as localhost. */
export async function certificate(): Promise<Certificate> {
  const folder = await mkdtemp(join(tmpdir(), "minutebank-tls-"));
  const request = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost";
  const names = ["-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"];
  const key = await runOk("openssl", [
    ...request.split(" "),
    ...names,
    "-keyout",
    "-",
    "-out",
    join(folder, "cert.pem"),
  ]);
  const cert = await runOk("openssl", ["x509", "-in", join(folder, "cert.pem")]);
  return { key, cert, file: join(folder, "cert.pem"), remove: () => rm(folder, { recursive: true, force: true }) };
}

/** A file with a secret in it, for options that take one. */
export async function secretFile(secret: string): Promise<{ file: string; remove: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), "minutebank-secret-"));
  const file = join(folder, "secret");
  await writeFile(file, `${secret}\n`, { mode: 0o600 });
  return { file, remove: () => rm(folder, { recursive: true, force: true }) };
}
