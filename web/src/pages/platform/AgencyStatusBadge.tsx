import type { Schemas } from "../../api/client";
import { StatusBadge } from "../../widgets/figures/StatusBadge";

export const AGENCY_STATUS_LABELS: Record<Schemas["AgencyStatus"], string> = {
  active: "Active",
  deleting: "Being deleted",
};

export function AgencyStatusBadge({ status }: { status: Schemas["AgencyStatus"] }) {
  return <StatusBadge label={AGENCY_STATUS_LABELS[status]} tone={status === "active" ? "good" : "warn"} />;
}
