import { getRouteApi } from "@tanstack/react-router";
import { CallsList } from "../calls/CallsList";

const route = getRouteApi("/app/subaccounts/$subaccount/calls");

export function SubaccountCallsPage() {
  const { subaccount } = route.useParams();
  const navigate = route.useNavigate();
  return (
    <CallsList
      subaccount={subaccount}
      search={route.useSearch()}
      onSearch={(search) => void navigate({ search, replace: true })}
    />
  );
}
