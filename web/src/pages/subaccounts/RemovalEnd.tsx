import { Checkbox, List, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import type { Schemas } from "../../api/client";
import { useMe } from "../../app/session";
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
  const { calls_in_progress: calls } = removal;
  const agency = useMe().agency.name;
  const form = useForm({
    initialValues: { name: "", force: false },
    validate: {
      name: (name) => (name.trim() === removal.name ? null : `Type ${removal.name}, exactly so`),
      force: (force) => (force || calls === 0 ? null : "Wait until they have ended, or agree"),
    },
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
        Step 2 of 2: Knowledge Packs, and what ends with it
      </Text>
      <List size="sm" spacing={4}>
        <List.Item>{creditsEnding(removal.knowledge_credits, agency)}</List.Item>
        {endings(removal).map((ending) => (
          <List.Item key={ending}>{ending}</List.Item>
        ))}
        <List.Item>Its calls and its statement stay. A call that is told later is charged to the primary.</List.Item>
        <List.Item>Its place in your plan is free at once. This cannot be undone.</List.Item>
      </List>
      {calls > 0 && (
        <Checkbox
          label={`Remove it although ${counted(calls, "call is", "calls are")} in progress`}
          description="Nothing is cut off here: what is held goes with the minutes left, and what is talked is charged to the primary."
          {...form.getInputProps("force", { type: "checkbox" })}
        />
      )}
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

function creditsEnding(credits: number, agency: string): string {
  if (credits === 0) return "It has no knowledge credits.";
  return `${counted(credits, "knowledge credit returns", "knowledge credits return")} to ${agency} by ${credits === 1 ? "itself" : "themselves"}.`;
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
