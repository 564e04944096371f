import { Select, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import type { Schemas } from "../../api/client";
import { fieldErrors } from "../../widgets/form/FormError";
import { timezones } from "../../widgets/form/timezones";
import classes from "./SettingsPage.module.css";
import { SettingsSection, useAgencyPatch } from "./SettingsSection";

const FIELDS = ["name", "timezone"] as const;

export function GeneralSection({ agency }: { agency: Schemas["Agency"] }) {
  const form = useForm({
    initialValues: { name: agency.name, timezone: agency.timezone },
    validate: { name: (name) => (name.trim() ? null : "Name your agency") },
  });
  const save = useAgencyPatch(
    "The agency was changed.",
    () => form.resetDirty(),
    (error) => form.setErrors(fieldErrors(error, FIELDS)),
  );
  return (
    <SettingsSection
      title="General"
      hint="Who you are, and the clock you live by."
      scope="Days, billing periods and reports follow the timezone, past ones too."
      isDirty={form.isDirty()}
      isSaving={save.isPending}
      error={save.error}
      fields={FIELDS}
      onSubmit={form.onSubmit(({ name, timezone }) => save.mutate({ name: name.trim(), timezone }))}
    >
      <div className={classes.fields}>
        <TextInput label="Agency" maxLength={120} {...form.getInputProps("name")} />
        <Select label="Timezone" searchable data={timezones(agency.timezone)} {...form.getInputProps("timezone")} />
      </div>
    </SettingsSection>
  );
}
