// ⌘K: every page, every account, and what can be done from anywhere. Loaded with its first use.
import { useMantineColorScheme } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { Spotlight, spotlight } from "@mantine/spotlight";
import "@mantine/spotlight/styles.layer.css";
import { IconLogout, IconMoon, IconPlus, IconSearch, IconSun, type Icon } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { subaccountSearchQuery } from "../api/queries";
import { Monogram } from "../widgets/Monogram";
import { NAVIGATION } from "./pages";
import { may, useMe } from "./session";
import classes from "./Palette.module.css";
import { useSignOut } from "./UserMenu";

const ACCOUNTS_SHOWN = 8;
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
  const { colorScheme, setColorScheme } = useMantineColorScheme({ keepTransitions: true });
  const dark = colorScheme === "dark";
  const pages = NAVIGATION.flatMap((group) => group.pages)
    .filter((page) => may(me, page.permission))
    .map((page) => ({ label: page.label, icon: page.icon, run: () => void navigate({ to: page.to }) }));
  const actions: Command[] = [
    {
      label: dark ? "Switch to light" : "Switch to dark",
      icon: dark ? IconSun : IconMoon,
      run: () => setColorScheme(dark ? "light" : "dark"),
    },
    { label: "Sign out", icon: IconLogout, run: () => signOut.mutate() },
  ];
  if (may(me, "subaccount.create")) {
    actions.unshift({
      label: "Add sub-account",
      icon: IconPlus,
      run: () => void navigate({ to: "/subaccounts", search: { dialog: "add" } }),
    });
  }
  return { pages, actions };
}

/** `asked` counts how often somebody wanted it; each time it opens. */
export default function Palette({ asked }: { asked: number }) {
  const navigate = useNavigate();
  const [query, setQuery] = useState("");
  const [q] = useDebouncedValue(query.trim(), TYPING_PAUSE_MS);
  const accounts = useQuery(subaccountSearchQuery(q, ACCOUNTS_SHOWN)).data?.data ?? [];
  const { pages, actions } = useCommands();
  const matching = (commands: Command[]) =>
    commands.filter((command) => command.label.toLowerCase().includes(query.trim().toLowerCase()));
  const groups = [
    { label: "Pages", commands: matching(pages) },
    { label: "Actions", commands: matching(actions) },
  ];

  useEffect(() => spotlight.open(), [asked]);

  const nothing = accounts.length === 0 && groups.every((group) => group.commands.length === 0);
  return (
    <Spotlight.Root
      query={query}
      onQueryChange={setQuery}
      attributes={{ content: { "aria-label": "Search" } }}
      overlayProps={{ backgroundOpacity: 0.28, blur: 0 }}
      shortcut={null}
      lockScroll={false}
      scrollable
      maxHeight={420}
      radius="lg"
      classNames={{ search: classes.search, actionsGroup: classes.group }}
    >
      <Spotlight.Search
        placeholder="Search accounts, pages and actions"
        aria-label="Search accounts, pages and actions"
        leftSection={<IconSearch size={18} stroke={1.6} />}
      />
      <Spotlight.ActionsList>
        {groups.map(
          (group) =>
            group.commands.length > 0 && (
              <Spotlight.ActionsGroup key={group.label} label={group.label}>
                {group.commands.map((command) => (
                  <Spotlight.Action
                    key={command.label}
                    label={command.label}
                    leftSection={<command.icon size={17} stroke={1.7} />}
                    onClick={command.run}
                  />
                ))}
              </Spotlight.ActionsGroup>
            ),
        )}
        {accounts.length > 0 && (
          <Spotlight.ActionsGroup label="Sub-accounts">
            {accounts.map((account) => (
              <Spotlight.Action
                key={account.id}
                label={account.name}
                description={account.email}
                leftSection={<Monogram name={account.name} />}
                onClick={() => void navigate({ to: "/subaccounts/$subaccount", params: { subaccount: account.id } })}
              />
            ))}
          </Spotlight.ActionsGroup>
        )}
        {nothing && <Spotlight.Empty>Nothing matches “{query}”</Spotlight.Empty>}
      </Spotlight.ActionsList>
    </Spotlight.Root>
  );
}
