import { expect, it } from "vitest";
import type { Schemas } from "../api/client";
import { asMe } from "../api/queries";
import { navigationOf } from "./pages";
import { ownAccount } from "./session";

type Account = Schemas["Me"]["subaccounts"][number];

const primary: Account = { id: "sub_p", kind: "primary", name: "Northwind", status: "active" };
const harbor: Account = { id: "sub_h", kind: "secondary", name: "Harbor", status: "active" };
const cedar: Account = { ...harbor, id: "sub_c", name: "Cedar" };
const CLIENT = ["subaccount.list", "workspace.view", "wallet.view"] as const;

/** As the server describes somebody of the platform's staff. */
const STAFF: Schemas["PlatformMe"] = {
  user: {
    id: "plt_0k3v9m2c5x1qy",
    name: "Sam Ives",
    email: "sam@platform.example",
    created_at: "2026-08-31T09:00:00Z",
    two_factor: false,
  },
  role: "platform_admin",
  agency: null,
  permissions: ["platform.view", "platform.plans", "platform.settle", "platform.operate", "platform.enter"],
  recovery_codes_left: 0,
};

function person(permissions: readonly Schemas["Permission"][], subaccounts: Account[], all = false): Schemas["Me"] {
  return { permissions, subaccounts, all_subaccounts: all } as unknown as Schemas["Me"];
}

it.each([
  ["a member of the agency", person(CLIENT, [primary, harbor]), "sub_p"],
  ["a client's person with one account", person(CLIENT, [harbor]), "sub_h"],
  ["a client's person with several", person(CLIENT, [harbor, cedar]), null],
  ["a client's person with all", person(CLIENT, [], true), null],
  ["a client's person with none left", person(CLIENT, []), null],
])("%s begins where they work", (_, me, account) => {
  expect(ownAccount(me)).toBe(account);
});

it("has the pages of the account where that is all there is, and no heading over the only group", () => {
  expect(
    navigationOf(person(CLIENT, [harbor])).map(({ label, pages }) => [label, pages.map((page) => page.to)]),
  ).toEqual([
    [
      null,
      [
        "/subaccounts/sub_h",
        "/subaccounts/sub_h/calls",
        "/subaccounts/sub_h/statement",
        "/subaccounts/sub_h/payments",
        "/subaccounts/sub_h/knowledge",
      ],
    ],
  ]);
  expect(navigationOf(person(CLIENT, [harbor, cedar]))).toMatchObject([{ label: null, pages: [{}, {}] }]);
});

it("has the platform's pages for its staff, and none of an agency's", () => {
  expect(navigationOf(asMe(STAFF)).map(({ label, pages }) => [label, pages.map((page) => page.to)])).toEqual([
    [
      null,
      ["/platform", "/platform/agencies", "/platform/plans", "/platform/prices", "/platform/payouts", "/platform/jobs"],
    ],
  ]);
});
