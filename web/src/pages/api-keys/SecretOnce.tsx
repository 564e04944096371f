import { Button, Stack, Text } from "@mantine/core";
import type { ReactNode } from "react";
import type { Schemas } from "../../api/client";
import { CopyField } from "../../widgets/form/CopyField";
import { Dialog } from "../../widgets/form/Dialog";
import { Note } from "../../widgets/Note";

interface SecretOnceProps {
  apiKey: Schemas["ApiKey"];
  onClose: () => void;
  /** What else is to be known. */
  children?: ReactNode;
}

/** The one time that anybody sees the secret. */
export function SecretOnce({ apiKey, onClose, children }: SecretOnceProps) {
  return (
    <Dialog
      onClose={onClose}
      title={`${apiKey.name} is ready`}
      closeOnClickOutside={false}
      closeOnEscape={false}
      withCloseButton={false}
    >
      <Stack>
        {children && <Text size="sm">{children}</Text>}
        {apiKey.secret ? (
          <CopyField label="Secret" value={apiKey.secret} />
        ) : (
          <Text size="sm">
            It was made by an earlier try, and its secret was shown then. Revoke it and make another.
          </Text>
        )}
        <Note>Copy it now. It is stored as a hash only, so nobody can show it again.</Note>
        <Dialog.Buttons>
          <Button onClick={onClose}>I have stored it</Button>
        </Dialog.Buttons>
      </Stack>
    </Dialog>
  );
}
