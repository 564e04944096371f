// How the agency's people sign in: with a password, or with a code beside it.
import { Anchor, Switch, Text } from "@mantine/core";
import "@mantine/core/styles/Switch.layer.css";
import { useForm } from "@mantine/form";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { Schemas } from "../../api/client";
import { useMe } from "../../app/session";
import { fieldErrors } from "../../widgets/form/FormError";
import { countText } from "../../widgets/format/minutes";
import { Note } from "../../widgets/Note";
import { withoutFactorQuery } from "../people/queries";
import { SettingsSection, useAgencyPatch } from "./SettingsSection";

const FIELDS = ["two_factor_required"] as const;

export function SignInSection({ agency }: { agency: Schemas["Agency"] }) {
  const { user, entered_by_platform: isStaff } = useMe();
  const form = useForm({ initialValues: { two_factor_required: agency.two_factor_required } });
  const save = useAgencyPatch(
    "How people sign in was changed.",
    () => form.resetDirty(),
    (error) => form.setErrors(fieldErrors(error, FIELDS)),
  );
  const locksMyself = form.values.two_factor_required && form.isDirty() && !user.two_factor && !isStaff;
  return (
    <SettingsSection
      title="Sign-in"
      hint="Two-factor sign-in asks for a code from one's phone, besides the password."
      scope="From their next click on. API keys are not people and go on."
      isDirty={form.isDirty()}
      isSaving={save.isPending}
      error={save.error}
      fields={FIELDS}
      onSubmit={form.onSubmit((values) => save.mutate(values))}
    >
      <Switch
        label="Require two-factor sign-in of everybody"
        description="Whoever has none yet must set it up before anything else, and nobody can turn it off."
        {...form.getInputProps("two_factor_required", { type: "checkbox" })}
      />
      <WhoHasNone />
      {locksMyself && <Note>You have none yourself: after saving you set it up first.</Note>}
    </SettingsSection>
  );
}

function WhoHasNone() {
  const count = useQuery(withoutFactorQuery).data;
  if (count === undefined) return null;
  if (count === 0) {
    return (
      <Text size="sm" c="dimmed" my="sm">
        All your people have it.
      </Text>
    );
  }
  return (
    <Text size="sm" c="dimmed" my="sm">
      <Anchor inherit renderRoot={(props) => <Link {...props} to="/users" search={{ two_factor: "off" }} />}>
        {count === 1 ? "1 person has" : `${countText(count)} people have`} none yet
      </Anchor>
      .
    </Text>
  );
}
