import { Badge, Button, Table, VisuallyHidden } from "@mantine/core";
import { useMay } from "../../app/session";
import { MoneyText, PriceText } from "../../widgets/figures/figures";
import { countText } from "../../widgets/format/minutes";
import classes from "./PlanPage.module.css";
import type { AgencyPlan, Choice, Plan } from "./queries";
import { includedText, slotsText } from "./texts";

interface PlansToChooseProps {
  plan: AgencyPlan;
  onChoose: (choice: Choice) => void;
}

/** The agency's own plan first, then those that it may change to. */
export function PlansToChoose({ plan, onChoose }: PlansToChooseProps) {
  const mayChange = useMay("agency.billing");
  return (
    <Table.ScrollContainer minWidth={760} type="native" tabIndex={0} role="region" aria-label="Table of plans">
      <Table className={`${classes.table ?? ""} figures`} aria-label="Plans">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Plan</Table.Th>
            <Table.Th ta="right">Monthly fee</Table.Th>
            <Table.Th ta="right">Sub-accounts</Table.Th>
            <Table.Th ta="right">Included minutes</Table.Th>
            <Table.Th ta="right">Knowledge credits</Table.Th>
            <Table.Th ta="right">Premium base</Table.Th>
            <Table.Th ta="right">Basic base</Table.Th>
            <Table.Th pos="relative">
              <VisuallyHidden>Change</VisuallyHidden>
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          <Table.Tr>
            <Cells plan={plan.plan} base={plan.base_prices} />
            <Table.Td ta="right">
              <Badge size="xs" color="pine" tt="none">
                Your plan
              </Badge>
            </Table.Td>
          </Table.Tr>
          {plan.choices.map((choice) => (
            <Table.Tr key={choice.plan.code}>
              <Cells plan={choice.plan} base={choice.base_prices} />
              <Table.Td ta="right">
                {plan.ordered?.plan.code === choice.plan.code ? (
                  <Badge size="xs" color="pine" tt="none">
                    Ordered
                  </Badge>
                ) : (
                  mayChange && (
                    <Button
                      size="compact-sm"
                      variant="default"
                      aria-label={`Change to ${choice.plan.name}`}
                      onClick={() => onChoose(choice)}
                    >
                      Change
                    </Button>
                  )
                )}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function Cells({ plan, base }: { plan: Plan; base: AgencyPlan["base_prices"] }) {
  return (
    <>
      <Table.Th scope="row">{plan.name}</Table.Th>
      <Table.Td ta="right">
        <MoneyText usd={plan.monthly_fee_usd} />
      </Table.Td>
      <Table.Td ta="right">{slotsText(plan.subaccount_cap)}</Table.Td>
      <Table.Td ta="right">{includedText(plan)}</Table.Td>
      <Table.Td ta="right">{countText(plan.knowledge_pack_limit)}</Table.Td>
      <Table.Td ta="right">
        <PriceText price={base.premium} perMinute />
      </Table.Td>
      <Table.Td ta="right">
        <PriceText price={base.basic} perMinute />
      </Table.Td>
    </>
  );
}
