import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { ACTION_LABELS, actionText, actorText, changeSummary, differences, targetText } from "./actions";

const say = (instant: string) => `the ${instant.slice(0, 10)}`;

it("names what it knows and shows the rest as it is", () => {
  expect(actionText("subaccount.prices_set")).toBe("Changed prices");
  expect(actionText("campaign.paused")).toBe("campaign.paused");
});

it("sets before and after side by side, without what stayed", () => {
  expect(
    differences(
      {
        before: { name: "A", reference: null, email: "a@b" },
        after: { name: "B", reference: "x-1", email: "a@b" },
        target: null,
      },
      say,
    ),
  ).toEqual([
    { field: "name", before: "A", after: "B" },
    { field: "reference", before: null, after: "x-1" },
  ]);
  expect(differences({ before: null, after: null, target: null }, say)).toEqual([]);
});

it.each([
  [{ premium: "0.16" }, { premium: "0.20" }, "premium $0.16 → $0.20"],
  [null, { scopes: ["read", "calls:write"] }, "scopes read, calls:write"],
  [{ reference: "x-1" }, { reference: null }, "reference removed"],
  [{ subaccounts: "all" }, { subaccounts: ["sub_0k3v9m2c5x1qy", "sub_0k3v9m2c5x1qz"] }, "reach all → 2 sub-accounts"],
  [{ expires_at: null }, { expires_at: "2026-12-09T19:43:00Z" }, "expires at the 2026-12-09"],
  [{ two_factor_required: false }, { two_factor_required: true }, "two factor required no → yes"],
  [
    null,
    { subaccount: "sub_0", tier: "premium", seconds: 60_000, paid_usd: "200.00", unit_price: "0.20" },
    "tier premium, minutes 1,000.0 min, paid $200.00, price $0.20",
  ],
  [
    { increment: { first_seconds: 1, step_seconds: 1 } },
    { increment: { first_seconds: 30, step_seconds: 6 } },
    "increment first seconds 1, step seconds 1 → first seconds 30, step seconds 6",
  ],
])("says the change from %j to %j in one line", (before, after, line) => {
  expect(changeSummary({ before, after, target: { id: "pur_0", name: "Harbor" } }, say)).toBe(line);
});

it("says for whom somebody acts, and names only what has a name", () => {
  expect(actorText({ kind: "platform", id: "plt_0", name: "Sam Ives" })).toBe("Platform: Sam Ives");
  expect(actorText({ kind: "user", id: "usr_0", name: "Ada Park" })).toBe("Ada Park");
  expect(targetText({ id: "agy_0", name: null })).toBe("The agency");
  expect(targetText({ id: "ses_0", name: null })).toBeNull();
  expect(targetText({ id: "inv_0", name: "grace@northwind.example" })).toBe("grace@northwind.example");
});

/** Texts of the server that look like actions and are something else. */
const NO_ACTIONS = new Set([
  "branding.colour",
  "held.basic",
  "held.premium",
  "reservations.extension_seconds",
  "reservations.hold_seconds",
  "stdin.rejected",
  "wallet.basic",
  "wallet.premium",
]);

/** The actions that the server writes down: `noun.verb`, in the folders that record events. */
function actionsOfServer(): string[] {
  const root = join(import.meta.dirname, "../../../../src");
  const files = ["api", "engine", "cli"].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".c"))
      .map((name) => join(root, folder, name)),
  );
  const texts = files.flatMap((file) => [...readFileSync(file, "utf8").matchAll(/"([a-z_]+\.[a-z_]+)"/g)]);
  return [...new Set(texts.map(([, text = ""]) => text))]
    .filter((text) => !NO_ACTIONS.has(text) && !/^platform_(admin|plan)\./.test(text))
    .sort();
}

it("has words for every action of the server, and for no other", () => {
  expect(Object.keys(ACTION_LABELS).sort()).toEqual(actionsOfServer());
});
