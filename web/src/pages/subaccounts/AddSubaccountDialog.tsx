import { Text } from "@mantine/core";
import { useForm } from "@mantine/form";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { client, unwrap } from "../../api/client";
import { keys } from "../../api/queries";
import { useAgency } from "../../app/session";
import { DialogForm } from "../../widgets/form/DialogForm";
import { fieldErrors, FormError } from "../../widgets/form/FormError";
import { useIntent } from "../../widgets/form/intent";
import { exactMoneyText } from "../../widgets/format/money";
import { roomOf, SlotsNote, useSlots } from "./SlotsNote";
import { SUBACCOUNT_FIELDS, subaccountBody, SubaccountFields, subaccountRules } from "./SubaccountFields";

export function AddSubaccountDialog({ onClose }: { onClose: () => void }) {
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const intent = useIntent();
  const plan = useSlots();
  const form = useForm({ initialValues: { name: "", email: "", reference: "" }, validate: subaccountRules });
  const add = useMutation({
    mutationFn: (values: typeof form.values) => {
      const body = subaccountBody(values);
      return unwrap(client.POST("/v1/subaccounts", { body, params: { header: intent(body) } }));
    },
    onSuccess: async (account) => {
      notifications.show({ message: `${account.name} was added. Record a purchase to give it minutes.` });
      void queryClient.invalidateQueries({ queryKey: keys.subaccounts });
      void queryClient.invalidateQueries({ queryKey: keys.overview });
      void queryClient.invalidateQueries({ queryKey: keys.plan });
      await navigate({ to: "/subaccounts/$subaccount", params: { subaccount: account.id } });
    },
    onError: (error) => form.setErrors(fieldErrors(error, SUBACCOUNT_FIELDS)),
  });
  return (
    <DialogForm
      title="Add sub-account"
      submit="Add sub-account"
      busy={add.isPending}
      disabled={plan !== undefined && roomOf(plan).left === 0}
      onClose={onClose}
      onSubmit={form.onSubmit((values) => add.mutate(values))}
    >
      <SubaccountFields form={form} />
      <StartingPrices />
      {plan && <SlotsNote plan={plan} />}
      <FormError error={add.error} fields={SUBACCOUNT_FIELDS} />
    </DialogForm>
  );
}

function StartingPrices() {
  const agency = useAgency();
  if (!agency) return null;
  const { default_prices: usual, base_prices: base } = agency;
  const [premium, basic] = [usual.premium ?? base.premium, usual.basic ?? base.basic].map(exactMoneyText);
  return (
    <Text size="xs" c="dimmed" className="figures">
      Starts at {premium} per premium and {basic} per basic minute; set its own under Prices.
    </Text>
  );
}
