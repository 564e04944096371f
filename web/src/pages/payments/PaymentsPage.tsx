// Sub-account › Payments: what is in the wallet, what was bought and how it was paid, the cards.
import { Button, Select, VisuallyHidden } from "@mantine/core";
import { IconCash, IconCreditCard, IconScale } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import type { Schemas } from "../../api/client";
import { keys, subaccountQuery } from "../../api/queries";
import { parsePayments, PURCHASE_STATES, type PaymentsSearch } from "../../app/search";
import { isOfClient } from "../../app/roles";
import { useMay, useMe } from "../../app/session";
import { Fact, FactStrip } from "../../widgets/FactStrip";
import { MinutesText, MoneyText, PriceText } from "../../widgets/figures/figures";
import { PURCHASE_STATE_LABELS } from "../../widgets/figures/StatusBadge";
import { EmptyState, NothingMatches } from "../../widgets/states/states";
import { ColumnChooser, useColumnChoice } from "../../widgets/table/ColumnChooser";
import { DataTable, type Column } from "../../widgets/table/DataTable";
import { ExportButton } from "../../widgets/table/ExportButton";
import { Toolbar } from "../../widgets/table/Toolbar";
import { useCursorList } from "../../widgets/table/useCursorList";
import { AdjustmentsDrawer } from "./AdjustmentsDrawer";
import { CardsDialog } from "./CardsDialog";
import { PURCHASE_COLUMNS, PURCHASE_CSV_HEADER, purchaseCsvCells, purchaseDetail } from "./columns";
import { PurchaseButtons, type PurchaseAction } from "./PurchaseButtons";
import { PurchaseDialogs } from "./PurchaseDialogs";
import { PurchaseDrawer } from "./PurchaseDrawer";
import classes from "./payments.module.css";
import { purchasesPage, type Purchase } from "./queries";

const route = getRouteApi("/app/subaccounts/$subaccount/payments");

export function PaymentsPage() {
  const { subaccount: id } = route.useParams();
  const account = useQuery(subaccountQuery(id)).data;
  return (
    <>
      <div className={classes.top}>
        <FactStrip label="Wallet" isPending={!account}>
          {account && <WalletFacts account={account} />}
        </FactStrip>
      </div>
      {account && <Purchases account={account} />}
    </>
  );
}

function WalletFacts({ account: { wallet, prices, period } }: { account: Schemas["Subaccount"] }) {
  return (
    <>
      <Fact label="Wallet" hint={wallet.overdrawn ? "Overdrawn: the next call is refused" : "Worth at today's prices"}>
        <MoneyText usd={wallet.balance_usd} />
      </Fact>
      <Fact label="Premium left" hint={<PriceHint price={prices.premium} />}>
        <MinutesText seconds={wallet.premium_seconds} />
      </Fact>
      <Fact label="Basic left" hint={<PriceHint price={prices.basic} />}>
        <MinutesText seconds={wallet.basic_seconds} />
      </Fact>
      <Fact label="Bought" hint="In this billing period">
        <MoneyText usd={period.purchased_usd} />
      </Fact>
    </>
  );
}

function PriceHint({ price }: { price: string }) {
  return (
    <>
      at <PriceText price={price} perMinute />
    </>
  );
}

function Purchases({ account }: { account: Schemas["Subaccount"] }) {
  const { state } = route.useSearch();
  const navigate = route.useNavigate();
  const filters = state ? { state } : {};
  const list = useCursorList([...keys.purchases, account.id, filters], (ask, signal) =>
    purchasesPage(account.id, filters, ask, signal),
  );
  const [acting, setActing] = useState<{ action: PurchaseAction; purchase: Purchase } | null>(null);
  const [opened, setOpened] = useState<string | null>(null);
  const [cards, setCards] = useState(false);
  const [adjustments, setAdjustments] = useState(false);
  const seesAdjustments = useMay("purchases.settle");
  const shown = list.rows.find((row) => row.id === opened);
  const columns = usePurchaseColumns(account, (action, purchase) => setActing({ action, purchase }));
  const { visibility, setVisibility } = useColumnChoice("purchases", columns);
  const hasCards = useHasCards(account);
  const filter = (changed: PaymentsSearch) => {
    setOpened(null);
    void navigate({ search: parsePayments({ ...changed }), replace: true });
  };
  return (
    <>
      <Toolbar
        filters={
          <Select
            size="xs"
            w={150}
            aria-label="State"
            placeholder="Any state"
            clearable
            data={PURCHASE_STATES.map((value) => ({ value, label: PURCHASE_STATE_LABELS[value] }))}
            value={state ?? null}
            onChange={(value) => filter(value ? { state: value } : {})}
          />
        }
        actions={
          <>
            {hasCards && (
              <Button
                variant="default"
                leftSection={<IconCreditCard size={15} stroke={1.7} />}
                onClick={() => setCards(true)}
              >
                Cards
              </Button>
            )}
            {seesAdjustments && (
              <Button
                variant="default"
                leftSection={<IconScale size={15} stroke={1.7} />}
                onClick={() => setAdjustments(true)}
              >
                By hand
              </Button>
            )}
            <ColumnChooser columns={columns} visibility={visibility} onChange={setVisibility} />
            <ExportButton
              name="purchases"
              header={PURCHASE_CSV_HEADER}
              cells={purchaseCsvCells}
              fetchPage={(ask, signal) => purchasesPage(account.id, filters, ask, signal)}
            />
          </>
        }
      />
      <DataTable
        label="Purchases"
        columns={columns}
        list={list}
        rowId={(row) => row.id}
        visibility={visibility}
        onOpen={(row) => setOpened(row.id)}
        opensByButton
        detail={purchaseDetail}
        empty={<NoPurchases filtered={state !== undefined} onClear={() => filter({})} />}
      />
      {shown && !acting && (
        <PurchaseDrawer
          purchase={shown}
          account={account}
          onAct={(action, purchase) => setActing({ action, purchase })}
          onClose={() => setOpened(null)}
        />
      )}
      {acting && <PurchaseDialogs {...acting} account={account} onClose={() => setActing(null)} />}
      {adjustments && <AdjustmentsDrawer account={account} onClose={() => setAdjustments(false)} />}
      {cards && <CardsDialog account={account} onClose={() => setCards(false)} />}
    </>
  );
}

/** Whether this person has to do with the cards of the account now. */
function useHasCards(account: Schemas["Subaccount"]): boolean {
  const me = useMe();
  const manages = useMay("payments.manage");
  const isLocked = account.status === "removed" || (account.status === "suspended" && isOfClient(me.role));
  return manages && me.agency.takes_cards && !isLocked;
}

function usePurchaseColumns(
  account: Schemas["Subaccount"],
  onAct: (action: PurchaseAction, purchase: Purchase) => void,
): Column<Purchase>[] {
  const seesProfit = useMay("profits.view");
  return useMemo(
    () => [
      ...PURCHASE_COLUMNS.filter((column) => column.id !== "profit" || seesProfit),
      {
        id: "action",
        header: () => <VisuallyHidden>Next step</VisuallyHidden>,
        size: 100,
        meta: { align: "right", fixed: true },
        cell: ({ row }) => (
          <PurchaseButtons purchase={row.original} account={account} size="compact-xs" next onAct={onAct} />
        ),
      },
    ],
    // What a click does is of the page that is there; only what is shown makes other columns.
    // eslint-disable-next-line react-hooks/exhaustive-deps
    [account, seesProfit],
  );
}

function NoPurchases({ filtered, onClear }: { filtered: boolean; onClear: () => void }) {
  return filtered ? (
    <NothingMatches title="No purchase matches" clears="filters" onClear={onClear}>
      None of this account is in this state.
    </NothingMatches>
  ) : (
    <EmptyState icon={IconCash} title="No purchases yet">
      What is bought for this account is listed here, with how it was paid.
    </EmptyState>
  );
}
