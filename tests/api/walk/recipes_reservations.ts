// How minutes are held for calls on the walk, and given back.

import { ok, type Reply } from "../../harness/client.ts";
import { sell } from "../../harness/scene.ts";
import { ACCOUNT_PLACES, ALLOWED, reaches, refusal, type Place, type Verdict } from "./oracle.ts";
import type { Attempt, Recipe } from "./recipes.ts";

/** Where a call may begin. */
const isHoldable = ({ place }: { place: Place }): boolean => ["primary", "granted", "foreign"].includes(place);

/** Of a reservation that was canceled already, where none can be made: the matrix knows nothing of that. */
const canceledAt =
  (isSo: (a: Attempt) => boolean, then: Verdict) =>
  (a: Attempt, byMatrix: Verdict): Verdict => {
    const mayAsk = byMatrix.isAllowed || byMatrix.code === "subaccount_removed";
    return mayAsk && isSo(a) ? then : byMatrix;
  };

async function newReservation({ scene, place, things }: Attempt): Promise<void> {
  if (!isHoldable({ place })) return;
  await sell(scene.owner, things.subaccount, "premium", 60);
  const order = { subaccount: things.subaccount, tier: "premium", direction: "inbound", seconds: 30 };
  things.reservation = ok(await scene.owner.post<{ id: string }>("/v1/reservations", order)).id;
}

const giveBack = async ({ scene }: Attempt, { body }: Reply): Promise<void> => {
  ok(await scene.owner.delete(`/v1/reservations/${(body as { id: string }).id}`));
};

export const reservationRecipes: Record<string, Recipe> = {
  "GET /v1/events": { status: 200, query: () => "?until=now" },
  "GET /v1/reservations": { status: 200, query: () => "?limit=500" },
  "GET /v1/subaccounts/{subaccount}/reservations": { status: 200, query: () => "?limit=500" },
  "GET /v1/reservations/{reservation}": { status: 200 },
  "POST /v1/reservations": {
    status: 201,
    places: ACCOUNT_PLACES,
    before: ({ scene, things }) => sell(scene.owner, things.subaccount, "premium", 60),
    body: ({ things }) => ({ subaccount: things.subaccount, tier: "premium", direction: "outbound" }),
    after: giveBack,
    verdict: (a, byMatrix) => {
      if (!byMatrix.isAllowed || (reaches(a.caller, a.place) && isHoldable(a))) return byMatrix;
      if (!reaches(a.caller, a.place)) return refusal(422, "unknown_subaccount");
      return refusal(409, a.place === "removed" ? "subaccount_removed" : "subaccount_suspended");
    },
  },
  "POST /v1/reservations/{reservation}/extend": {
    status: 200,
    before: newReservation,
    body: () => ({ seconds: 10 }),
    after: giveBack,
    verdict: canceledAt((a) => !isHoldable(a), refusal(409, "reservation_canceled")),
  },
  "DELETE /v1/reservations/{reservation}": {
    status: 200,
    before: newReservation,
    verdict: canceledAt((a) => !isHoldable(a), ALLOWED),
  },
};
