import { Checkbox, Select, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { client, unwrap, type Schemas } from "../../api/client";
import { ACCOUNT_FIGURES, keys } from "../../api/queries";
import { DialogForm } from "../../widgets/form/DialogForm";
import { FormError } from "../../widgets/form/FormError";
import { useIntent } from "../../widgets/form/intent";
import { countText, durationText } from "../../widgets/format/minutes";
import { AccountField } from "../engines/AccountField";

/** How many others wait that have this key of the call. */
function useOthers(id: string, key: string | null): number {
  const detail = useQuery({
    queryKey: [...keys.unmatched, id],
    queryFn: ({ signal }) =>
      unwrap(client.GET("/v1/unmatched_calls/{unmatched_call}", { params: { path: { unmatched_call: id } }, signal })),
  }).data;
  return detail?.waiting_with.find((counted) => counted.key === key)?.others ?? 0;
}

function outcomeText({ state, billed_seconds, others }: Schemas["AssignedCall"]): string {
  const own = state === "charged" ? `${durationText(billed_seconds)} charged.` : "It had been charged already.";
  const more = others.charged > 0 ? ` ${countText(others.charged)} more of it charged, too.` : "";
  const rest = others.waiting > 0 ? ` Still waiting: ${countText(others.waiting)}.` : "";
  return own + more + rest;
}

/** Whose call it was; and of what else that is so, now and from now on. */
export function AssignDialog({ call, onClose }: { call: Schemas["UnmatchedCall"]; onClose: () => void }) {
  const queryClient = useQueryClient();
  const intent = useIntent();
  const [subaccount, setSubaccount] = useState<string | null>(null);
  const [remember, setRemember] = useState<string | null>(null);
  const [alsoWaiting, setAlsoWaiting] = useState(true);
  const others = useOthers(call.id, remember);
  const assign = useMutation({
    mutationFn: (account: string) => {
      const body = { subaccount: account, remember, also_waiting: others > 0 && alsoWaiting };
      return unwrap(
        client.POST("/v1/unmatched_calls/{unmatched_call}/assign", {
          params: { path: { unmatched_call: call.id }, header: intent(body) },
          body,
        }),
      );
    },
    onSuccess: (assigned) => {
      notifications.show({ message: outcomeText(assigned) });
      for (const queryKey of [...ACCOUNT_FIGURES, keys.calls, keys.unmatched, keys.engines])
        void queryClient.invalidateQueries({ queryKey });
      onClose();
    },
  });
  return (
    <DialogForm
      title="Whose call was it?"
      submit="Charge it"
      busy={assign.isPending}
      disabled={subaccount === null}
      onClose={onClose}
      onSubmit={(event) => {
        event.preventDefault();
        if (subaccount !== null) assign.mutate(subaccount);
      }}
    >
      <Text size="sm">
        {call.connection_name} reported {durationText(call.duration_seconds)} of talk
        {call.from && ` from ${call.from}`}
        {call.to && ` to ${call.to}`}. It is charged at the price of its own moment.
      </Text>
      <AccountField label="Account" placeholder="Choose" value={subaccount} onChange={setSubaccount} data-autofocus />
      <Select
        label="From now on, also calls of"
        placeholder="Only this one"
        clearable
        data={call.keys}
        value={remember}
        onChange={setRemember}
      />
      {others > 0 && (
        <Checkbox
          label={`And the ${countText(others)} ${others === 1 ? "other" : "others"} of it that ${others === 1 ? "waits" : "wait"} already`}
          description="Each is charged once. Calls that name another account keep waiting."
          checked={alsoWaiting}
          onChange={(event) => setAlsoWaiting(event.currentTarget.checked)}
        />
      )}
      <FormError error={assign.error} fields={[]} />
    </DialogForm>
  );
}
