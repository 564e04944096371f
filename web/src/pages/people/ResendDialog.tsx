import { Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { client, unwrap } from "../../api/client";
import { ConfirmDialog } from "../../widgets/form/ConfirmDialog";
import { useIntent } from "../../widgets/form/intent";
import { LinkOnce } from "./LinkOnce";
import { PEOPLE, type Invitation } from "./queries";

interface ResendDialogProps {
  invitation: Invitation;
  onClose: () => void;
}

export function ResendDialog({ invitation, onClose }: ResendDialogProps) {
  const queryClient = useQueryClient();
  const intent = useIntent();
  const resend = useMutation({
    mutationFn: () => {
      const params = { path: { invitation: invitation.id }, header: intent(invitation.id) };
      return unwrap(client.POST("/v1/invitations/{invitation}/resend", { params }));
    },
    onSettled: () => {
      for (const queryKey of PEOPLE) void queryClient.invalidateQueries({ queryKey });
    },
  });
  if (resend.data) return <LinkOnce invitation={resend.data} onClose={onClose} />;
  return (
    <ConfirmDialog
      title="Send the invitation again?"
      confirm="Send again"
      keep="Cancel"
      busy={resend.isPending}
      error={resend.error}
      onConfirm={() => resend.mutate()}
      onClose={onClose}
    >
      <Text size="sm">
        {invitation.email} gets a new link that works for seven days. The link sent before stops working at once.
      </Text>
    </ConfirmDialog>
  );
}
