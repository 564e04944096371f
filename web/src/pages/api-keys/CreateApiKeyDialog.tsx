import { Checkbox, Select, Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { client, unwrap, type Schemas } from "../../api/client";
import { keys, subaccountSearchQuery } from "../../api/queries";
import { useZone } from "../../app/session";
import { DialogForm } from "../../widgets/form/DialogForm";
import { fieldErrors, FormError } from "../../widgets/form/FormError";
import { useIntent } from "../../widgets/form/intent";
import { SearchSelect } from "../../widgets/form/SearchSelect";
import { addDays, dateText, dayOf, startOfDay, type Day, type Zone } from "../../widgets/format/time";
import { useNow } from "../../widgets/useNow";
import { SecretOnce } from "./SecretOnce";

const FIELDS = ["name", "scopes", "subaccount", "expires_at"] as const;
const ACCOUNTS_SHOWN = 20;

const SCOPES: [Schemas["Scope"], string][] = [
  ["calls:write", "Record calls and charge their minutes"],
  ["reservations:write", "Ask before a call whether it may begin"],
  ["read", "Read accounts, calls, statements and reports"],
];

const ON_A_DAY = "day";
const LIFETIMES = [
  { value: "", label: "Never" },
  { value: "30", label: "After 30 days" },
  { value: "90", label: "After 90 days" },
  { value: "365", label: "After a year" },
  { value: ON_A_DAY, label: "On a day…" },
];

interface Expiry {
  lifetime: string;
  day: string;
}

/** The first instant of the day on which the key no longer works, or null. */
function expiryOf({ lifetime, day }: Expiry, today: Day, zone: Zone): string | null {
  if (lifetime === "") return null;
  if (lifetime === ON_A_DAY) return day === "" ? null : startOfDay(addDays(day, 1), zone);
  return startOfDay(addDays(today, Number(lifetime)), zone);
}

function dayFault({ lifetime, day }: Expiry, today: Day): string | null {
  if (lifetime !== ON_A_DAY) return null;
  return day >= today ? null : "Choose today or a later day";
}

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
  const today = dayOf(useNow(), zone);
  const intent = useIntent();
  const form = useForm({
    initialValues: {
      name: "",
      scopes: ["calls:write"] as Schemas["Scope"][],
      subaccount: null as string | null,
      lifetime: "",
      day: "",
    },
    validate: {
      day: (_, values) => dayFault(values, today),
      name: (name) => (name.trim() ? null : "Name the machine that will use it"),
      scopes: (scopes) => (scopes.length > 0 ? null : "Choose at least one"),
    },
  });
  const create = useMutation({
    mutationFn: (values: typeof form.values) => {
      const body: Schemas["ApiKeyInput"] = {
        name: values.name.trim(),
        scopes: values.scopes,
        subaccount: values.subaccount,
        expires_at: expiryOf(values, today, zone),
      };
      return unwrap(client.POST("/v1/api_keys", { body, params: { header: intent(body) } }));
    },
    onSuccess: (key) => {
      for (const queryKey of [keys.apiKeys, keys.audit]) void queryClient.invalidateQueries({ queryKey });
      onMade(key);
    },
    onError: (error) => {
      const { expires_at: day, ...others } = fieldErrors(error, FIELDS);
      form.setErrors({ ...others, ...(day && { day }) });
    },
  });
  const isOnADay = form.values.lifetime === ON_A_DAY;
  const end = expiryOf(form.values, today, zone);
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
      <Select
        label="Expires"
        data={LIFETIMES}
        {...(end && !isOnADay && { description: `It works until the end of ${lastDay(end, zone)}.` })}
        inputWrapperOrder={["label", "input", "description", "error"]}
        {...form.getInputProps("lifetime")}
      />
      {isOnADay && <TextInput type="date" label="Last day that it works" min={today} {...form.getInputProps("day")} />}
      <FormError error={create.error} fields={FIELDS} />
    </DialogForm>
  );
}

/** The day before the one that begins at `end`. */
function lastDay(end: string, zone: Zone): string {
  return dateText(new Date(Date.parse(end) - 1000).toISOString(), zone);
}

function AccountSelect({ value, onChange }: { value: string | null; onChange: (id: string | null) => void }) {
  const [q, setQ] = useState("");
  const found = useQuery(subaccountSearchQuery(q, ACCOUNTS_SHOWN)).data?.data ?? [];
  return (
    <SearchSelect
      label="Reaches"
      placeholder="All accounts"
      value={value}
      onChange={onChange}
      called={null}
      found={found.map((account) => ({ value: account.id, label: account.name }))}
      onSearch={setQ}
      nothing="No account matches"
    />
  );
}
