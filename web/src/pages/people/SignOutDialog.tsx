import { Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { client, unwrap } from "../../api/client";
import { ConfirmDialog } from "../../widgets/form/ConfirmDialog";
import { PEOPLE, type User } from "./queries";

interface SignOutDialogProps {
  user: User;
  onClose: () => void;
}

export function SignOutDialog({ user, onClose }: SignOutDialogProps) {
  const queryClient = useQueryClient();
  const signOut = useMutation({
    mutationFn: () => unwrap(client.DELETE("/v1/users/{user}/sessions", { params: { path: { user: user.id } } })),
    onSuccess: () => {
      notifications.show({ message: `${user.name} was signed out everywhere.` });
      for (const queryKey of PEOPLE) void queryClient.invalidateQueries({ queryKey });
      onClose();
    },
  });
  return (
    <ConfirmDialog
      title={user.is_you ? "Sign yourself out everywhere?" : `Sign ${user.name} out everywhere?`}
      confirm="Sign out everywhere"
      keep="Cancel"
      busy={signOut.isPending}
      error={signOut.error}
      onConfirm={() => signOut.mutate()}
      onClose={onClose}
    >
      <Text size="sm">
        {user.is_you
          ? "All your sessions end, this one too. You can sign in again with your password."
          : "All their sessions end at once. They can sign in again with their password."}
      </Text>
    </ConfirmDialog>
  );
}
