// Platform › one agency: its money with the platform, what it settled, and the way in.
import { Button, Skeleton, Stack } from "@mantine/core";
import { IconCash, IconCreditCardOff, IconDoorEnter, IconGift } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { Fact, FactStrip } from "../../widgets/FactStrip";
import { MoneyText } from "../../widgets/figures/figures";
import { moneyText } from "../../widgets/format/money";
import { PageHeader } from "../../widgets/PageHeader";
import { Panel } from "../../widgets/Panel";
import { ErrorState } from "../../widgets/states/states";
import { AgencyFacts } from "./AgencyFacts";
import { AgencyPayouts } from "./AgencyPayouts";
import { AgencyStatusBadge } from "./AgencyStatusBadge";
import { EnterDialog } from "./EnterDialog";
import { GrantDialog } from "./GrantDialog";
import { Grants } from "./Grants";
import { LostDisputeDialog } from "./LostDisputeDialog";
import classes from "./PlatformPage.module.css";
import { agencyQuery, type Agency } from "./queries";
import { SettleDialog } from "./SettleDialog";
import { Settlements } from "./Settlements";
import { TermsDialog } from "./TermsDialog";

const route = getRouteApi("/app/platform/agencies/$agency");

export function AgencyPage() {
  const { agency: id } = route.useParams();
  const query = useQuery(agencyQuery(id));
  const [dialog, setDialog] = useState<"settle" | "grant" | "dispute" | "terms" | "enter" | null>(null);
  const agency = query.data;
  const close = () => setDialog(null);
  if (query.isError && !agency) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  return (
    <>
      <PageHeader
        title={agency?.name ?? "…"}
        above={{ label: "Agencies", to: "/platform/agencies" }}
        beside={agency && <AgencyStatusBadge status={agency.status} />}
        actions={
          agency && (
            <>
              <Button
                variant="default"
                leftSection={<IconCash size={15} stroke={1.7} />}
                onClick={() => setDialog("settle")}
              >
                Record a settlement
              </Button>
              <Button
                variant="default"
                leftSection={<IconGift size={15} stroke={1.7} />}
                onClick={() => setDialog("grant")}
              >
                Give minutes
              </Button>
              <Button
                variant="default"
                leftSection={<IconCreditCardOff size={15} stroke={1.7} />}
                onClick={() => setDialog("dispute")}
              >
                Lost dispute
              </Button>
              <Button leftSection={<IconDoorEnter size={15} stroke={1.7} />} onClick={() => setDialog("enter")}>
                Enter
              </Button>
            </>
          )
        }
      >
        {agency ? <Identity agency={agency} /> : <Skeleton h={14} w={220} mt={4} />}
      </PageHeader>
      <div className={classes.page}>
        <FactStrip label="With the platform" isPending={!agency}>
          {agency && <MoneyFacts agency={agency} />}
        </FactStrip>
        <div className={classes.agency}>
          <Stack gap={16}>
            {agency ? <AgencyPayouts agency={agency} /> : <Skeleton height={180} />}
            <Panel title="Settlements" hint="What the agency paid the platform." flush>
              {agency ? <Settlements agency={id} /> : <Skeleton height={120} />}
            </Panel>
            <Panel title="Minutes given" hint="They cost the agency nothing." flush>
              {agency ? <Grants agency={id} /> : <Skeleton height={120} />}
            </Panel>
          </Stack>
          <Panel
            title="Agency"
            action={
              <Button size="compact-sm" variant="default" disabled={!agency} onClick={() => setDialog("terms")}>
                Edit terms
              </Button>
            }
          >
            {agency ? <AgencyFacts agency={agency} /> : <Skeleton height={180} />}
          </Panel>
        </div>
      </div>
      {agency && dialog === "settle" && <SettleDialog agency={agency} onClose={close} />}
      {agency && dialog === "grant" && <GrantDialog agency={agency} onClose={close} />}
      {agency && dialog === "dispute" && <LostDisputeDialog agency={agency} onClose={close} />}
      {agency && dialog === "terms" && <TermsDialog agency={agency} onClose={close} />}
      {agency && dialog === "enter" && <EnterDialog agency={agency} onClose={close} />}
    </>
  );
}

function Identity({ agency: { owner, plan } }: { agency: Agency }) {
  return <>{[owner.name, owner.email, plan.name].filter((fact) => fact !== null).join("  ·  ")}</>;
}

function MoneyFacts({ agency }: { agency: Agency }) {
  const owes = agency.credit_usd.startsWith("-");
  return (
    <>
      <Fact label="Credit" hint={owes ? "Below zero: it owes the platform" : "At or above zero: it owes nothing"}>
        <MoneyText usd={agency.credit_usd} />
      </Fact>
      <Fact label="Profit" hint="Not paid out yet">
        <MoneyText usd={agency.profit_usd} />
      </Fact>
      <Fact label="Payable" hint={`Profit less what it owes; payout from ${moneyText(agency.payout_threshold_usd)}`}>
        <MoneyText usd={agency.payable_usd} />
      </Fact>
      <Fact label="Collected" hint="Markup on what it sold itself">
        <MoneyText usd={agency.collected_usd} />
      </Fact>
    </>
  );
}
