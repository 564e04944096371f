import { Anchor, Button, Paper, Stack, Text } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useEffect } from "react";
import { isCode } from "../../api/client";
import { Doorway } from "../../widgets/Doorway";
import { CodeInput } from "../../widgets/form/CodeInput";
import { FormError } from "../../widgets/form/FormError";
import { errorText } from "../../widgets/states/states";
import { useFocusHere } from "../../widgets/useFocusHere";

interface CodeStepProps {
  email: string;
  error: unknown;
  busy: boolean;
  onSubmit: (code: string) => void;
  onBack: () => void;
}

export function CodeStep({ email, error, busy, onSubmit, onBack }: CodeStepProps) {
  const input = useFocusHere();
  const form = useForm({
    initialValues: { code: "" },
    validate: { code: (code) => (code.trim() === "" ? "Enter a code" : null) },
  });
  const isWrong = isCode(error, "invalid_code");
  // The code that was refused is no use any more: the next one is typed over it.
  useEffect(() => {
    if (isWrong) input.current?.select();
  }, [isWrong, error, input]);
  return (
    <Doorway title="Enter your code" lead={`Two-factor sign-in is on for ${email}.`}>
      <Paper withBorder p="lg" radius="lg">
        <form onSubmit={form.onSubmit(({ code }) => onSubmit(code.trim()))} noValidate>
          <Stack>
            <CodeInput
              ref={input}
              label="Code"
              {...form.getInputProps("code")}
              error={form.errors.code ?? (isWrong && !busy ? errorText(error) : null)}
            />
            {!isWrong && !isCode(error, "two_factor_required") && <FormError error={error} fields={[]} />}
            <Button type="submit" size="sm" loading={busy}>
              Sign in
            </Button>
            <Anchor component="button" type="button" size="sm" ta="left" onClick={onBack}>
              Sign in as somebody else
            </Anchor>
          </Stack>
        </form>
      </Paper>
      <Text size="xs" c="dimmed" mt="sm">
        Neither app nor recovery code at hand? Whoever runs the server can turn two-factor sign-in off for you.
      </Text>
    </Doorway>
  );
}
