// Minutes that the agency buys for a client once a month, at base price.
import { Button, Group, List, Loader, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState, type SyntheticEvent } from "react";
import { client, unwrap, type Schemas } from "../../api/client";
import { ACCOUNT_FIGURES } from "../../api/queries";
import { useZone } from "../../app/session";
import { MinutesText, MoneyText, PriceText, TimeText } from "../../widgets/figures/figures";
import { Dialog } from "../../widgets/form/Dialog";
import { DialogForm } from "../../widgets/form/DialogForm";
import { FactRow, Facts, NoFacts } from "../../widgets/form/Facts";
import { fieldErrors, FormError } from "../../widgets/form/FormError";
import { usePaused } from "../../widgets/form/usePaused";
import { minutesTyped, secondsTyped } from "../../widgets/format/minutes";
import { dateText } from "../../widgets/format/time";
import { ErrorState } from "../../widgets/states/states";
import { AllocationStanding } from "./AllocationStanding";
import { allocationQuoteQuery, autoAllocationQuery } from "./queries";
import { cardText } from "./words";

type Allocation = Schemas["AutoAllocation"];
type Settings = Required<Schemas["AutoAllocationQuoteInput"]>;

const FIELDS = ["premium_seconds", "basic_seconds", "day"];

interface AutoAllocationDialogProps {
  account: Pick<Schemas["Subaccount"], "id" | "name">;
  onClose: () => void;
}

export function AutoAllocationDialog({ account, onClose }: AutoAllocationDialogProps) {
  const allocation = useQuery(autoAllocationQuery(account.id));
  if (allocation.data) return <AllocationForm account={account} allocation={allocation.data} onClose={onClose} />;
  return (
    <Dialog onClose={onClose} title={titleOf(account.name)}>
      {allocation.isError ? <ErrorState error={allocation.error} /> : <Loader aria-label="Loading" />}
    </Dialog>
  );
}

const titleOf = (name: string) => `Auto-allocation to ${name}`;

/** Typed minutes in seconds; nothing typed is none of them. */
const secondsOf = (typed: string) => (typed.trim() === "" ? 0 : secondsTyped(typed));
const dayOf = (typed: string) => (/^([1-9]|[12]\d|3[01])$/.test(typed.trim()) ? Number(typed) : null);
const typedOf = (seconds: number) => (seconds === 0 ? "" : minutesTyped(seconds));

function AllocationForm({ account, allocation, onClose }: AutoAllocationDialogProps & { allocation: Allocation }) {
  const [premium, setPremium] = useState(typedOf(allocation.premium_seconds));
  const [basic, setBasic] = useState(typedOf(allocation.basic_seconds));
  const [typedDay, setTypedDay] = useState(String(allocation.day ?? 1));
  const [submitted, setSubmitted] = useState(false);
  const [premium_seconds, basic_seconds, day] = [secondsOf(premium), secondsOf(basic), dayOf(typedDay)];
  const isComplete =
    premium_seconds !== null && basic_seconds !== null && day !== null && premium_seconds + basic_seconds > 0;
  const settings: Settings | null = isComplete ? { premium_seconds, basic_seconds, day } : null;
  const [asked, isCurrent] = usePaused(settings);
  const quote = useQuery(allocationQuoteQuery(account.id, asked));
  const current = isCurrent && quote.data ? quote.data : null;
  const save = useSetAllocation(account, onClose);
  const refusals = fieldErrors(save.error ?? quote.error, FIELDS);
  const hint = (seconds: number | null) => {
    if (seconds === null) return submitted ? "Enter minutes in whole seconds, such as 12.5 or 12:30" : null;
    return submitted && premium_seconds === 0 && basic_seconds === 0 ? "Enter minutes of at least one kind" : null;
  };
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    setSubmitted(true);
    if (settings && current) save.mutate({ enabled: true, ...settings });
  };
  return (
    <DialogForm
      title={titleOf(account.name)}
      submit={allocation.enabled ? "Save" : "Turn on"}
      busy={save.isPending}
      disabled={settings !== null && !current}
      aside={
        allocation.enabled && (
          <Button variant="subtle" mr="auto" onClick={() => save.mutate({ enabled: false })}>
            Turn off
          </Button>
        )
      }
      onClose={onClose}
      onSubmit={submit}
    >
      <AllocationStanding allocation={allocation} />
      <Group grow align="flex-start" gap={12}>
        <Minutes
          label="Premium"
          value={premium}
          onChange={setPremium}
          error={refusals.premium_seconds ?? hint(premium_seconds)}
          autofocus
        />
        <Minutes
          label="Basic"
          value={basic}
          onChange={setBasic}
          error={refusals.basic_seconds ?? hint(basic_seconds)}
        />
        <TextInput
          label="Day"
          aria-label="Day of the month"
          inputMode="numeric"
          value={typedDay}
          onChange={(event) => setTypedDay(event.currentTarget.value)}
          error={refusals.day ?? (day === null ? "1 to 31" : null)}
        />
      </Group>
      <AllocationQuote
        settings={settings}
        card={allocation.card}
        quote={current}
        asking={!quote.isError}
        error={quote.error}
      />
      <List size="sm" c="dimmed" spacing={4}>
        <List.Item>
          You buy them at midnight of that day in your agency's zone, on top of what your plan includes. In a month that
          is shorter it is the last day.
        </List.Item>
        <List.Item>
          A payment that fails is tried again 1, 3 and 5 days later. Then the month is past due, your admins are told,
          and nothing is granted.
        </List.Item>
        <List.Item>While {account.name} is suspended, months are skipped.</List.Item>
        <List.Item>Changes count from the next run.</List.Item>
      </List>
      <FormError error={save.error} fields={FIELDS} />
    </DialogForm>
  );
}

interface MinutesProps {
  label: string;
  value: string;
  onChange: (typed: string) => void;
  error: string | null;
  autofocus?: boolean;
}

function Minutes({ label, value, onChange, error, autofocus = false }: MinutesProps) {
  return (
    <TextInput
      label={label}
      aria-label={`${label} minutes`}
      {...(autofocus && { "data-autofocus": true })}
      inputMode="decimal"
      placeholder="0"
      rightSection="min"
      rightSectionWidth={44}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      error={error}
    />
  );
}

function useSetAllocation({ id, name }: AutoAllocationDialogProps["account"], onDone: () => void) {
  const queryClient = useQueryClient();
  const zone = useZone();
  return useMutation({
    mutationFn: (body: Schemas["AutoAllocationInput"]) =>
      unwrap(
        client.PUT("/v1/subaccounts/{subaccount}/auto_allocation", { params: { path: { subaccount: id } }, body }),
      ),
    onSuccess: ({ next_run_at }) => {
      notifications.show({
        message: next_run_at
          ? `The next minutes for ${name} are bought on ${dateText(next_run_at, zone)}.`
          : `Auto-allocation to ${name} is off.`,
      });
      for (const queryKey of ACCOUNT_FIGURES) void queryClient.invalidateQueries({ queryKey });
      onDone();
    },
  });
}

interface AllocationQuoteProps {
  settings: Settings | null;
  card: Allocation["card"];
  quote: Schemas["AutoAllocationQuote"] | null;
  asking: boolean;
  error: unknown;
}

function AllocationQuote({ settings, card, quote, asking, error }: AllocationQuoteProps) {
  if (!settings || !quote) {
    return (
      <NoFacts asking={settings !== null && asking} error={error}>
        Say how many minutes of which kind, and on which day.
      </NoFacts>
    );
  }
  return (
    <Facts label="What it costs">
      {settings.premium_seconds > 0 && (
        <FactRow label="Premium">
          <MinutesText seconds={settings.premium_seconds} /> at <PriceText price={quote.premium_price} perMinute />
        </FactRow>
      )}
      {settings.basic_seconds > 0 && (
        <FactRow label="Basic">
          <MinutesText seconds={settings.basic_seconds} /> at <PriceText price={quote.basic_price} perMinute />
        </FactRow>
      )}
      <FactRow label="You pay each month">
        <MoneyText usd={quote.cost_usd} fw={600} />
      </FactRow>
      <FactRow label="Paid with">
        {card ? `${cardText(card)} of your primary account` : "no card: you mark it paid"}
      </FactRow>
      <FactRow label="Next run">
        <TimeText at={quote.next_run_at} />
      </FactRow>
    </Facts>
  );
}
