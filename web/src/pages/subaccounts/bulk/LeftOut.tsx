import { List, Text } from "@mantine/core";
import { countText } from "../../../widgets/format/minutes";
import type { Task } from "./run";

interface LeftOutProps {
  tasks: Task[];
  missing: number;
}

/** Whom it does not happen to, and why. */
export function LeftOut({ tasks, missing }: LeftOutProps) {
  const reasons = new Map<string, Task[]>();
  for (const task of tasks) {
    if (task.skipped === null) continue;
    const others = reasons.get(task.skipped);
    if (others) others.push(task);
    else reasons.set(task.skipped, [task]);
  }
  if (reasons.size === 0 && missing <= 0) return null;
  return (
    <div>
      <Text size="sm" fw={550} mb={4}>
        Left out
      </Text>
      <List size="sm" spacing={2} c="dimmed">
        {[...reasons].map(([reason, [first, ...others]]) => (
          <List.Item key={reason}>
            {others.length === 0 ? first?.account.name : countText(others.length + 1)}: {lowered(reason)}
          </List.Item>
        ))}
        {missing > 0 && <List.Item>{countText(missing)}: no longer among what the filters let through</List.Item>}
      </List>
    </div>
  );
}

function lowered(sentence: string): string {
  return sentence.charAt(0).toLowerCase() + sentence.slice(1);
}
