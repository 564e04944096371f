import { Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { client, unwrap } from "../../api/client";
import { ConfirmDialog } from "../../widgets/form/ConfirmDialog";
import { PEOPLE, type Invitation } from "./queries";

interface RevokeInvitationDialogProps {
  invitation: Invitation;
  onClose: () => void;
}

export function RevokeInvitationDialog({ invitation, onClose }: RevokeInvitationDialogProps) {
  const queryClient = useQueryClient();
  const revoke = useMutation({
    mutationFn: () =>
      unwrap(client.DELETE("/v1/invitations/{invitation}", { params: { path: { invitation: invitation.id } } })),
    onSuccess: () => {
      notifications.show({ message: `The invitation of ${invitation.email} was taken back.` });
      onClose();
    },
    onSettled: () => {
      for (const queryKey of PEOPLE) void queryClient.invalidateQueries({ queryKey });
    },
  });
  return (
    <ConfirmDialog
      title="Revoke this invitation?"
      confirm="Revoke"
      keep="Keep it"
      destructive
      busy={revoke.isPending}
      error={revoke.error}
      onConfirm={() => revoke.mutate()}
      onClose={onClose}
    >
      <Text size="sm">
        The link that {invitation.email} has stops working at once. They can be invited anew at any time.
      </Text>
    </ConfirmDialog>
  );
}
