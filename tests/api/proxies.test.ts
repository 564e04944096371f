// Behind a proxy: whose address it is, what the console's address is, and who may read the figures.

import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import type { OutgoingHttpHeaders } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";

import { startApp } from "../harness/app.ts";
import { ok, refused, type Client } from "../harness/client.ts";

const TOKEN = "a-token-of-the-figures";

const scratch = await mkdtemp(join(tmpdir(), "minutebank-proxy-"));
after(() => rm(scratch, { recursive: true }));
const tokenFile = join(scratch, "token");
await writeFile(tokenFile, `${TOKEN}\n`);

const bare = await startApp();
const proxied = await startApp({
  args: [
    ...["--trusted-proxies", "127.0.0.1, 10.0.0.1, 2001:db8::1", "--metrics-token-file", tokenFile],
    ...["--public-url", "https://minutes.example.com/"],
  ],
});
const origin = "https://minutes.example.com";
const bareOwner = await bare.ownerClient();
const owner = await proxied.client({ origin }).login(proxied.owner);

let names = 0;

/** The address that the audit trail has for a change sent with these headers. */
async function addressSeen(client: Client, headers: OutgoingHttpHeaders): Promise<string | null> {
  ok(await client.patch("/v1/agency", { name: `Northwind ${++names}` }, { headers }));
  const [event] = ok(await client.get<{ data: { ip: string | null }[] }>("/v1/audit_events?limit=1")).data;
  return event?.ip ?? null;
}

const FORWARDED: [string, string | string[], string][] = [
  ["one address", "203.0.113.9", "203.0.113.9"],
  ["an IPv6 address", "2001:db8::77", "2001:db8::77"],
  ["what the client made up comes first", "198.51.100.1, 203.0.113.9", "203.0.113.9"],
  ["made up in a line of its own", ["198.51.100.1", "203.0.113.9"], "203.0.113.9"],
  ["through two proxies", "203.0.113.9, 10.0.0.1", "203.0.113.9"],
  ["a proxy that is not trusted", "203.0.113.9, 10.0.0.2", "10.0.0.2"],
  ["no address at all", "unknown, <script>", "127.0.0.1"],
  ["an empty list", "", "127.0.0.1"],
];

for (const [name, value, address] of FORWARDED) {
  test(`a trusted proxy tells whose request it is: ${name}`, async () => {
    assert.equal(await addressSeen(owner, { "X-Forwarded-For": value }), address);
  });
}

test("who is no trusted proxy can tell nothing", async () => {
  assert.equal(await addressSeen(bareOwner, { "X-Forwarded-For": "203.0.113.9" }), "127.0.0.1");
});

test("with a public address, that is the origin of writes, and the cookie is for https", async () => {
  const reply = await proxied.client({ origin }).post("/v1/auth/login", proxied.owner);
  const [cookie = ""] = reply.headers["set-cookie"] ?? [];
  assert.match(cookie, /; Secure/);
  const direct = proxied.client().carrying(owner);
  refused(await direct.patch("/v1/agency", { name: "Direct" }), 403, "bad_origin");
});

test("https pages say so to browsers", async () => {
  const reply = await proxied.client().get("/", { isDescribed: false });
  assert.match(String(reply.headers["strict-transport-security"]), /max-age=\d{7,}/);
});

const figures = (client: Client, headers: OutgoingHttpHeaders = {}) => client.get("/metrics", { headers });

test("the figures are for this machine alone when there is no token", async () => {
  ok(await figures(bare.client()));
  refused(await figures(bare.client(), { "X-Forwarded-For": "203.0.113.9" }), 403, "not_allowed");
});

test("with a token they are for who has it, from anywhere", async () => {
  ok(await figures(proxied.client(), { authorization: `Bearer ${TOKEN}`, "X-Forwarded-For": "203.0.113.9" }));
  for (const authorization of [`Bearer ${TOKEN}x`, `Bearer ${TOKEN.slice(1)}`, `Basic ${TOKEN}`, TOKEN, "Bearer "]) {
    refused(await figures(proxied.client(), { authorization }), 403, "not_allowed");
  }
  refused(await figures(proxied.client()), 403, "not_allowed");
});
