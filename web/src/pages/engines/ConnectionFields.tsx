// What both dialogs of a connection ask for.
import { Select, type SelectProps } from "@mantine/core";
import { AccountField } from "./AccountField";

const TIER_CHOICES = [
  { value: "premium", label: "Premium" },
  { value: "basic", label: "Basic" },
];

/** `input`: what the form gives for its tier. */
export function TierField({ input }: { input: SelectProps }) {
  return (
    <Select label="Minutes of calls that do not say theirs" data={TIER_CHOICES} allowDeselect={false} {...input} />
  );
}

interface FallbackFieldProps {
  value: string | null;
  onChange: (id: string | null) => void;
  error?: React.ReactNode;
}

/** Who pays for calls that nothing tells the account of. */
export function FallbackField(field: FallbackFieldProps) {
  return (
    <AccountField label="Calls of nobody known" placeholder="Wait until somebody says whose they are" {...field} />
  );
}
