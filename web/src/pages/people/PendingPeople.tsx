import { VisuallyHidden } from "@mantine/core";
import { IconMailOpened } from "@tabler/icons-react";
import { useMemo } from "react";
import { ROLE_LABELS } from "../../app/roles";
import { TimeText } from "../../widgets/figures/figures";
import { StatusBadge } from "../../widgets/figures/StatusBadge";
import { EmptyState } from "../../widgets/states/states";
import { useColumnChoice } from "../../widgets/table/ColumnChooser";
import { DataTable, type Column } from "../../widgets/table/DataTable";
import { InvitationMenu, useInvitationDialogs } from "./InvitationMenu";
import { isUndelivered, MailStatus, mailText } from "./InvitationMail";
import { useInvitations, type Invitation } from "./queries";
import { ReachText } from "./ReachText";

const COLUMNS: Column<Invitation>[] = [
  {
    id: "email",
    header: "Email",
    size: 190,
    meta: { fixed: true, grows: true },
    cell: ({ row }) => <span title={row.original.email}>{row.original.email}</span>,
  },
  { id: "role", header: "Role", size: 160, meta: { wide: true }, cell: ({ row }) => ROLE_LABELS[row.original.role] },
  {
    id: "reach",
    header: "Sub-accounts",
    size: 260,
    meta: { wide: true },
    cell: ({ row: { original } }) => <ReachText role={original.role} reach={original.subaccounts} />,
  },
  {
    id: "invited_by",
    header: "Invited by",
    size: 170,
    meta: { wide: true },
    cell: ({ row }) => row.original.invited_by.name,
  },
  {
    id: "expires",
    header: "Expires",
    size: 120,
    cell: ({ row }) =>
      row.original.is_expired ? (
        <StatusBadge label="Expired" tone="warn" />
      ) : (
        <TimeText at={row.original.expires_at} ago />
      ),
  },
];

export function PendingPeople() {
  const list = useInvitations();
  const dialogs = useInvitationDialogs();
  const openDialog = dialogs.open;
  const columns = useMemo(
    (): Column<Invitation>[] => [
      ...COLUMNS,
      {
        id: "mail",
        header: "Mail",
        size: 140,
        meta: { wide: true },
        cell: ({ row }) => <MailStatus invitation={row.original} onExplain={(one) => openDialog("failure", one)} />,
      },
      {
        id: "menu",
        header: () => <VisuallyHidden>Actions</VisuallyHidden>,
        size: 48,
        meta: { fixed: true, align: "right" },
        cell: ({ row }) => <InvitationMenu invitation={row.original} onChoose={openDialog} />,
      },
    ],
    [openDialog],
  );
  const { visibility } = useColumnChoice("invitations", columns);
  return (
    <>
      <DataTable
        label="Pending invitations"
        columns={columns}
        list={list}
        rowId={(row) => row.id}
        visibility={visibility}
        detail={(row) => (isUndelivered(row) ? mailText(row) : ROLE_LABELS[row.role])}
        empty={
          <EmptyState icon={IconMailOpened} title="No invitation is pending">
            Whom you invite stands here until they accept. An invitation is valid for seven days.
          </EmptyState>
        }
      />
      {dialogs.element}
    </>
  );
}
