// A small agency as its owner would know it: clients of all kinds, minutes sold, three weeks of calls.

import { startApp, type App, type AppOptions } from "../harness/app.ts";
import { ok, type Client } from "../harness/client.ts";
import { addSubaccount, call, record, sell, type CallRecord, type Subaccount, type Tier } from "../harness/scene.ts";
import { chanceFrom } from "../harness/seed.ts";

const DAY_MS = 86_400_000;
const DAYS_OF_CALLS = 21;
const DAYS_SUBSCRIBED = 18;
const BATCH = 1000;

interface Character {
  name: string;
  email: string;
  reference?: string;
  prices?: { basic: string; premium: string };
  premiumMinutes: number;
  basicMinutes: number;
  /** On a working day. */
  callsPerDay: number;
}

const CHARACTERS: readonly Character[] = [
  {
    name: "Harbor Dental",
    email: "office@harbordental.example",
    reference: "acme-042",
    prices: { basic: "0.12", premium: "0.20" },
    premiumMinutes: 2000,
    basicMinutes: 400,
    callsPerDay: 14,
  },
  { name: "Alpine Ski School", email: "desk@alpineski.example", premiumMinutes: 900, basicMinutes: 0, callsPerDay: 6 },
  {
    name: "Bäckerei Übermut & Söhne",
    email: "kontakt@uebermut.example",
    reference: "bkr-7",
    prices: { basic: "0.0975", premium: "0.185" },
    premiumMinutes: 650,
    basicMinutes: 120,
    callsPerDay: 5,
  },
  // Sold less than it uses: overdrawn.
  {
    name: "Cedar Legal",
    email: "intake@cedarlegal.example",
    prices: { basic: "0.15", premium: "0.32" },
    premiumMinutes: 60,
    basicMinutes: 0,
    callsPerDay: 4,
  },
  {
    name: "Delta Freight Brokers",
    email: "dispatch@deltafreight.example",
    prices: { basic: "0.11", premium: "0.24" },
    premiumMinutes: 5200,
    basicMinutes: 1500,
    callsPerDay: 22,
  },
  {
    name: "Evergreen Property Management and Residential Lettings of Greater Northampton",
    email: "lettings@evergreen-property-management.example",
    premiumMinutes: 300,
    basicMinutes: 0,
    callsPerDay: 2,
  },
  {
    name: "Fjord Insurance",
    email: "claims@fjord.example",
    prices: { basic: "0.10", premium: "0.21" },
    premiumMinutes: 1200,
    basicMinutes: 300,
    callsPerDay: 8,
  },
  // Never bought, never called.
  {
    name: "Green Valley Vets",
    email: "hello@greenvalleyvets.example",
    premiumMinutes: 0,
    basicMinutes: 0,
    callsPerDay: 0,
  },
  {
    name: "Студия Ирис",
    email: "info@iris.example",
    reference: "iris",
    prices: { basic: "0.13", premium: "0.26" },
    premiumMinutes: 800,
    basicMinutes: 0,
    callsPerDay: 7,
  },
  {
    name: "Ivy & Oak Interiors",
    email: "studio@ivyandoak.example",
    prices: { basic: "0.14", premium: "0.30" },
    premiumMinutes: 500,
    basicMinutes: 50,
    callsPerDay: 3,
  },
  {
    name: "Juniper Home Care",
    email: "care@juniper.example",
    prices: { basic: "0.12", premium: "0.22" },
    premiumMinutes: 1500,
    basicMinutes: 200,
    callsPerDay: 9,
  },
];

const STATUSES = [
  "completed",
  "completed",
  "completed",
  "completed",
  "completed",
  "voicemail",
  "no_answer",
  "no_answer",
  "busy",
  "transferred",
  "failed",
] as const;
const TALKS: ReadonlySet<string> = new Set(["completed", "transferred", "voicemail"]);
const AGENTS = ["Front desk", "Reminders", "After hours"] as const;
const SUMMARIES = [
  "Moved the appointment to Thursday.",
  "Asked for a quote; wants a call back.",
  "Confirmed tomorrow at nine.",
] as const;

export interface Scenery {
  app: App;
  owner: Client;
  engine: Client;
  /** By name. */
  clients: ReadonlyMap<string, Subaccount>;
}

/** The agency of most browser tests, served until the last test of the file that calls this at its top. */
export async function startScenery(options: AppOptions = {}): Promise<Scenery> {
  const app = await startApp(options);
  const clients = new Map<string, Subaccount>();
  const early = await app.ownerClient();
  for (const character of CHARACTERS) clients.set(character.name, await enter(early, character));
  await subscribeEarlier(app);
  const engine = await app.machineClient(["calls:write", "read"]);
  await recordPast(engine, clients);
  return { app, owner: await app.ownerClient(), engine, clients };
}

/** As if the agency had been here for a while, so that its billing period has begun some days ago. */
async function subscribeEarlier(app: App): Promise<void> {
  const date = new Date(Date.now() - DAYS_SUBSCRIBED * DAY_MS).toISOString().slice(0, 10);
  await app.store.query(`UPDATE agencies SET subscription_start = '${date}'`);
  await app.store.query(`UPDATE subaccounts SET billing_anchor = '${date}'`);
  await app.restart();
}

async function enter(owner: Client, { name, email, reference, prices, ...minutes }: Character): Promise<Subaccount> {
  const account = await addSubaccount(owner, name, {
    email,
    ...(reference && { reference }),
    ...(prices && { prices }),
  });
  for (const [tier, count] of [
    ["premium", minutes.premiumMinutes],
    ["basic", minutes.basicMinutes],
  ] as [Tier, number][]) {
    if (count > 0) await sell(owner, account.id, tier, count * 60);
  }
  return account;
}

async function recordPast(engine: Client, clients: ReadonlyMap<string, Subaccount>): Promise<void> {
  const calls = CHARACTERS.flatMap((character) => pastCalls(character, clients.get(character.name)?.id ?? ""));
  for (let at = 0; at < calls.length; at += BATCH) await record(engine, calls.slice(at, at + BATCH));
}

function pastCalls({ name, callsPerDay, basicMinutes }: Character, subaccount: string): CallRecord[] {
  const chance = chanceFrom(name.length * 7919);
  const calls: CallRecord[] = [];
  for (let day = DAYS_OF_CALLS; day >= 0; day -= 1) {
    const midnight = Math.floor(Date.now() / DAY_MS) * DAY_MS - day * DAY_MS;
    const weekday = new Date(midnight).getUTCDay();
    const count =
      weekday === 0 || weekday === 6
        ? Math.floor(callsPerDay / 4)
        : chance.int(Math.ceil(callsPerDay / 2), callsPerDay);
    for (let number = 0; number < count; number += 1) {
      const started = midnight + chance.int(8 * 3600, 18 * 3600) * 1000;
      if (started > Date.now() - 3_600_000) continue;
      const status = chance.pick(STATUSES);
      const inbound = chance.oneIn(2);
      const client = `+1202555${String(chance.int(0, 9999)).padStart(4, "0")}`;
      const line = "+12025550100";
      calls.push({
        ...call({ id: `${name}-${day}-${number}`, subaccount }),
        tier: basicMinutes > 0 && chance.oneIn(5) ? "basic" : "premium",
        direction: inbound ? "inbound" : "outbound",
        status,
        started_at: new Date(started).toISOString().replace(/\.\d+Z/, "Z"),
        duration_seconds: TALKS.has(status) ? chance.int(12, 480) : 0,
        ...{ agent: chance.pick(AGENTS), from: inbound ? client : line, to: inbound ? line : client },
        ...(status === "completed" && chance.oneIn(3) && { summary: chance.pick(SUMMARIES) }),
      });
    }
  }
  return calls;
}

export async function pendingPurchase(owner: Client, subaccount: string, tier: Tier, seconds: number): Promise<string> {
  return ok(await owner.post<{ id: string }>(`/v1/subaccounts/${subaccount}/purchases`, { tier, seconds })).id;
}
