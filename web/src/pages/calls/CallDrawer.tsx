import { Anchor, Skeleton, Text, Title } from "@mantine/core";
import { queryOptions, useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { client, unwrap, type Schemas } from "../../api/client";
import { keys } from "../../api/queries";
import { callTitle } from "../../widgets/CallTable";
import { MoneyText, Nothing, PriceText, TimeText } from "../../widgets/figures/figures";
import { CallStatusBadge } from "../../widgets/figures/StatusBadge";
import { TIER_LABELS } from "../../widgets/figures/TierLabel";
import { durationText } from "../../widgets/format/minutes";
import { ErrorState } from "../../widgets/states/states";
import { SubaccountLink } from "../../widgets/SubaccountLink";
import { SideDrawer } from "../../widgets/SideDrawer";
import classes from "./CallDrawer.module.css";

function callQuery(id: string) {
  return queryOptions({
    queryKey: [...keys.calls, "one", id],
    queryFn: ({ signal }) => unwrap(client.GET("/v1/calls/{call}", { params: { path: { call: id } }, signal })),
    staleTime: Infinity, // a call is immutable once recorded
  });
}

type Call = Schemas["Call"];
type Fact = [label: string, value: ReactNode];

function facts(call: Call): { title: string; rows: Fact[] }[] {
  const text = (value: string | null) => value ?? <Nothing />;
  const time = (value: string | null) => (value ? <TimeText at={value} /> : <Nothing />);
  return [
    {
      title: "Charge",
      rows: [
        ["Talk time", durationText(call.duration_seconds)],
        ["Billed", durationText(call.billed_seconds)],
        ["Tier", TIER_LABELS[call.tier]],
        ["Price", <PriceText key="price" price={call.price} perMinute />],
        ["Spent", <MoneyText key="spent" usd={call.spent_usd} fw={600} />],
        ...(call.base_price
          ? [["Base price", <PriceText key="base" price={call.base_price} perMinute />] as Fact]
          : []),
        ...(call.cost_usd ? [["Cost", <MoneyText key="cost" usd={call.cost_usd} />] as Fact] : []),
      ],
    },
    {
      title: "Call",
      rows: [
        ["Started", time(call.started_at)],
        ["Answered", time(call.answered_at)],
        ["Ended", time(call.ended_at)],
        ["From", text(call.from)],
        ["To", text(call.to)],
        ["Agent", text(call.agent)],
        ["Campaign", text(call.campaign)],
        ["Outcome", text(call.outcome)],
      ],
    },
    {
      title: "Record",
      rows: [
        ["Source", call.source],
        ["Sender's id", call.external_id],
        ["Id", call.id],
        ["Recorded", time(call.recorded_at)],
      ],
    },
  ];
}

export function CallDrawer({ id, onClose }: { id: string; onClose: () => void }) {
  const query = useQuery(callQuery(id));
  return (
    <SideDrawer onClose={onClose} size={420} title={query.data ? callTitle(query.data) : "Call"}>
      {query.isError && <ErrorState error={query.error} onRetry={() => void query.refetch()} />}
      {query.isPending && <Skeleton height={320} />}
      {query.data && <CallFacts call={query.data} />}
    </SideDrawer>
  );
}

function CallFacts({ call }: { call: Call }) {
  return (
    <>
      <div className={classes.lead}>
        <SubaccountLink id={call.subaccount} name={call.subaccount_name} />
        <CallStatusBadge status={call.status} />
      </div>
      {call.late && (
        <Text size="sm" c="dimmed">
          It was recorded after its account was removed, and charged to the primary account at base price.
        </Text>
      )}
      {call.summary && (
        <Text size="sm" className={classes.summary}>
          {call.summary}
        </Text>
      )}
      {facts(call).map((group) => (
        <section key={group.title} className={classes.group}>
          <Title order={3}>{group.title}</Title>
          <dl className={`${classes.facts ?? ""} figures`}>
            {group.rows.map(([label, value]) => (
              <div key={label}>
                <dt>{label}</dt>
                <dd>{value}</dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
      {call.recording_url && (
        <Anchor href={call.recording_url} size="sm" target="_blank" rel="noreferrer noopener">
          Open recording
        </Anchor>
      )}
    </>
  );
}
