import { Alert } from "@mantine/core";
import { IconAlertCircle } from "@tabler/icons-react";
import { ApiError } from "../../api/client";
import { errorText } from "../states/states";

/** The server's words on each field, for a form that has fields of these names. */
export function fieldErrors(error: unknown, fields: readonly string[]): Record<string, string> {
  if (!(error instanceof ApiError)) return {};
  return Object.fromEntries(Object.entries(error.fields).filter(([field]) => fields.includes(field)));
}

/** What went wrong, unless it stands beside a field already. */
export function FormError({ error, fields }: { error: unknown; fields: readonly string[] }) {
  if (!error || Object.keys(fieldErrors(error, fields)).length > 0) return null;
  return (
    <Alert color="red" variant="light" icon={<IconAlertCircle size={16} />} role="alert" p="xs">
      {errorText(error)}
    </Alert>
  );
}
