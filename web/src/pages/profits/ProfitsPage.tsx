// Where profit stands now, how the months went, and what each figure means.
import { Anchor, Progress, Skeleton, Text, Title, Tooltip } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { lazy, Suspense, type ReactNode } from "react";
import type { Schemas } from "../../api/client";
import { profitStandingQuery } from "../../api/queries";
import { useZone } from "../../app/session";
import { Fact, FactStrip } from "../../widgets/FactStrip";
import { MoneyText } from "../../widgets/figures/figures";
import { parseDecimal } from "../../widgets/format/decimal";
import { exactMoneyText, moneyText } from "../../widgets/format/money";
import { dateText, relativeText } from "../../widgets/format/time";
import { Note } from "../../widgets/Note";
import { Panel } from "../../widgets/Panel";
import { rangeInstants } from "../../widgets/range/range";
import { RangePicker } from "../../widgets/range/RangePicker";
import { ErrorState } from "../../widgets/states/states";
import { useNow } from "../../widgets/useNow";
import home from "../home/HomePage.module.css";
import { monthsQuery, type MonthProfit } from "./queries";
import classes from "./ProfitsPage.module.css";

const MonthsChart = lazy(() => import("./MonthsChart"));

const route = getRouteApi("/app/profits/");

type Standing = Schemas["ProfitStanding"];

export function ProfitsPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const zone = useZone();
  const now = useNow();
  const standing = useQuery(profitStandingQuery);
  const months = useQuery(monthsQuery(rangeInstants({ range: "year", ...search }, zone, now)));
  return (
    <div className={`${home.page ?? ""} ${classes.page ?? ""}`}>
      {standing.isError ? (
        <Panel>
          <ErrorState error={standing.error} onRetry={() => void standing.refetch()} />
        </Panel>
      ) : (
        <FactStrip label="Now" isPending={!standing.data}>
          {standing.data && <Now standing={standing.data} />}
        </FactStrip>
      )}
      <div className={home.range}>
        <Title order={2}>Profit by month</Title>
        <RangePicker
          value={search}
          fallback="year"
          onChange={(range) => void navigate({ search: range, replace: true })}
        />
      </div>
      {months.isError ? (
        <Panel>
          <ErrorState error={months.error} onRetry={() => void months.refetch()} />
        </Panel>
      ) : (
        <Months report={months.data} />
      )}
      <div className={home.columns}>
        <Panel title="What these figures mean">
          <Meaning />
        </Panel>
        <Panel
          title="Payouts"
          action={
            <Anchor component={Link} to="/profits/payouts" size="xs">
              All payouts
            </Anchor>
          }
        >
          {standing.data ? <Payouts standing={standing.data} /> : <Skeleton height={120} />}
        </Panel>
      </div>
    </div>
  );
}

interface ExplainedProps {
  usd: string;
  why: string;
}

/** A figure that says on hover or focus what it is. */
function Explained({ usd, why }: ExplainedProps) {
  return (
    <Tooltip label={why} events={{ hover: true, focus: true, touch: true }}>
      {/* What explains a figure must be within reach of a keyboard. */}
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <span tabIndex={0} className={classes.explained}>
        <MoneyText usd={usd} />
      </span>
    </Tooltip>
  );
}

function Now({ standing }: { standing: Standing }) {
  const owes = standing.credit_usd.startsWith("-");
  return (
    <>
      <Fact
        label="Payable now"
        hint={owes ? "After what you owe the platform" : `Paid out from ${moneyText(standing.threshold_usd)} on`}
      >
        <Explained
          usd={standing.payable_usd}
          why={`Profit not paid out yet (${exactMoneyText(standing.profit_usd)})${
            owes ? `, less what you owe the platform (${exactMoneyText(standing.credit_usd.slice(1))})` : ""
          }. Never below zero.`}
        />
      </Fact>
      <Fact label="Profit not paid out" hint={`${moneyText(standing.paid_out_usd)} paid out so far`}>
        <Explained
          usd={standing.profit_usd}
          why="Markup on money that the platform collected for you, after refunds, less what was paid out."
        />
      </Fact>
      <Fact label="Credit with the platform" hint={owes ? "You owe this at base price" : "Nothing is owed"}>
        <Explained
          usd={standing.credit_usd}
          why="Your account with the platform at base price: below zero, you owe base for minutes that you sold yourself. It is never paid out."
        />
      </Fact>
      <Fact label="Collected by you" hint="To date, yours already">
        <Explained
          usd={standing.earned_collected_usd}
          why="Markup on money that clients paid you directly. You have it already, so the platform never pays it out."
        />
      </Fact>
    </>
  );
}

interface Report {
  totals: Schemas["Profit"];
  months: MonthProfit[];
}

function Months({ report }: { report: Report | undefined }) {
  const isEmpty = report && parseDecimal(report.totals.profit_usd) === 0n && report.months.every(isIdle);
  return (
    <section className={classes.card} aria-label="Profit of the range">
      <dl className={classes.totals}>
        <Total label="Profit" usd={report?.totals.profit_usd} />
        <Total label="Payable" usd={report?.totals.payable_usd} tone="payable" />
        <Total label="Collected by you" usd={report?.totals.collected_usd} tone="collected" />
      </dl>
      <div className={classes.chart}>
        {isEmpty ? (
          <Text size="sm" c="dimmed" className={classes.nothing}>
            No profit in this range.
          </Text>
        ) : (
          <Suspense fallback={<Skeleton height="100%" radius="sm" />}>
            {report ? <MonthsChart months={report.months} /> : <Skeleton height="100%" radius="sm" />}
          </Suspense>
        )}
      </div>
    </section>
  );
}

function isIdle(month: MonthProfit): boolean {
  return parseDecimal(month.payable_usd) === 0n && parseDecimal(month.collected_usd) === 0n;
}

function Total({ label, usd, tone }: { label: string; usd: string | undefined; tone?: "payable" | "collected" }) {
  return (
    <div>
      <dt>
        {tone && <span className={classes.swatch} data-tone={tone} aria-hidden="true" />}
        {label}
      </dt>
      <dd className="figures">{usd === undefined ? <Skeleton h={20} w={80} my={4} /> : <MoneyText usd={usd} />}</dd>
    </div>
  );
}

const MEANINGS: [term: string, meaning: ReactNode][] = [
  [
    "Profit",
    "What clients paid for minutes, less their base price. It is earned when minutes are bought; a refund or a lost dispute takes it back when that happens.",
  ],
  ["Payable", "Profit on payments that the platform collected by card. The platform holds it and pays it out to you."],
  [
    "Collected by you",
    "Profit on money that clients paid you directly. You have it already, and owe the platform the base price of those minutes.",
  ],
  [
    "Margin",
    "Another figure altogether: what used minutes were worth at client prices, less base. It tells how business goes, on Home and in reports; it is not money and is never added to profit.",
  ],
];

function Meaning() {
  return (
    <dl className={classes.meanings}>
      {MEANINGS.map(([term, meaning]) => (
        <div key={term}>
          <dt>{term}</dt>
          <dd>{meaning}</dd>
        </div>
      ))}
    </dl>
  );
}

function Payouts({ standing }: { standing: Standing }) {
  const zone = useZone();
  const percent = percentOf(standing.payable_usd, standing.threshold_usd);
  const isReached = percent === 100;
  return (
    <div className={classes.payouts}>
      <div>
        <Text size="sm" className="figures" mb={6}>
          <MoneyText usd={standing.payable_usd} fw={600} /> of {moneyText(standing.threshold_usd)}
        </Text>
        <Progress
          className={classes.track}
          value={percent}
          aria-label={`${moneyText(standing.payable_usd)} payable of the ${moneyText(standing.threshold_usd)} that a payout needs`}
        />
      </div>
      <Text size="sm">
        A payout of all that is payable is made at your renewal, next on <b>{dateText(standing.renewal_at, zone)}</b> (
        {relativeText(standing.renewal_at)}), once it is at least {moneyText(standing.threshold_usd)}.{" "}
        {isReached ? "That is reached." : "Less than that stays for the next one."}
      </Text>
      <PayoutAccount standing={standing} />
    </div>
  );
}

function PayoutAccount({ standing: { payout_account: account } }: { standing: Standing }) {
  if (account === "not_connected") {
    return (
      <Note>
        No payout account is connected yet, so profit stays with the platform until there is one. Ask whoever runs the
        platform to connect it.
      </Note>
    );
  }
  return (
    <Text size="sm" c="dimmed">
      Your payout account is connected.
    </Text>
  );
}

/** How much of the threshold there is, in whole percents, rounded down so that 100 is all of it. */
function percentOf(payable: string, threshold: string): number {
  const [have, need] = [parseDecimal(payable) ?? 0n, parseDecimal(threshold) ?? 0n];
  if (have >= need) return 100;
  return have <= 0n ? 0 : Number((have * 100n) / need);
}
