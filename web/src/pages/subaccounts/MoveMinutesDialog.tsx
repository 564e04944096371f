// Move minutes from one account to another: what arrives and what it costs are the server's figures, before anything moves.
import { Button, Group, SegmentedControl, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState, type SyntheticEvent } from "react";
import { ApiError, client, unwrap, type Schemas } from "../../api/client";
import { ACCOUNT_FIGURES, keys, subaccountQuery } from "../../api/queries";
import { TIER_LABELS } from "../../widgets/figures/TierLabel";
import { DialogForm } from "../../widgets/form/DialogForm";
import { FormError } from "../../widgets/form/FormError";
import { useIntent } from "../../widgets/form/intent";
import { usePaused } from "../../widgets/form/usePaused";
import { exactMinutesText, minutesText, minutesTyped, secondsTyped } from "../../widgets/format/minutes";
import { AccountSelect } from "./AccountSelect";
import { MoveQuote } from "./MoveQuote";

interface MoveMinutesDialogProps {
  account: Schemas["Subaccount"];
  onClose: () => void;
}

export function MoveMinutesDialog({ account, onClose }: MoveMinutesDialogProps) {
  const queryClient = useQueryClient();
  const intent = useIntent();
  const [tier, setTier] = useState<Schemas["Tier"]>("premium");
  const [from, setFrom] = useState<string | null>(account.id);
  const [to, setTo] = useState<string | null>(null);
  const [typed, setTyped] = useState("");
  const [submitted, setSubmitted] = useState(false);

  const source = useQuery({ ...subaccountQuery(from ?? ""), enabled: from !== null }).data;
  const left = source && Math.max(0, source.wallet[`${tier}_seconds`]);
  const seconds = secondsTyped(typed);
  const order = from && to && seconds ? { from, to, tier, seconds } : null;
  const [asked, isCurrent] = usePaused(order);
  const quote = useQuery({
    queryKey: ["minute_move_quote", asked],
    queryFn: ({ signal }) =>
      unwrap(client.POST("/v1/minute_moves/quote", { body: asked as Schemas["MinuteMoveQuoteInput"], signal })),
    enabled: asked !== null,
    gcTime: 0,
    retry: false,
  });
  const current = isCurrent && quote.data ? quote.data : null;
  const move = useMutation({
    mutationFn: (body: Schemas["MinuteMoveInput"]) =>
      unwrap(client.POST("/v1/minute_moves", { params: { header: intent(body) }, body })),
    onSuccess: (made) => {
      notifications.show({
        message: `${minutesText(made.sent_seconds)} moved to ${made.to_name}: ${minutesText(made.received_seconds)} arrived.`,
      });
      for (const queryKey of [...ACCOUNT_FIGURES, keys.moves]) void queryClient.invalidateQueries({ queryKey });
      onClose();
    },
    onError: (error) => {
      if (error instanceof ApiError && error.code === "quote_changed") void quote.refetch();
    },
  });
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    setSubmitted(true);
    if (order && current) move.mutate({ ...order, received_seconds: current.received_seconds });
  };

  return (
    <DialogForm
      title="Move minutes"
      submit={current ? `Move ${minutesText(current.sent_seconds)}` : "Move minutes"}
      busy={move.isPending}
      disabled={submitted && order !== null && !current}
      onClose={onClose}
      onSubmit={submit}
    >
      <SegmentedControl
        fullWidth
        aria-label="Tier"
        value={tier}
        onChange={(value) => setTier(value)}
        data={(["premium", "basic"] as const).map((value) => ({ value, label: TIER_LABELS[value] }))}
      />
      <AccountSelect
        label="From"
        value={from}
        called={account.id === from ? account.name : null}
        onChange={setFrom}
        error={submitted && !from ? "Choose where the minutes come from" : null}
      />
      <AccountSelect
        label="To"
        value={to}
        called={null}
        onChange={setTo}
        error={toHint(from, to, submitted)}
        autofocus
      />
      <Group gap={8} align="flex-end" wrap="nowrap">
        <TextInput
          flex={1}
          label="Minutes"
          description={left === undefined ? "" : `${exactMinutesText(left)} left`}
          inputMode="decimal"
          placeholder="100 or 1:30"
          rightSection="min"
          rightSectionWidth={44}
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
          error={minutesHint(seconds, left, submitted)}
        />
        <Button
          variant="default"
          disabled={!left}
          onClick={() => left && setTyped(minutesTyped(left))}
          mb={minutesHint(seconds, left, submitted) ? 22 : 0}
        >
          All
        </Button>
      </Group>
      <MoveQuote quote={current} asking={order !== null && !current && !quote.isError} error={quote.error} />
      <FormError error={move.error} fields={[]} />
    </DialogForm>
  );
}

function toHint(from: string | null, to: string | null, submitted: boolean): string | null {
  if (to !== null && to === from) return "Choose another account than the one the minutes come from";
  return submitted && !to ? "Choose where the minutes go" : null;
}

function minutesHint(seconds: number | null, left: number | undefined, submitted: boolean): string | null {
  if (seconds && left !== undefined && seconds > left) return "That is more than is left";
  return submitted && !seconds ? "Enter minutes in whole seconds, such as 12.5 or 12:30" : null;
}
