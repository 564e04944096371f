import { Button, Code, Group, Table, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { useZone } from "../../app/session";
import { Nothing, TimeText } from "../../widgets/figures/figures";
import { instantText } from "../../widgets/format/time";
import { SideDrawer } from "../../widgets/SideDrawer";
import { SubaccountName } from "../api-keys/SubaccountName";
import classes from "../calls/CallDrawer.module.css";
import { actionText, actorText, differences, isAccountId, targetText } from "./actions";
import type { AuditEvent, AuditFilters } from "./queries";

interface AuditEventDrawerProps {
  event: AuditEvent;
  onClose: () => void;
  /** To what else this one did, or what else was done to it. */
  onFilter: (filter: Pick<AuditFilters, "actor" | "target">) => void;
}

export function AuditEventDrawer({ event, onClose, onFilter }: AuditEventDrawerProps) {
  const target = targetText(event.target);
  const rows: [string, ReactNode][] = [
    ["Who", actorText(event.actor)],
    ["When", <TimeText key="at" at={event.at} />],
    ["To", target ?? <Nothing />],
    ["IP address", event.ip ?? <Nothing />],
    ["Client", event.user_agent ?? <Nothing />],
    ["Request", event.request_id ?? <Nothing />],
    ["Action", <Code key="action">{event.action}</Code>],
  ];
  return (
    <SideDrawer onClose={onClose} size={460} title={actionText(event.action)}>
      <dl className={`${classes.facts ?? ""} figures`}>
        {rows.map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <Changes event={event} />
      <Group gap={8} mt="lg">
        {event.actor.id !== null && (
          <Button variant="default" maw="100%" onClick={() => onFilter({ actor: event.actor.id ?? "" })}>
            All that {event.actor.name} did
          </Button>
        )}
        {event.target && target !== null && (
          <Button variant="default" maw="100%" onClick={() => onFilter({ target: event.target?.id ?? "" })}>
            All that was done to {event.target.id.startsWith("agy_") ? "the agency" : target}
          </Button>
        )}
      </Group>
    </SideDrawer>
  );
}

function Changes({ event }: { event: AuditEvent }) {
  const zone = useZone();
  const changes = differences(event, (instant) => instantText(instant, zone));
  if (changes.length === 0)
    return (
      <Text size="sm" c="dimmed" mt="lg">
        Nothing that is stored changed.
      </Text>
    );
  return (
    <Table mt="lg" layout="fixed" fz="sm" className={classes.changes} aria-label="What changed">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Field</Table.Th>
          <Table.Th>Before</Table.Th>
          <Table.Th>After</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {changes.map((change) => (
          <Table.Tr key={change.field}>
            <Table.Td>{change.field}</Table.Td>
            <Table.Td c="dimmed">
              <Value text={change.before} />
            </Table.Td>
            <Table.Td>
              <Value text={change.after} />
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

/** A value as it was; ids of sub-accounts by their names. */
function Value({ text }: { text: string | null }) {
  if (text === null) return <Nothing />;
  const parts = text.split(", ");
  if (!parts.every(isAccountId)) return text;
  return parts.map((id, index) => (
    <span key={id}>
      {index > 0 && ", "}
      <SubaccountName id={id} />
    </span>
  ));
}
