import { Button, Stack, Text } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { client, unwrap, type Schemas } from "../../api/client";
import { CodeInput } from "../../widgets/form/CodeInput";
import { CopyField } from "../../widgets/form/CopyField";
import { Dialog } from "../../widgets/form/Dialog";
import { fieldErrors, FormError } from "../../widgets/form/FormError";
import { useFocusHere } from "../../widgets/useFocusHere";
import { QrCode } from "./QrCode";
import classes from "./TwoFactor.module.css";

const FIELDS = ["code"];

interface ScanStepProps {
  secret: Schemas["TotpSecret"];
  isAnew: boolean;
  leave: ReactNode;
  onConfirmed: (recoveryCodes: string[]) => void;
}

export function ScanStep({ secret, isAnew, leave, onConfirmed }: ScanStepProps) {
  const input = useFocusHere();
  const form = useForm({
    initialValues: { code: "" },
    validate: { code: (code) => (code.trim() ? null : "Enter the code that the app shows") },
  });
  const confirm = useMutation({
    mutationFn: ({ code }: typeof form.values) =>
      unwrap(client.POST("/v1/me/totp/confirm", { body: { code: code.trim() } })),
    onSuccess: ({ recovery_codes }) => onConfirmed(recovery_codes),
    onError: (error) => form.setErrors(fieldErrors(error, FIELDS)),
  });
  return (
    <form onSubmit={form.onSubmit((values) => confirm.mutate(values))} noValidate>
      <Stack>
        <Text size="sm">Scan this with your authenticator app, or type the key into it.</Text>
        <div className={classes.scan}>
          <QrCode text={secret.otpauth_url} label="QR code of the key below" />
        </div>
        <CopyField label="Key" value={secret.secret} />
        <CodeInput
          ref={input}
          label="Code"
          description="The six digits that the app shows for it now."
          {...form.getInputProps("code")}
        />
        <FormError error={confirm.error} fields={FIELDS} />
        <Text size="xs" c="dimmed">
          {isAnew ? "The app of before stops counting then, and so do its recovery codes." : "It counts from then on."}{" "}
          Everywhere else you are signed out.
        </Text>
        <Dialog.Buttons>
          {leave}
          <Button type="submit" loading={confirm.isPending}>
            {isAnew ? "Use this app" : "Turn on"}
          </Button>
        </Dialog.Buttons>
      </Stack>
    </form>
  );
}
