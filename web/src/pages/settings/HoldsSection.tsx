import { TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import type { Schemas } from "../../api/client";
import { concurrencyFault, concurrencyValue } from "../../widgets/form/concurrency";
import { fieldErrors } from "../../widgets/form/FormError";
import classes from "./SettingsPage.module.css";
import { SettingsSection, useAgencyPatch } from "./SettingsSection";

const FIELDS = [
  "reservations.hold_seconds",
  "reservations.extension_seconds",
  "reservations.grace_seconds",
  "reservations.concurrency_limit",
] as const;
const GRACE_MAX = 3600;

const secondsFault = (least: number, most: number) => (typed: string) =>
  /^\d{1,6}$/.test(typed.trim()) && Number(typed) >= least && Number(typed) <= most
    ? null
    : `From ${least} to ${most} seconds`;

/** What is held for calls when the engine asks for no other number. */
export function HoldsSection({ agency: { reservations: now, limits } }: { agency: Schemas["Agency"] }) {
  const form = useForm({
    initialValues: {
      reservations: {
        hold_seconds: String(now.hold_seconds),
        extension_seconds: String(now.extension_seconds),
        grace_seconds: String(now.grace_seconds),
        concurrency_limit: now.concurrency_limit === null ? "" : String(now.concurrency_limit),
      },
    },
    validate: {
      reservations: {
        hold_seconds: secondsFault(1, limits.hold_seconds),
        extension_seconds: secondsFault(1, limits.extension_seconds),
        grace_seconds: secondsFault(0, GRACE_MAX),
        concurrency_limit: concurrencyFault,
      },
    },
  });
  const save = useAgencyPatch(
    "What is held for calls was changed.",
    () => form.resetDirty(),
    (error) => form.setErrors(fieldErrors(error, FIELDS)),
  );
  return (
    <SettingsSection
      title="Holds for calls"
      hint="Before a call your engine asks whether it may begin, and minutes are held for it. These count where it names no number."
      scope="For calls that ask from now on."
      isDirty={form.isDirty()}
      isSaving={save.isPending}
      error={save.error}
      fields={FIELDS}
      onSubmit={form.onSubmit(({ reservations: typed }) =>
        save.mutate({
          reservations: {
            hold_seconds: Number(typed.hold_seconds),
            extension_seconds: Number(typed.extension_seconds),
            grace_seconds: Number(typed.grace_seconds),
            concurrency_limit: concurrencyValue(typed.concurrency_limit),
          },
        }),
      )}
    >
      <div className={classes.fields}>
        <TextInput
          label="Held when a call begins"
          inputMode="numeric"
          rightSection="s"
          {...form.getInputProps("reservations.hold_seconds")}
        />
        <TextInput
          label="More with each extension"
          inputMode="numeric"
          rightSection="s"
          {...form.getInputProps("reservations.extension_seconds")}
        />
        <TextInput
          label="Kept after that"
          description="For ringing, and for the record to come in."
          inputMode="numeric"
          rightSection="s"
          {...form.getInputProps("reservations.grace_seconds")}
        />
        <TextInput
          label="Calls at once per sub-account"
          description="Unless it has a limit of its own."
          placeholder="Any number"
          inputMode="numeric"
          {...form.getInputProps("reservations.concurrency_limit")}
        />
      </div>
    </SettingsSection>
  );
}
