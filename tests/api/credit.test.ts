// The agency's credit with the platform: how it stands, and a sentence for each entry that made it so (domain.md §5).

import assert from "node:assert/strict";
import { test } from "node:test";

import { startApp } from "../harness/app.ts";
import { ok, refused } from "../harness/client.ts";
import { STAFF } from "../harness/platform.ts";
import { addPerson } from "../harness/rows.ts";
import { addSubaccount, sell } from "../harness/scene.ts";

const app = await startApp({ staff: STAFF });
const owner = await app.ownerClient();
const staff = await app.client().login(STAFF);
const agency = ok(await owner.get<{ id: string }>("/v1/agency")).id;
const at = `/v1/platform/agencies/${agency}`;

interface Entry {
  id: string;
  kind: string;
  amount_usd: string;
  balance_usd: string;
  subaccount: string;
  description: string;
  reference: string | null;
}
interface Entries {
  data: Entry[];
  next_cursor: string | null;
}

const entries = async (query = ""): Promise<Entries> =>
  ok(await owner.get<Entries>(`/v1/agency/credit/entries${query}`));

const harbor = (await addSubaccount(owner, "Harbor Dental", { prices: { basic: "0.12", premium: "0.20" } })).id;
const acme = (await addSubaccount(owner, "Acme Solar", { prices: { basic: "0.12", premium: "0.25" } })).id;

test("each kind of entry explains itself", async () => {
  assert.deepEqual((await entries()).data, []);
  const { id } = await sell(owner, harbor, "premium", 120_000);
  const move = ok(
    await owner.post<{ id: string }>("/v1/minute_moves", {
      ...{ from: harbor, to: acme, tier: "premium", seconds: 6000, received_seconds: 4800 },
    }),
  );
  const adjust = (seconds: number, reason: string) =>
    owner.post<{ id: string }>(`/v1/subaccounts/${acme}/adjustments`, { tier: "premium", seconds, reason });
  const given = ok(await adjust(600, "Outage of 3 November"));
  const taken = ok(await adjust(-300, "A mistake"));
  const refund = ok(await owner.post<{ id: string }>(`/v1/purchases/${id}/refund`, { seconds: 30_000 }));
  ok(await staff.post(`${at}/settlements`, { amount_usd: "200.00", note: "Bank transfer of 5 November" }));
  ok(await staff.post(`${at}/settlements`, { amount_usd: "1.00" }));

  const { data } = await entries();
  assert.deepEqual(
    data.map(({ description, amount_usd, balance_usd, reference }) => [
      description,
      amount_usd,
      balance_usd,
      reference,
    ]),
    [
      ["Paid to the platform", "1.00", "-36.60", null],
      ["Paid to the platform: Bank transfer of 5 November", "200.00", "-37.60", null],
      ["Base of minutes refunded to Harbor Dental: 100.00 USD", "80.00", "-237.60", refund.id],
      ["Minutes taken back from Acme Solar: A mistake", "0.80", "-317.60", taken.id],
      ["Minutes given to Acme Solar: Outage of 3 November", "-1.60", "-318.40", given.id],
      ["Minutes moved from Harbor Dental to Acme Solar", "3.20", "-316.80", move.id],
      ["Base of minutes that Harbor Dental bought for 400.00 USD", "-320.00", "-320.00", id],
    ],
  );
  assert.deepEqual([data[6]?.subaccount, data[3]?.subaccount], [harbor, acme]);
});

test("the balance is told with what is owed, what is left and what would be paid out", async () => {
  const credit = ok(await owner.get("/v1/agency/credit"));
  assert.deepEqual(credit, {
    ...{ balance_usd: "-36.60", owed_usd: "36.60", limit_usd: null, available_usd: null },
    ...{ profit_usd: "0.00", payable_usd: "0.00", collected_usd: "60.00", payout_threshold_usd: "100.00" },
  });
});

test("entries come page by page and by range", async () => {
  const all = (await entries()).data;
  const paged: Entry[] = [];
  let cursor: string | null = "";
  while (cursor !== null) {
    const page: Entries = await entries(`?limit=3${cursor === "" ? "" : `&cursor=${cursor}`}`);
    paged.push(...page.data);
    cursor = page.next_cursor;
  }
  assert.deepEqual(paged, all);
  assert.deepEqual((await entries("?from=2035-01-01T00:00:00Z")).data, []);
  assert.deepEqual((await entries("?to=2020-01-01T00:00:00Z")).data, []);
  refused(await owner.get("/v1/agency/credit/entries?cursor=nonsense"), 400, "bad_cursor");
});

test("only who sees profits sees credit", async () => {
  for (const role of ["agency_member", "subaccount_admin", "subaccount_member"] as const) {
    const client = await app.client().login(await addPerson(app.store, app.owner, role, { grants: [harbor] }));
    refused(await client.get("/v1/agency/credit"), 403, "not_allowed");
    refused(await client.get("/v1/agency/credit/entries"), 403, "not_allowed");
  }
  const admin = await app.client().login(await addPerson(app.store, app.owner, "agency_admin"));
  ok(await admin.get("/v1/agency/credit"));
});

test("the platform sets limit and threshold, one at a time or both, and the agency's trail tells", async () => {
  interface Terms {
    credit_limit_usd: string | null;
    payout_threshold_usd: string;
  }
  const set = async (terms: object): Promise<[string | null, string]> => {
    const { credit_limit_usd, payout_threshold_usd } = ok(await staff.patch<Terms>(at, terms));
    return [credit_limit_usd, payout_threshold_usd];
  };
  assert.deepEqual(await set({ credit_limit_usd: "500.00" }), ["500.00", "100.00"]);
  assert.deepEqual(await set({ payout_threshold_usd: "50.00" }), ["500.00", "50.00"]);
  const { limit_usd, available_usd, payout_threshold_usd } = ok(
    await owner.get<Record<string, string>>("/v1/agency/credit"),
  );
  assert.deepEqual([limit_usd, available_usd, payout_threshold_usd], ["500.00", "463.40", "50.00"]);
  assert.deepEqual(await set({ credit_limit_usd: null }), [null, "50.00"]);
  refused(await staff.patch(at, { credit_limit_usd: "-1.00" }), 422, "invalid", "credit_limit_usd");
  refused(await staff.patch(at, { payout_threshold_usd: null }), 422, "invalid", "payout_threshold_usd");
  refused(await owner.patch(at, { credit_limit_usd: null }), 404, "not_found");

  interface Events {
    data: { before: object; after: object; actor: { kind: string } }[];
  }
  const { data } = ok(await owner.get<Events>("/v1/audit_events?action=agency.terms_set"));
  assert.deepEqual([data.length, data[0]?.actor.kind], [3, "platform"]);
  assert.deepEqual(data[2]?.after, {
    ...{ credit_limit_usd: "500.00", payout_threshold_usd: "100.00" },
    ...{ requests_per_second: 0, queue_share: 1 },
  });
});
