// What can be done to a sub-account, from its row and from its page: the same list, the same dialogs.
import { ActionIcon, Menu } from "@mantine/core";
import {
  IconArrowsExchange,
  IconCash,
  IconDots,
  IconExternalLink,
  IconPencil,
  IconPlayerPause,
  IconPlayerPlay,
  IconTag,
  IconTrash,
  type Icon,
} from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { useCallback, useState } from "react";
import type { Schemas } from "../../api/client";
import { isOfClient } from "../../app/roles";
import { may, useMe, type Permission } from "../../app/session";
import { EditSubaccountDialog } from "./EditSubaccountDialog";
import { MoveMinutesDialog } from "./MoveMinutesDialog";
import { PricesDialog } from "./PricesDialog";
import { PurchaseDialog } from "./PurchaseDialog";
import { RemoveDialog } from "./RemoveDialog";
import { RestoreDialog } from "./RestoreDialog";
import { SuspendDialog } from "./SuspendDialog";

type Subaccount = Schemas["Subaccount"];
export type SubaccountDialog = "edit" | "prices" | "purchase" | "move" | "suspend" | "restore" | "remove";

interface Choice {
  dialog: SubaccountDialog;
  label: string;
  icon: Icon;
  permission: Permission;
  /** The primary's price is base, always, and it is never suspended or removed. */
  notForPrimary?: boolean;
  /** Only for accounts in this status. */
  status?: Subaccount["status"];
}

const CHOICES: Choice[] = [
  { dialog: "edit", label: "Edit email and name", icon: IconPencil, permission: "subaccount.update" },
  { dialog: "prices", label: "Prices", icon: IconTag, permission: "subaccount.pricing", notForPrimary: true },
  { dialog: "purchase", label: "Record a purchase", icon: IconCash, permission: "payments.manage" },
  { dialog: "move", label: "Move minutes", icon: IconArrowsExchange, permission: "minutes.move" },
  {
    dialog: "suspend",
    label: "Suspend sub-account",
    icon: IconPlayerPause,
    permission: "subaccount.suspend",
    notForPrimary: true,
    status: "active",
  },
  {
    dialog: "restore",
    label: "Restore access",
    icon: IconPlayerPlay,
    permission: "subaccount.suspend",
    status: "suspended",
  },
  {
    dialog: "remove",
    label: "Remove sub-account",
    icon: IconTrash,
    permission: "subaccount.remove",
    notForPrimary: true,
  },
];

export function useSubaccountChoices(account: Pick<Subaccount, "kind" | "status">): Choice[] {
  const me = useMe();
  // Somebody of the account itself only looks at it while it is suspended.
  if (account.status === "removed" || (account.status === "suspended" && isOfClient(me.role))) return [];
  const choices = CHOICES.filter(
    (choice) =>
      may(me, choice.permission) &&
      !(choice.notForPrimary && account.kind === "primary") &&
      (choice.status ?? account.status) === account.status,
  );
  if (may(me, "purchases.settle")) return choices;
  // Whoever cannot say that it is paid does not record a sale but asks for minutes.
  return choices.map((choice) => (choice.dialog === "purchase" ? { ...choice, label: "Buy minutes" } : choice));
}

interface SubaccountMenuProps {
  account: Subaccount;
  onChoose: (dialog: SubaccountDialog, account: Subaccount) => void;
}

export function SubaccountMenu({ account, onChoose }: SubaccountMenuProps) {
  const navigate = useNavigate();
  const choices = useSubaccountChoices(account);
  return (
    <Menu width={200}>
      <Menu.Target>
        <ActionIcon aria-label={`Actions for ${account.name}`}>
          <IconDots size={16} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item
          leftSection={<IconExternalLink size={15} stroke={1.7} />}
          onClick={() => void navigate({ to: "/subaccounts/$subaccount", params: { subaccount: account.id } })}
        >
          Open
        </Menu.Item>
        {choices.map((choice) => (
          <Menu.Item
            key={choice.dialog}
            leftSection={<choice.icon size={15} stroke={1.7} />}
            onClick={() => onChoose(choice.dialog, account)}
          >
            {choice.label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

/** The dialogs, and the door to them. */
export function useSubaccountDialogs() {
  const [shown, setShown] = useState<{ dialog: SubaccountDialog; account: Subaccount } | null>(null);
  const open = useCallback((dialog: SubaccountDialog, account: Subaccount) => setShown({ dialog, account }), []);
  const close = () => setShown(null);
  return {
    open,
    element: shown && (
      <>
        {shown.dialog === "edit" && <EditSubaccountDialog account={shown.account} onClose={close} />}
        {shown.dialog === "prices" && <PricesDialog account={shown.account} onClose={close} />}
        {shown.dialog === "move" && <MoveMinutesDialog account={shown.account} onClose={close} />}
        {shown.dialog === "suspend" && <SuspendDialog account={shown.account} onClose={close} />}
        {shown.dialog === "remove" && <RemoveDialog account={shown.account} onClose={close} />}
        {shown.dialog === "restore" && <RestoreDialog account={shown.account} onClose={close} />}
        {shown.dialog === "purchase" && <PurchaseDialog subaccountId={shown.account.id} onClose={close} />}
      </>
    ),
  };
}
