// A change that waits for the renewal, and taking it back.
import { Button } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { client, unwrap } from "../../api/client";
import { useMay, useZone } from "../../app/session";
import { FormError } from "../../widgets/form/FormError";
import { dateText } from "../../widgets/format/time";
import { Panel } from "../../widgets/Panel";
import classes from "./PlanPage.module.css";
import { PLAN_CHANGES, type AgencyPlan } from "./queries";
import { slotsText } from "./texts";

interface OrderedChangeProps {
  plan: AgencyPlan;
  ordered: NonNullable<AgencyPlan["ordered"]>;
}

export function OrderedChange({ plan, ordered }: OrderedChangeProps) {
  const queryClient = useQueryClient();
  const zone = useZone();
  const mayChange = useMay("agency.billing");
  const keep = useMutation({
    mutationFn: () => unwrap(client.PUT("/v1/agency/plan", { body: { plan: plan.plan.code } })),
    onSuccess: () => {
      notifications.show({ message: `You stay on ${plan.plan.name}.` });
      for (const queryKey of PLAN_CHANGES) void queryClient.invalidateQueries({ queryKey });
    },
  });
  const { plan: next, at } = ordered;
  return (
    <Panel title={`${next.name} from ${dateText(at, zone)}`} hint="Ordered; nothing has changed yet.">
      <div className={classes.ordered}>
        <span>
          {plan.plan.name} counts until your renewal.
          {next.subaccount_cap !== null &&
            ` Until then sub-accounts are added up to ${slotsText(next.subaccount_cap)}, as ${next.name} has room for no more.`}
        </span>
        {mayChange && (
          <Button variant="default" loading={keep.isPending} onClick={() => keep.mutate()}>
            Stay on {plan.plan.name}
          </Button>
        )}
      </div>
      <FormError error={keep.error} fields={[]} />
    </Panel>
  );
}
