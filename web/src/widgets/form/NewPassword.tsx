// Choosing a password: the same rule and the same words wherever one is chosen. What is easy to guess, the server judges.
import { PasswordInput, type PasswordInputProps } from "@mantine/core";

const PASSWORD_MIN = 12;
const PASSWORD_MAX = 200;

export function newPasswordFault(password: string): string | null {
  return Array.from(password).length >= PASSWORD_MIN ? null : `At least ${PASSWORD_MIN} characters`;
}

export function NewPasswordInput(props: PasswordInputProps) {
  return (
    <PasswordInput
      description={`At least ${PASSWORD_MIN} characters; a few words are better than a few symbols. Not your email, the agency's name or a common password.`}
      autoComplete="new-password"
      maxLength={PASSWORD_MAX}
      {...props}
    />
  );
}
