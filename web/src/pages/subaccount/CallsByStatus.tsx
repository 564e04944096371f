import { Skeleton, Text } from "@mantine/core";
import type { Schemas } from "../../api/client";
import { CALL_STATUSES } from "../../app/search";
import { CALL_STATUS_LABELS } from "../../widgets/figures/StatusBadge";
import { countText } from "../../widgets/format/minutes";
import classes from "./CallsByStatus.module.css";

type Counts = Schemas["SubaccountOverview"]["calls_by_status"];

export function CallsByStatus({ counts }: { counts: Counts | undefined }) {
  if (!counts) return <Skeleton height={180} />;
  const total = CALL_STATUSES.reduce((sum, status) => sum + counts[status], 0);
  if (total === 0) {
    return (
      <Text size="sm" c="dimmed">
        No calls in this range.
      </Text>
    );
  }
  const shown = CALL_STATUSES.filter((status) => counts[status] > 0).sort((a, b) => counts[b] - counts[a]);
  return (
    <ul className={`${classes.list ?? ""} figures`}>
      {shown.map((status) => {
        const share = (100 * counts[status]) / total;
        return (
          <li key={status}>
            <span>{CALL_STATUS_LABELS[status]}</span>
            <span className={classes.count}>
              {countText(counts[status])} <small>{share.toFixed(share < 10 ? 1 : 0)}%</small>
            </span>
            <span className={classes.track} aria-hidden="true">
              <span className={classes.bar} style={{ width: `${share}%` }} />
            </span>
          </li>
        );
      })}
    </ul>
  );
}
