// Readers share what they keep of an agency's accounts: each list shows all that was answered before it was asked for.

import assert from "node:assert/strict";
import { test } from "node:test";

import { startApp } from "../harness/app.ts";
import { ok } from "../harness/client.ts";
import { addSubaccount } from "../harness/scene.ts";
import { chance, type Chance } from "../harness/seed.ts";

const CLIENTS = 12;
const STEPS = 12;

interface Row {
  id: string;
  name: string;
  status: string;
  prices: { basic: string };
}

const app = await startApp();
const owner = await app.ownerClient();

async function found(query: string): Promise<Row[]> {
  return ok(await owner.get<{ data: Row[] }>(`/v1/subaccounts?${query}`)).data;
}

/** Somebody with an account of their own, which nobody else changes. */
class Keeper {
  #name: string;
  readonly #of: string;
  #id = "";
  #status = "active";
  readonly #dice: Chance;

  constructor(which: number, dice: Chance) {
    this.#of = `keeper${which}x`;
    this.#name = `${this.#of} 0`;
    this.#dice = dice;
  }

  async run(): Promise<void> {
    this.#id = (await addSubaccount(owner, this.#name, { prices: { basic: "0.12", premium: "0.2" } })).id;
    for (let step = 1; step <= STEPS; step += 1) {
      await this.#dice.pick([() => this.#rename(step), () => this.#turn(), () => this.#add(step)])();
      await this.#look();
    }
  }

  async #rename(step: number): Promise<void> {
    const before = this.#name;
    this.#name = `${this.#of} ${step}`;
    ok(await owner.patch(`/v1/subaccounts/${this.#id}`, { name: this.#name }));
    assert.deepEqual(
      (await found(`q=${encodeURIComponent(before)}&sort=name`)).filter((row) => row.name === before),
      [],
    );
  }

  async #turn(): Promise<void> {
    const action = this.#status === "active" ? "suspend" : "restore";
    ok(await owner.post(`/v1/subaccounts/${this.#id}/${action}`, action === "suspend" ? { note: "Later." } : {}));
    this.#status = action === "suspend" ? "suspended" : "active";
  }

  async #add(step: number): Promise<void> {
    const name = `also ${this.#of} ${step}`;
    const { id } = await addSubaccount(owner, name, { prices: { basic: "0.12", premium: "0.2" } });
    assert.deepEqual(
      (await found(`q=${encodeURIComponent(name)}&sort=-balance_usd`))
        .filter((row) => row.name === name)
        .map((row) => row.id),
      [id],
    );
  }

  async #look(): Promise<void> {
    const sort = this.#dice.pick(["name", "-email", "status", "balance_usd", "-minutes_used_seconds", "billing_date"]);
    const rows = await found(`q=${this.#of}&status=${this.#status}&sort=${sort}&limit=100`);
    assert.equal(rows.find(({ id }) => id === this.#id)?.name, this.#name);
    const other = this.#status === "active" ? "suspended" : "active";
    assert.ok((await found(`q=${this.#of}&status=${other}&limit=100`)).every(({ id }) => id !== this.#id));
  }
}

test("a list shows all that was answered before it was asked for", async () => {
  const dice = chance("rosters");
  await Promise.all(Array.from({ length: CLIENTS }, (_, i) => new Keeper(i, dice).run()));
  const names = (await found("q=keeper&sort=name&limit=100")).map(({ name }) => name);
  assert.deepEqual(names, [...names].sort());
});
