// The routes that are about whoever asks: their session, password, second factor and address.

import assert from "node:assert/strict";

import { Authenticator, setUpTwoFactor } from "../../harness/authenticator.ts";
import { ok, type Reply } from "../../harness/client.ts";
import { addPerson, idNumber, insertRow } from "../../harness/rows.ts";
import { NOT_FOUND, refusal, type Verdict } from "./oracle.ts";
import type { Attempt, Recipe } from "./recipes.ts";
import { userId } from "./scene.ts";

/** Somebody whom nothing else is about. */
export async function newUser(a: Attempt): Promise<void> {
  const person = await addPerson(a.scene.app.store, a.scene.app.owner, "agency_member");
  a.things.user = await userId(a.scene.app, person);
}

const passwordOf = ({ caller, scene }: Attempt): string => (caller.person ?? scene.app.owner).password;

/** The platform's staff have the addresses that they were made with. */
function ofUsers(a: Attempt, byMatrix: Verdict): Verdict {
  return byMatrix.isAllowed && a.caller.kind.startsWith("staff") ? NOT_FOUND : byMatrix;
}

interface Sessions {
  data: { id: string; current: boolean }[];
}

/** Another session of the same person. */
async function anotherSession(a: Attempt): Promise<void> {
  if (a.place !== "own") return;
  const { app } = a.scene;
  assert.ok(a.caller.person);
  await app.client().login(a.caller.person);
  const { data } = ok(await a.caller.client.get<Sessions>("/v1/me/sessions?limit=500"));
  const another = data.find(({ current }) => !current);
  assert.ok(another);
  a.things.session = another.id;
}

async function armed(a: Attempt): Promise<void> {
  const { recoveryCodes } = await setUpTwoFactor(a.scene.app, a.caller.client, { password: passwordOf(a) });
  a.found["code"] = recoveryCodes[0] ?? "";
}

async function disarm(a: Attempt, code: string | undefined): Promise<void> {
  ok(await a.caller.client.delete("/v1/me/totp", { body: { password: passwordOf(a), code } }));
}

const disarmByReply = (a: Attempt, { body }: Reply): Promise<void> =>
  disarm(a, (body as { recovery_codes: string[] }).recovery_codes[0]);

async function begun(a: Attempt): Promise<void> {
  const { otpauth_url } = ok(
    await a.caller.client.post<{ otpauth_url: string }>("/v1/me/totp", { password: passwordOf(a) }),
  );
  a.found["code"] = await new Authenticator(a.scene.app, otpauth_url).next();
}

/** A change of address that waits, as where mail is sent. */
async function waitingChange({ scene, caller, n }: Attempt): Promise<void> {
  assert.ok(caller.person);
  const user_id = idNumber(await userId(scene.app, caller.person));
  const now = BigInt(Date.now()) * 1000n;
  const email = `moves.${n}@northwind.example`;
  await insertRow(scene.app.store, "email_changes", {
    ...{ agency_id: idNumber(scene.agency), user_id, email, email_key: email },
    ...{ created_at: now, expires_at: now + 3_600_000_000n },
  });
}

const proof = (a: Attempt): object => ({ password: passwordOf(a), code: a.found["code"] ?? "000000" });

export const signedInRecipes: Record<string, Recipe> = {
  "POST /v1/auth/logout": { status: 204, after: ({ caller }) => caller.enter() },
  "GET /v1/me": { status: 200 },
  "PATCH /v1/me": { status: 200, body: () => ({ name: "Ada Park" }) },
  "GET /v1/me/sessions": { status: 200, query: () => "?limit=500" },
  "DELETE /v1/me/sessions/{session}": { status: 204, before: anotherSession },
  "POST /v1/me/password": {
    status: 204,
    body: (a) => ({ current_password: passwordOf(a), new_password: passwordOf(a) }),
  },
  "POST /v1/me/totp": { status: 200, body: (a) => ({ password: passwordOf(a) }) },
  "POST /v1/me/totp/confirm": {
    status: 200,
    before: begun,
    body: ({ found }) => ({ code: found["code"] ?? "000000" }),
    after: disarmByReply,
  },
  "DELETE /v1/me/totp": { status: 204, before: armed, body: proof },
  "POST /v1/me/recovery_codes": { status: 200, before: armed, body: proof, after: disarmByReply },
  "POST /v1/me/email": {
    status: 202,
    body: (a) => ({ email: `moves.${a.n}@northwind.example`, password: passwordOf(a) }),
    // This server sends no mail.
    verdict: (a, byMatrix) => {
      const verdict = ofUsers(a, byMatrix);
      return verdict.isAllowed ? refusal(409, "mail_not_configured") : verdict;
    },
  },
  "DELETE /v1/me/email": { status: 204, before: waitingChange, verdict: ofUsers },
};
