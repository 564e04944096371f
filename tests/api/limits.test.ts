// What the operator allows: told to the agency, and named with its number where it refuses something.

import assert from "node:assert/strict";
import { test } from "node:test";

import { App, startApp } from "../harness/app.ts";
import { ok, refused, type Client } from "../harness/client.ts";
import { Listener } from "../harness/listening.ts";
import { STAFF } from "../harness/platform.ts";
import { addSubaccount, call, hold, record, sell } from "../harness/scene.ts";

const app = await startApp({
  staff: STAFF,
  args: [
    "--call-seconds=7200",
    "--hold-seconds=600",
    "--extension-seconds=120",
    "--clock-skew=10",
    "--record-days=30",
    "--agency-listeners=2",
  ],
});
const owner = await app.ownerClient();
const staff = await app.client().login(STAFF);
const { id: account } = await addSubaccount(owner, "Limited");
await sell(owner, account, "premium", 60_000);

const from = (seconds: number): string => new Date(Date.now() + seconds * 1000).toISOString();

test("the agency is told", async () => {
  const { limits } = ok(await owner.get<{ limits: object }>("/v1/agency"));
  assert.deepEqual(limits, {
    batch_records: 1000,
    body_bytes: 8_388_608,
    call_seconds: 7200,
    hold_seconds: 600,
    extension_seconds: 120,
    clock_skew_seconds: 10,
    record_days: 30,
    requests_per_second: null,
    queue_share: 1,
    listeners: 2,
    node_listeners: 2000,
    unmatched_calls: 10_000,
  });
});

test("a record that breaks one is rejected by its field, with the number, and stops no other", async () => {
  const records = [
    call({ id: "long", subaccount: account, duration_seconds: 7201, started_at: from(-8000) }),
    call({ id: "early", subaccount: account, started_at: from(60) }),
    call({ id: "old", subaccount: account, started_at: from(-31 * 86_400) }),
    call({ id: "fits", subaccount: account, duration_seconds: 7200, started_at: from(-8000) }),
  ];
  const { accepted, results } = await record(owner, records);
  assert.equal(accepted, 1);
  assert.deepEqual(
    results.slice(0, 3).map(({ code, field, detail }) => [code, field, detail]),
    [
      ["too_large", "duration_seconds", "A call has 7200 seconds at most."],
      ["in_future", "started_at", "This time is more than 10 seconds in the future."],
      ["too_old", "started_at", "This is more than 30 days ago."],
    ],
  );
});

test("a hold and an extension are bounded, each by its own", async () => {
  const order = { subaccount: account, tier: "premium", direction: "outbound" };
  const problem = refused(await owner.post("/v1/reservations", { ...order, seconds: 601 }), 422, "invalid", "seconds");
  assert.equal(problem.errors[0]?.detail, "This may be 600 seconds at most.");
  const { id } = await hold(owner, account, { seconds: 600 });
  refused(await owner.post(`/v1/reservations/${id}/extend`, { seconds: 121 }), 422, "invalid", "seconds");
  ok(await owner.post(`/v1/reservations/${id}/extend`, { seconds: 120 }));
  for (const [name, seconds] of [
    ["hold_seconds", 601],
    ["extension_seconds", 121],
  ] as const)
    refused(
      await owner.patch("/v1/agency", { reservations: { [name]: seconds } }),
      422,
      "invalid",
      `reservations.${name}`,
    );
  ok(await owner.patch("/v1/agency", { reservations: { hold_seconds: 600, extension_seconds: 120 } }));
});

test("what one agency may is the platform's to say, and counts from its next request on", async () => {
  const at = `/v1/platform/agencies/${ok(await owner.get<{ id: string }>("/v1/agency")).id}`;
  const shown = async (by: Client): Promise<unknown[]> => {
    const { limits } = ok(await by.get<{ limits: Record<string, unknown> }>("/v1/agency"));
    return [limits["requests_per_second"], limits["queue_share"]];
  };
  const own = ok(await staff.patch<Record<string, unknown>>(at, { requests_per_second: 1, queue_share: 4 }));
  assert.deepEqual([own["requests_per_second"], own["queue_share"]], [1, 4]);
  assert.deepEqual(await shown(owner), [1, 4]);
  let slow = await owner.get("/v1/me");
  for (let n = 0; slow.status === 200 && n < 1000; n++) slow = await owner.get("/v1/me");
  refused(slow, 429, "too_many_requests");
  ok(await staff.get(at));
  for (const [field, value] of [
    ["requests_per_second", 0],
    ["requests_per_second", 1_000_001],
    ["queue_share", 0],
    ["queue_share", 17],
    ["queue_share", null],
  ] as const)
    refused(await staff.patch(at, { [field]: value }), 422, "invalid", field);
  const again = ok(await staff.patch<Record<string, unknown>>(at, { requests_per_second: null, queue_share: 1 }));
  assert.deepEqual([again["requests_per_second"], again["queue_share"]], [null, 1]);
  let reply = await owner.get("/v1/me");
  while (reply.status === 429) reply = await owner.get("/v1/me");
  for (const { status } of await Promise.all(Array.from({ length: 60 }, () => owner.get("/v1/me"))))
    assert.equal(status, 200);
});

test("listeners are as many as is set, of an agency and of a node", async () => {
  const crowded = async (at: App, client: Client, most: number): Promise<void> => {
    const listeners: Listener[] = [];
    for (let i = 0; i < most; i++) listeners.push(await Listener.to(at.url, { client }));
    refused(await client.get("/v1/events"), 503, "too_many_listeners");
    for (const listener of listeners) listener.close();
  };
  await crowded(app, owner, 2);
  const small = await App.start({ args: ["--listeners=1"] });
  try {
    await crowded(small, await small.ownerClient(), 1);
  } finally {
    await small.finish();
  }
});

test("an agency that sends too fast is told to slow down, and signing in is not", async () => {
  const paced = await App.start({ args: ["--agency-requests=5"] });
  try {
    const client: Client = await paced.ownerClient();
    let taken = 0;
    for (;;) {
      const reply = await client.get("/v1/me");
      if (reply.status === 429) {
        refused(reply, 429, "too_many_requests");
        assert.match(reply.headers["retry-after"] ?? "", /^[1-9]\d*$/);
        break;
      }
      ok(reply);
      taken += 1;
      assert.ok(taken < 1000, "it was never told to slow down");
    }
    await paced.ownerClient();
  } finally {
    await paced.finish();
  }
});
