// How many may listen to live events, and what becomes of them when the server stops.

import assert from "node:assert/strict";
import { test } from "node:test";

import { startApp } from "../harness/app.ts";
import { ok, refused } from "../harness/client.ts";
import { isNamed, Listener } from "../harness/listening.ts";
import { addSubaccount } from "../harness/scene.ts";

const OF_AN_AGENCY = 1000;

const app = await startApp();
const owner = await app.ownerClient();

test("an agency has so many listeners, and one more when one has left", async () => {
  const listeners: Listener[] = [];
  for (let i = 0; i < OF_AN_AGENCY; i++) listeners.push(await Listener.to(app.url, { client: owner }));
  const reply = await owner.get("/v1/events");
  refused(reply, 503, "too_many_listeners");
  assert.ok(Number(reply.headers["retry-after"]) > 0);
  const { id } = await addSubaccount(owner, "Told to all");
  await Promise.all(listeners.map((listener) => listener.untilAccount(id)));
  for (const listener of listeners.splice(0)) listener.close();
  let again: Listener | undefined;
  while (!again) again = await Listener.to(app.url, { client: owner }).catch(() => undefined);
  again.close();
});

test("a server that stops ends them, and the next one says that something may have been missed", async () => {
  const listener = await Listener.to(app.url, { client: owner });
  const { lastId } = listener;
  await app.restart();
  await listener.untilEnd();
  const again = app.client().carrying(owner);
  const next = await Listener.to(app.url, { client: again, lastEventId: lastId });
  await next.until(isNamed("reset"));
  next.close();
  ok(await again.get("/v1/me"));
});
