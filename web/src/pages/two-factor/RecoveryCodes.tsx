// The one time that anybody sees recovery codes.
import { Button, CopyButton, Group, Stack, Text } from "@mantine/core";
import { IconCheck, IconCopy, IconDownload } from "@tabler/icons-react";
import { useBrand, useMe } from "../../app/session";
import { downloadText } from "../../widgets/download";
import { Dialog } from "../../widgets/form/Dialog";
import { Note } from "../../widgets/Note";
import classes from "./TwoFactor.module.css";

const FILE = "recovery-codes.txt";

interface RecoveryCodesProps {
  codes: readonly string[];
  onStored: () => void;
}

export function RecoveryCodes({ codes, onStored }: RecoveryCodesProps) {
  const { user } = useMe();
  const brand = useBrand();
  const file = [
    `Recovery codes of ${user.email} at ${brand}. Each signs you in once, in place of a code.`,
    "",
    ...codes,
  ];
  return (
    <Stack>
      <Text size="sm">
        For the day when your authenticator app is gone: each of these codes signs you in once, in place of one of its
        codes.
      </Text>
      <ol className={classes.codes} aria-label="Recovery codes">
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ol>
      <Group gap={8}>
        <CopyButton value={codes.join("\n")} timeout={2500}>
          {({ copied, copy }) => (
            <Button
              variant="default"
              leftSection={copied ? <IconCheck size={15} /> : <IconCopy size={15} />}
              onClick={copy}
            >
              {copied ? "Copied" : "Copy"}
            </Button>
          )}
        </CopyButton>
        <Button
          variant="default"
          leftSection={<IconDownload size={15} />}
          onClick={() => downloadText(FILE, file.join("\n") + "\n")}
        >
          Download
        </Button>
      </Group>
      <Note>Keep them where your phone is not. They are stored as hashes only, so nobody can show them again.</Note>
      <Dialog.Buttons>
        <Button onClick={onStored}>I have stored them</Button>
      </Dialog.Buttons>
    </Stack>
  );
}
