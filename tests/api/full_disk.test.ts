// A full store: what would change it is refused and nothing of it happened, reading goes on, and room is all it needs.

import assert from "node:assert/strict";
import { test } from "node:test";

import { startApp } from "../harness/app.ts";
import { ok, refused } from "../harness/client.ts";
import { runOk } from "../harness/process.ts";
import { addSubaccount, call, hold, record, sell, walletOf } from "../harness/scene.ts";

const app = await startApp();
const owner = await app.ownerClient();
const engine = await app.machineClient(["reservations:write", "calls:write", "read"]);

/** On SQLite the server may write no file beyond a length it has long passed. On PostgreSQL the calls' and holds' tables say
 *  what a full disk says (53100). */
interface Disk {
  fill(): Promise<void>;
  free(): Promise<void>;
}

const limit = (bytes: string) => async (): Promise<void> => {
  await runOk("prlimit", ["--pid", String(app.server.pid), `--fsize=${bytes}:`]);
};

const sqlite: Disk = { fill: limit("4096"), free: limit("unlimited") };

const TABLES = ["calls", "reservations", "subaccounts"];

const postgres: Disk = {
  fill: async () => {
    await app.store.damage(
      `CREATE FUNCTION disk_is_full() RETURNS trigger LANGUAGE plpgsql
         AS $$ BEGIN RAISE EXCEPTION USING ERRCODE = '53100', MESSAGE = 'could not extend file'; END $$`,
    );
    for (const table of TABLES)
      await app.store.damage(
        `CREATE TRIGGER disk_is_full BEFORE INSERT ON ${table} FOR EACH ROW EXECUTE FUNCTION disk_is_full()`,
      );
  },
  free: () => app.store.damage("DROP FUNCTION disk_is_full CASCADE"),
};

const disk = app.store.kind === "sqlite" ? sqlite : postgres;

const { id: account } = await addSubaccount(owner, "Cramped");
await sell(owner, account, "premium", 6000);
await record(engine, [call({ id: "before", subaccount: account, duration_seconds: 60 })]);

test("a full disk refuses writes whole, reads go on, and with room they go through", async () => {
  const late = call({ id: "late", subaccount: account, duration_seconds: 120 });
  const order = { subaccount: account, tier: "premium", direction: "outbound", seconds: 300 };
  const key = { headers: { "Idempotency-Key": "held-when-there-was-room" } };

  await disk.fill();
  for (let round = 0; round < 5; round += 1) {
    for (const reply of [
      await engine.post("/v1/calls", [late]),
      await engine.post("/v1/reservations", order, key),
      await owner.post("/v1/subaccounts", { name: "Does not fit", email: "none@cramped.example" }),
    ]) {
      refused(reply, 503, "store_unavailable");
      assert.match(reply.headers["retry-after"] ?? "", /^[1-9]\d*$/);
    }
    assert.equal((await walletOf(owner, account)).premium_seconds, 5940);
    assert.equal(ok(await owner.get<{ data: unknown[] }>("/v1/calls")).data.length, 1);
  }

  await disk.free();
  const { accepted } = await record(engine, [late]);
  assert.equal(accepted, 1, "nothing of the refused try was kept");
  ok(await engine.post("/v1/reservations", order, key));
  await addSubaccount(owner, "Fits now");
  const wallet = await walletOf(owner, account);
  assert.deepEqual([wallet.premium_seconds, wallet.held_premium_seconds], [5940 - 120 - 300, 300]);
  const held = await hold(engine, account, { seconds: 10 });
  ok(await engine.delete(`/v1/reservations/${held.id}`));
});
