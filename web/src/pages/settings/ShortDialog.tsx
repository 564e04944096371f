// The clients for which a renewal had too few minutes, by name, with what each got.
import { Button, List, Stack, Text } from "@mantine/core";
import "@mantine/core/styles/List.layer.css";
import { client, unwrap, type Schemas } from "../../api/client";
import { useZone } from "../../app/session";
import { Dialog } from "../../widgets/form/Dialog";
import { minutesText } from "../../widgets/format/minutes";
import { dateText } from "../../widgets/format/time";
import { ErrorState } from "../../widgets/states/states";
import { Waiting } from "../../widgets/states/Waiting";
import { SubaccountLink } from "../../widgets/SubaccountLink";
import { useCursorList } from "../../widgets/table/useCursorList";

interface ShortDialogProps {
  renewal: Schemas["Renewal"];
  onClose: () => void;
}

export function ShortDialog({ renewal, onClose }: ShortDialogProps) {
  const zone = useZone();
  const list = useCursorList(["renewals", "short", renewal.id], (ask, signal) =>
    unwrap(
      client.GET("/v1/agency/renewals/{renewal}/short", {
        params: { path: { renewal: renewal.id }, query: ask },
        ...(signal && { signal }),
      }),
    ),
  );
  return (
    <Dialog title={`Too few minutes on ${dateText(renewal.start_at, zone)}`} onClose={onClose}>
      <Stack>
        <Text size="sm" c="dimmed">
          The primary had too few minutes left for these clients, who come last by name.
        </Text>
        {list.error && <ErrorState error={list.error} onRetry={list.retry} />}
        {list.isPending && <Waiting rows={2} />}
        <List listStyleType="none" size="sm" spacing={6} aria-label="Clients left short">
          {list.rows.map((row) => (
            <List.Item key={row.subaccount}>
              <SubaccountLink id={row.subaccount} name={row.name} />
              <Text size="xs" c="dimmed">
                Got {minutesText(row.premium_seconds)} premium and {minutesText(row.basic_seconds)} basic
              </Text>
            </List.Item>
          ))}
        </List>
        <Dialog.Buttons>
          {list.hasMore && (
            <Button variant="default" loading={list.isFetchingMore} onClick={list.fetchMore}>
              Show more
            </Button>
          )}
          <Button variant="default" onClick={onClose} data-autofocus>
            Close
          </Button>
        </Dialog.Buttons>
      </Stack>
    </Dialog>
  );
}
