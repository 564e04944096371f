// A change of address that waits for its two confirmations.
import { Button } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconCircleCheck, IconCircleDashed } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { client, isStatus, unwrap, type Schemas } from "../../api/client";
import { keys } from "../../api/queries";
import { useMe } from "../../app/session";
import { TimeText } from "../../widgets/figures/figures";
import { errorText } from "../../widgets/states/states";
import classes from "./AccountPage.module.css";

export function PendingEmail({ change }: { change: Schemas["EmailChange"] }) {
  const { user } = useMe();
  const queryClient = useQueryClient();
  const settled = () => queryClient.invalidateQueries({ queryKey: keys.me });
  const takeBack = useMutation({
    mutationFn: () => unwrap(client.DELETE("/v1/me/email")),
    onSuccess: () => {
      notifications.show({ message: `The change was taken back. You sign in with ${user.email}.` });
      return settled();
    },
    onError: (error) => {
      // Confirmed or over meanwhile: what is shown is renewed.
      if (isStatus(error, 404)) return settled();
      notifications.show({ color: "red", title: "Not taken back", message: errorText(error) });
      return undefined;
    },
  });
  return (
    <section className={classes.pending} aria-label="Change of email">
      Changes to <strong>{change.email}</strong> once both addresses have confirmed it by the link they were sent, until{" "}
      <TimeText at={change.expires_at} />.
      <ul className={classes.confirmations}>
        <Confirmation email={user.email} isDone={change.old_confirmed} />
        <Confirmation email={change.email} isDone={change.new_confirmed} />
      </ul>
      <Button variant="default" loading={takeBack.isPending} onClick={() => takeBack.mutate()}>
        Take back
      </Button>
    </section>
  );
}

function Confirmation({ email, isDone }: { email: string; isDone: boolean }) {
  const Sign = isDone ? IconCircleCheck : IconCircleDashed;
  return (
    <li>
      <Sign size={16} stroke={1.7} aria-hidden="true" data-done={isDone || undefined} />
      <span>
        {isDone ? "Confirmed by" : "Waits for"} {email}
      </span>
    </li>
  );
}
