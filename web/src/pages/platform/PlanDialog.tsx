// A plan, made or edited. A cap below what agencies use is said before it is saved.
import { Checkbox, Group, SegmentedControl, Select, Text, TextInput } from "@mantine/core";
import { useForm, type UseFormReturnType } from "@mantine/form";
import { useDebouncedValue } from "@mantine/hooks";
import { notifications } from "@mantine/notifications";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { client, unwrap } from "../../api/client";
import { keys } from "../../api/queries";
import { DialogForm } from "../../widgets/form/DialogForm";
import { fieldErrors, FormError } from "../../widgets/form/FormError";
import { useIntent } from "../../widgets/form/intent";
import { countText } from "../../widgets/format/minutes";
import { Note } from "../../widgets/Note";
import { counted } from "../plan/texts";
import { countTyped, FIELD_NAMES, formOf, inputOf, newPlanRules, patchOf, planRules, type PlanForm } from "./planForm";
import classes from "./PlanDialog.module.css";
import { planUsageQuery, type Plan } from "./queries";

const TYPING_PAUSE_MS = 250;
const FIELDS = Object.keys(FIELD_NAMES);

interface PlanDialogProps {
  /** null: a new one. */
  plan: Plan | null;
  onClose: () => void;
}

export function PlanDialog({ plan, onClose }: PlanDialogProps) {
  const queryClient = useQueryClient();
  const intent = useIntent();
  const form = useForm<PlanForm>({ initialValues: formOf(plan), validate: plan ? planRules : newPlanRules });
  const save = useMutation({
    mutationFn: (values: PlanForm) => {
      if (plan) {
        const params = { path: { plan: plan.plan.code } };
        return unwrap(client.PATCH("/v1/platform/plans/{plan}", { params, body: patchOf(values) }));
      }
      const body = inputOf(values);
      return unwrap(client.POST("/v1/platform/plans", { params: { header: intent(body) }, body }));
    },
    onSuccess: (saved) => {
      const over = saved.usage.over_cap;
      notifications.show({
        message:
          over > 0
            ? `${saved.plan.name} was saved. ${counted(over, "agency keeps", "agencies keep")} more than its cap and can add none.`
            : `${saved.plan.name} was saved.`,
      });
      void queryClient.invalidateQueries({ queryKey: keys.platform });
      onClose();
    },
    onError: (error) =>
      form.setErrors(
        Object.fromEntries(
          Object.entries(fieldErrors(error, FIELDS)).map(([field, text]) => [FIELD_NAMES[field] ?? field, text]),
        ),
      ),
  });
  return (
    <DialogForm
      title={plan ? `Edit ${plan.plan.name}` : "New plan"}
      submit={plan ? "Save plan" : "Make plan"}
      busy={save.isPending}
      onClose={onClose}
      onSubmit={form.onSubmit((values) => save.mutate(values))}
    >
      <div className={classes.fields}>
        <TextInput label="Name" data-autofocus {...form.getInputProps("name")} />
        {plan ? (
          <TextInput label="Monthly fee" leftSection="$" inputMode="decimal" {...form.getInputProps("fee")} />
        ) : (
          <TextInput label="Code" placeholder="agency_plus" {...form.getInputProps("code")} />
        )}
      </div>
      {!plan && <NewPlanPrices form={form} />}
      <div className={classes.fields}>
        <TextInput
          label="Sub-accounts"
          description="Nothing typed: no limit"
          inputMode="numeric"
          placeholder="No limit"
          {...form.getInputProps("cap")}
        />
        <Select
          label="Model"
          description="Legacy plans hand minutes on"
          allowDeselect={false}
          data={[
            { value: "consumption", label: "Consumption" },
            { value: "partner_legacy", label: "Partner (legacy)" },
          ]}
          {...form.getInputProps("model")}
        />
      </div>
      {plan && <CapNote plan={plan} cap={form.values.cap} />}
      <div>
        <div className={classes.fields}>
          <TextInput label="Premium minutes included" {...form.getInputProps("premium")} />
          <TextInput label="Basic minutes included" {...form.getInputProps("basic")} />
        </div>
        <Group mt={8} justify="space-between">
          <SegmentedControl
            size="xs"
            aria-label="How often included minutes come"
            data={[
              { value: "once", label: "Once" },
              { value: "month", label: "With each renewal" },
            ]}
            {...form.getInputProps("every")}
          />
          <Text size="xs" c="dimmed">
            To the agency’s primary. What came once does not come again.
          </Text>
        </Group>
      </div>
      <div className={classes.fields}>
        <TextInput label="Knowledge credits included" inputMode="numeric" {...form.getInputProps("knowledge")} />
        <TextInput
          label="Price of one more"
          leftSection="$"
          inputMode="decimal"
          placeholder="None are sold"
          {...form.getInputProps("knowledgePrice")}
        />
      </div>
      <Group gap={24}>
        <Checkbox label="White label" {...form.getInputProps("whiteLabel", { type: "checkbox" })} />
        <Checkbox label="Agencies may change to it" {...form.getInputProps("offered", { type: "checkbox" })} />
      </Group>
      <FormError error={save.error} fields={FIELDS} />
    </DialogForm>
  );
}

function NewPlanPrices({ form }: { form: UseFormReturnType<PlanForm> }) {
  return (
    <div className={classes.thirds}>
      <TextInput label="Monthly fee" leftSection="$" inputMode="decimal" {...form.getInputProps("fee")} />
      <TextInput label="Premium base" leftSection="$" inputMode="decimal" {...form.getInputProps("basePremium")} />
      <TextInput label="Basic base" leftSection="$" inputMode="decimal" {...form.getInputProps("baseBasic")} />
    </div>
  );
}

/** How many agencies there are on the plan, and what a smaller cap means for them. */
function CapNote({ plan: { plan, usage }, cap }: { plan: Plan; cap: string }) {
  const typed = countTyped(cap) ?? 0;
  const [asked] = useDebouncedValue(typed, TYPING_PAUSE_MS);
  const looked = useQuery({ ...planUsageQuery(plan.code, asked), enabled: asked > 0 }).data;
  const over = typed > 0 && typed === asked ? (looked?.over_cap ?? 0) : 0;
  if (over === 0) {
    return (
      <Text size="xs" c="dimmed">
        {usage.agencies === 0
          ? "No agency is on this plan."
          : `Counts for ${counted(usage.agencies, "agency", "agencies")} at once.`}
      </Text>
    );
  }
  return (
    <Note>
      {counted(over, "agency uses", "agencies use")} more than {countText(typed)}: they keep what they have and can add
      none.
    </Note>
  );
}
