// What can be done to a person, from their row.
import { ActionIcon, Menu } from "@mantine/core";
import { IconCrown, IconDots, IconLogout, IconUserCog, IconUserMinus, type Icon } from "@tabler/icons-react";
import { useCallback, useState } from "react";
import { may, useMe, type Permission } from "../../app/session";
import { ChangeAccessDialog } from "./ChangeAccessDialog";
import type { User } from "./queries";
import { RemoveDialog } from "./RemoveDialog";
import { SignOutDialog } from "./SignOutDialog";
import { TransferDialog } from "./TransferDialog";

export type PersonDialog = "access" | "sign_out" | "transfer" | "remove";

interface Choice {
  dialog: PersonDialog;
  label: string;
  icon: Icon;
  permission: Permission;
  isFor: (user: User) => boolean;
}

const isNoOwner = (user: User) => user.role !== "agency_owner";

const CHOICES: Choice[] = [
  {
    dialog: "access",
    label: "Change role and access…",
    icon: IconUserCog,
    permission: "users.manage",
    isFor: isNoOwner,
  },
  {
    dialog: "transfer",
    label: "Transfer ownership…",
    icon: IconCrown,
    permission: "agency.transfer_ownership",
    isFor: (user) => user.role === "agency_admin",
  },
  {
    dialog: "sign_out",
    label: "Sign out everywhere",
    icon: IconLogout,
    permission: "users.manage",
    isFor: () => true,
  },
  { dialog: "remove", label: "Remove…", icon: IconUserMinus, permission: "users.manage", isFor: isNoOwner },
];

interface PersonMenuProps {
  user: User;
  onChoose: (dialog: PersonDialog, user: User) => void;
}

export function PersonMenu({ user, onChoose }: PersonMenuProps) {
  const me = useMe();
  const choices = CHOICES.filter((choice) => may(me, choice.permission) && choice.isFor(user));
  if (choices.length === 0) return null;
  return (
    <Menu width={220}>
      <Menu.Target>
        <ActionIcon aria-label={`Actions for ${user.name}`}>
          <IconDots size={16} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {choices.map((choice) => (
          <Menu.Item
            key={choice.dialog}
            leftSection={<choice.icon size={15} stroke={1.7} />}
            {...(choice.dialog === "remove" && { color: "red" })}
            onClick={() => onChoose(choice.dialog, user)}
          >
            {choice.label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

/** The dialogs, and the door to them. */
export function usePersonDialogs() {
  const [shown, setShown] = useState<{ dialog: PersonDialog; user: User } | null>(null);
  const open = useCallback((dialog: PersonDialog, user: User) => setShown({ dialog, user }), []);
  const close = () => setShown(null);
  return {
    open,
    element: shown && (
      <>
        {shown.dialog === "access" && <ChangeAccessDialog user={shown.user} onClose={close} />}
        {shown.dialog === "sign_out" && <SignOutDialog user={shown.user} onClose={close} />}
        {shown.dialog === "transfer" && <TransferDialog user={shown.user} onClose={close} />}
        {shown.dialog === "remove" && <RemoveDialog user={shown.user} onClose={close} />}
      </>
    ),
  };
}
