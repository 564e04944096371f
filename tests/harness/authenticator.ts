// An authenticator app, by the library that many of them are made of; and what signing in costs the server.

import { TOTP, URI } from "otpauth";

import type { App } from "./app.ts";
import { ok, type Client } from "./client.ts";
import type { Owner } from "./minutebank.ts";

export class Authenticator {
  readonly #app: App;
  readonly #totp: TOTP;

  /** For a server with a test clock, by whose time it shows its codes. */
  constructor(app: App, otpauthUrl: string) {
    const parsed = URI.parse(otpauthUrl);
    if (!(parsed instanceof TOTP)) throw new Error(`no TOTP: ${otpauthUrl}`);
    this.#app = app;
    this.#totp = parsed;
  }

  /** A code that was not used yet: the clock goes on to the next one, or `seconds`. */
  async next(seconds = 30): Promise<string> {
    const { now } = ok(await this.#app.client().post<{ now: string }>("/v1/test/clock", { advance_seconds: seconds }));
    return this.at(now);
  }

  at(now: string, offsetSeconds = 0): string {
    return this.#totp.generate({ timestamp: Date.parse(now) + offsetSeconds * 1000 });
  }
}

/** How many passwords the server has checked by their slow hash: what an attacker could tell from the time it takes. */
export async function hashes(app: App): Promise<number> {
  const { body } = await app.client().get<string>("/metrics");
  return Number(/^mb_passwords_verified_total (\d+)$/m.exec(body)?.[1]);
}

export interface TwoFactor {
  app: Authenticator;
  recoveryCodes: string[];
}

/** Two-factor sign-in for whoever `client` is signed in as; `code` where it is on already. */
export async function setUpTwoFactor(
  app: App,
  client: Client,
  { password }: Pick<Owner, "password">,
  code?: string,
): Promise<TwoFactor> {
  const begun = ok(
    await client.post<{ otpauth_url: string }>("/v1/me/totp", { password, ...(code !== undefined && { code }) }),
  );
  const authenticator = new Authenticator(app, begun.otpauth_url);
  const confirmed = ok(
    await client.post<{ recovery_codes: string[] }>("/v1/me/totp/confirm", { code: await authenticator.next() }),
  );
  return { app: authenticator, recoveryCodes: confirmed.recovery_codes };
}
