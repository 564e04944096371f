import { List } from "@mantine/core";
import "@mantine/core/styles/List.layer.css";
import { ConfirmDialog } from "../../widgets/form/ConfirmDialog";
import { useEnterAgency, type Agency } from "./queries";

interface EnterDialogProps {
  agency: Agency;
  onClose: () => void;
}

export function EnterDialog({ agency, onClose }: EnterDialogProps) {
  const enter = useEnterAgency(agency.id);
  return (
    <ConfirmDialog
      title={`Enter ${agency.name}?`}
      confirm="Enter"
      keep="Stay outside"
      busy={enter.isPending || enter.isSuccess}
      error={enter.error}
      onConfirm={() => enter.mutate()}
      onClose={onClose}
    >
      <List size="sm" spacing={6}>
        <List.Item>You see and do what one of its Agency Admins does, until you leave.</List.Item>
        <List.Item>
          Its audit trail shows that you came, everything you do, and when you left, under your own name.
        </List.Item>
      </List>
    </ConfirmDialog>
  );
}
