// One account at a glance: what is left, what was used, how its calls went.
import { Anchor, Stack, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import type { Schemas } from "../../api/client";
import { subaccountQuery } from "../../api/queries";
import { useZone } from "../../app/session";
import { Fact, FactStrip } from "../../widgets/FactStrip";
import { MinutesText, MoneyText, PriceText } from "../../widgets/figures/figures";
import { dayText } from "../../widgets/format/time";
import { minutesText } from "../../widgets/format/minutes";
import { Panel } from "../../widgets/Panel";
import { rangeInstants, type RangeSearch } from "../../widgets/range/range";
import { useNow } from "../../widgets/useNow";
import { RangePicker } from "../../widgets/range/RangePicker";
import { RecentCalls } from "../../widgets/RecentCalls";
import { ErrorState } from "../../widgets/states/states";
import type { MetricName } from "../../widgets/trend/metrics";
import { TrendCard } from "../../widgets/trend/TrendCard";
import { CallsByStatus } from "./CallsByStatus";
import classes from "./OverviewPage.module.css";
import { recentCallsOfQuery, subaccountOverviewQuery } from "./queries";

const route = getRouteApi("/app/subaccounts/$subaccount/");
const FIGURES: MetricName[] = [
  "minutes_used_seconds",
  "calls",
  "spent_usd",
  "margin_usd",
  "purchased_usd",
  "profit_usd",
];

export function OverviewPage() {
  const { subaccount: id } = route.useParams();
  const search = route.useSearch();
  const figure = search.figure && { figure: search.figure };
  const navigate = route.useNavigate();
  const zone = useZone();
  const now = useNow();
  const account = useQuery(subaccountQuery(id)).data;
  const range: RangeSearch = search.since ? search : { range: search.range ?? "period" };
  const overview = useQuery(subaccountOverviewQuery(id, rangeInstants(range, zone, now)));
  const recent = useQuery(recentCallsOfQuery(id));

  return (
    <div className={classes.page}>
      <Balances account={account} />
      <div className={classes.range}>
        <Title order={2}>Activity</Title>
        <RangePicker
          value={search}
          fallback="period"
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
            <Anchor component={Link} to={`/subaccounts/${id}/calls`} size="xs">
              All calls
            </Anchor>
          }
        >
          <RecentCalls query={recent} ofOneAccount />
        </Panel>
        <Stack gap="md" miw={0}>
          {!overview.isError && (
            <Panel title="Calls by status" hint="In the chosen range">
              <CallsByStatus counts={overview.data?.calls_by_status} />
            </Panel>
          )}
        </Stack>
      </div>
    </div>
  );
}

function Balances({ account }: { account: Schemas["Subaccount"] | undefined }) {
  return (
    <FactStrip label="Wallet" isPending={!account}>
      {account && <WalletFacts account={account} />}
    </FactStrip>
  );
}

function WalletFacts({ account: { wallet, prices, billing_date } }: { account: Schemas["Subaccount"] }) {
  return (
    <>
      <Fact label="Wallet" hint={wallet.overdrawn ? "Overdrawn: the next call is refused" : "Worth at today's prices"}>
        <MoneyText usd={wallet.balance_usd} />
      </Fact>
      <Fact label="Premium left" hint={<PriceHint price={prices.premium} held={wallet.held_premium_seconds} />}>
        <MinutesText seconds={wallet.premium_seconds} />
      </Fact>
      <Fact label="Basic left" hint={<PriceHint price={prices.basic} held={wallet.held_basic_seconds} />}>
        <MinutesText seconds={wallet.basic_seconds} />
      </Fact>
      <Fact label="Billing date" hint="A new period begins">
        {dayText(billing_date)}
      </Fact>
    </>
  );
}

function PriceHint({ price, held }: { price: string; held: number }) {
  return (
    <>
      at <PriceText price={price} perMinute />
      {held > 0 && `, ${minutesText(held)} held for calls in progress`}
    </>
  );
}
