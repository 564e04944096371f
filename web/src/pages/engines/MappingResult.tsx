import { Code, List, Stack, Table, Text } from "@mantine/core";
import type { Schemas } from "../../api/client";
import { StatusBadge } from "../../widgets/figures/StatusBadge";

type Tried = Schemas["EngineTest"]["calls"][number];

const OUTCOMES = {
  call: { label: "A call", tone: "good" },
  ignored: { label: "Ignored", tone: "quiet" },
  faulty: { label: "It would wait", tone: "warn" },
} as const;

/** What a payload is by the mapping. */
export function MappingResult({ call }: { call: Tried }) {
  const facts = Object.entries(call.call ?? {}).filter(([, value]) => value !== null && value !== "");
  return (
    <Stack gap={8}>
      <div>
        <StatusBadge {...OUTCOMES[call.outcome]} />
      </div>
      {call.outcome === "ignored" && (
        <Text size="sm" c="dimmed">
          The conditions do not hold: it is about no call that is over.
        </Text>
      )}
      {call.errors.length > 0 && (
        <List size="sm" spacing={2}>
          {call.errors.map(({ field, detail }) => (
            <List.Item key={`${field}${detail}`}>
              <Code>{field}</Code> {detail}
            </List.Item>
          ))}
        </List>
      )}
      {call.outcome !== "ignored" && (
        <Table layout="fixed" fz="xs" verticalSpacing={3} aria-label="Call record">
          <Table.Tbody>
            <Table.Tr>
              <Table.Th w={130}>Charged to</Table.Th>
              <Table.Td>{call.subaccount_name ?? "nobody: it would wait"}</Table.Td>
            </Table.Tr>
            {facts.map(([name, value]) => (
              <Table.Tr key={name}>
                <Table.Th>{name}</Table.Th>
                <Table.Td>{String(value)}</Table.Td>
              </Table.Tr>
            ))}
            {call.keys.length > 0 && (
              <Table.Tr>
                <Table.Th>keys</Table.Th>
                <Table.Td>{call.keys.join(", ")}</Table.Td>
              </Table.Tr>
            )}
          </Table.Tbody>
        </Table>
      )}
    </Stack>
  );
}
