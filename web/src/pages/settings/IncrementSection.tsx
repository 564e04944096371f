import { SegmentedControl, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useState } from "react";
import type { Schemas } from "../../api/client";
import { fieldErrors } from "../../widgets/form/FormError";
import classes from "./SettingsPage.module.css";
import { SettingsSection, useAgencyPatch } from "./SettingsSection";

const FIELDS = ["billing_increment.first_seconds", "billing_increment.step_seconds"] as const;
const USUAL = ["1/1", "6/6", "30/6", "60/60"];
const OTHER = "Other";
const MAX_SECONDS = 3600;

const secondsFault = (typed: string) =>
  /^\d{1,4}$/.test(typed) && Number(typed) >= 1 && Number(typed) <= MAX_SECONDS
    ? null
    : `From 1 to ${MAX_SECONDS} seconds`;

function incrementText(first: string, step: string): string {
  if (first === "1" && step === "1") return "Every second that was talked is billed, and no more.";
  return `The first ${first} s are billed as a whole, what follows in steps of ${step} s.`;
}

export function IncrementSection({ agency: { billing_increment: now } }: { agency: Schemas["Agency"] }) {
  const form = useForm({
    initialValues: {
      billing_increment: {
        first_seconds: String(now.first_seconds),
        step_seconds: String(now.step_seconds),
      },
    },
    validate: { billing_increment: { first_seconds: secondsFault, step_seconds: secondsFault } },
  });
  const save = useAgencyPatch(
    "The billing increment was changed.",
    () => form.resetDirty(),
    (error) => form.setErrors(fieldErrors(error, FIELDS)),
  );
  const { first_seconds: first, step_seconds: step } = form.values.billing_increment;
  const typed = `${first}/${step}`;
  const [isOther, setOther] = useState(!USUAL.includes(typed));
  const choose = (chosen: string) => {
    setOther(chosen === OTHER);
    const [firstSeconds, stepSeconds] = chosen.split("/");
    if (firstSeconds && stepSeconds)
      form.setFieldValue("billing_increment", { first_seconds: firstSeconds, step_seconds: stepSeconds });
  };
  return (
    <SettingsSection
      title="Billing increment"
      hint="How talk time is rounded up to what is billed: the first seconds as a whole, then in steps."
      scope="For calls that start from now on."
      isDirty={form.isDirty()}
      isSaving={save.isPending}
      error={save.error}
      fields={FIELDS}
      onSubmit={form.onSubmit(({ billing_increment: typedSeconds }) =>
        save.mutate({
          billing_increment: {
            first_seconds: Number(typedSeconds.first_seconds),
            step_seconds: Number(typedSeconds.step_seconds),
          },
        }),
      )}
    >
      <SegmentedControl
        fullWidth
        aria-label="Usual increments"
        data={[...USUAL, OTHER]}
        value={isOther ? OTHER : typed}
        onChange={choose}
      />
      {isOther && (
        <div className={`${classes.fields ?? ""} ${classes.below ?? ""}`}>
          <TextInput
            label="First"
            inputMode="numeric"
            rightSection="s"
            {...form.getInputProps("billing_increment.first_seconds")}
          />
          <TextInput
            label="Then steps of"
            inputMode="numeric"
            rightSection="s"
            {...form.getInputProps("billing_increment.step_seconds")}
          />
        </div>
      )}
      {secondsFault(first) === null && secondsFault(step) === null && (
        <Text size="xs" c="dimmed" mt="sm">
          {incrementText(first, step)}
        </Text>
      )}
    </SettingsSection>
  );
}
