import { List, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import type { Schemas } from "../../api/client";
import { DialogForm } from "../../widgets/form/DialogForm";
import { FormError } from "../../widgets/form/FormError";
import { countText } from "../../widgets/format/minutes";

interface RemovalEndProps {
  title: string;
  removal: Schemas["Removal"];
  busy: boolean;
  error: unknown;
  onBack: () => void;
  onConfirm: () => void;
  onClose: () => void;
}

/** The second step: what ends with the account, and its name, typed. */
export function RemovalEnd({ title, removal, busy, error, onBack, onConfirm }: RemovalEndProps) {
  const form = useForm({
    initialValues: { name: "" },
    validate: { name: (name) => (name.trim() === removal.name ? null : `Type ${removal.name}, exactly so`) },
  });
  return (
    <DialogForm
      title={title}
      submit="Remove sub-account"
      destructive
      cancel="Back"
      busy={busy}
      onClose={onBack}
      onSubmit={form.onSubmit(onConfirm)}
    >
      <Text size="sm" c="dimmed">
        Step 2 of 2: what ends with it
      </Text>
      <List size="sm" spacing={4}>
        {endings(removal).map((ending) => (
          <List.Item key={ending}>{ending}</List.Item>
        ))}
        <List.Item>Its calls and its statement stay. A call that is told later is charged to the primary.</List.Item>
        <List.Item>Its place in your plan is free at once. This cannot be undone.</List.Item>
      </List>
      <TextInput
        data-autofocus
        label={
          <>
            Type <b>{removal.name}</b> to confirm
          </>
        }
        autoComplete="off"
        {...form.getInputProps("name")}
      />
      <FormError error={error} fields={[]} />
    </DialogForm>
  );
}

function endings(removal: Schemas["Removal"]): string[] {
  const { people, people_deactivated: out, invitations, invitations_revoked: revoked, api_keys: keys } = removal;
  return [
    people > 0 ? `${counted(people, "person loses", "people lose")} access to it.` : "",
    out > 0 ? `${counted(out, "of them reaches", "of them reach")} nothing else: signed out, and out for now.` : "",
    invitations > 0
      ? `${counted(invitations, "pending invitation goes", "pending invitations go")} on without it.`
      : "",
    revoked > 0 ? `${counted(revoked, "of them names", "of them name")} nothing else and is taken back.` : "",
    keys > 0 ? `${counted(keys, "API key of its own is", "API keys of its own are")} revoked.` : "",
  ].filter((text) => text !== "");
}

function counted(count: number, one: string, many: string): string {
  return `${countText(count)} ${count === 1 ? one : many}`;
}
