import { TextInput } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";

export interface SubaccountValues {
  name: string;
  email: string;
  reference: string;
}

export const SUBACCOUNT_FIELDS = ["name", "email", "reference"] as const;

export const subaccountRules = {
  name: (name: string) => (name.trim() ? null : "Enter a name"),
  email: (email: string) => (/^\S+@\S+$/.test(email.trim()) ? null : "Enter an email address"),
  reference: (reference: string) =>
    /^[!-~]*$/.test(reference.trim()) ? null : "Letters, digits and signs, without spaces",
};

/** What is typed, as the API takes it. */
export function subaccountBody(values: SubaccountValues) {
  return { name: values.name.trim(), email: values.email.trim(), reference: values.reference.trim() || null };
}

interface SubaccountFieldsProps {
  /** Of these values, or of these and more. */
  form: Pick<UseFormReturnType<SubaccountValues>, "getInputProps">;
}

export function SubaccountFields({ form }: SubaccountFieldsProps) {
  return (
    <>
      <TextInput
        label="Name"
        placeholder="Harbor Dental"
        maxLength={120}
        data-autofocus
        {...form.getInputProps("name")}
      />
      <TextInput
        label="Login email"
        type="email"
        placeholder="office@harbordental.example"
        autoComplete="off"
        {...form.getInputProps("email")}
      />
      <TextInput
        label="Reference"
        description="Optional: the code by which your engine or PBX knows this account. Call records may use it."
        placeholder="acme-042"
        maxLength={64}
        {...form.getInputProps("reference")}
      />
    </>
  );
}
