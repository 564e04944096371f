// How an engine's payloads become call records, edited beside a payload that is tried at every change.
import { Button, Group, Stack, Text, Textarea, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { client, unwrap, type Schemas } from "../../api/client";
import { keys } from "../../api/queries";
import { Dialog } from "../../widgets/form/Dialog";
import { FormError } from "../../widgets/form/FormError";
import classes from "./MappingDialog.module.css";
import { MappingResult } from "./MappingResult";
import { MappingRules } from "./MappingRules";
import { conditionsOf, conditionsText } from "./mappingText";
import { connectionQuery, type Connection } from "./queries";

const TYPING_PAUSE_MS = 400;

interface MappingDialogProps {
  connection: Connection;
  onClose: () => void;
}

export function MappingDialog({ connection, onClose }: MappingDialogProps) {
  const whole = useQuery({ ...connectionQuery(connection.id), staleTime: 0 }).data;
  return whole ? <MappingEditor key={whole.id} connection={whole} onClose={onClose} /> : null;
}

interface MappingEditorProps {
  connection: Schemas["EngineConnectionDetail"];
  onClose: () => void;
}

function MappingEditor({ connection, onClose }: MappingEditorProps) {
  const queryClient = useQueryClient();
  const [rules, setRules] = useState(connection.mapping.rules);
  const [when, setWhen] = useState(conditionsText(connection.mapping.when));
  const [payload, setPayload] = useState("");
  const mapping: Schemas["Mapping"] = { when: conditionsOf(when), rules };
  const save = useMutation({
    mutationFn: (own: Schemas["Mapping"] | null) =>
      unwrap(
        client.PATCH("/v1/engine_connections/{engine_connection}", {
          params: { path: { engine_connection: connection.id } },
          body: { mapping: own },
        }),
      ),
    onSuccess: () => {
      for (const queryKey of [keys.engines, keys.audit]) void queryClient.invalidateQueries({ queryKey });
      onClose();
    },
  });
  return (
    <Dialog onClose={onClose} title={`Mapping of ${connection.name}`} size="min(1180px, 96vw)">
      <div className={classes.sides}>
        <Stack gap="sm">
          <TextInput
            label="Only payloads in which"
            description="Pointer=value, several with commas; the rest is ignored."
            placeholder="/type=call.ended"
            value={when}
            onChange={(event) => setWhen(event.currentTarget.value)}
          />
          <MappingRules rules={rules} onChange={setRules} />
        </Stack>
        <Stack gap="sm">
          <Textarea
            label="A payload to try it with"
            description="Paste what the engine sent. It is tried as you type, and kept nowhere."
            placeholder={'{"id":"call-1","duration":61}'}
            rows={9}
            maxLength={60000}
            value={payload}
            onChange={(event) => setPayload(event.currentTarget.value)}
            styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)", fontSize: 12 } }}
          />
          <Trial connection={connection} mapping={mapping} payload={payload} />
        </Stack>
      </div>
      <Stack mt="md">
        <FormError error={save.error} fields={[]} />
        <Group justify="space-between">
          {connection.has_own_mapping && connection.engine !== "generic" ? (
            <Button variant="subtle" onClick={() => save.mutate(null)}>
              Use the engine’s own
            </Button>
          ) : (
            <span />
          )}
          <Dialog.Buttons>
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button loading={save.isPending} onClick={() => save.mutate(mapping)}>
              Save mapping
            </Button>
          </Dialog.Buttons>
        </Group>
      </Stack>
    </Dialog>
  );
}

interface TrialProps {
  connection: Schemas["EngineConnectionDetail"];
  mapping: Schemas["Mapping"];
  payload: string;
}

function Trial({ connection, mapping, payload }: TrialProps) {
  const body: Schemas["EngineTestInput"] = {
    engine: connection.engine,
    connection: connection.id,
    mapping,
    payload,
  };
  const [asked] = useDebouncedValue(body, TYPING_PAUSE_MS);
  const trial = useQuery({
    queryKey: [...keys.engines, "test", asked],
    queryFn: ({ signal }) => unwrap(client.POST("/v1/engine_connections/test", { body: asked, signal })),
    enabled: asked.payload.trim() !== "" && asked.mapping?.rules.length !== 0,
    placeholderData: (previous) => previous,
    retry: false,
  });
  if (payload.trim() === "")
    return (
      <Text size="sm" c="dimmed">
        What it makes of the payload is shown here.
      </Text>
    );
  return (
    <div role="status" aria-label="Result">
      {trial.error ? (
        <FormError error={trial.error} fields={[]} />
      ) : (
        trial.data?.calls.map((call, i) => <MappingResult key={i} call={call} />)
      )}
    </div>
  );
}
