import { Button } from "@mantine/core";
import { Dialog } from "../../widgets/form/Dialog";
import { SetUpTwoFactor } from "../two-factor/SetUpTwoFactor";

export function SetUpDialog({ onClose }: { onClose: () => void }) {
  return (
    <SetUpTwoFactor
      frame={({ title, mustStay, children }) => (
        <Dialog
          onClose={onClose}
          title={title}
          {...(mustStay && { closeOnClickOutside: false, closeOnEscape: false, withCloseButton: false })}
        >
          {children}
        </Dialog>
      )}
      leave={
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
      }
      onDone={onClose}
    />
  );
}
