// Agency › Profits & payouts: what was earned, by whom, and what of it is paid out.
import { getRouteApi, Link, Outlet } from "@tanstack/react-router";
import { PageHeader } from "../../widgets/PageHeader";
import tabs from "../subaccount/SubaccountLayout.module.css";

const route = getRouteApi("/app/profits");

const TABS = [
  { label: "Overview", to: "/profits" },
  { label: "By client", to: "/profits/clients" },
  { label: "By purchase", to: "/profits/purchases" },
  { label: "Payouts", to: "/profits/payouts" },
] as const;

export function ProfitsLayout() {
  const { range, since, until } = route.useSearch();
  // The range goes along from page to page.
  const search = { ...(range && { range }), ...(since && until && { since, until }) };
  return (
    <>
      <PageHeader title="Profits & payouts">
        What clients paid for minutes beyond their base price, and what of it is paid out.
      </PageHeader>
      <nav aria-label="Profits" className={tabs.tabs}>
        {TABS.map(({ label, to }) => (
          <Link
            key={to}
            to={to}
            search={search}
            className={tabs.tab}
            activeOptions={{ exact: to === "/profits", includeSearch: false }}
          >
            {label}
          </Link>
        ))}
      </nav>
      <Outlet />
    </>
  );
}
