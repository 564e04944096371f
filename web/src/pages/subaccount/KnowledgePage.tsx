// Every knowledge credit that came or went, with what there was after it.
import { Button, Text } from "@mantine/core";
import { IconBook2 } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import type { Schemas } from "../../api/client";
import { agencyQuery, keys, subaccountQuery } from "../../api/queries";
import { useMay } from "../../app/session";
import { TimeText } from "../../widgets/figures/figures";
import { countText } from "../../widgets/format/minutes";
import { MINUS } from "../../widgets/format/signs";
import { EmptyState } from "../../widgets/states/states";
import { ColumnChooser, useColumnChoice } from "../../widgets/table/ColumnChooser";
import { DataTable, type Column } from "../../widgets/table/DataTable";
import { ExportButton } from "../../widgets/table/ExportButton";
import { Toolbar } from "../../widgets/table/Toolbar";
import { useCursorList } from "../../widgets/table/useCursorList";
import { KnowledgeDialog } from "../subaccounts/KnowledgeDialog";
import classes from "../calls/CallsList.module.css";
import { BuyKnowledgeDialog } from "./BuyKnowledgeDialog";
import { creditsText, knowledgePage } from "./knowledge";

type Entry = Schemas["KnowledgeEntry"];

const route = getRouteApi("/app/subaccounts/$subaccount/knowledge");

function Change({ credits }: { credits: number }) {
  return (
    <Text inherit span className="figures" {...(credits > 0 && { c: "var(--mb-good)" })}>
      {credits > 0 ? "+" : MINUS}
      {countText(Math.abs(credits))}
    </Text>
  );
}

const COLUMNS: Column<Entry>[] = [
  { id: "at", header: "Time", size: 118, cell: ({ row }) => <TimeText at={row.original.at} /> },
  {
    id: "description",
    header: "What",
    size: 220,
    meta: { grows: true, wide: true },
    cell: ({ row }) => row.original.description,
  },
  {
    id: "credits",
    header: "Credits",
    size: 96,
    meta: { align: "right" },
    cell: ({ row }) => <Change credits={row.original.credits} />,
  },
  {
    id: "balance",
    header: "Credits after",
    size: 116,
    meta: { align: "right", wide: true },
    cell: ({ row }) => countText(row.original.balance),
  },
  { id: "actor", header: "By", size: 170, meta: { wide: true }, cell: ({ row }) => row.original.actor.name },
];

const CSV_HEADER = ["id", "at", "kind", "credits", "balance", "description", "reference"] as const;

export function KnowledgePage() {
  const { subaccount: id } = route.useParams();
  const account = useQuery(subaccountQuery(id)).data;
  const list = useCursorList([...keys.knowledge, id], (ask, signal) => knowledgePage(id, ask, signal));
  const { visibility, setVisibility } = useColumnChoice("knowledge", COLUMNS);
  return (
    <>
      <div className={classes.tools}>
        <Toolbar
          filters={
            <Text size="sm" aria-live="polite" className="figures">
              {account && `${creditsText(account.knowledge_credits)} now`}
            </Text>
          }
          actions={
            <>
              {account && account.status !== "removed" && <Actions account={account} />}
              <ColumnChooser columns={COLUMNS} visibility={visibility} onChange={setVisibility} />
              <ExportButton
                name="knowledge-credits"
                header={[...CSV_HEADER]}
                cells={(entry: Entry) => CSV_HEADER.map((name) => entry[name])}
                fetchPage={(ask, signal) => knowledgePage(id, ask, signal)}
              />
            </>
          }
        />
      </div>
      <DataTable
        label="Knowledge credits"
        columns={COLUMNS}
        list={list}
        rowId={(row) => row.id}
        visibility={visibility}
        detail={(row) => row.description}
        empty={
          <EmptyState icon={IconBook2} title="No knowledge credits yet">
            What a plan includes, what is bought, and what is moved between accounts is listed here.
          </EmptyState>
        }
      />
    </>
  );
}

/** To move credits, and to buy them where the plan sells any. */
function Actions({ account }: { account: Schemas["Subaccount"] }) {
  const [shown, setShown] = useState<"move" | "buy" | null>(null);
  const mayMove = useMay("knowledge.transfer");
  const mayBuy = useMay("agency.billing") && account.kind === "primary";
  const known = useQuery({ ...agencyQuery, enabled: mayBuy }).data;
  // What some roles are told of their agency has no plan in it.
  const agency = known && "plan" in known ? known : null;
  const price = agency?.plan.knowledge_price_usd ?? null;
  const close = () => setShown(null);
  return (
    <>
      {agency && price !== null && mayBuy && (
        <Button variant="default" onClick={() => setShown("buy")}>
          Buy credits
        </Button>
      )}
      {mayMove && (
        <Button variant="default" onClick={() => setShown("move")}>
          Move credits
        </Button>
      )}
      {shown === "move" && <KnowledgeDialog account={account} onClose={close} />}
      {shown === "buy" && agency && price !== null && (
        <BuyKnowledgeDialog price={price} agency={agency} onClose={close} />
      )}
    </>
  );
}
