import { Button, PasswordInput, Select, Stack, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { client, unwrap, type Schemas } from "../../api/client";
import { keys } from "../../api/queries";
import { CopyField } from "../../widgets/form/CopyField";
import { Dialog } from "../../widgets/form/Dialog";
import { DialogForm } from "../../widgets/form/DialogForm";
import { fieldErrors, FormError } from "../../widgets/form/FormError";
import { useIntent } from "../../widgets/form/intent";
import { Note } from "../../widgets/Note";
import { FallbackField, TierField } from "./ConnectionFields";
import { ENGINE_CHOICES, ENGINES, FIRST_MAPPING, type Engine } from "./engines";

const FIELDS = ["name", "engine", "secret", "subaccount"] as const;

export function ConnectDialog({ onClose }: { onClose: () => void }) {
  const [made, setMade] = useState<Schemas["EngineConnectionDetail"] | null>(null);
  return made ? <Connected connection={made} onClose={onClose} /> : <ConnectForm onMade={setMade} onClose={onClose} />;
}

interface ConnectValues {
  engine: Engine;
  name: string;
  secret: string;
  tier: Schemas["Tier"];
  subaccount: string | null;
}

interface ConnectFormProps {
  onMade: (connection: Schemas["EngineConnectionDetail"]) => void;
  onClose: () => void;
}

function ConnectForm({ onMade, onClose }: ConnectFormProps) {
  const queryClient = useQueryClient();
  const intent = useIntent();
  const form = useForm<ConnectValues>({
    initialValues: { engine: "vapi", name: "", secret: "", tier: "premium", subaccount: null },
    validate: {
      name: (name) => (name.trim() ? null : "Give it a name that tells it from your others"),
      secret: (secret, { engine }) =>
        ENGINES[engine].secret !== null && secret.trim() === ""
          ? "It signs with this: without it nothing is taken"
          : null,
    },
  });
  const connect = useMutation({
    mutationFn: (values: ConnectValues) => {
      const body: Schemas["EngineConnectionInput"] = {
        name: values.name.trim(),
        engine: values.engine,
        secret: values.secret.trim() || null,
        tier: values.tier,
        subaccount: values.subaccount,
        ...(values.engine === "generic" && { mapping: FIRST_MAPPING }),
      };
      return unwrap(client.POST("/v1/engine_connections", { body, params: { header: intent(body) } }));
    },
    onSuccess: (connection) => {
      for (const queryKey of [keys.engines, keys.audit]) void queryClient.invalidateQueries({ queryKey });
      onMade(connection);
    },
    onError: (error) => form.setErrors(fieldErrors(error, FIELDS)),
  });
  const { secret } = ENGINES[form.values.engine];
  return (
    <DialogForm
      title="Connect a voice engine"
      submit="Connect"
      busy={connect.isPending}
      onClose={onClose}
      onSubmit={form.onSubmit((values) => connect.mutate(values))}
    >
      <Select
        label="Engine"
        data={ENGINE_CHOICES}
        allowDeselect={false}
        data-autofocus
        {...form.getInputProps("engine")}
      />
      <TextInput label="Name" placeholder="Vapi, production" maxLength={120} {...form.getInputProps("name")} />
      <PasswordInput
        label={secret === null ? "Secret (optional)" : "Secret"}
        description={secret ?? "Sent by it as Authorization: Bearer. Without one, whoever knows the URL may report."}
        autoComplete="off"
        maxLength={256}
        {...form.getInputProps("secret")}
      />
      <TierField input={form.getInputProps("tier")} />
      <FallbackField
        value={form.values.subaccount}
        onChange={(id) => form.setFieldValue("subaccount", id)}
        error={form.errors.subaccount}
      />
      <FormError error={connect.error} fields={FIELDS} />
    </DialogForm>
  );
}

function Connected({ connection, onClose }: { connection: Schemas["EngineConnectionDetail"]; onClose: () => void }) {
  return (
    <Dialog onClose={onClose} title={`${connection.name} may report now`}>
      <Stack>
        <Text size="sm">{ENGINES[connection.engine].guide}</Text>
        {connection.url && <CopyField label="URL" value={connection.url} />}
        <Note>Keep it to yourself: whoever knows it, and the secret, can charge calls to your clients.</Note>
        <Dialog.Buttons>
          <Button onClick={onClose}>Done</Button>
        </Dialog.Buttons>
      </Stack>
    </Dialog>
  );
}
