// Who sends too slowly is cut off, and holds nobody else up meanwhile.

import assert from "node:assert/strict";
import { connect, type Socket } from "node:net";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import { startApp } from "../harness/app.ts";
import { ok } from "../harness/client.ts";

const SLOW_CLIENTS = 50;
const BYTE_EVERY_MS = 1000;
/** The server's limit for a whole request is 30 s, an idle connection's 75 s; what is between is room for a busy machine. */
const CUT_OFF_WITHIN_MS = 70_000;

/** What is sent at once; what comes after it trickles in. */
const BEGINNINGS = {
  "first line": "P",
  header: "POST /v1/calls HTTP/1.1\r\nHost: x\r\nX-Slow: ",
  body: "POST /v1/calls HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1000000\r\n\r\n",
};

const app = await startApp();
const owner = await app.ownerClient();
const { port } = new URL(app.url);

/** Sends the beginning of a request, then a byte now and then; ends when it is cut off. */
async function trickle(what: keyof typeof BEGINNINGS): Promise<void> {
  const socket: Socket = connect(Number(port), "127.0.0.1");
  const closed = new Promise<void>((done) => socket.once("close", done));
  socket.on("error", () => undefined); // a reset is an end too
  socket.resume();
  socket.write(BEGINNINGS[what]);
  const drip = setInterval(() => socket.write("x"), BYTE_EVERY_MS);
  const late = setTimeout(() => socket.destroy(new Error("never cut off")), CUT_OFF_WITHIN_MS);
  await closed;
  clearInterval(drip);
  clearTimeout(late);
  assert.ok(socket.bytesWritten < 1000, `${what}: it was cut off while it sent`);
  assert.notEqual(socket.errored?.message, "never cut off", what);
}

test("slow clients are cut off, others are answered meanwhile", async () => {
  const kinds = Object.keys(BEGINNINGS) as (keyof typeof BEGINNINGS)[];
  let slow = SLOW_CLIENTS * kinds.length;
  const trickles = kinds.flatMap((kind) =>
    Array.from({ length: SLOW_CLIENTS }, () => trickle(kind).then(() => (slow -= 1))),
  );
  let answered = 0;
  while (slow === trickles.length) {
    ok(await owner.get("/v1/subaccounts"));
    ok(await owner.patch("/v1/agency", { name: `Northwind ${answered}` }));
    answered += 1;
    await sleep(500);
  }
  assert.ok(answered > 10);
  await Promise.all(trickles);
});
