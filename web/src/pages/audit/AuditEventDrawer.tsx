import { Code, Table, Text } from "@mantine/core";
import type { Schemas } from "../../api/client";
import { Nothing, TimeText } from "../../widgets/figures/figures";
import { SideDrawer } from "../../widgets/SideDrawer";
import classes from "../calls/CallDrawer.module.css";
import { actionText, differences } from "./actions";

interface AuditEventDrawerProps {
  event: Schemas["AuditEvent"];
  onClose: () => void;
}

export function AuditEventDrawer({ event, onClose }: AuditEventDrawerProps) {
  const changes = differences(event);
  const rows: [string, React.ReactNode][] = [
    ["Who", event.actor.name],
    ["When", <TimeText key="at" at={event.at} />],
    ["To", event.target?.name ?? event.target?.id ?? <Nothing />],
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
      {changes.length === 0 ? (
        <Text size="sm" c="dimmed" mt="lg">
          Nothing that is stored changed.
        </Text>
      ) : (
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
                <Table.Td c="dimmed">{change.before ?? <Nothing />}</Table.Td>
                <Table.Td>{change.after ?? <Nothing />}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
    </SideDrawer>
  );
}
