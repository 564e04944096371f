// Live events (GET /v1/events): what happens is told to whoever listens and may see it, and to nobody else.

import assert from "node:assert/strict";
import { after, test } from "node:test";

import { startApp } from "../harness/app.ts";
import { ok, refused, type Client } from "../harness/client.ts";
import { isNamed, Listener, type AgencyEvent, type ListenOptions } from "../harness/listening.ts";
import { addOtherAgency } from "../harness/other_agency.ts";
import { addPerson, type Role } from "../harness/rows.ts";
import { addSubaccount, call, hold, record, sell } from "../harness/scene.ts";

const app = await startApp({ args: ["--test-clock"] });
const owner = await app.ownerClient();
const engine = await app.machineClient(["reservations:write", "calls:write"]);

const listeners: Listener[] = [];
after(() => {
  for (const listener of listeners) listener.close();
});

async function listen(options: ListenOptions): Promise<Listener> {
  const listener = await Listener.to(app.url, options);
  listeners.push(listener);
  return listener;
}

let accounts = 0;

async function account(premium = 6000): Promise<string> {
  const { id } = await addSubaccount(owner, `Listened ${++accounts}`);
  await sell(owner, id, "premium", premium);
  return id;
}

let calls = 0;
const talk = (subaccount: string, seconds = 60): Promise<unknown> =>
  record(engine, [call({ id: `live-${++calls}`, subaccount, duration_seconds: seconds })]);

test("a call that is recorded is told with what is left", async () => {
  const id = await account();
  const listener = await listen({ client: owner });
  await talk(id);
  const event = await listener.untilAccount(id, ({ changed }) => changed.includes("calls"));
  assert.deepEqual(event.changed.includes("balance"), true);
  assert.equal(event.wallet.premium_seconds, 5940);
  assert.equal(event.status, "active");
});

test("a call in progress is told when it begins and when it ends", async () => {
  const id = await account();
  const listener = await listen({ client: owner });
  const { id: reservation } = await hold(engine, id, { seconds: 300 });
  const begun = await listener.untilAccount(id, ({ changed }) => changed.includes("holds"));
  assert.deepEqual(
    [begun.calls_in_progress, begun.wallet.premium_seconds, begun.wallet.held_premium_seconds],
    [1, 5700, 300],
  );
  const agency = await listener.until(isNamed("agency"));
  assert.equal((agency.data as AgencyEvent).calls_in_progress, 1);
  await record(engine, [call({ id: "ends", subaccount: id, reservation })]);
  await listener.untilAccount(id, (event) => event.calls_in_progress === 0 && event.wallet.held_premium_seconds === 0);
  await listener.until(({ name, data }) => name === "agency" && (data as AgencyEvent).calls_in_progress === 0);
});

test("what runs out by itself is told", async () => {
  const id = await account();
  const listener = await listen({ client: owner });
  await hold(engine, id, { seconds: 60 });
  await listener.untilAccount(id, (event) => event.calls_in_progress === 1);
  ok(await app.client().post("/v1/test/clock", { advance_seconds: 3600 }));
  const over = await listener.untilAccount(id, (event) => event.calls_in_progress === 0);
  assert.equal(over.wallet.held_premium_seconds, 0);
});

test("suspending names the calls in progress", async () => {
  const id = await account();
  const { id: reservation } = await hold(engine, id);
  const listener = await listen({ client: owner });
  ok(await owner.post(`/v1/subaccounts/${id}/suspend`, {}));
  const event = await listener.untilAccount(id, ({ status }) => status === "suspended");
  assert.deepEqual(event.reservations, [reservation]);
  assert.ok(event.changed.includes("state"));
  ok(await engine.delete(`/v1/reservations/${reservation}`));
});

test("a risk is told when it begins and when it ends", async () => {
  const id = await account(60);
  const listener = await listen({ client: owner });
  await talk(id, 120);
  const begun = await listener.untilAccount(id, ({ risks }) => risks.includes("overdrawn"));
  assert.ok(begun.changed.includes("risks"));
  await sell(owner, id, "premium", 60_000);
  const over = await listener.untilAccount(id, ({ risks }) => risks.length === 0);
  assert.ok(over.changed.includes("risks"));
});

interface Seer {
  who: string;
  listener: Listener;
  sees: "both" | "one" | "none";
}

async function keyFor(subaccount?: string): Promise<string> {
  const input = { name: "listens", scopes: ["read"], ...(subaccount && { subaccount }) };
  return ok(await owner.post<{ secret: string }>("/v1/api_keys", input)).secret;
}

async function person(role: Role, more: { grants?: string[]; reachesAll?: boolean }): Promise<Client> {
  return app.client().login(await addPerson(app.store, app.owner, role, more));
}

test("everybody is told of what they may see, and of nothing else", async () => {
  const [one, two] = [await account(), await account()];
  const other = await addOtherAgency(app.store);
  const stranger = await app.client().login(other.owner);
  const seers: Seer[] = [
    { who: "owner", listener: await listen({ client: owner }), sees: "both" },
    { who: "admin", listener: await listen({ client: await person("agency_admin", {}) }), sees: "both" },
    { who: "key", listener: await listen({ key: await keyFor() }), sees: "both" },
    {
      who: "member",
      listener: await listen({ client: await person("agency_member", { grants: [one] }) }),
      sees: "one",
    },
    {
      who: "their admin",
      listener: await listen({ client: await person("subaccount_admin", { grants: [one] }) }),
      sees: "one",
    },
    {
      who: "their member",
      listener: await listen({ client: await person("subaccount_member", { grants: [one] }) }),
      sees: "one",
    },
    {
      who: "of all",
      listener: await listen({ client: await person("subaccount_admin", { reachesAll: true }) }),
      sees: "both",
    },
    { who: "bound key", listener: await listen({ key: await keyFor(one) }), sees: "one" },
    { who: "of nothing", listener: await listen({ client: await person("agency_member", {}) }), sees: "none" },
    { who: "stranger", listener: await listen({ client: stranger }), sees: "none" },
  ];
  await talk(two);
  await talk(one);
  await sell(stranger, other.ids.subaccount, "premium", 60);
  for (const { who, listener, sees } of seers) {
    if (sees !== "none") await listener.untilAccount(one, ({ changed }) => changed.includes("calls"));
    if (who === "stranger") await listener.untilAccount(other.ids.subaccount);
  }
  await seers[0]?.listener.untilAccount(two, ({ changed }) => changed.includes("calls"));
  for (const { who, listener, sees } of seers) {
    assert.equal(listener.account(one).length > 0, sees !== "none", who);
    assert.equal(listener.account(two).length > 0, sees === "both", who);
    assert.equal(listener.account(other.ids.subaccount).length > 0, who === "stranger", who);
    const seesAgency = ["owner", "admin", "key", "stranger"].includes(who);
    assert.equal(listener.events.some(isNamed("agency")), seesAgency, who);
    if (who !== "stranger") assert.ok(!JSON.stringify(listener.events).includes(other.ids.subaccount), who);
  }
});

test("what was withdrawn is not told from the next event on, and what was granted is", async () => {
  const [one, two] = [await account(), await account()];
  const who = await addPerson(app.store, app.owner, "subaccount_admin", { grants: [one] });
  const client = await app.client().login(who);
  const { user } = ok(await client.get<{ user: { id: string } }>("/v1/me"));
  const listener = await listen({ client });
  await talk(one);
  await listener.untilAccount(one);
  ok(await owner.patch(`/v1/users/${user.id}`, { role: "subaccount_admin", subaccounts: [two] }));
  const before = listener.account(one).length;
  await talk(one);
  await talk(two);
  await listener.untilAccount(two, ({ changed }) => changed.includes("calls"));
  assert.equal(listener.account(one).length, before);
});

test("who may not listen any more is cut off", async () => {
  const signedOut = await app.client().login(app.owner);
  const gone = await app.client().login(await addPerson(app.store, app.owner, "agency_admin"));
  const { user } = ok(await gone.get<{ user: { id: string } }>("/v1/me"));
  const key = ok(await owner.post<{ id: string; secret: string }>("/v1/api_keys", { name: "ends", scopes: ["read"] }));
  const [first, second, third] = [
    await listen({ client: signedOut }),
    await listen({ client: gone }),
    await listen({ key: key.secret }),
  ];
  const stays = await listen({ client: owner });
  ok(await signedOut.post("/v1/auth/logout"));
  await first.untilEnd();
  ok(await owner.delete(`/v1/users/${user.id}`));
  await second.untilEnd();
  ok(await owner.delete(`/v1/api_keys/${key.id}`));
  await third.untilEnd();
  const id = await account();
  await stays.untilAccount(id);
});

test("who comes back is told what happened meanwhile", async () => {
  const id = await account();
  const listener = await listen({ client: owner });
  await talk(id);
  await listener.untilAccount(id, ({ changed }) => changed.includes("calls"));
  const { lastId } = listener;
  listener.close();
  await talk(id);
  const again = await listen({ client: owner, lastEventId: lastId });
  assert.deepEqual((await again.until(isNamed("ready"))).data, { resumed: true });
  const event = await again.untilAccount(id, ({ changed }) => changed.includes("calls"));
  assert.equal(event.wallet.premium_seconds, 5880);
  assert.ok(!again.events.some(isNamed("reset")));
});

test("what happened so far can be asked for without waiting", async () => {
  const id = await account();
  const listener = await listen({ client: owner });
  const { lastId } = listener;
  await talk(id);
  await listener.untilAccount(id, ({ changed }) => changed.includes("calls"));
  const path = `/v1/events?until=now&last_event_id=${lastId}`;
  const text = String(ok(await owner.get(path)));
  assert.match(text, new RegExp(`event: account\ndata: \\{"subaccount":"${id}"`));
});

test("who comes back with what nobody knows any more is told to start afresh", async () => {
  for (const lastEventId of ["1-1", "no id at all"]) {
    const listener = await listen({ client: owner, lastEventId });
    await listener.until(isNamed("reset"));
    const again = await listen({ client: owner, lastEventId: listener.lastId });
    assert.deepEqual((await again.until(isNamed("ready"))).data, { resumed: true });
  }
});

test("who does not read costs nobody else anything", async () => {
  const id = await account();
  const [stuck, listener] = [await listen({ client: owner }), await listen({ client: owner })];
  stuck.pause();
  for (let i = 0; i < 5; i++) {
    const from = listener.events.length;
    await talk(id);
    await listener.untilAccount(id, undefined, from);
  }
  stuck.resume();
  await stuck.untilAccount(id, ({ wallet }) => wallet.premium_seconds === 5700);
});

test("what cannot be asked for is refused", async () => {
  refused(await app.client().get("/v1/events"), 401, "not_signed_in");
  refused(await engine.get("/v1/events"), 403, "scope_missing");
  refused(await owner.get("/v1/events?until=tomorrow"), 422, "invalid", "until");
});
