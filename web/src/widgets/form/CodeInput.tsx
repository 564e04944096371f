import { TextInput, type TextInputProps } from "@mantine/core";

/** As many characters as the API takes. */
const CODE_MAX = 40;

/** An authenticator app's code, or a recovery code in its place: letters too, so no number pad. */
export function CodeInput(props: TextInputProps) {
  return (
    <TextInput
      description="The six digits that your authenticator app shows now, or a recovery code."
      autoComplete="one-time-code"
      autoCapitalize="none"
      spellCheck={false}
      maxLength={CODE_MAX}
      {...props}
    />
  );
}
