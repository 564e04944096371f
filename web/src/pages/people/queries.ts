import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { client, unwrap, type Schemas } from "../../api/client";
import { keys } from "../../api/queries";
import type { UsersSearch } from "../../app/search";
import { useCursorList } from "../../widgets/table/useCursorList";

export type User = Schemas["User"];
export type Invitation = Schemas["Invitation"];
export type Reach = Schemas["Reach"];
export type NamedAccount = Exclude<Reach, "all">[number];

/** All that a change of people changes. */
export const PEOPLE = [keys.users, keys.invitations, keys.audit];

/** As many as a dropdown shows; the rest is found by typing. */
export const CLIENTS_SHOWN = 50;
const KEYS_READ = 500;

export function useUsers(filters: UsersSearch) {
  return useCursorList([...keys.users, "list", filters], (ask, signal) =>
    unwrap(client.GET("/v1/users", { params: { query: { ...filters, ...ask } }, ...(signal && { signal }) })),
  );
}

export function useInvitations() {
  return useCursorList([...keys.invitations, "list"], (ask, signal) =>
    unwrap(client.GET("/v1/invitations", { params: { query: ask }, ...(signal && { signal }) })),
  );
}

/** The clients' accounts that fit what was typed. */
export function clientSearchQuery(q: string) {
  return queryOptions({
    queryKey: [...keys.subaccounts, "clients", q],
    queryFn: ({ signal }) => {
      const query = { kind: "secondary" as const, limit: CLIENTS_SHOWN, ...(q && { q }) };
      return unwrap(client.GET("/v1/subaccounts", { params: { query }, signal }));
    },
    placeholderData: keepPreviousData,
    staleTime: 10_000,
  });
}

/** How many people have yet to set up two-factor sign-in. */
export const withoutFactorQuery = queryOptions({
  queryKey: [...keys.users, "without_factor"],
  queryFn: async ({ signal }) => {
    const query = { two_factor: "off" as const, limit: 1 };
    return (await unwrap(client.GET("/v1/users", { params: { query }, signal }))).total;
  },
});

/** The API keys that stop working when this person is removed. */
export function keysMadeByQuery(user: string) {
  return queryOptions({
    queryKey: [...keys.apiKeys, "made_by", user],
    queryFn: async ({ signal }) => {
      const { data } = await unwrap(client.GET("/v1/api_keys", { params: { query: { limit: KEYS_READ } }, signal }));
      return data.filter((key) => key.created_by.id === user);
    },
  });
}
