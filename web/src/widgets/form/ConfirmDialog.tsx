// A question before something that cannot be taken back: it says what happens, and staying is the first answer.
import { Button, Stack } from "@mantine/core";
import type { ReactNode } from "react";
import { Dialog } from "./Dialog";
import { FormError } from "./FormError";

interface ConfirmDialogProps {
  title: string;
  /** What goes on, and what does not. */
  confirm: string;
  keep: string;
  /** Something is lost. */
  destructive?: boolean;
  busy: boolean;
  error: unknown;
  onConfirm: () => void;
  onClose: () => void;
  children: ReactNode;
}

export function ConfirmDialog(props: ConfirmDialogProps) {
  return (
    <Dialog onClose={props.onClose} title={props.title}>
      <Stack>
        {props.children}
        <FormError error={props.error} fields={[]} />
        <Dialog.Buttons>
          <Button variant="default" onClick={props.onClose} data-autofocus>
            {props.keep}
          </Button>
          <Button {...(props.destructive && { color: "red" })} loading={props.busy} onClick={props.onConfirm}>
            {props.confirm}
          </Button>
        </Dialog.Buttons>
      </Stack>
    </Dialog>
  );
}
