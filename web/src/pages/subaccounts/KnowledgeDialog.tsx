// Move knowledge credits between the agency's own account and a client, one to one.
import { Text, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState, type SyntheticEvent } from "react";
import { client, unwrap, type Schemas } from "../../api/client";
import { ACCOUNT_FIGURES, keys, primaryQuery, subaccountQuery } from "../../api/queries";
import { DialogForm } from "../../widgets/form/DialogForm";
import { FormError } from "../../widgets/form/FormError";
import { useIntent } from "../../widgets/form/intent";
import { countText } from "../../widgets/format/minutes";
import { creditsText, creditsTyped } from "../subaccount/knowledge";
import { AccountSelect } from "./AccountSelect";

interface KnowledgeDialogProps {
  account: Schemas["Subaccount"];
  onClose: () => void;
}

export function KnowledgeDialog({ account, onClose }: KnowledgeDialogProps) {
  const queryClient = useQueryClient();
  const intent = useIntent();
  const isPrimary = account.kind === "primary";
  const primary = useQuery({ ...primaryQuery, enabled: !isPrimary }).data?.data[0];
  // A client is given credits from the agency's own, unless it is told otherwise.
  const [chosenFrom, setFrom] = useState<string | null | undefined>();
  const from = chosenFrom === undefined ? (isPrimary ? account.id : (primary?.id ?? null)) : chosenFrom;
  const [to, setTo] = useState<string | null>(isPrimary ? null : account.id);
  const [typed, setTyped] = useState("");
  const [submitted, setSubmitted] = useState(false);

  const source = useQuery({ ...subaccountQuery(from ?? ""), enabled: from !== null }).data;
  const target = useQuery({ ...subaccountQuery(to ?? ""), enabled: to !== null }).data;
  const credits = creditsTyped(typed);
  const move = useMutation({
    mutationFn: (body: Schemas["KnowledgeTransferInput"]) =>
      unwrap(client.POST("/v1/knowledge_transfers", { params: { header: intent(body) }, body })),
    onSuccess: (made) => {
      notifications.show({ message: `${creditsText(made.credits)} moved from ${made.from_name} to ${made.to_name}.` });
      for (const queryKey of [...ACCOUNT_FIGURES, keys.knowledge]) void queryClient.invalidateQueries({ queryKey });
      onClose();
    },
  });
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    setSubmitted(true);
    if (from && to && from !== to && credits) move.mutate({ from, to, credits });
  };
  const name = (id: string | null) => [account, primary].find((one) => one?.id === id)?.name ?? null;

  return (
    <DialogForm
      title="Knowledge credits"
      submit={credits ? `Move ${creditsText(credits)}` : "Move credits"}
      busy={move.isPending}
      onClose={onClose}
      onSubmit={submit}
    >
      <Text size="sm" c="dimmed">
        Each credit lets an account have one knowledge pack. Credits move one to one and can be moved back.
      </Text>
      <AccountSelect
        label="From"
        value={from}
        called={name(from)}
        onChange={setFrom}
        error={submitted && !from ? "Choose where the credits come from" : null}
        autofocus={!isPrimary}
      />
      <AccountSelect
        label="To"
        value={to}
        called={name(to)}
        onChange={setTo}
        error={toHint(from, to, submitted)}
        autofocus={isPrimary}
      />
      <TextInput
        label="Credits"
        description={balances(source, target)}
        inputMode="numeric"
        placeholder="1"
        value={typed}
        onChange={(event) => {
          setTyped(event.currentTarget.value);
          move.reset();
        }}
        error={creditsHint(credits, source?.knowledge_credits, submitted)}
      />
      <FormError error={move.error} fields={[]} />
    </DialogForm>
  );
}

type Account = Schemas["Subaccount"] | undefined;

/** What both have now. */
function balances(source: Account, target: Account): string {
  const has = (account: Account) => (account ? [`${account.name} has ${countText(account.knowledge_credits)}`] : []);
  return [...has(source), ...has(target)].join(", ");
}

function toHint(from: string | null, to: string | null, submitted: boolean): string | null {
  if (to !== null && to === from) return "Choose another account than the one the credits come from";
  return submitted && !to ? "Choose where the credits go" : null;
}

function creditsHint(credits: number | null, left: number | undefined, submitted: boolean): string | null {
  if (credits && left !== undefined && credits > left) return "That is more than are there";
  return submitted && !credits ? "Enter a whole number of credits" : null;
}
