import { Button, Skeleton, Text } from "@mantine/core";
import { IconCircleCheck } from "@tabler/icons-react";
import { lazy, Suspense, useState } from "react";
import type { Schemas } from "../../api/client";
import { useMay } from "../../app/session";
import { StatusBadge } from "../../widgets/figures/StatusBadge";
import { EmptyState } from "../../widgets/states/states";
import { SubaccountLink } from "../../widgets/SubaccountLink";
import classes from "./Risks.module.css";

const PurchaseDialog = lazy(() =>
  import("../subaccounts/PurchaseDialog").then((module) => ({ default: module.PurchaseDialog })),
);

type Risk = Schemas["Risk"];

const RISKS: Record<Risk["risk"], { label: string; tone: "bad" | "warn"; helpedByMinutes: boolean }> = {
  overdrawn: { label: "Overdrawn", tone: "bad", helpedByMinutes: true },
  low_balance: { label: "Low balance", tone: "warn", helpedByMinutes: true },
  allocation_past_due: { label: "Allocation past due", tone: "bad", helpedByMinutes: false },
  payment_failing: { label: "Payment failing", tone: "warn", helpedByMinutes: false },
  suspended: { label: "Suspended", tone: "warn", helpedByMinutes: false },
};

/** The accounts that need somebody, the reason, and what to do about it right here. */
export function Risks({ risks }: { risks: Risk[] | undefined }) {
  const [helped, setHelped] = useState<string | null>(null);
  const maySell = useMay("payments.manage");
  if (!risks) return <Skeleton height={80} m="md" w="auto" />;
  if (risks.length === 0) {
    return (
      <EmptyState icon={IconCircleCheck} title="Nothing needs you">
        Accounts that run low, overdraw or are suspended are named here.
      </EmptyState>
    );
  }
  return (
    <>
      <ul className={classes.list}>
        {risks.map((risk) => (
          <li key={`${risk.subaccount} ${risk.risk}`}>
            <div className={classes.text}>
              <SubaccountLink id={risk.subaccount} name={risk.name} />
              <Text size="xs" c="dimmed">
                {risk.detail}
              </Text>
            </div>
            <div className={classes.side}>
              <StatusBadge label={RISKS[risk.risk].label} tone={RISKS[risk.risk].tone} />
              {maySell && RISKS[risk.risk].helpedByMinutes && (
                <Button
                  variant="default"
                  size="compact-xs"
                  aria-label={`Add minutes to ${risk.name}`}
                  onClick={() => setHelped(risk.subaccount)}
                >
                  Add minutes
                </Button>
              )}
            </div>
          </li>
        ))}
      </ul>
      <Suspense>{helped && <PurchaseDialog subaccountId={helped} onClose={() => setHelped(null)} />}</Suspense>
    </>
  );
}
