// Platform › one agency: its money with the platform, what it settled, and the way in.
import { Button, Skeleton } from "@mantine/core";
import { IconCash, IconDoorEnter } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { Fact, FactStrip } from "../../widgets/FactStrip";
import { MoneyText } from "../../widgets/figures/figures";
import { countText } from "../../widgets/format/minutes";
import { moneyText } from "../../widgets/format/money";
import { PageHeader } from "../../widgets/PageHeader";
import { Panel } from "../../widgets/Panel";
import { ErrorState } from "../../widgets/states/states";
import { AgencyFacts } from "./AgencyFacts";
import { AgencyStatusBadge } from "./AgencyStatusBadge";
import { EnterDialog } from "./EnterDialog";
import classes from "./PlatformPage.module.css";
import { agencyQuery, type Agency } from "./queries";
import { SettleDialog } from "./SettleDialog";
import { Settlements } from "./Settlements";

const route = getRouteApi("/app/platform/agencies/$agency");

export function AgencyPage() {
  const { agency: id } = route.useParams();
  const query = useQuery(agencyQuery(id));
  const [dialog, setDialog] = useState<"settle" | "enter" | null>(null);
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
          <Panel title="Settlements" hint="What the agency paid the platform." flush>
            <Settlements agency={id} />
          </Panel>
          <Panel title="Agency">{agency ? <AgencyFacts agency={agency} /> : <Skeleton height={180} />}</Panel>
        </div>
      </div>
      {agency && dialog === "settle" && <SettleDialog agency={agency} onClose={close} />}
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
      <Fact label="Profit" hint={`Not paid out yet; payout from ${moneyText(agency.payout_threshold_usd)}`}>
        <MoneyText usd={agency.profit_usd} />
      </Fact>
      <Fact label="Collected" hint="Markup on what it sold itself">
        <MoneyText usd={agency.collected_usd} />
      </Fact>
      <Fact label="Sub-accounts" hint="The primary does not count">
        {countText(agency.subaccounts)}
      </Fact>
    </>
  );
}
