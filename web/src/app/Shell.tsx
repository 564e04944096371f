// What surrounds every page of a signed-in person.
import { ActionIcon, Burger, Text } from "@mantine/core";
import { useDisclosure, useHotkeys } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { Outlet, useMatches } from "@tanstack/react-router";
import { lazy, Suspense, useEffect, useState } from "react";
import { RunHost } from "../pages/subaccounts/bulk/RunHost";
import { Navigation } from "./Navigation";
import { NotForThem } from "./NotForThem";
import { Notices } from "./Notices";
import { sees, useBrand, useMe } from "./session";
import classes from "./Shell.module.css";
import { wearTheme } from "./themeSheet";

const MenuDrawer = lazy(() => import("./MenuDrawer"));
const Palette = lazy(() => import("./Palette"));
const Live = lazy(() => import("./live/Live"));

export function Shell() {
  const me = useMe();
  const [menu, toggleMenu] = useDisclosure(false);
  const [hasMenu, setHasMenu] = useState(false);
  const openMenu = () => {
    setHasMenu(true);
    toggleMenu.toggle();
  };
  const palette = usePalette();
  useEffect(() => wearTheme(me.agency.branding.colour), [me.agency.branding.colour]);
  const name = useBrand();
  return (
    <div className={classes.shell}>
      <aside className={classes.side}>
        <a className={classes.skip} href="#content">
          Skip to content
        </a>
        <Navigation onSearch={palette.open} />
      </aside>
      <div className={classes.column}>
        <div className={classes.header}>
          {me.agency.demo && <DemoBanner />}
          <Notices />
          <nav className={classes.top} aria-label="Top">
            <Burger size="sm" opened={menu} onClick={openMenu} aria-label="Navigation" />
            <Text fw={600} truncate flex={1}>
              {name}
            </Text>
            <ActionIcon size={34} aria-label="Search" onClick={palette.open}>
              <IconSearch size={18} />
            </ActionIcon>
          </nav>
        </div>
        <main id="content" className={classes.main} tabIndex={-1}>
          <RunHost>
            <Page />
          </RunHost>
        </main>
      </div>
      <Suspense>{hasMenu && <MenuDrawer opened={menu} onClose={toggleMenu.close} onSearch={palette.open} />}</Suspense>
      <Suspense>{sees(me, "subaccount.list") && <Live key={me.agency.id} />}</Suspense>
      <Suspense>{palette.opened && <Palette onClose={palette.close} />}</Suspense>
    </div>
  );
}

/** The page itself, unless it is not for this person. */
function Page() {
  const me = useMe();
  const needed = useMatches().map((match) => match.staticData.permission);
  const missing = needed.find((permission) => permission && !sees(me, permission));
  return missing ? <NotForThem missing={missing} /> : <Outlet />;
}

function DemoBanner() {
  return (
    <aside className={classes.demo} aria-label="About this server">
      <strong>Demo:</strong> every client, call and dollar is made up.
    </aside>
  );
}

/** ⌘K anywhere opens it; `/` goes to the page's own search where there is one. Its code comes with the first use. */
function usePalette() {
  const [opened, { open, close }] = useDisclosure(false);
  const focusSearch = () => {
    const search = document.querySelector<HTMLInputElement>("[data-page-search]");
    if (search) search.focus();
    else open();
  };
  useHotkeys([["mod+K", open]], []);
  useHotkeys([["/", focusSearch]]);
  return { opened, open, close };
}
