// Remove a client's account in two steps: where its minutes go, then what ends with it. Nothing happens before the last button.
import { Loader } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { ApiError, client, unwrap, type Schemas } from "../../api/client";
import { ACCOUNT_FIGURES, ACCOUNT_STATUS, keys } from "../../api/queries";
import { Dialog } from "../../widgets/form/Dialog";
import { useIntent } from "../../widgets/form/intent";
import { minutesText } from "../../widgets/format/minutes";
import { ErrorState } from "../../widgets/states/states";
import { RemovalEnd } from "./RemovalEnd";
import { RemovalMinutes } from "./RemovalMinutes";

interface RemoveDialogProps {
  account: Schemas["Subaccount"];
  onClose: () => void;
}

const CHANGED = [
  ...ACCOUNT_FIGURES,
  ...ACCOUNT_STATUS,
  keys.moves,
  keys.knowledge,
  keys.plan,
  keys.users,
  keys.invitations,
  keys.apiKeys,
];

/** What was looked at is no longer so. */
const STALE = ["quote_changed", "calls_in_progress"];

export function RemoveDialog({ account, onClose }: RemoveDialogProps) {
  const queryClient = useQueryClient();
  const intent = useIntent();
  const [to, setTo] = useState<string | null>(null);
  const [isLast, setLast] = useState(false);
  const look = useQuery({
    queryKey: ["removal", account.id, to],
    queryFn: ({ signal }) =>
      unwrap(
        client.GET("/v1/subaccounts/{subaccount}/removal", {
          params: { path: { subaccount: account.id }, query: to === null ? {} : { minutes_to: to } },
          signal,
        }),
      ),
    placeholderData: (previous) => previous,
    gcTime: 0,
    retry: false,
  });
  const remove = useMutation({
    mutationFn: (removal: Schemas["Removal"]) => {
      const body = bodyOf(removal);
      const params = { path: { subaccount: account.id }, header: intent(body) };
      return unwrap(client.POST("/v1/subaccounts/{subaccount}/remove", { params, body }));
    },
    onSuccess: (_, removal) => {
      notifications.show({ message: `${account.name} was removed.${movedText(removal)}` });
      for (const queryKey of CHANGED) void queryClient.invalidateQueries({ queryKey });
      onClose();
    },
    onError: (error) => {
      if (!(error instanceof ApiError) || !STALE.includes(error.code)) return;
      setLast(false);
      void look.refetch();
    },
  });
  const title = `Remove ${account.name}`;
  if (look.isError || !look.data) {
    return (
      <Dialog onClose={onClose} title={title}>
        {look.isError ? <ErrorState error={look.error} /> : <Loader aria-label="Loading" />}
      </Dialog>
    );
  }
  return isLast ? (
    <RemovalEnd
      title={title}
      removal={look.data}
      busy={remove.isPending}
      error={remove.error}
      onBack={() => setLast(false)}
      onConfirm={() => remove.mutate(look.data)}
      onClose={onClose}
    />
  ) : (
    <RemovalMinutes
      title={title}
      removal={look.data}
      asking={look.isPlaceholderData}
      error={remove.error}
      onChoose={setTo}
      onNext={() => setLast(true)}
      onClose={onClose}
    />
  );
}

/** What the quotes said, to be held to; calls in progress were agreed to where there are any. */
function bodyOf({ minutes_to, moves, calls_in_progress: calls }: Schemas["Removal"]): Schemas["RemovalInput"] {
  const force = calls > 0 ? { force: true } : {};
  if (minutes_to === null) return force;
  const received = Object.fromEntries(moves.map((move) => [`${move.tier}_seconds`, move.received_seconds]));
  return { minutes_to, received, ...force };
}

function movedText({ minutes_to_name: name, moves }: Schemas["Removal"]): string {
  const arrived = moves.map((move) => `${minutesText(move.received_seconds)} ${move.tier}`);
  return arrived.length > 0 ? ` ${arrived.join(" and ")} went to ${name ?? "another account"}.` : "";
}
