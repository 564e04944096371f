// What an account buys by itself: when its wallet runs low, and by the month.
import { Button, Skeleton, Stack } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useState, type ReactNode } from "react";
import { client, unwrap, type Schemas } from "../../api/client";
import { ACCOUNT_FIGURES, LIVE_MS, subaccountQuery } from "../../api/queries";
import { isOfClient } from "../../app/roles";
import { useMay, useMe } from "../../app/session";
import { MinutesText, MoneyText, Nothing, TimeText } from "../../widgets/figures/figures";
import { FactRow, Facts } from "../../widgets/form/Facts";
import { FormError } from "../../widgets/form/FormError";
import { newKey } from "../../widgets/form/intent";
import { Panel } from "../../widgets/Panel";
import { ErrorState } from "../../widgets/states/states";
import { AllocationStanding } from "./AllocationStanding";
import { AutoAllocationDialog } from "./AutoAllocationDialog";
import { AutoRechargeDialog } from "./AutoRechargeDialog";
import { autoAllocationQuery, autoRechargeQuery } from "./queries";
import { RechargeStanding } from "./RechargeStanding";
import { Runs } from "./Runs";
import { cardText } from "./words";
import classes from "./AutomaticPage.module.css";

type Account = Schemas["Subaccount"];

const route = getRouteApi("/app/subaccounts/$subaccount/automatic");

export function AutomaticPage() {
  const { subaccount: id } = route.useParams();
  const account = useQuery(subaccountQuery(id)).data;
  const mayAllocate = useMay("allocation.manage");
  if (!account) return <Skeleton height={200} />;
  return (
    <div className={classes.page}>
      <Recharge account={account} />
      {mayAllocate && account.kind === "secondary" && <Allocation account={account} />}
    </div>
  );
}

/** Whether somebody may change it: a suspended account's own people look on. */
function useMayChange(account: Account): boolean {
  const me = useMe();
  return account.status !== "removed" && !(account.status === "suspended" && isOfClient(me.role));
}

function Recharge({ account }: { account: Account }) {
  const recharge = useQuery({ ...autoRechargeQuery(account.id), refetchInterval: LIVE_MS });
  const [editing, setEditing] = useState(false);
  const mayChange = useMayChange(account);
  return (
    <Panel
      title="Auto-recharge"
      hint="Buys minutes when the wallet runs low"
      action={mayChange && <ChangeButton of="auto-recharge" onClick={() => setEditing(true)} />}
    >
      {recharge.data ? (
        <RechargeStanding recharge={recharge.data} />
      ) : recharge.isError ? (
        <ErrorState error={recharge.error} onRetry={() => void recharge.refetch()} />
      ) : (
        <Skeleton height={24} />
      )}
      {editing && <AutoRechargeDialog account={account} onClose={() => setEditing(false)} />}
    </Panel>
  );
}

function Allocation({ account }: { account: Account }) {
  const allocation = useQuery({ ...autoAllocationQuery(account.id), refetchInterval: LIVE_MS });
  const [editing, setEditing] = useState(false);
  const mayChange = useMayChange(account);
  return (
    <>
      <Panel
        title="Monthly auto-allocation"
        hint="Minutes that you buy for this client at base price"
        action={mayChange && <ChangeButton of="auto-allocation" onClick={() => setEditing(true)} />}
      >
        {allocation.data ? (
          <AllocationFacts allocation={allocation.data}>
            {mayChange && allocation.data.state === "past_due" && <RetryButton account={account} />}
          </AllocationFacts>
        ) : allocation.isError ? (
          <ErrorState error={allocation.error} onRetry={() => void allocation.refetch()} />
        ) : (
          <Skeleton height={80} />
        )}
        {editing && <AutoAllocationDialog account={account} onClose={() => setEditing(false)} />}
      </Panel>
      <Panel title="Months" hint="The latest first" flush>
        <Runs id={account.id} />
      </Panel>
    </>
  );
}

function ChangeButton({ of, onClick }: { of: string; onClick: () => void }) {
  return (
    <Button flex="none" variant="default" size="compact-sm" aria-label={`Change ${of}`} onClick={onClick}>
      Change
    </Button>
  );
}

/** For whoever does not want to wait for the next month. */
function RetryButton({ account }: { account: Account }) {
  const queryClient = useQueryClient();
  const retry = useMutation({
    mutationFn: () => {
      const params = { path: { subaccount: account.id }, header: { "Idempotency-Key": newKey() } };
      return unwrap(client.POST("/v1/subaccounts/{subaccount}/auto_allocation/retry", { params }));
    },
    onSuccess: () =>
      notifications.show({
        id: account.id,
        message: `${account.name}: the month that was not paid is tried again now.`,
      }),
    onSettled: () => {
      for (const queryKey of ACCOUNT_FIGURES) void queryClient.invalidateQueries({ queryKey });
    },
  });
  return (
    <>
      <Button className={classes.retry} variant="default" loading={retry.isPending} onClick={() => retry.mutate()}>
        Try again now
      </Button>
      <FormError error={retry.error} fields={[]} />
    </>
  );
}

interface AllocationFactsProps {
  allocation: Schemas["AutoAllocation"];
  /** What to do about how it stands. */
  children: ReactNode;
}

function AllocationFacts({ allocation, children }: AllocationFactsProps) {
  const { enabled, premium_seconds, basic_seconds, cost_usd, card, next_run_at } = allocation;
  return (
    <Stack gap={12}>
      <AllocationStanding allocation={allocation} />
      {children}
      {enabled && (
        <div className={classes.facts}>
          <Facts label="Each month">
            {premium_seconds > 0 && (
              <FactRow label="Premium">
                <MinutesText seconds={premium_seconds} />
              </FactRow>
            )}
            {basic_seconds > 0 && (
              <FactRow label="Basic">
                <MinutesText seconds={basic_seconds} />
              </FactRow>
            )}
            <FactRow label="Cost at today's base price">
              <MoneyText usd={cost_usd} />
            </FactRow>
            <FactRow label="Paid with">
              {card ? `${cardText(card)} of your primary account` : "no card: you mark it paid"}
            </FactRow>
            <FactRow label="Next run">{next_run_at ? <TimeText at={next_run_at} /> : <Nothing />}</FactRow>
          </Facts>
        </div>
      )}
    </Stack>
  );
}
