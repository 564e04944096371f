import { Badge, Button, Skeleton, Table, VisuallyHidden } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { MoneyText, PriceText } from "../../widgets/figures/figures";
import { countText } from "../../widgets/format/minutes";
import { ErrorState } from "../../widgets/states/states";
import { includedText, slotsText } from "../plan/texts";
import classes from "./PlatformPage.module.css";
import { plansQuery, type Plan } from "./queries";

interface PlansTableProps {
  /** Left out where nothing is changed. */
  onEdit?: (plan: Plan) => void;
}

/** What agencies can subscribe to, as the platform's data has it. */
export function PlansTable({ onEdit }: PlansTableProps) {
  const plans = useQuery(plansQuery);
  if (plans.isError) return <ErrorState error={plans.error} onRetry={() => void plans.refetch()} />;
  if (!plans.data) return <Skeleton height={160} m="md" w="auto" />;
  return (
    <Table.ScrollContainer minWidth={880} type="native" tabIndex={0} role="region" aria-label="Table of plans">
      <Table className={`${classes.table ?? ""} figures`} aria-label="Plans">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Plan</Table.Th>
            <Table.Th ta="right">Agencies</Table.Th>
            <Table.Th ta="right">Monthly fee</Table.Th>
            <Table.Th ta="right">Sub-accounts</Table.Th>
            <Table.Th ta="right">Included minutes</Table.Th>
            <Table.Th ta="right">Premium base</Table.Th>
            <Table.Th ta="right">Basic base</Table.Th>
            <Table.Th ta="right">White label</Table.Th>
            {onEdit && (
              <Table.Th pos="relative">
                <VisuallyHidden>Edit</VisuallyHidden>
              </Table.Th>
            )}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {plans.data.map((row) => (
            <Row key={row.plan.code} row={row} {...(onEdit && { onEdit })} />
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function Row({ row, onEdit }: PlansTableProps & { row: Plan }) {
  const { plan, base_prices, white_label, offered, usage } = row;
  return (
    <Table.Tr>
      <Table.Th scope="row">
        {plan.name}
        {!offered && (
          <Badge size="xs" color="gray" tt="none" ml={8} miw="max-content">
            Not offered
          </Badge>
        )}
      </Table.Th>
      <Table.Td ta="right">
        {countText(usage.agencies)}
        {usage.over_cap > 0 && `, ${countText(usage.over_cap)} over the cap`}
      </Table.Td>
      <Table.Td ta="right">
        <MoneyText usd={plan.monthly_fee_usd} />
      </Table.Td>
      <Table.Td ta="right">{slotsText(plan.subaccount_cap)}</Table.Td>
      <Table.Td ta="right">{includedText(plan)}</Table.Td>
      <Table.Td ta="right">
        <PriceText price={base_prices.premium} perMinute />
      </Table.Td>
      <Table.Td ta="right">
        <PriceText price={base_prices.basic} perMinute />
      </Table.Td>
      <Table.Td ta="right">{white_label ? "Yes" : "No"}</Table.Td>
      {onEdit && (
        <Table.Td ta="right">
          <Button size="compact-sm" variant="default" aria-label={`Edit ${plan.name}`} onClick={() => onEdit(row)}>
            Edit
          </Button>
        </Table.Td>
      )}
    </Table.Tr>
  );
}
