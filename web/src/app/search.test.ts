import { describe, expect, it } from "vitest";
import { parseAudit, parseCalls, parseNext, parsePeople, parseSignIn, parseSubaccounts, parseUsers } from "./search";

describe("after signing in", () => {
  it.each(["/", "/subaccounts?q=dental"])("%s is a page of the console", (next) => {
    expect(parseNext({ next })).toEqual({ next });
  });

  it.each([
    "//evil.example",
    "/\\evil.example",
    "/\t/evil.example",
    "/\n\\evil.example",
    "https://evil.example",
    "javascript:alert(1)",
    7,
    undefined,
  ])("%s is not, so Home it is", (next) => {
    expect(parseNext({ next })).toEqual({});
  });
});

it("sign-in knows what it may say after a reset, and nothing else", () => {
  expect(parseSignIn({ next: "/audit", notice: "password_reset" })).toEqual({
    next: "/audit",
    notice: "password_reset",
  });
  expect(parseSignIn({ notice: "Call us at once" })).toEqual({});
});

describe("an address", () => {
  it("keeps what a page knows", () => {
    expect(parseSubaccounts({ q: "dental", status: "suspended", sort: "-balance_usd", dialog: "add" })).toEqual({
      q: "dental",
      status: "suspended",
      sort: "-balance_usd",
      dialog: "add",
    });
    expect(parseCalls({ status: "no_answer", tier: "basic", range: "7d" })).toEqual({
      status: "no_answer",
      tier: "basic",
      range: "7d",
    });
  });

  it("opens a dialog beside a list of people", () => {
    expect(parsePeople({ dialog: "invite", q: "ada" })).toEqual({ dialog: "invite" });
    expect(parseUsers({ dialog: "invite", q: "ada", role: "agency_owner", sort: "-last_seen_at" })).toEqual({
      q: "ada",
      role: "agency_owner",
      sort: "-last_seen_at",
    });
    expect(parseUsers({ two_factor: "off" })).toEqual({ two_factor: "off" });
    expect(parseUsers({ role: "superuser", two_factor: "maybe", sort: "password_hash" })).toEqual({});
  });

  it("drops what it does not", () => {
    expect(parseSubaccounts({ q: "", status: "gone", sort: "--name", dialog: "remove", x: 1 })).toEqual({});
    expect(parseCalls({ status: "gone", call: "sub_1" })).toEqual({});
    expect(parseAudit({ action: "DROP TABLE", actor: "usr_1" })).toEqual({});
  });

  it("searches for digits, too", () => {
    expect(parseSubaccounts({ q: 1042 })).toEqual({ q: "1042" });
  });
});
