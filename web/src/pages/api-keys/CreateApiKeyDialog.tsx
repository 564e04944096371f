import { Button, Checkbox, Select, Stack, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useDebouncedValue } from "@mantine/hooks";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { client, unwrap, type Schemas } from "../../api/client";
import { keys, subaccountSearchQuery } from "../../api/queries";
import { useZone } from "../../app/session";
import { CopyField } from "../../widgets/form/CopyField";
import { Dialog } from "../../widgets/form/Dialog";
import { DialogForm } from "../../widgets/form/DialogForm";
import { fieldErrors, FormError } from "../../widgets/form/FormError";
import { useIntent } from "../../widgets/form/intent";
import { addDays, dayOf, startOfDay } from "../../widgets/format/time";
import { Note } from "../../widgets/Note";

const FIELDS = ["name", "scopes", "subaccount", "expires_at"] as const;
const ACCOUNTS_SHOWN = 20;

const SCOPES: [Schemas["Scope"], string][] = [
  ["calls:write", "Record calls and charge their minutes"],
  ["reservations:write", "Ask before a call whether it may begin"],
  ["read", "Read accounts, calls, statements and reports"],
];

const LIFETIMES = [
  { value: "", label: "Never" },
  { value: "30", label: "After 30 days" },
  { value: "90", label: "After 90 days" },
  { value: "365", label: "After a year" },
];

export function CreateApiKeyDialog({ onClose }: { onClose: () => void }) {
  const [made, setMade] = useState<Schemas["ApiKey"] | null>(null);
  return made ? <SecretOnce apiKey={made} onClose={onClose} /> : <CreateForm onMade={setMade} onClose={onClose} />;
}

interface CreateFormProps {
  onMade: (key: Schemas["ApiKey"]) => void;
  onClose: () => void;
}

function CreateForm({ onMade, onClose }: CreateFormProps) {
  const queryClient = useQueryClient();
  const zone = useZone();
  const intent = useIntent();
  const form = useForm({
    initialValues: { name: "", scopes: ["calls:write"] as Schemas["Scope"][], subaccount: "", lifetime: "" },
    validate: {
      name: (name) => (name.trim() ? null : "Name the machine that will use it"),
      scopes: (scopes) => (scopes.length > 0 ? null : "Choose at least one"),
    },
  });
  const create = useMutation({
    mutationFn: (values: typeof form.values) => {
      const body: Schemas["ApiKeyInput"] = {
        name: values.name.trim(),
        scopes: values.scopes,
        subaccount: values.subaccount || null,
        expires_at: values.lifetime
          ? startOfDay(addDays(dayOf(Date.now(), zone), Number(values.lifetime)), zone)
          : null,
      };
      return unwrap(client.POST("/v1/api_keys", { body, params: { header: intent(body) } }));
    },
    onSuccess: (key) => {
      for (const queryKey of [keys.apiKeys, keys.audit]) void queryClient.invalidateQueries({ queryKey });
      onMade(key);
    },
    onError: (error) => form.setErrors(fieldErrors(error, FIELDS)),
  });
  return (
    <DialogForm
      title="Create API key"
      submit="Create key"
      busy={create.isPending}
      onClose={onClose}
      onSubmit={form.onSubmit((values) => create.mutate(values))}
    >
      <TextInput
        label="Name"
        placeholder="Production PBX"
        maxLength={120}
        data-autofocus
        {...form.getInputProps("name")}
      />
      <Checkbox.Group label="It may" {...form.getInputProps("scopes")}>
        <Stack gap={10} mt={6}>
          {SCOPES.map(([scope, meaning]) => (
            <Checkbox key={scope} value={scope} label={scope} description={meaning} />
          ))}
        </Stack>
      </Checkbox.Group>
      <AccountSelect value={form.values.subaccount} onChange={(id) => form.setFieldValue("subaccount", id)} />
      <Select label="Expires" data={LIFETIMES} {...form.getInputProps("lifetime")} />
      <FormError error={create.error} fields={FIELDS} />
    </DialogForm>
  );
}

function AccountSelect({ value, onChange }: { value: string; onChange: (id: string) => void }) {
  const [typed, setTyped] = useState("");
  const [chosen, setChosen] = useState<{ value: string; label: string } | null>(null);
  const [q] = useDebouncedValue(typed === chosen?.label ? "" : typed.trim(), 150);
  const found = useQuery(subaccountSearchQuery(q, ACCOUNTS_SHOWN)).data?.data ?? [];
  const options = found.map((account) => ({ value: account.id, label: account.name }));
  const data = chosen && !options.some((option) => option.value === chosen.value) ? [chosen, ...options] : options;
  return (
    <Select
      label="Reaches"
      placeholder="All accounts"
      searchable
      clearable
      data={data}
      filter={({ options: all }) => all}
      searchValue={typed}
      onSearchChange={setTyped}
      value={value || null}
      nothingFoundMessage="No account matches"
      onChange={(id, option) => {
        setChosen(id && option ? { value: id, label: option.label } : null);
        onChange(id ?? "");
      }}
    />
  );
}

/** The one time that anybody sees the secret. */
function SecretOnce({ apiKey, onClose }: { apiKey: Schemas["ApiKey"]; onClose: () => void }) {
  return (
    <Dialog
      onClose={onClose}
      title={`${apiKey.name} is ready`}
      closeOnClickOutside={false}
      closeOnEscape={false}
      withCloseButton={false}
    >
      <Stack>
        {apiKey.secret ? (
          <CopyField label="Secret" value={apiKey.secret} />
        ) : (
          <Text size="sm">
            It was made by an earlier try, and its secret was shown then. Revoke it and make another.
          </Text>
        )}
        <Note>Copy it now. It is stored as a hash only, so nobody can show it again.</Note>
        <Dialog.Buttons>
          <Button onClick={onClose}>I have stored it</Button>
        </Dialog.Buttons>
      </Stack>
    </Dialog>
  );
}
