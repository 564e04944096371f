// Platform › Plans: what agencies can be on, and who is.
import { Button } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import { useMay } from "../../app/session";
import { PageHeader } from "../../widgets/PageHeader";
import { Panel } from "../../widgets/Panel";
import { PlanDialog } from "./PlanDialog";
import classes from "./PlatformPage.module.css";
import { PlansTable } from "./PlansTable";
import type { Plan } from "./queries";

export function PlansPage() {
  const mayEdit = useMay("platform.plans");
  const [edited, setEdited] = useState<Plan | "new" | null>(null);
  return (
    <>
      <PageHeader
        title="Plans"
        tab="Platform plans"
        actions={
          mayEdit && (
            <Button leftSection={<IconPlus size={15} />} onClick={() => setEdited("new")}>
              New plan
            </Button>
          )
        }
      >
        What agencies can be on. An edit counts for every agency on the plan at once; base prices change by date, under
        Base prices.
      </PageHeader>
      <div className={classes.page}>
        <Panel flush>
          <PlansTable {...(mayEdit && { onEdit: setEdited })} />
        </Panel>
      </div>
      {edited && <PlanDialog plan={edited === "new" ? null : edited} onClose={() => setEdited(null)} />}
    </>
  );
}
