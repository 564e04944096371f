// Suspend a client: what happens to whom, and a note that its people read.
import { List, Text, Textarea } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState, type SyntheticEvent } from "react";
import { client, unwrap, type Schemas } from "../../api/client";
import { ACCOUNT_STATUS } from "../../api/queries";
import { DialogForm } from "../../widgets/form/DialogForm";
import { fieldErrors, FormError } from "../../widgets/form/FormError";
import { useIntent } from "../../widgets/form/intent";
import { minutesText } from "../../widgets/format/minutes";

const NOTE_MAX = 150;

interface SuspendDialogProps {
  account: Schemas["Subaccount"];
  onClose: () => void;
}

export function SuspendDialog({ account, onClose }: SuspendDialogProps) {
  const queryClient = useQueryClient();
  const intent = useIntent();
  const [note, setNote] = useState("");
  // As the server counts: characters, not the halves that some are made of.
  const length = Array.from(note.trim()).length;
  const tooLong = length > NOTE_MAX;
  const suspend = useMutation({
    mutationFn: () => {
      const body = { note: note.trim() || null };
      const params = { path: { subaccount: account.id }, header: intent(body) };
      return unwrap(client.POST("/v1/subaccounts/{subaccount}/suspend", { params, body }));
    },
    onSuccess: () => {
      notifications.show({ message: `${account.name} is suspended.` });
      for (const queryKey of ACCOUNT_STATUS) void queryClient.invalidateQueries({ queryKey });
      onClose();
    },
  });
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    if (!tooLong) suspend.mutate();
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
      <Textarea
        data-autofocus
        label="Note to its people"
        description="They see it on every page of the account. Leave it empty to say nothing."
        placeholder="Invoice 1042 is overdue."
        autosize
        minRows={2}
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
        error={tooLong ? `At most ${NOTE_MAX} characters` : fieldErrors(suspend.error, ["note"]).note}
      />
      <Text size="xs" c="dimmed" ta="right" mt={-10} aria-live="polite">
        {length} of {NOTE_MAX} characters
      </Text>
      <FormError error={suspend.error} fields={["note"]} />
    </DialogForm>
  );
}
