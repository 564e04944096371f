// As which role, and to which accounts: the same fields for an invitation and for a change.
import { Radio, SegmentedControl, Stack, Text } from "@mantine/core";
import "@mantine/core/styles/Radio.layer.css";
import type { UseFormReturnType } from "@mantine/form";
import type { Schemas } from "../../api/client";
import { ASSIGNABLE_ROLES, isOfClient, ROLE_LABELS, ROLE_MEANINGS, type AssignableRole } from "../../app/roles";
import { AccountsField } from "./AccountsField";
import type { NamedAccount } from "./queries";

export interface AccessValues {
  /** None is chosen at first: it is a decision. */
  role: AssignableRole | null;
  reach: "all" | "some";
  accounts: NamedAccount[];
}

export const ACCESS_FIELDS = ["role", "subaccounts"] as const;

export const accessRules = {
  role: (role: AssignableRole | null) => (role ? null : "Choose a role"),
  accounts: (accounts: NamedAccount[], { role, reach }: AccessValues) =>
    // A client's person is nowhere without one; a member of the agency has its own account.
    role && isOfClient(role) && reach === "some" && accounts.length === 0 ? "Choose at least one, or all" : null,
};

/** What is chosen, as the API takes it. */
export function accessBody(role: AssignableRole, { reach, accounts }: AccessValues): Schemas["Access"] {
  if (role === "agency_admin") return { role };
  return { role, subaccounts: reach === "all" ? "all" : accounts.map((account) => account.id) };
}

export function AccessFields<Values extends AccessValues>({ form }: { form: UseFormReturnType<Values> }) {
  // The fields that every such form has; the rest of it is not touched here.
  const access = form as unknown as UseFormReturnType<AccessValues>;
  const { role } = access.values;
  return (
    <>
      <Radio.Group label="Role" {...access.getInputProps("role")}>
        <Stack gap={10} mt={6}>
          {ASSIGNABLE_ROLES.map((one) => (
            <Radio key={one} value={one} size="xs" label={ROLE_LABELS[one]} description={ROLE_MEANINGS[one]} />
          ))}
        </Stack>
      </Radio.Group>
      {role && role !== "agency_admin" && <ReachFields form={access} role={role} />}
    </>
  );
}

function ReachFields({ form, role }: { form: UseFormReturnType<AccessValues>; role: AssignableRole }) {
  const { reach } = form.values;
  const isMember = role === "agency_member";
  return (
    <Stack gap={8}>
      <SegmentedControl
        fullWidth
        aria-label="Which sub-accounts"
        value={reach}
        onChange={(value) => form.setFieldValue("reach", value)}
        data={[
          { value: "all", label: "All sub-accounts" },
          { value: "some", label: "Specific ones" },
        ]}
      />
      {reach === "all" ? (
        <Text size="xs" c="dimmed">
          Every client&rsquo;s account, also those added later.
        </Text>
      ) : (
        <AccountsField
          hint={isMember ? "Beside the agency's own account. Without any, only that one." : undefined}
          {...form.getInputProps("accounts")}
          value={form.values.accounts}
        />
      )}
    </Stack>
  );
}
