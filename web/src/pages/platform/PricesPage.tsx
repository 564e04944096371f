// Platform › Base prices: what counts for each plan, what will, and what was.
import { Button, Skeleton, Table, VisuallyHidden } from "@mantine/core";
import { IconCalendarDollar, IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useMay } from "../../app/session";
import { PriceText, TimeText } from "../../widgets/figures/figures";
import { PageHeader } from "../../widgets/PageHeader";
import { Panel } from "../../widgets/Panel";
import { EmptyState, ErrorState } from "../../widgets/states/states";
import { ShowOlder } from "../../widgets/table/ShowOlder";
import { CancelPricesDialog } from "./CancelPricesDialog";
import { OrderPricesDialog } from "./OrderPricesDialog";
import classes from "./PlatformPage.module.css";
import { PriceStateBadge } from "./PriceStateBadge";
import { plansQuery, useBasePrices, type BasePrices, type Plan } from "./queries";

export function PricesPage() {
  const mayOrder = useMay("platform.plans");
  const plans = useQuery(plansQuery).data ?? [];
  const [isOrdering, setOrdering] = useState(false);
  const [canceled, setCanceled] = useState<BasePrices | null>(null);
  return (
    <>
      <PageHeader
        title="Base prices"
        tab="Platform base prices"
        actions={
          mayOrder && (
            <Button
              leftSection={<IconPlus size={15} />}
              disabled={plans.length === 0}
              onClick={() => setOrdering(true)}
            >
              Change base prices
            </Button>
          )
        }
      >
        What agencies pay per minute, by plan and date. Calls and purchases are charged at the price of their own
        moment.
      </PageHeader>
      <div className={classes.page}>
        <Panel title="Ordered" flush>
          <Orders plans={plans} {...(mayOrder && { onCancel: setCanceled })} />
        </Panel>
      </div>
      {isOrdering && <OrderPricesDialog plans={plans} onClose={() => setOrdering(false)} />}
      {canceled && (
        <CancelPricesDialog prices={canceled} plan={nameOf(plans, canceled.plan)} onClose={() => setCanceled(null)} />
      )}
    </>
  );
}

function nameOf(plans: Plan[], code: string): string {
  return plans.find(({ plan }) => plan.code === code)?.plan.name ?? code;
}

interface OrdersProps {
  plans: Plan[];
  onCancel?: (prices: BasePrices) => void;
}

function Orders({ plans, onCancel }: OrdersProps) {
  const list = useBasePrices();
  if (list.error) return <ErrorState error={list.error} onRetry={list.retry} />;
  if (list.isPending) return <Skeleton height={120} m="md" w="auto" />;
  if (list.rows.length === 0) {
    return (
      <EmptyState icon={IconCalendarDollar} title="No base price has changed yet">
        Each plan has the base prices that it was made with.
      </EmptyState>
    );
  }
  return (
    <>
      <Table.ScrollContainer minWidth={720} type="native" tabIndex={0} role="region" aria-label="Table of base prices">
        <Table className={`${classes.table ?? ""} figures`} aria-label="Base prices">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Plan</Table.Th>
              <Table.Th>From</Table.Th>
              <Table.Th ta="right">Premium</Table.Th>
              <Table.Th ta="right">Basic</Table.Th>
              <Table.Th>State</Table.Th>
              <Table.Th>Ordered</Table.Th>
              {onCancel && (
                <Table.Th pos="relative">
                  <VisuallyHidden>Cancel</VisuallyHidden>
                </Table.Th>
              )}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {list.rows.map((row) => (
              <Table.Tr key={row.id}>
                <Table.Th scope="row">{nameOf(plans, row.plan)}</Table.Th>
                <Table.Td>
                  <TimeText at={row.effective_at} />
                </Table.Td>
                <Table.Td ta="right">
                  <PriceText price={row.premium} perMinute />
                </Table.Td>
                <Table.Td ta="right">
                  <PriceText price={row.basic} perMinute />
                </Table.Td>
                <Table.Td>
                  <PriceStateBadge state={row.state} />
                </Table.Td>
                <Table.Td>
                  <TimeText at={row.created_at} />, {row.created_by.name}
                </Table.Td>
                {onCancel && (
                  <Table.Td ta="right">
                    {row.state === "ordered" && (
                      <Button
                        size="compact-sm"
                        variant="default"
                        aria-label={`Cancel the base prices of ${nameOf(plans, row.plan)}`}
                        onClick={() => onCancel(row)}
                      >
                        Cancel
                      </Button>
                    )}
                  </Table.Td>
                )}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      <ShowOlder list={list} className={classes.more} />
    </>
  );
}
