// Mail while much else happens: each goes out once, whoever sends it, and nobody waits for it.

import assert from "node:assert/strict";
import { test } from "node:test";

import { App } from "../harness/app.ts";
import { Client, ok } from "../harness/client.ts";
import { MailServer, tokenIn } from "../harness/mail.ts";
import { Server } from "../harness/minutebank.ts";
import { invite } from "../harness/people.ts";
import { addSubaccount, call, record } from "../harness/scene.ts";
import { storeKind } from "../harness/store.ts";

const INVITED = 60;
const BATCHES = 30;
const BATCH = 20;

async function inviteMany(clients: readonly Client[]): Promise<string[]> {
  const addresses = Array.from({ length: INVITED }, (_, i) => `person${i}@example.com`);
  await Promise.all(
    addresses.map((address, i) => invite(clients[i % clients.length] as Client, address, "agency_admin")),
  );
  return addresses;
}

async function chargeMany(engine: Client, subaccount: string): Promise<void> {
  for (let batch = 0; batch < BATCHES; batch++) {
    const calls = Array.from({ length: BATCH }, (_, i) => call({ id: `c-${batch}-${i}`, subaccount }));
    assert.equal((await record(engine, calls)).accepted, BATCH);
  }
}

test("invitations and calls at once: each mail arrives once, with a link that works", async () => {
  const post = await MailServer.start();
  const args = ["--smtp-url", `smtp://127.0.0.1:${post.port}`, "--mail-from", "mail@minutes.example"];
  const app = await App.start({ args });
  const nodes = storeKind() === "postgres" ? [await Server.start(app.store, { args: [...args, "--node", "1"] })] : [];
  const others: Client[] = [];
  try {
    const owner = await app.ownerClient();
    others.push(...nodes.map(({ url }) => new Client(url).carrying(owner)));
    const engine = await app.machineClient(["calls:write"]);
    const { id } = await addSubaccount(owner, "Harbor Dental");
    const [addresses] = await Promise.all([inviteMany([owner, ...others]), chargeMany(engine, id)]);
    for (const address of addresses) {
      const token = tokenIn(await post.arrival(address));
      ok(await app.client().post("/v1/invitations/preview", { token }));
    }
    for (const address of addresses) assert.equal(post.sentTo(address).length, 1, address);
  } finally {
    for (const client of others) client.close();
    for (const node of nodes) await node.stop();
    await app.finish();
    await post.stop();
  }
});
