// Voice engines as they are from outside: sample payloads of each, signed as it signs, by code that is not the program's.

import { createHmac } from "node:crypto";

import { ok, type Client, type Reply } from "./client.ts";

export interface EngineConnection {
  id: string;
  name: string;
  engine: string;
  url: string;
  has_secret: boolean;
  tier: string;
  subaccount: string | null;
  has_own_mapping: boolean;
  mapping: Mapping;
  rules: { key: string; subaccount: string }[];
}

export interface Mapping {
  when?: { at: string; is: string }[];
  rules: {
    field: string;
    at?: string | null;
    value?: string | null;
    as?: string | null;
    words?: { from: string; to: string }[];
    otherwise?: string | null;
  }[];
}

export interface Receipt {
  accepted: number;
  duplicates: number;
  unmatched: number;
  ignored: number;
}

export interface Unmatched {
  id: string;
  connection: string;
  state: string;
  code: string | null;
  field: string | null;
  detail: string | null;
  external_id: string | null;
  from: string | null;
  to: string | null;
  started_at: string | null;
  duration_seconds: number;
  keys: string[];
  repeats: number;
  call: string | null;
  note: string | null;
}

export const SECRET = "lanterns-over-the-harbour-1029";

export async function connect(owner: Client, input: object): Promise<EngineConnection> {
  return ok(await owner.post<EngineConnection>("/v1/engine_connections", { name: "Engine", secret: SECRET, ...input }));
}

export async function unmatched(owner: Client, query = ""): Promise<Unmatched[]> {
  return ok(await owner.get<{ data: Unmatched[] }>(`/v1/unmatched_calls?limit=500${query}`)).data;
}

/** What came in, as the engine sends it. */
export interface Sent {
  body: string;
  headers: Record<string, string>;
}

export async function send(client: Client, url: string, { body, headers }: Sent): Promise<Reply<Receipt>> {
  const { pathname, search } = new URL(url);
  return client.post<Receipt>(pathname + search, body, { headers: { "Content-Type": "application/json", ...headers } });
}

const hmac = (hash: string, secret: string, text: string, as: "hex" | "base64"): string =>
  createHmac(hash, secret).update(text).digest(as);

export interface Facts {
  id: string;
  /** Seconds of talk. */
  seconds: number;
  endedAt: Date;
  to: string;
  from: string;
  agent: string;
}

const startOf = ({ endedAt, seconds }: Facts): Date => new Date(endedAt.getTime() - seconds * 1000);
const FORM = "application/x-www-form-urlencoded";

/** How each engine reports a call, and signs that. `now` is when it does. */
export const ENGINES: Record<string, (facts: Facts, url: string, now?: Date, secret?: string) => Sent> = {
  vapi: (facts, _url, _now, secret = SECRET) => {
    const message = {
      ...{ type: "end-of-call-report", endedReason: "customer-ended-call", durationSeconds: facts.seconds },
      ...{ startedAt: startOf(facts).toISOString(), endedAt: facts.endedAt.toISOString() },
      call: { id: facts.id, type: "inboundPhoneCall", assistantId: facts.agent },
      ...{ customer: { number: facts.from }, phoneNumber: { number: facts.to } },
      ...{
        analysis: { summary: "A question about opening hours." },
        artifact: { recordingUrl: "https://x.example/1" },
      },
    };
    return { body: JSON.stringify({ message }), headers: { "X-Vapi-Secret": secret } };
  },
  retell: (facts, _url, now = new Date(), secret = SECRET) => {
    const call = {
      ...{ call_id: facts.id, call_type: "phone_call", agent_id: facts.agent, direction: "inbound" },
      ...{ from_number: facts.from, to_number: facts.to, disconnection_reason: "user_hangup" },
      ...{ start_timestamp: startOf(facts).getTime(), end_timestamp: facts.endedAt.getTime() },
      duration_ms: facts.seconds * 1000,
    };
    const body = JSON.stringify({ event: "call_ended", call });
    const digest = hmac("sha256", secret, `${body}${now.getTime()}`, "hex");
    return { body, headers: { "X-Retell-Signature": `v=${now.getTime()},d=${digest}` } };
  },
  twilio: (facts, url, _now, secret = SECRET) => {
    const fields: [string, string][] = [
      ["CallSid", facts.id],
      ["AccountSid", "AC0123456789abcdef"],
      ["From", facts.from],
      ["To", facts.to],
      ["CallStatus", "completed"],
      ["Direction", "inbound"],
      ["CallDuration", String(facts.seconds)],
      ["Duration", "2"],
      ["Timestamp", facts.endedAt.toUTCString().replace("GMT", "+0000")],
      ["CallerName", "J. Doe & Söhne"],
    ];
    return signTwilio(fields, url, secret);
  },
  elevenlabs: (facts, _url, now = new Date(), secret = SECRET) => {
    const metadata = {
      ...{ start_time_unix_secs: Math.floor(startOf(facts).getTime() / 1000), call_duration_secs: facts.seconds },
      phone_call: { direction: "inbound", agent_number: facts.to, external_number: facts.from },
    };
    const analysis = { call_successful: "success", transcript_summary: "A question about opening hours." };
    const data = { agent_id: facts.agent, conversation_id: facts.id, status: "done", metadata, analysis };
    const at = Math.floor(now.getTime() / 1000);
    const body = JSON.stringify({ type: "post_call_transcription", event_timestamp: at, data });
    return {
      body,
      headers: { "ElevenLabs-Signature": `t=${at},v0=${hmac("sha256", secret, `${at}.${body}`, "hex")}` },
    };
  },
  cloudevents: (facts, _url, _now, secret = SECRET) => {
    const data = {
      ...{ tier: "premium", direction: "inbound", status: "completed", agent: facts.agent },
      ...{ started_at: startOf(facts).toISOString(), duration_seconds: facts.seconds, from: facts.from, to: facts.to },
    };
    const event = { specversion: "1.0", id: facts.id, source: "/engine/eu-1", type: "minutebank.call.recorded", data };
    return {
      body: JSON.stringify({ ...event, subject: facts.to }),
      headers: { "Content-Type": "application/cloudevents+json", Authorization: `Bearer ${secret}` },
    };
  },
  asterisk: (facts, _url, _now, secret = SECRET) => {
    const local = (at: Date): string => at.toISOString().slice(0, 19).replace("T", " ");
    const cells = ["", facts.from, facts.to, "from-trunk", `"Doe, ""J"""`, "SIP/1", "SIP/2", "Dial", "SIP/2,30"];
    const times = [startOf(facts), startOf(facts), facts.endedAt].map(local);
    const rest = [facts.seconds, facts.seconds, "ANSWERED", "DOCUMENTATION", facts.id];
    const quoted = [...cells.slice(0, 4).map(quote), cells[4], ...cells.slice(5).map(quote)];
    return {
      body: [...quoted, ...times.map(quote), ...rest.map((cell) => quote(String(cell)))].join(",") + "\n",
      headers: { "Content-Type": "text/csv", Authorization: `Bearer ${secret}` },
    };
  },
};

const quote = (cell: string): string => `"${cell.replaceAll('"', '""')}"`;

export function signTwilio(fields: [string, string][], url: string, secret = SECRET): Sent {
  const sorted = fields.toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  const text = url + sorted.map(([name, value]) => name + value).join("");
  return {
    body: new URLSearchParams(fields).toString(),
    headers: { "Content-Type": FORM, "X-Twilio-Signature": hmac("sha1", secret, text, "base64") },
  };
}

/** A call that waits, without talk; of a connection of its own. */
export async function waitingCall(
  owner: Client,
  client: Client,
  id: string,
): Promise<{ connection: string; id: string }> {
  const connection = await connect(owner, { name: `PBX ${id}`, engine: "asterisk", secret: null });
  // In the past in every zone.
  const start = new Date(Date.now() - 26 * 3_600_000).toISOString().slice(0, 19).replace("T", " ");
  const cdr = { uniqueid: id, disposition: "NO ANSWER", start, dst: "+15550100", src: "+15550199" };
  ok(await send(client, connection.url, { body: JSON.stringify(cdr), headers: {} }));
  const [row] = await unmatched(owner, `&connection=${connection.id}`);
  return { connection: connection.id, id: row?.id ?? "" };
}
