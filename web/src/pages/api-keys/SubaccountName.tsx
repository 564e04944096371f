import { useQuery } from "@tanstack/react-query";
import { subaccountQuery } from "../../api/queries";
import { SubaccountLink } from "../../widgets/SubaccountLink";

/** The name of an account that a row knows by its id only. */
export function SubaccountName({ id }: { id: string }) {
  const account = useQuery({ ...subaccountQuery(id), staleTime: 60_000 }).data;
  return <SubaccountLink id={id} name={account?.name ?? id} />;
}
