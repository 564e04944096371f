// The agency's plan: what it has room for, what it costs, and what it could be changed to.
import { Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { PageHeader } from "../../widgets/PageHeader";
import { Panel } from "../../widgets/Panel";
import { ErrorState } from "../../widgets/states/states";
import { ChoosePlanDialog } from "./ChoosePlanDialog";
import { OrderedChange } from "./OrderedChange";
import { PlanFactStrip } from "./PlanFactStrip";
import classes from "./PlanPage.module.css";
import { PlansToChoose } from "./PlansToChoose";
import { planQuery, type Choice } from "./queries";
import { UpcomingPrices } from "./UpcomingPrices";

export function PlanPage() {
  const query = useQuery(planQuery);
  const [chosen, setChosen] = useState<Choice | null>(null);
  const plan = query.data;
  return (
    <>
      <PageHeader title="Plan">What your agency has room for, and what minutes cost you.</PageHeader>
      <div className={classes.page}>
        {query.isError && !plan && <ErrorState error={query.error} onRetry={() => void query.refetch()} />}
        {query.isPending && <Skeleton height={360} radius="lg" />}
        {plan && (
          <>
            <PlanFactStrip plan={plan} />
            {plan.ordered && <OrderedChange plan={plan} ordered={plan.ordered} />}
            {plan.upcoming.length > 0 && <UpcomingPrices plan={plan} />}
            <Panel
              title="Plans"
              hint="A larger plan counts at once, a smaller one from your renewal. Base prices are what you pay per minute."
              flush
            >
              <PlansToChoose plan={plan} onChoose={setChosen} />
            </Panel>
          </>
        )}
      </div>
      {plan && chosen && <ChoosePlanDialog plan={plan} choice={chosen} onClose={() => setChosen(null)} />}
    </>
  );
}
