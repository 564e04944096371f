// Platform › Overview: all agencies together, and those to look at first.
import { Anchor } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { AgencySort } from "../../app/search";
import { useZone } from "../../app/session";
import { Fact, FactStrip } from "../../widgets/FactStrip";
import { MinutesText, MoneyText } from "../../widgets/figures/figures";
import { countText } from "../../widgets/format/minutes";
import { shortDateText } from "../../widgets/format/time";
import { PageHeader } from "../../widgets/PageHeader";
import { Panel } from "../../widgets/Panel";
import { ErrorState } from "../../widgets/states/states";
import { Debtors, Newest } from "./FewAgencies";
import { PlansTable } from "./PlansTable";
import classes from "./PlatformPage.module.css";
import { overviewQuery } from "./queries";

export function OverviewPage() {
  return (
    <>
      <PageHeader title="Overview" tab="Platform" />
      <div className={classes.page}>
        <Figures />
        <div className={classes.halves}>
          <Panel title="Owe the most" flush action={<AllAgencies sort="credit_usd" />}>
            <Debtors />
          </Panel>
          <Panel title="Newest" flush action={<AllAgencies sort="-created_at" />}>
            <Newest />
          </Panel>
        </div>
        <Panel title="Plans" hint="Base prices are what agencies pay the platform per minute." flush>
          <PlansTable />
        </Panel>
      </div>
    </>
  );
}

function Figures() {
  const overview = useQuery(overviewQuery);
  const zone = useZone();
  if (overview.isError && !overview.data) {
    return (
      <Panel>
        <ErrorState error={overview.error} onRetry={() => void overview.refetch()} />
      </Panel>
    );
  }
  const { data } = overview;
  return (
    <FactStrip label="The platform" isPending={!data}>
      {data && (
        <>
          <Fact
            label="Agencies"
            hint={
              data.agencies.deleting > 0 ? `${countText(data.agencies.deleting)} being deleted` : "None being deleted"
            }
          >
            {countText(data.agencies.active)}
          </Fact>
          <Fact
            label="Sub-accounts"
            hint={
              data.subaccounts.suspended > 0 ? `${countText(data.subaccounts.suspended)} suspended` : "None suspended"
            }
          >
            {countText(data.subaccounts.active)}
          </Fact>
          <Fact
            label="Minutes used"
            hint={`Since ${shortDateText(data.month_start, zone)} UTC; ${countText(data.calls_today)} calls today`}
          >
            <MinutesText seconds={data.minutes_used_seconds} />
          </Fact>
          <Fact label="Owed by agencies" hint="Where credit is below zero">
            <MoneyText usd={data.owed_usd} />
          </Fact>
        </>
      )}
    </FactStrip>
  );
}

function AllAgencies({ sort }: { sort: AgencySort }) {
  return (
    <Anchor size="xs" renderRoot={(props) => <Link to="/platform/agencies" search={{ sort }} {...props} />}>
      All agencies
    </Anchor>
  );
}
