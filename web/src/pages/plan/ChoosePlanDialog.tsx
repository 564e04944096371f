// Before the plan changes: when it counts, what it brings, what it costs, and what it means for this agency's clients.
import { Button, Stack, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { client, unwrap } from "../../api/client";
import { useZone } from "../../app/session";
import { ConfirmDialog } from "../../widgets/form/ConfirmDialog";
import { Dialog } from "../../widgets/form/Dialog";
import { FactRow, Facts } from "../../widgets/form/Facts";
import { countText } from "../../widgets/format/minutes";
import { moneyText } from "../../widgets/format/money";
import { dateText } from "../../widgets/format/time";
import { Note } from "../../widgets/Note";
import { PLAN_CHANGES, type AgencyPlan, type Choice } from "./queries";
import { counted, minutesOfTiers, namesText, slotsText } from "./texts";
import { changeText } from "./UpcomingPrices";

interface ChoosePlanDialogProps {
  plan: AgencyPlan;
  choice: Choice;
  onClose: () => void;
}

export function ChoosePlanDialog({ plan, choice, onClose }: ChoosePlanDialogProps) {
  const queryClient = useQueryClient();
  const zone = useZone();
  const when = choice.counts === "now" ? "now" : `on ${dateText(choice.counts_at, zone)}`;
  const change = useMutation({
    mutationFn: () => unwrap(client.PUT("/v1/agency/plan", { body: { plan: choice.plan.code } })),
    onSuccess: () => {
      notifications.show({
        message:
          choice.counts === "now"
            ? `You are on ${choice.plan.name} now.`
            : `You change to ${choice.plan.name} ${when}.`,
      });
      for (const queryKey of PLAN_CHANGES) void queryClient.invalidateQueries({ queryKey });
      onClose();
    },
  });
  if (choice.excess.count > 0) return <TooMany plan={plan} choice={choice} onClose={onClose} />;
  return (
    <ConfirmDialog
      title={`Change to ${choice.plan.name}`}
      confirm={choice.counts === "now" ? "Change now" : `Change ${when}`}
      keep={`Stay on ${plan.plan.name}`}
      busy={change.isPending}
      error={change.error}
      onConfirm={() => change.mutate()}
      onClose={onClose}
    >
      <Facts label="What changes">
        {rowsOf(plan, choice, dateText(plan.renewal_at, zone), when).map(([term, text]) => (
          <FactRow key={term} label={term}>
            {text}
          </FactRow>
        ))}
      </Facts>
      {choice.below_base.count > 0 && (
        <Note>
          {counted(choice.below_base.count, "sub-account has a price", "sub-accounts have prices")} below the new base:{" "}
          {namesText(choice.below_base)}. Base counts instead, and you earn nothing there until you set a higher price.
        </Note>
      )}
      <Text size="sm" c="dimmed">
        {closing(plan, choice)}
      </Text>
    </ConfirmDialog>
  );
}

function rowsOf(plan: AgencyPlan, choice: Choice, renewal: string, when: string): [term: string, text: string][] {
  const { plan: own } = plan;
  const { plan: other, grants } = choice;
  const minutes = minutesOfTiers(grants);
  const fee =
    own.monthly_fee_usd === other.monthly_fee_usd
      ? `${moneyText(other.monthly_fee_usd)}, as now`
      : `${moneyText(own.monthly_fee_usd)} → ${moneyText(other.monthly_fee_usd)} from ${renewal}`;
  return [
    ["Counts", when],
    ["Monthly fee", fee],
    ["Sub-accounts", `${countText(plan.slots.used)} used of ${slotsText(other.subaccount_cap).toLowerCase()}`],
    ["Minutes that you get", minutes === null ? whyNone(choice) : `${minutes}, once, to your primary`],
    ...(grants.knowledge_credits > 0
      ? [["Knowledge credits that you get", countText(grants.knowledge_credits)] as [string, string]]
      : []),
    ["Base prices", changeText(plan.base_prices, choice.base_prices)],
  ];
}

function whyNone({ plan: { included } }: Choice): string {
  if (included.premium_seconds + included.basic_seconds === 0) return "None";
  return included.every === "month" ? "With each renewal from then on" : "None: you have had this plan’s";
}

function closing(plan: AgencyPlan, { counts, plan: other }: Choice): string {
  if (counts === "now") return "Your minutes, your clients and their prices stay as they are.";
  const narrower =
    other.subaccount_cap === null ? "" : `; you add no more sub-accounts than ${other.name} has room for`;
  return `Until then ${plan.plan.name} counts, and you can take the change back${narrower}.`;
}

/** There is more than fits: which, and where to go. */
function TooMany({ plan, choice, onClose }: ChoosePlanDialogProps) {
  const { excess, plan: other } = choice;
  return (
    <Dialog title={`Change to ${other.name}`} onClose={onClose}>
      <Stack>
        <Text size="sm">
          {other.name} has room for {counted(other.subaccount_cap ?? 0, "sub-account", "sub-accounts")}, and you have{" "}
          {countText(plan.slots.used)}. Remove {countText(excess.count)} first, whichever you choose; added last{" "}
          {excess.count === 1 ? "was" : "were"} {namesText(excess)}.
        </Text>
        <Dialog.Buttons>
          <Button variant="default" onClick={onClose} data-autofocus>
            Stay on {plan.plan.name}
          </Button>
          <Button renderRoot={(props) => <Link to="/subaccounts" search={{ sort: "-created_at" }} {...props} />}>
            Go to Subaccounts
          </Button>
        </Dialog.Buttons>
      </Stack>
    </Dialog>
  );
}
