// The frame of every dialog: in the middle of a wide screen, all of a narrow one.
import { Group, Modal, type ModalProps } from "@mantine/core";
import type { ReactNode } from "react";
import { useFocusReturn } from "../useFocusReturn";
import { useNarrow } from "../useNarrow";
import classes from "./Dialog.module.css";

interface DialogProps extends Omit<ModalProps, "opened"> {
  title: string;
}

export function Dialog(props: DialogProps) {
  useFocusReturn();
  return <Modal opened fullScreen={useNarrow()} {...props} />;
}

/** Its buttons: the one that goes on stands last, within reach of a thumb on a narrow screen. */
Dialog.Buttons = function Buttons({ children }: { children: ReactNode }) {
  return (
    <Group justify="flex-end" gap={8} mt={4} className={classes.buttons}>
      {children}
    </Group>
  );
};
