import { Kbd, UnstyledButton } from "@mantine/core";
import { useOs } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import classes from "./Navigation.module.css";
import { navigationOf } from "./pages";
import { useMe } from "./session";
import { Switcher } from "./Switcher";
import { UnmatchedCount } from "./UnmatchedCount";
import { UserMenu } from "./UserMenu";

interface NavigationProps {
  onSearch: () => void;
  /** After choosing where to go. */
  onLeave?: () => void;
}

export function Navigation({ onSearch, onLeave }: NavigationProps) {
  const me = useMe();
  const os = useOs();
  const groups = navigationOf(me);
  return (
    <div className={classes.navigation}>
      <Switcher onLeave={onLeave} />
      <UnstyledButton
        className={classes.search}
        onClick={() => {
          onLeave?.();
          onSearch();
        }}
      >
        <IconSearch size={15} stroke={1.8} aria-hidden="true" />
        <span>Search</span>
        <Kbd aria-hidden="true">{os === "macos" || os === "ios" ? "⌘K" : "Ctrl K"}</Kbd>
      </UnstyledButton>
      <nav aria-label="Main" className={classes.groups}>
        {groups.map((group) => (
          <div key={group.label ?? "top"} className={classes.group}>
            {group.label && <div className={classes.heading}>{group.label}</div>}
            {group.pages.map((page) => (
              <Link
                key={page.to}
                to={page.to}
                className={classes.link}
                activeOptions={{ exact: page.exact ?? false, includeSearch: false }}
                onClick={onLeave}
              >
                <page.icon size={17} stroke={1.7} aria-hidden="true" />
                {page.label}
                {page.to === "/unmatched" && <UnmatchedCount />}
              </Link>
            ))}
          </div>
        ))}
      </nav>
      <UserMenu onLeave={onLeave} />
    </div>
  );
}
