import { queryOptions } from "@tanstack/react-query";
import { client, unwrap, type Schemas } from "../../api/client";
import { keys } from "../../api/queries";

export type Connection = Schemas["EngineConnection"];

export const connectionsQuery = queryOptions({
  queryKey: [...keys.engines, "list"],
  queryFn: ({ signal }) => unwrap(client.GET("/v1/engine_connections", { signal })),
});

/** With its mapping and its rules. */
export function connectionQuery(id: string) {
  return queryOptions({
    queryKey: [...keys.engines, id],
    queryFn: ({ signal }) =>
      unwrap(
        client.GET("/v1/engine_connections/{engine_connection}", {
          params: { path: { engine_connection: id } },
          signal,
        }),
      ),
  });
}
