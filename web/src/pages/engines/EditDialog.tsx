import { ActionIcon, Button, Group, PasswordInput, Stack, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { client, unwrap, type Schemas } from "../../api/client";
import { keys } from "../../api/queries";
import { CopyField } from "../../widgets/form/CopyField";
import { DialogForm } from "../../widgets/form/DialogForm";
import { fieldErrors, FormError } from "../../widgets/form/FormError";
import { AccountField } from "./AccountField";
import { FallbackField, TierField } from "./ConnectionFields";
import { ENGINES } from "./engines";
import { connectionQuery, type Connection } from "./queries";

const FIELDS = ["name", "secret", "subaccount"] as const;

interface EditDialogProps {
  connection: Connection;
  onClose: () => void;
}

export function EditDialog({ connection, onClose }: EditDialogProps) {
  const whole = useQuery({ ...connectionQuery(connection.id), staleTime: 0 }).data;
  return whole ? <EditForm key={whole.id} connection={whole} onClose={onClose} /> : null;
}

interface Rule {
  key: string;
  subaccount: string | null;
}

const isWhole = (rule: Rule): rule is Rule & { subaccount: string } =>
  rule.key.trim() !== "" && rule.subaccount !== null;

interface EditValues {
  name: string;
  secret: string;
  tier: Schemas["Tier"];
  subaccount: string | null;
  rules: Rule[];
}

interface EditFormProps {
  connection: Schemas["EngineConnectionDetail"];
  onClose: () => void;
}

function EditForm({ connection, onClose }: EditFormProps) {
  const queryClient = useQueryClient();
  const form = useForm<EditValues>({
    initialValues: {
      name: connection.name,
      secret: "",
      tier: connection.tier,
      subaccount: connection.subaccount,
      rules: connection.rules,
    },
    validate: { name: (name) => (name.trim() ? null : "Give it a name that tells it from your others") },
  });
  const change = useMutation({
    mutationFn: (values: EditValues) =>
      unwrap(
        client.PATCH("/v1/engine_connections/{engine_connection}", {
          params: { path: { engine_connection: connection.id } },
          body: {
            name: values.name.trim(),
            tier: values.tier,
            subaccount: values.subaccount,
            rules: values.rules.filter(isWhole).map(({ key, subaccount }) => ({ key: key.trim(), subaccount })),
            ...(values.secret.trim() && { secret: values.secret.trim() }),
          },
        }),
      ),
    onSuccess: () => {
      for (const queryKey of [keys.engines, keys.audit]) void queryClient.invalidateQueries({ queryKey });
      onClose();
    },
    onError: (error) => form.setErrors(fieldErrors(error, FIELDS)),
  });
  return (
    <DialogForm
      title={`Edit ${connection.name}`}
      submit="Save"
      busy={change.isPending}
      onClose={onClose}
      onSubmit={form.onSubmit((values) => change.mutate(values))}
    >
      {connection.url && <CopyField label="URL" value={connection.url} />}
      <Text size="xs" c="dimmed">
        {ENGINES[connection.engine].guide}
      </Text>
      <TextInput label="Name" maxLength={120} data-autofocus {...form.getInputProps("name")} />
      <PasswordInput
        label="New secret"
        placeholder={connection.has_secret ? "Stays as it is" : "None so far"}
        autoComplete="off"
        maxLength={256}
        {...form.getInputProps("secret")}
      />
      <TierField input={form.getInputProps("tier")} />
      <RuleList rules={form.values.rules} onChange={(rules) => form.setFieldValue("rules", rules)} />
      <FallbackField
        value={form.values.subaccount}
        onChange={(id) => form.setFieldValue("subaccount", id)}
        error={form.errors.subaccount}
      />
      <FormError error={change.error} fields={FIELDS} />
    </DialogForm>
  );
}

/** Whose calls are that have a number, an assistant, an account code. */
function RuleList({ rules, onChange }: { rules: Rule[]; onChange: (rules: Rule[]) => void }) {
  const set = (i: number, change: Partial<Rule>) =>
    onChange(rules.map((r, at) => (at === i ? { ...r, ...change } : r)));
  return (
    <Stack gap={6} role="group" aria-label="Whose calls are whose">
      <Text size="sm" fw={500}>
        Whose calls are whose
      </Text>
      {rules.map((rule, i) => (
        <Group key={i} gap={8} wrap="nowrap" align="flex-end">
          <TextInput
            flex={1}
            label="Number or id"
            placeholder="+15550100"
            maxLength={128}
            value={rule.key}
            onChange={(event) => set(i, { key: event.currentTarget.value })}
          />
          <AccountField
            label="Account"
            placeholder="Choose"
            value={rule.subaccount}
            onChange={(subaccount) => set(i, { subaccount })}
          />
          <ActionIcon
            size={36}
            aria-label={`Remove the rule of ${rule.key || "nothing"}`}
            onClick={() => onChange(rules.filter((_, at) => at !== i))}
          >
            <IconTrash size={16} />
          </ActionIcon>
        </Group>
      ))}
      <Button
        variant="default"
        size="xs"
        w="fit-content"
        leftSection={<IconPlus size={14} />}
        onClick={() => onChange([...rules, { key: "", subaccount: null }])}
      >
        Add a rule
      </Button>
    </Stack>
  );
}
