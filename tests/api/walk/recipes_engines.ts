// Voice engines on the walk: connected, tried, and what they reported told whose it is.

import { waitingCall } from "../../harness/engines.ts";
import { refusal } from "./oracle.ts";
import type { Attempt, Recipe } from "./recipes.ts";

async function newCall({ scene, things, n }: Attempt): Promise<void> {
  const made = await waitingCall(scene.owner, scene.app.client(), `walk-${n}`);
  things.unmatched_call = made.id;
  things.engine_connection = made.connection;
}

/** Of a connection that is only there for it. */
async function letGo({ scene, things }: Attempt): Promise<void> {
  await scene.owner.delete(`/v1/engine_connections/${things.engine_connection}`);
}

export const engineRecipes: Record<string, Recipe> = {
  "GET /v1/engine_connections": { status: 200 },
  "POST /v1/engine_connections": {
    status: 201,
    body: ({ n }) => ({ name: `Engine ${n}`, engine: "asterisk" }),
    after: (a, { body }) => {
      a.things.engine_connection = (body as { id: string }).id;
      return letGo(a);
    },
  },
  "POST /v1/engine_connections/test": { status: 200, body: () => ({ engine: "asterisk", payload: "{}" }) },
  "GET /v1/engine_connections/{engine_connection}": { status: 200 },
  "PATCH /v1/engine_connections/{engine_connection}": { status: 200, body: ({ n }) => ({ name: `Engine ${n}` }) },
  "DELETE /v1/engine_connections/{engine_connection}": { status: 204, before: newCall },
  "GET /v1/unmatched_calls": { status: 200, query: () => "?limit=500" },
  "GET /v1/unmatched_calls/{unmatched_call}": { status: 200 },
  "POST /v1/unmatched_calls/{unmatched_call}/assign": {
    status: 200,
    before: newCall,
    body: ({ scene }) => ({ subaccount: scene.things.granted.subaccount }),
    after: letGo,
  },
  "POST /v1/unmatched_calls/{unmatched_call}/dismiss": {
    status: 200,
    before: newCall,
    body: () => ({ reason: "A test call" }),
    after: letGo,
  },
  // Its URL is a secret that nobody has; with it, api/engines.test.ts.
  "POST /webhooks/engines/{token}": { status: 200, verdict: () => refusal(404, "not_found") },
};
