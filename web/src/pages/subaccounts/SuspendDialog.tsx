// Suspend a client: what happens to whom, and a note that its people read.
import { List } from "@mantine/core";
import "@mantine/core/styles/List.layer.css";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState, type SyntheticEvent } from "react";
import type { Schemas } from "../../api/client";
import { ACCOUNT_STATUS } from "../../api/queries";
import { DialogForm } from "../../widgets/form/DialogForm";
import { fieldErrors, FormError } from "../../widgets/form/FormError";
import { newKey, useIntent } from "../../widgets/form/intent";
import { minutesText } from "../../widgets/format/minutes";
import { offerUndo } from "../../widgets/undo";
import { restoreSubaccount, suspendSubaccount } from "./suspension";
import { isNoteTooLong, SuspensionNote } from "./SuspensionNote";

interface SuspendDialogProps {
  account: Schemas["Subaccount"];
  onClose: () => void;
}

export function SuspendDialog({ account, onClose }: SuspendDialogProps) {
  const queryClient = useQueryClient();
  const intent = useIntent();
  const [note, setNote] = useState("");
  const refresh = () => {
    for (const queryKey of ACCOUNT_STATUS) void queryClient.invalidateQueries({ queryKey });
  };
  const undo = async () => {
    await restoreSubaccount(account.id, { "Idempotency-Key": newKey() }).finally(refresh);
    return `${account.name} is active again.`;
  };
  const suspend = useMutation({
    mutationFn: () => {
      const body = note.trim() || null;
      return suspendSubaccount(account.id, body, intent(body));
    },
    onSuccess: () => {
      offerUndo({ message: `${account.name} is suspended.`, undo });
      refresh();
      onClose();
    },
  });
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    if (!isNoteTooLong(note)) suspend.mutate();
  };
  const left = account.wallet.basic_seconds + account.wallet.premium_seconds;
  return (
    <DialogForm
      title={`Suspend ${account.name}`}
      submit="Suspend"
      destructive
      busy={suspend.isPending}
      onClose={onClose}
      onSubmit={submit}
    >
      <List size="sm" spacing={4}>
        <List.Item>Its people still sign in and read everything. They change nothing and buy nothing.</List.Item>
        <List.Item>Calls that have taken place are charged as ever.</List.Item>
        <List.Item>
          {left > 0 ? `The ${minutesText(left)} left stay in its wallet. ` : ""}You and your team still manage it.
        </List.Item>
        <List.Item>Restoring brings everything back as it was.</List.Item>
      </List>
      <SuspensionNote whose="its" value={note} onChange={setNote} error={fieldErrors(suspend.error, ["note"]).note} />
      <FormError error={suspend.error} fields={["note"]} />
    </DialogForm>
  );
}
