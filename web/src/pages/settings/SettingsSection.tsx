import { Button, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useId, type ReactNode, type SubmitEventHandler } from "react";
import { client, unwrap, type Schemas } from "../../api/client";
import { keys } from "../../api/queries";
import { isBeingDeleted, useMe } from "../../app/session";
import { FormError } from "../../widgets/form/FormError";
import { Panel } from "../../widgets/Panel";
import classes from "./SettingsPage.module.css";

type Agency = Schemas["Agency"];

/** Saves a part of the agency; `said` is what a person then reads. */
export function useAgencyPatch(said: string, onSaved: (agency: Agency) => void, onRefused: (error: Error) => void) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (body: Schemas["AgencyPatch"]) => unwrap(client.PATCH("/v1/agency", { body })),
    onSuccess: async (agency) => {
      queryClient.setQueryData(keys.agency, agency);
      onSaved(agency);
      notifications.show({ message: said });
      await Promise.all(
        [keys.me, keys.overview, keys.audit].map((queryKey) => queryClient.invalidateQueries({ queryKey })),
      );
    },
    onError: onRefused,
  });
}

interface SettingsSectionProps {
  title: string;
  hint: string;
  /** What a change of it does not reach. */
  scope: string;
  isDirty: boolean;
  isSaving: boolean;
  error: unknown;
  /** Fields of this part; an error of one of them stands beside it. */
  fields: readonly string[];
  onSubmit: SubmitEventHandler<HTMLFormElement>;
  children: ReactNode;
}

export function SettingsSection(props: SettingsSectionProps) {
  const scopeId = useId();
  const mayChange = !isBeingDeleted(useMe());
  return (
    <Panel title={props.title} hint={props.hint}>
      <form onSubmit={props.onSubmit} noValidate aria-label={props.title}>
        <fieldset className={classes.whole} disabled={!mayChange}>
          {props.children}
        </fieldset>
        <FormError error={props.error} fields={props.fields} />
        <div className={classes.foot}>
          <Text size="xs" c="dimmed" id={scopeId}>
            {mayChange ? props.scope : "Cannot be changed while the agency is being deleted."}
          </Text>
          <Button
            type="submit"
            disabled={!props.isDirty || !mayChange}
            loading={props.isSaving}
            aria-describedby={scopeId}
          >
            Save
          </Button>
        </div>
      </form>
    </Panel>
  );
}
