// The agency at a glance: its figures over a range, what needs a look, what just happened.
import { Anchor, Button, Group, Skeleton, Stack, Text } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useState } from "react";
import type { Schemas } from "../../api/client";
import { useMay, useZone } from "../../app/session";
import { MoneyText } from "../../widgets/figures/figures";
import { countText, minutesText } from "../../widgets/format/minutes";
import { moneyText } from "../../widgets/format/money";
import { dateText, relativeText } from "../../widgets/format/time";
import { PageHeader } from "../../widgets/PageHeader";
import { Panel } from "../../widgets/Panel";
import { rangeInstants } from "../../widgets/range/range";
import { RangePicker } from "../../widgets/range/RangePicker";
import { RecentCalls } from "../../widgets/RecentCalls";
import { ErrorState } from "../../widgets/states/states";
import type { MetricName } from "../../widgets/trend/metrics";
import { TrendCard } from "../../widgets/trend/TrendCard";
import { agencyOverviewQuery, recentCallsQuery } from "./queries";
import { Risks } from "./Risks";
import classes from "./HomePage.module.css";

const route = getRouteApi("/app/");
const FIGURES: MetricName[] = [
  "minutes_used_seconds",
  "profit_usd",
  "purchased_usd",
  "spent_usd",
  "cost_usd",
  "margin_usd",
];

export function HomePage() {
  const search = route.useSearch();
  const figure = search.figure && { figure: search.figure };
  const navigate = route.useNavigate();
  const zone = useZone();
  const [now] = useState(Date.now);
  const overview = useQuery(agencyOverviewQuery(rangeInstants({ range: "30d", ...search }, zone, now)));
  const recent = useQuery(recentCallsQuery);
  const mayAdd = useMay("subaccount.create");

  return (
    <>
      <PageHeader
        title="Home"
        actions={
          <>
            <RangePicker
              value={search}
              fallback="30d"
              onChange={(range) => void navigate({ search: { ...range, ...figure } })}
            />
            {mayAdd && (
              <Button
                leftSection={<IconPlus size={15} />}
                renderRoot={(props) => <Link to="/subaccounts" search={{ dialog: "add" }} {...props} />}
              >
                Add sub-account
              </Button>
            )}
          </>
        }
      />
      <div className={classes.page}>
        {overview.isError ? (
          <Panel>
            <ErrorState error={overview.error} onRetry={() => void overview.refetch()} />
          </Panel>
        ) : (
          <TrendCard
            overview={overview.data}
            names={FIGURES}
            chosen={search.figure ?? "minutes_used_seconds"}
            onChoose={(name) => void navigate({ search: { ...search, figure: name }, replace: true })}
          />
        )}
        <div className={classes.columns}>
          <Panel
            title="Recent calls"
            flush
            action={
              <Anchor component={Link} to="/calls" size="xs">
                All calls
              </Anchor>
            }
          >
            <RecentCalls query={recent} />
          </Panel>
          <Stack gap="md" miw={0}>
            <Panel title="Accounts at risk" flush>
              <Risks risks={overview.data?.risks} />
            </Panel>
            <Panel title="Agency">
              <AgencyFacts overview={overview.data} />
            </Panel>
          </Stack>
        </div>
      </div>
    </>
  );
}

function AgencyFacts({ overview }: { overview: Schemas["AgencyOverview"] | undefined }) {
  const zone = useZone();
  if (!overview) return <Skeleton height={120} />;
  const { plan, subaccounts } = overview;
  const taken = subaccounts.active + subaccounts.suspended;
  const suspended = subaccounts.suspended > 0 ? `, ${countText(subaccounts.suspended)} suspended` : "";
  const included = plan.included.premium_seconds + plan.included.basic_seconds;
  return (
    <dl className={classes.facts}>
      <Fact label="Wallets" hint="What all minutes left are worth at today's client prices">
        <MoneyText usd={overview.wallet_balance_usd} fw={600} />
      </Fact>
      <Fact label="Plan" hint={`${moneyText(plan.monthly_fee_usd)} a month, ${minutesText(included)} included`}>
        {plan.name}
      </Fact>
      <Fact label="Renews" hint={relativeText(overview.renewal_at)}>
        {dateText(overview.renewal_at, zone)}
      </Fact>
      <Fact
        label="Sub-accounts"
        hint={`${subaccounts.cap === null ? "No limit in this plan" : "Slots of this plan"}${suspended}`}
      >
        {countText(taken)}
        {subaccounts.cap !== null && ` of ${countText(subaccounts.cap)}`}
      </Fact>
    </dl>
  );
}

function Fact({ label, hint, children }: { label: string; hint: string; children: React.ReactNode }) {
  return (
    <Group justify="space-between" align="flex-start" wrap="nowrap" gap="sm">
      <Text component="dt" size="sm">
        {label}
        <Text component="span" display="block" size="xs" c="dimmed">
          {hint}
        </Text>
      </Text>
      <Text component="dd" m={0} size="sm" fw={500} className="figures" style={{ whiteSpace: "nowrap" }}>
        {children}
      </Text>
    </Group>
  );
}
