// A dialog with a form in it: a title, fields, what went wrong, and two buttons that always stand in the same place.
import { Button, Stack } from "@mantine/core";
import type { ReactNode, SubmitEventHandler } from "react";
import { Dialog } from "./Dialog";

interface DialogFormProps {
  title: string;
  onClose: () => void;
  onSubmit: SubmitEventHandler<HTMLFormElement>;
  submit: string;
  busy: boolean;
  disabled?: boolean;
  /** Something is lost. */
  destructive?: boolean;
  cancel?: string;
  /** A button of another way out. */
  aside?: ReactNode;
  children: ReactNode;
}

export function DialogForm(props: DialogFormProps) {
  return (
    <Dialog onClose={props.onClose} title={props.title}>
      <form onSubmit={props.onSubmit} noValidate>
        <Stack>
          {props.children}
          <Dialog.Buttons>
            {props.aside}
            <Button variant="default" onClick={props.onClose}>
              {props.cancel ?? "Cancel"}
            </Button>
            <Button
              type="submit"
              {...(props.destructive && { color: "red" })}
              loading={props.busy}
              disabled={props.disabled ?? false}
            >
              {props.submit}
            </Button>
          </Dialog.Buttons>
        </Stack>
      </form>
    </Dialog>
  );
}
