import { Skeleton, Table } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { MinutesText, MoneyText, PriceText } from "../../widgets/figures/figures";
import { countText } from "../../widgets/format/minutes";
import { ErrorState } from "../../widgets/states/states";
import classes from "./PlatformPage.module.css";
import { plansQuery, type Plan } from "./queries";

/** What agencies can subscribe to, as the platform's data has it. */
export function PlansTable() {
  const plans = useQuery(plansQuery);
  if (plans.isError) return <ErrorState error={plans.error} onRetry={() => void plans.refetch()} />;
  if (!plans.data) return <Skeleton height={160} m="md" w="auto" />;
  return (
    <Table.ScrollContainer minWidth={720} type="native" tabIndex={0} role="region" aria-label="Table of plans">
      <Table className={`${classes.table ?? ""} figures`} aria-label="Plans">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Plan</Table.Th>
            <Table.Th ta="right">Monthly fee</Table.Th>
            <Table.Th ta="right">Sub-accounts</Table.Th>
            <Table.Th ta="right">Included</Table.Th>
            <Table.Th ta="right">Premium base</Table.Th>
            <Table.Th ta="right">Basic base</Table.Th>
            <Table.Th ta="right">White label</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {plans.data.map((row) => (
            <Row key={row.plan.code} row={row} />
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function Row({ row: { plan, base_prices, white_label } }: { row: Plan }) {
  const { included } = plan;
  return (
    <Table.Tr>
      <Table.Th scope="row">{plan.name}</Table.Th>
      <Table.Td ta="right">
        <MoneyText usd={plan.monthly_fee_usd} />
      </Table.Td>
      <Table.Td ta="right">{plan.subaccount_cap === null ? "No limit" : countText(plan.subaccount_cap)}</Table.Td>
      <Table.Td ta="right">
        <MinutesText seconds={included.premium_seconds + included.basic_seconds} />
        {included.every === "month" ? " a month" : " once"}
      </Table.Td>
      <Table.Td ta="right">
        <PriceText price={base_prices.premium} perMinute />
      </Table.Td>
      <Table.Td ta="right">
        <PriceText price={base_prices.basic} perMinute />
      </Table.Td>
      <Table.Td ta="right">{white_label ? "Yes" : "No"}</Table.Td>
    </Table.Tr>
  );
}
