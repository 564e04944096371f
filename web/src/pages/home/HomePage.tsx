// The agency at a glance: its figures over a range, what needs a look, what just happened.
import { Anchor, Button, Skeleton, Title } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import type { Schemas } from "../../api/client";
import { profitStandingQuery } from "../../api/queries";
import { useMay, useZone } from "../../app/session";
import { Fact, FactStrip } from "../../widgets/FactStrip";
import { MoneyText } from "../../widgets/figures/figures";
import { parseDecimal } from "../../widgets/format/decimal";
import { countText, minutesText } from "../../widgets/format/minutes";
import { moneyText } from "../../widgets/format/money";
import { dateText, relativeText } from "../../widgets/format/time";
import { PageHeader } from "../../widgets/PageHeader";
import { Panel } from "../../widgets/Panel";
import { rangeInstants } from "../../widgets/range/range";
import { useNow } from "../../widgets/useNow";
import { RangePicker } from "../../widgets/range/RangePicker";
import { RecentCalls } from "../../widgets/RecentCalls";
import { ErrorState } from "../../widgets/states/states";
import type { MetricName } from "../../widgets/trend/metrics";
import { TrendCard } from "../../widgets/trend/TrendCard";
import { GettingStarted } from "./GettingStarted";
import { agencyOverviewQuery, recentCallsQuery } from "./queries";
import { Risks } from "./Risks";
import classes from "./HomePage.module.css";

const LiveCalls = lazy(() => import("./LiveCalls").then((module) => ({ default: module.LiveCalls })));
const PayoutNotice = lazy(() => import("./PayoutNotice").then((module) => ({ default: module.PayoutNotice })));

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
  const now = useNow();
  const overview = useQuery(agencyOverviewQuery(rangeInstants({ range: "30d", ...search }, zone, now)));
  const recent = useQuery(recentCallsQuery);
  const mayAdd = useMay("subaccount.create");
  const maySeeCalls = useMay("monitoring.view");
  const stays = useProfitThatStays();

  return (
    <>
      <PageHeader
        title="Home"
        actions={
          mayAdd && (
            <Button
              leftSection={<IconPlus size={15} />}
              renderRoot={(props) => <Link to="/subaccounts" search={{ dialog: "add" }} {...props} />}
            >
              Add sub-account
            </Button>
          )
        }
      />
      <div className={classes.page}>
        <Suspense>{stays && <PayoutNotice standing={stays} />}</Suspense>
        {!overview.isError && <AgencyFacts overview={overview.data} />}
        {overview.data && recent.data?.data.length === 0 && <GettingStarted {...firstSteps(overview.data)} />}
        <div className={classes.range}>
          <Title order={2}>Activity</Title>
          <RangePicker
            value={search}
            fallback="30d"
            onChange={(range) => void navigate({ search: { ...range, ...figure } })}
          />
        </div>
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
          <div className={classes.side}>
            <Suspense fallback={<Skeleton height={94} />}>{maySeeCalls && <LiveCalls />}</Suspense>
            {!overview.isError && (
              <Panel title="Accounts at risk" flush>
                <Risks risks={overview.data?.risks} />
              </Panel>
            )}
          </div>
        </div>
      </div>
    </>
  );
}

/** Where profit stands, if the next renewal would pay it out and there is no account to pay it to. */
function useProfitThatStays() {
  const standing = useQuery({ ...profitStandingQuery, enabled: useMay("payouts.manage") }).data;
  if (standing?.payout_account !== "not_connected") return null;
  const [payable, threshold] = [standing.payable_usd, standing.threshold_usd].map((usd) => parseDecimal(usd) ?? 0n);
  return payable && payable >= (threshold ?? 0n) ? standing : null;
}

function firstSteps({ subaccounts, purchased_usd: purchased }: Schemas["AgencyOverview"]) {
  return { hasClients: subaccounts.active + subaccounts.suspended > 0, hasSold: parseDecimal(purchased) !== 0n };
}

function AgencyFacts({ overview }: { overview: Schemas["AgencyOverview"] | undefined }) {
  return (
    <FactStrip label="Agency" isPending={!overview}>
      {overview && <Standing overview={overview} />}
    </FactStrip>
  );
}

function Standing({ overview }: { overview: Schemas["AgencyOverview"] }) {
  const zone = useZone();
  const { plan, subaccounts } = overview;
  const suspended = subaccounts.suspended > 0 ? `, ${countText(subaccounts.suspended)} suspended` : "";
  return (
    <>
      <Fact label="Wallets" hint="All minutes left, at client prices">
        <MoneyText usd={overview.wallet_balance_usd} />
      </Fact>
      <Fact
        label="Sub-accounts"
        hint={`${subaccounts.cap === null ? "No limit" : `Of ${countText(subaccounts.cap)} in this plan`}${suspended}`}
      >
        {countText(subaccounts.active + subaccounts.suspended)}
      </Fact>
      <Fact label="Plan" hint={planHint(plan)}>
        {plan.name}
      </Fact>
      <Fact label="Renews" hint={relativeText(overview.renewal_at)}>
        {dateText(overview.renewal_at, zone)}
      </Fact>
    </>
  );
}

/** What the plan costs and brings, as far as it does either. */
function planHint({ monthly_fee_usd: fee, included }: Schemas["Plan"]): string {
  const minutes = included.premium_seconds + included.basic_seconds;
  const every = included.every === "month" ? " a month" : " once";
  const parts = [
    parseDecimal(fee) === 0n ? null : `${moneyText(fee)} a month`,
    minutes === 0 ? null : `${minutesText(minutes)} included${every}`,
  ].filter((part) => part !== null);
  return parts.join(", ") || "Pay as you go";
}
