import { TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import type { Schemas } from "../../api/client";
import { fieldErrors } from "../../widgets/form/FormError";
import classes from "./SettingsPage.module.css";
import { SettingsSection, useAgencyPatch } from "./SettingsSection";

const FIELDS = ["branding.name", "branding.colour"] as const;
const USUAL_COLOUR = "#0e6f64";

export function BrandingSection({ agency: { name, branding } }: { agency: Schemas["Agency"] }) {
  const form = useForm({
    initialValues: { branding: { name: branding.name ?? "", colour: branding.colour ?? "" } },
    validate: {
      branding: { colour: (colour) => (/^(#[0-9a-f]{6})?$/i.test(colour) ? null : "Six hex digits, such as #1f6f5c") },
    },
  });
  const save = useAgencyPatch(
    "The branding was changed.",
    () => form.resetDirty(),
    (error) => form.setErrors(fieldErrors(error, FIELDS)),
  );
  const { colour } = form.values.branding;
  return (
    <SettingsSection
      title="Branding"
      hint="What everybody who signs in sees instead of Minutebank's own."
      scope="A colour too light or too dark to read is shaded until it can be."
      isDirty={form.isDirty()}
      isSaving={save.isPending}
      error={save.error}
      fields={FIELDS}
      onSubmit={form.onSubmit(({ branding: typed }) =>
        save.mutate({ branding: { name: typed.name.trim() || null, colour: typed.colour.toLowerCase() || null } }),
      )}
    >
      <div className={classes.fields}>
        <TextInput label="Display name" placeholder={name} maxLength={120} {...form.getInputProps("branding.name")} />
        <TextInput
          label="Colour"
          placeholder={USUAL_COLOUR}
          maxLength={7}
          leftSection={
            <input
              type="color"
              aria-label="Pick a colour"
              className={classes.swatch}
              value={/^#[0-9a-f]{6}$/i.test(colour) ? colour : USUAL_COLOUR}
              onChange={(event) => form.setFieldValue("branding.colour", event.currentTarget.value)}
            />
          }
          {...form.getInputProps("branding.colour")}
        />
      </div>
    </SettingsSection>
  );
}
