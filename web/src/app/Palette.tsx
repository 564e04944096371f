// ⌘K: every page, every account, and what can be done from anywhere. Loaded with its first use.
import { Modal, useComputedColorScheme, useMantineColorScheme } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import {
  IconDoorExit,
  IconLogout,
  IconMoon,
  IconPlus,
  IconSun,
  IconUserCircle,
  IconUserPlus,
  type Icon,
} from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { agencySearchQuery, subaccountSearchQuery } from "../api/queries";
import { Finder, type FinderItem } from "../widgets/finder/Finder";
import { useFocusReturn } from "../widgets/useFocusReturn";
import { Monogram } from "../widgets/Monogram";
import { navigationOf } from "./pages";
import classes from "./Palette.module.css";
import { useLeaveAgency } from "./platform";
import { isOutside, may, useBrand, useMe } from "./session";
import { useSignOut } from "./UserMenu";

const PLACES_SHOWN = 8;
const TYPING_PAUSE_MS = 120;

interface Command {
  label: string;
  icon: Icon;
  run: () => void;
}

function useCommands(): { pages: Command[]; actions: Command[] } {
  const me = useMe();
  const navigate = useNavigate();
  const signOut = useSignOut();
  const leave = useLeaveAgency();
  const brand = useBrand();
  const { setColorScheme } = useMantineColorScheme({ keepTransitions: true });
  // What is shown, as "auto" may be either.
  const dark = useComputedColorScheme("light", { getInitialValueInEffect: false }) === "dark";
  const pages = navigationOf(me)
    .flatMap((group) => group.pages)
    .map((page) => ({ label: page.label, icon: page.icon, run: () => void navigate({ to: page.to }) }));
  const actions: Command[] = [
    {
      label: dark ? "Switch to light" : "Switch to dark",
      icon: dark ? IconSun : IconMoon,
      run: () => setColorScheme(dark ? "light" : "dark"),
    },
    { label: "Your account", icon: IconUserCircle, run: () => void navigate({ to: "/account" }) },
    { label: "Sign out", icon: IconLogout, run: () => signOut.mutate() },
  ];
  if (may(me, "subaccount.create")) {
    actions.unshift({
      label: "Add sub-account",
      icon: IconPlus,
      run: () => void navigate({ to: "/subaccounts", search: { dialog: "add" } }),
    });
  }
  if (may(me, "users.manage")) {
    actions.unshift({
      label: "Invite somebody",
      icon: IconUserPlus,
      run: () => void navigate({ to: "/users", search: { dialog: "invite" } }),
    });
  }
  if (me.entered_by_platform) {
    actions.unshift({ label: `Leave ${brand}`, icon: IconDoorExit, run: () => leave.mutate() });
  }
  return { pages, actions };
}

interface Places {
  label: string;
  items: FinderItem[];
  isFetching: boolean;
  open: (id: string) => void;
}

/** What is found beside pages and actions: the accounts of one's agency, or the agencies of the platform. */
function usePlaces(q: string): Places {
  const navigate = useNavigate();
  const isStaff = isOutside(useMe());
  const accounts = useQuery({ ...subaccountSearchQuery(q, PLACES_SHOWN), enabled: !isStaff });
  const agencies = useQuery({ ...agencySearchQuery(q, PLACES_SHOWN), enabled: isStaff });
  if (isStaff) {
    return {
      label: "Agencies",
      items: (agencies.data?.data ?? []).map(({ id, name, owner }) => placeItem(id, name, owner.email)),
      isFetching: agencies.isFetching,
      open: (agency) => void navigate({ to: "/platform/agencies/$agency", params: { agency } }),
    };
  }
  return {
    label: "Sub-accounts",
    items: (accounts.data?.data ?? []).map(({ id, name, email }) => placeItem(id, name, email)),
    isFetching: accounts.isFetching,
    open: (subaccount) => void navigate({ to: "/subaccounts/$subaccount", params: { subaccount } }),
  };
}

function placeItem(id: string, label: string, detail: string | null): FinderItem {
  return { id, label, ...(detail !== null && { detail }), icon: <Monogram name={label} /> };
}

export default function Palette({ onClose }: { onClose: () => void }) {
  const [typed, setTyped] = useState("");
  const [q] = useDebouncedValue(typed.trim(), TYPING_PAUSE_MS);
  const places = usePlaces(q);
  const { pages, actions } = useCommands();
  useFocusReturn();

  const matching = (commands: Command[]) =>
    commands
      .filter((command) => command.label.toLowerCase().includes(typed.trim().toLowerCase()))
      .map((command): FinderItem => ({ id: command.label, label: command.label, icon: <CommandIcon of={command} /> }));
  const choose = (id: string) => {
    onClose();
    const command = [...pages, ...actions].find(({ label }) => label === id);
    if (command) command.run();
    else places.open(id);
  };
  return (
    <Modal
      opened
      onClose={onClose}
      withCloseButton={false}
      size={600}
      yOffset="9vh"
      padding={0}
      classNames={{ content: classes.content ?? "", body: classes.body ?? "" }}
      attributes={{ content: { "aria-label": "Search" } }}
    >
      <Finder
        label={`Search ${places.label.toLowerCase()}, pages and actions`}
        typed={typed}
        onTyped={setTyped}
        onChoose={choose}
        isSearching={places.isFetching || q !== typed.trim()}
        groups={[
          { label: "Pages", items: matching(pages) },
          { label: "Actions", items: matching(actions) },
          { label: places.label, items: places.items },
        ]}
      />
    </Modal>
  );
}

function CommandIcon({ of: { icon: Glyph } }: { of: Command }) {
  return <Glyph size={17} stroke={1.7} aria-hidden="true" />;
}
