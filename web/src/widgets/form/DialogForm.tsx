// A dialog with a form in it: a title, fields, what went wrong, and two buttons that always stand in the same place.
import { Button, Group, Modal, Stack } from "@mantine/core";
import type { ReactNode, SubmitEventHandler } from "react";

interface DialogFormProps {
  title: string;
  onClose: () => void;
  onSubmit: SubmitEventHandler<HTMLFormElement>;
  submit: string;
  busy: boolean;
  disabled?: boolean;
  cancel?: string;
  children: ReactNode;
}

export function DialogForm(props: DialogFormProps) {
  return (
    <Modal opened onClose={props.onClose} title={props.title}>
      <form onSubmit={props.onSubmit} noValidate>
        <Stack>
          {props.children}
          <Group justify="flex-end" gap={8} mt={4}>
            <Button variant="default" onClick={props.onClose}>
              {props.cancel ?? "Cancel"}
            </Button>
            <Button type="submit" loading={props.busy} disabled={props.disabled ?? false}>
              {props.submit}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
