// What can be done to a sub-account, from its row and from its page: the same list, the same dialogs.
import { ActionIcon, Menu } from "@mantine/core";
import {
  IconArrowsExchange,
  IconCalendarRepeat,
  IconBook2,
  IconCash,
  IconDots,
  IconExternalLink,
  IconPencil,
  IconPlayerPause,
  IconPlayerPlay,
  IconRefresh,
  IconPlusMinus,
  IconSettings,
  IconTag,
  IconTrash,
  type Icon,
} from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { useCallback, useState } from "react";
import type { Schemas } from "../../api/client";
import { isOfClient } from "../../app/roles";
import { may, useMe, type Permission } from "../../app/session";
import { AutoAllocationDialog } from "../automatic/AutoAllocationDialog";
import { AutoRechargeDialog } from "../automatic/AutoRechargeDialog";
import { AdjustDialog } from "../payments/AdjustDialog";
import { EditSubaccountDialog } from "./EditSubaccountDialog";
import { KnowledgeDialog } from "./KnowledgeDialog";
import { MoveMinutesDialog } from "./MoveMinutesDialog";
import { PricesDialog } from "./PricesDialog";
import { PurchaseDialog } from "./PurchaseDialog";
import { RemoveDialog } from "./RemoveDialog";
import { RestoreDialog } from "./RestoreDialog";
import { SuspendDialog } from "./SuspendDialog";

type Subaccount = Schemas["Subaccount"];
export type SubaccountDialog =
  | "edit"
  | "prices"
  | "purchase"
  | "move"
  | "adjust"
  | "knowledge"
  | "allocation"
  | "recharge"
  | "suspend"
  | "restore"
  | "remove";

interface Choice {
  dialog: SubaccountDialog;
  label: string;
  icon: Icon;
  permission: Permission;
  /** The primary's price is base, always, and it is never suspended or removed. */
  notForPrimary?: boolean;
  /** Only for accounts in this status. */
  status?: Subaccount["status"];
  /** Stands one level below, under this name, where it is not alone there. */
  under?: "Manage";
}

const CHOICES: Choice[] = [
  { dialog: "edit", label: "Edit login email and name", icon: IconPencil, permission: "subaccount.update" },
  { dialog: "move", label: "Move minutes", icon: IconArrowsExchange, permission: "minutes.move" },
  { dialog: "knowledge", label: "Knowledge credits", icon: IconBook2, permission: "knowledge.transfer" },
  { dialog: "purchase", label: "Record a purchase", icon: IconCash, permission: "payments.manage" },
  { dialog: "adjust", label: "Give or take minutes", icon: IconPlusMinus, permission: "purchases.settle" },
  {
    dialog: "allocation",
    label: "Manage Auto Allocation",
    icon: IconCalendarRepeat,
    permission: "allocation.manage",
    notForPrimary: true,
    under: "Manage",
  },
  { dialog: "recharge", label: "Auto-recharge", icon: IconRefresh, permission: "payments.manage", under: "Manage" },
  { dialog: "prices", label: "Prices", icon: IconTag, permission: "subaccount.pricing", notForPrimary: true },
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

interface ChoiceItemsProps {
  account: Subaccount;
  choices: Choice[];
  onChoose: (dialog: SubaccountDialog, account: Subaccount) => void;
}

export function ChoiceItems({ account, choices, onChoose }: ChoiceItemsProps) {
  return choices.map((choice) => (
    <Menu.Item
      key={choice.dialog}
      leftSection={<choice.icon size={15} stroke={1.7} />}
      onClick={() => onChoose(choice.dialog, account)}
    >
      {choice.label}
    </Menu.Item>
  ));
}

type SubaccountMenuProps = Omit<ChoiceItemsProps, "choices">;

export function SubaccountMenu({ account, onChoose }: SubaccountMenuProps) {
  const navigate = useNavigate();
  const groups = grouped(useSubaccountChoices(account));
  return (
    <Menu width={220}>
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
        {groups.map(([under, choices]) => {
          const items = (
            <ChoiceItems key={choices[0]?.dialog} account={account} choices={choices} onChoose={onChoose} />
          );
          return under && choices.length > 1 ? (
            <Menu.Sub key={under}>
              <Menu.Sub.Target>
                <Menu.Sub.Item leftSection={<IconSettings size={15} stroke={1.7} />}>{under}</Menu.Sub.Item>
              </Menu.Sub.Target>
              <Menu.Sub.Dropdown>{items}</Menu.Sub.Dropdown>
            </Menu.Sub>
          ) : (
            items
          );
        })}
      </Menu.Dropdown>
    </Menu>
  );
}

/** Neighbours that stand under the same name, together. */
function grouped(choices: Choice[]): [under: Choice["under"], choices: Choice[]][] {
  const groups: [Choice["under"], Choice[]][] = [];
  for (const choice of choices) {
    const last = groups.at(-1);
    if (last && last[0] === choice.under) last[1].push(choice);
    else groups.push([choice.under, [choice]]);
  }
  return groups;
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
        {shown.dialog === "allocation" && <AutoAllocationDialog account={shown.account} onClose={close} />}
        {shown.dialog === "recharge" && <AutoRechargeDialog account={shown.account} onClose={close} />}
        {shown.dialog === "knowledge" && <KnowledgeDialog account={shown.account} onClose={close} />}
        {shown.dialog === "adjust" && <AdjustDialog account={shown.account} onClose={close} />}
        {shown.dialog === "suspend" && <SuspendDialog account={shown.account} onClose={close} />}
        {shown.dialog === "remove" && <RemoveDialog account={shown.account} onClose={close} />}
        {shown.dialog === "restore" && <RestoreDialog account={shown.account} onClose={close} />}
        {shown.dialog === "purchase" && <PurchaseDialog subaccountId={shown.account.id} onClose={close} />}
      </>
    ),
  };
}
