import { Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { client, unwrap } from "../../api/client";
import { useMe, useZone } from "../../app/session";
import { DialogForm } from "../../widgets/form/DialogForm";
import { fieldErrors, FormError } from "../../widgets/form/FormError";
import { dateText } from "../../widgets/format/time";
import { useNow } from "../../widgets/useNow";
import classes from "./DeleteDialog.module.css";
import { ExportList } from "./ExportList";

const FIELDS = ["name"] as const;
const UNDO_MS = 14 * 86_400_000;

export function DeleteDialog({ onClose }: { onClose: () => void }) {
  const queryClient = useQueryClient();
  const zone = useZone();
  const { agency } = useMe();
  const form = useForm({
    initialValues: { name: "" },
    validate: { name: (name) => (name.trim() === agency.name ? null : `Type ${agency.name}, exactly so`) },
  });
  const remove = useMutation({
    mutationFn: (name: string) => unwrap(client.DELETE("/v1/agency", { body: { name } })),
    onSuccess: async ({ name, deletes_at: at }) => {
      // What may be done has changed on every page.
      await queryClient.invalidateQueries();
      onClose();
      notifications.show({ message: `${name} will be deleted${at ? ` on ${dateText(at, zone)}` : ""}.` });
    },
    onError: (error) => form.setErrors(fieldErrors(error, FIELDS)),
  });
  return (
    <DialogForm
      title={`Delete ${agency.name}?`}
      submit="Delete agency"
      destructive
      busy={remove.isPending}
      onClose={onClose}
      onSubmit={form.onSubmit(({ name }) => remove.mutate(name.trim()))}
    >
      <WhatHappens />
      <section aria-labelledby="exports-first">
        <Text id="exports-first" size="sm" fw={550}>
          Export first what you want to keep
        </Text>
        <ExportList />
      </section>
      <TextInput
        label={
          <>
            Type <b>{agency.name}</b> to confirm
          </>
        }
        autoComplete="off"
        {...form.getInputProps("name")}
      />
      <FormError error={remove.error} fields={FIELDS} />
    </DialogForm>
  );
}

function WhatHappens() {
  const { agency, role } = useMe();
  const zone = useZone();
  const until = dateText(new Date(useNow() + UNDO_MS).toISOString(), zone);
  const told = agency.sends_mail ? "Everybody in it is told by mail." : "Nobody is told by mail: tell them yourself.";
  const steps: [when: string, what: string][] = [
    ["At once", `New calls are refused, and nobody can change anything; all can still read. ${told}`],
    [
      `Until ${until}`,
      `${role === "agency_owner" ? "You" : "The owner alone"} can take it back, and everything is as it was.`,
    ],
    [
      "Then",
      "People, API keys, invitations and the audit trail are deleted. Names, addresses, numbers and texts are taken out of sub-accounts and calls; durations, prices and payments stay for the books, about nobody. This cannot be undone.",
    ],
  ];
  return (
    <dl className={classes.steps}>
      {steps.map(([when, what]) => (
        <div key={when}>
          <dt>{when}</dt>
          <dd>{what}</dd>
        </div>
      ))}
    </dl>
  );
}
