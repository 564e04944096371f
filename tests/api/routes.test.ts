// The server's own route table and api/openapi.yaml say the same, both ways.

import assert from "node:assert/strict";
import { test } from "node:test";

import { contract } from "../harness/contract.ts";
import { minutebankOk } from "../harness/minutebank.ts";

interface Route {
  permission: string;
  scopes: string;
}

/** `minutebank routes`: method, path, permission, scopes of API keys and name, separated by tabs. */
async function served(): Promise<Map<string, Route>> {
  const lines = (await minutebankOk(["routes"])).split("\n").filter(Boolean);
  return new Map(
    lines.map((line) => {
      const [method = "", path = "", permission = "", scopes = ""] = line.split("\t");
      return [`${method} ${path}`, { permission, scopes: scopes === "-" ? "" : scopes }];
    }),
  );
}

function described(): Map<string, Route> {
  return new Map(
    contract().operations.map(({ method, path, operation }) => [
      `${method} ${path}`,
      { permission: operation["x-permission"] ?? "", scopes: operation["x-scope"] ?? "" },
    ]),
  );
}

const routes = await served();
const operations = described();

test("every route is described, and every description is served", () => {
  assert.ok(routes.size > 0);
  assert.deepEqual([...routes.keys()].sort(), [...operations.keys()].sort());
});

for (const [name, operation] of operations) {
  test(`${name} asks for the permission and the scope that are described`, () => {
    assert.deepEqual(routes.get(name), operation);
  });
}
