import { Button, Stack, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { client, unwrap, type Schemas } from "../../api/client";
import { keys } from "../../api/queries";
import { Dialog } from "../../widgets/form/Dialog";
import { FormError } from "../../widgets/form/FormError";
import { relativeText } from "../../widgets/format/time";

interface RevokeApiKeyDialogProps {
  apiKey: Schemas["ApiKey"];
  onClose: () => void;
}

export function RevokeApiKeyDialog({ apiKey, onClose }: RevokeApiKeyDialogProps) {
  const queryClient = useQueryClient();
  const revoke = useMutation({
    mutationFn: () => unwrap(client.DELETE("/v1/api_keys/{api_key}", { params: { path: { api_key: apiKey.id } } })),
    onSuccess: () => {
      notifications.show({ message: `${apiKey.name} no longer works.` });
      for (const queryKey of [keys.apiKeys, keys.audit]) void queryClient.invalidateQueries({ queryKey });
      onClose();
    },
  });
  const used = apiKey.last_used_at ? `It was last used ${relativeText(apiKey.last_used_at)}.` : "It was never used.";
  return (
    <Dialog onClose={onClose} title={`Revoke ${apiKey.name}?`}>
      <Stack>
        <Text size="sm">
          Whatever uses this key is refused from its next request on, and it cannot be brought back. {used}
        </Text>
        <FormError error={revoke.error} fields={[]} />
        <Dialog.Buttons>
          <Button variant="default" onClick={onClose} data-autofocus>
            Keep it
          </Button>
          <Button color="red" loading={revoke.isPending} onClick={() => revoke.mutate()}>
            Revoke key
          </Button>
        </Dialog.Buttons>
      </Stack>
    </Dialog>
  );
}
