// What became of a payout, noted by hand: it arrived, or it did not and why.
import { Stack, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { client, unwrap } from "../../api/client";
import { keys } from "../../api/queries";
import { TimeText } from "../../widgets/figures/figures";
import { ConfirmDialog } from "../../widgets/form/ConfirmDialog";
import { DialogForm } from "../../widgets/form/DialogForm";
import { FactRow, Facts } from "../../widgets/form/Facts";
import { fieldErrors, FormError } from "../../widgets/form/FormError";
import { useIntent } from "../../widgets/form/intent";
import { moneyText } from "../../widgets/format/money";
import type { Payout } from "./queries";

const FIELDS = ["reason"] as const;
const REASON_MAX_CHARS = 500;

interface PayoutDialogProps {
  payout: Payout;
  onClose: () => void;
}

export function isUnderWay({ state }: Payout): boolean {
  return state === "scheduled" || state === "in_transit";
}

const whose = ({ agency }: Payout): string => agency.name ?? "a deleted agency";

/** Says what became of it, and closes; whoever was first, the lists are read again. */
function useSettled(onClose: () => void) {
  const queryClient = useQueryClient();
  return {
    onSuccess: (settled: Payout) => {
      const became = settled.state === "paid" ? "arrived" : "failed";
      notifications.show({
        id: settled.id,
        message: `${moneyText(settled.amount_usd)} to ${whose(settled)}: noted that it ${became}.`,
      });
      onClose();
    },
    onSettled: () => void queryClient.invalidateQueries({ queryKey: keys.platform }),
  };
}

function PayoutFacts({ payout }: { payout: Payout }) {
  return (
    <Facts label="Payout">
      <FactRow label="To">{whose(payout)}</FactRow>
      <FactRow label="Amount">{moneyText(payout.amount_usd)}</FactRow>
      <FactRow label="Scheduled">
        <TimeText at={payout.created_at} />
      </FactRow>
    </Facts>
  );
}

export function PayoutPaidDialog({ payout, onClose }: PayoutDialogProps) {
  const intent = useIntent();
  const paid = useMutation({
    mutationFn: () => {
      const params = { path: { payout: payout.id }, header: intent(payout.id) };
      return unwrap(client.POST("/v1/platform/payouts/{payout}/paid", { params }));
    },
    ...useSettled(onClose),
  });
  return (
    <ConfirmDialog
      title="Has this payout arrived?"
      confirm={`Mark ${moneyText(payout.amount_usd)} paid`}
      keep="Not yet"
      busy={paid.isPending}
      error={paid.error}
      onConfirm={() => paid.mutate()}
      onClose={onClose}
    >
      <Stack>
        <PayoutFacts payout={payout} />
        <Text size="sm" c="dimmed">
          It is in the agency&apos;s list and audit trail at once, and cannot be taken back.
        </Text>
      </Stack>
    </ConfirmDialog>
  );
}

export function PayoutFailedDialog({ payout, onClose }: PayoutDialogProps) {
  const intent = useIntent();
  const form = useForm({
    initialValues: { reason: "" },
    validate: { reason: (reason) => (reason.trim() ? null : "Say why, so that the agency can help") },
  });
  const failed = useMutation({
    mutationFn: (body: { reason: string }) => {
      const params = { path: { payout: payout.id }, header: intent(body) };
      return unwrap(client.POST("/v1/platform/payouts/{payout}/fail", { params, body }));
    },
    ...useSettled(onClose),
    onError: (error) => form.setErrors(fieldErrors(error, FIELDS)),
  });
  return (
    <DialogForm
      title="Has this payout failed?"
      submit={`Mark ${moneyText(payout.amount_usd)} failed`}
      destructive
      busy={failed.isPending}
      onClose={onClose}
      onSubmit={form.onSubmit(({ reason }) => failed.mutate({ reason: reason.trim() }))}
    >
      <PayoutFacts payout={payout} />
      <TextInput
        label="Why"
        description="The agency sees it, and its owner and admins get it by mail."
        placeholder="The bank sent it back"
        maxLength={REASON_MAX_CHARS}
        data-autofocus
        {...form.getInputProps("reason")}
      />
      <Text size="sm" c="dimmed">
        The money is the agency&apos;s profit again at once, and part of its next payout.
      </Text>
      <FormError error={failed.error} fields={FIELDS} />
    </DialogForm>
  );
}
