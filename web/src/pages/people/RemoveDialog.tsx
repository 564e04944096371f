import { List, Text } from "@mantine/core";
import "@mantine/core/styles/List.layer.css";
import { notifications } from "@mantine/notifications";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { client, unwrap, type Schemas } from "../../api/client";
import { keys } from "../../api/queries";
import { ConfirmDialog } from "../../widgets/form/ConfirmDialog";
import { countText } from "../../widgets/format/minutes";
import { keysMadeByQuery, PEOPLE, type User } from "./queries";

interface RemoveDialogProps {
  user: User;
  onClose: () => void;
}

export function RemoveDialog({ user, onClose }: RemoveDialogProps) {
  const queryClient = useQueryClient();
  const made = useQuery(keysMadeByQuery(user.id)).data;
  const they = user.is_you ? "you" : "they";
  const keysLost = keysText(they, made);
  const remove = useMutation({
    mutationFn: () => unwrap(client.DELETE("/v1/users/{user}", { params: { path: { user: user.id } } })),
    onSuccess: () => {
      notifications.show({ message: `${user.name} was removed.` });
      for (const queryKey of [...PEOPLE, keys.apiKeys]) void queryClient.invalidateQueries({ queryKey });
      onClose();
    },
  });
  return (
    <ConfirmDialog
      title={user.is_you ? "Remove yourself?" : `Remove ${user.name}?`}
      confirm={user.is_you ? "Remove myself" : "Remove"}
      keep="Keep"
      destructive
      busy={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate()}
      onClose={onClose}
    >
      <List size="sm" spacing={6}>
        <List.Item>{capital(they)} are signed out everywhere at once, and cannot sign in again.</List.Item>
        {keysLost !== "" && <List.Item>{keysLost}</List.Item>}
      </List>
      <Text size="sm" c="dimmed">
        What {they} did stays in the audit trail. {user.email} can be invited again.
      </Text>
    </ConfirmDialog>
  );
}

/** Which machines lose their key; without names while they are not known. */
function keysText(they: string, made: Schemas["ApiKey"][] | undefined): string {
  if (!made) return `API keys that ${they} made stop working.`;
  const names = made.map((key) => key.name).join(", ");
  if (made.length <= 1) return names && `The API key that ${they} made stops working: ${names}.`;
  return `The ${countText(made.length)} API keys that ${they} made stop working: ${names}.`;
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
