import { Radio, Stack, Text } from "@mantine/core";
import "@mantine/core/styles/Radio.layer.css";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { client, unwrap, type Schemas } from "../../api/client";
import { keys } from "../../api/queries";
import { useZone } from "../../app/session";
import { DialogForm } from "../../widgets/form/DialogForm";
import { FormError } from "../../widgets/form/FormError";
import { useIntent } from "../../widgets/form/intent";
import { instantText } from "../../widgets/format/time";
import { SecretOnce } from "./SecretOnce";

type ApiKey = Schemas["ApiKey"];

const HOUR = 3600;

/** How long the old secret goes on; the API takes up to 30 days. */
const OVERLAPS: [seconds: number, label: string, when: string][] = [
  [0, "Not at all", "When the secret has leaked. Machines are refused until they have the new one."],
  [HOUR, "One hour", "When you change it now."],
  [24 * HOUR, "One day", "When a colleague changes it, or several machines use it."],
  [7 * 24 * HOUR, "7 days", ""],
  [30 * 24 * HOUR, "30 days", "The longest there is."],
];
const USUAL = String(24 * HOUR);

interface RotateApiKeyDialogProps {
  apiKey: ApiKey;
  onClose: () => void;
}

export function RotateApiKeyDialog({ apiKey, onClose }: RotateApiKeyDialogProps) {
  const [made, setMade] = useState<{ key: ApiKey; oldEnds: number } | null>(null);
  const zone = useZone();
  if (!made)
    return <RotateForm apiKey={apiKey} onClose={onClose} onMade={(key, oldEnds) => setMade({ key, oldEnds })} />;
  const oldWorks = made.oldEnds > Date.parse(made.key.created_at);
  return (
    <SecretOnce apiKey={made.key} onClose={onClose}>
      {oldWorks
        ? `Give it to whatever uses ${apiKey.name}. The old secret, …${apiKey.hint}, works until ${instantText(new Date(made.oldEnds).toISOString(), zone)}.`
        : `Give it to whatever uses ${apiKey.name}: the old secret, …${apiKey.hint}, no longer works.`}
    </SecretOnce>
  );
}

interface RotateFormProps extends RotateApiKeyDialogProps {
  onMade: (key: ApiKey, oldEnds: number) => void;
}

function RotateForm({ apiKey, onClose, onMade }: RotateFormProps) {
  const queryClient = useQueryClient();
  const intent = useIntent();
  const zone = useZone();
  const [overlap, setOverlap] = useState(USUAL);
  const rotate = useMutation({
    mutationFn: (seconds: number) => {
      const body = { overlap_seconds: seconds };
      const params = { path: { api_key: apiKey.id }, header: intent(body) };
      return unwrap(client.POST("/v1/api_keys/{api_key}/rotate", { body, params }));
    },
    onSuccess: (key, seconds) => {
      for (const queryKey of [keys.apiKeys, keys.audit]) void queryClient.invalidateQueries({ queryKey });
      onMade(key, oldEnd(apiKey, key, seconds));
    },
  });
  return (
    <DialogForm
      title={`Rotate ${apiKey.name}`}
      submit="Make a new secret"
      busy={rotate.isPending}
      onClose={onClose}
      onSubmit={(event) => {
        event.preventDefault();
        rotate.mutate(Number(overlap));
      }}
    >
      <Text size="sm">
        A new key with the same name and rights takes its place
        {apiKey.expires_at ? `, until ${instantText(apiKey.expires_at, zone)} as before` : ""}.
      </Text>
      <Radio.Group label="How long does the old secret go on working?" value={overlap} onChange={setOverlap}>
        <Stack gap={10} mt={6}>
          {OVERLAPS.map(([seconds, label, when]) => (
            <Radio key={seconds} size="xs" value={String(seconds)} label={label} {...(when && { description: when })} />
          ))}
        </Stack>
      </Radio.Group>
      <FormError error={rotate.error} fields={[]} />
    </DialogForm>
  );
}

/** A key that expires earlier does not live longer by it. */
function oldEnd(old: ApiKey, made: ApiKey, overlapSeconds: number): number {
  const end = Date.parse(made.created_at) + overlapSeconds * 1000;
  return old.expires_at ? Math.min(end, Date.parse(old.expires_at)) : end;
}
