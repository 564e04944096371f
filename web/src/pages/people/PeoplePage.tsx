// Account Manager › Users: who works here, and who was invited to.
import { Button } from "@mantine/core";
import { IconUserPlus } from "@tabler/icons-react";
import { getRouteApi, Link, Outlet } from "@tanstack/react-router";
import type { PeopleSearch } from "../../app/search";
import { useMay } from "../../app/session";
import { countText } from "../../widgets/format/minutes";
import { PageHeader } from "../../widgets/PageHeader";
import tabs from "../subaccount/SubaccountLayout.module.css";
import { InviteDialog } from "./InviteDialog";
import classes from "./PeoplePage.module.css";
import { useInvitations, useUsers } from "./queries";

const route = getRouteApi("/app/users");

export function PeoplePage() {
  const { dialog } = route.useSearch();
  const navigate = route.useNavigate();
  const mayInvite = useMay("users.manage");
  const users = useUsers({});
  const invitations = useInvitations();
  const pending = `${countText(invitations.rows.length)}${invitations.hasMore ? "+" : ""}`;
  const setDialog = (shown?: "invite") =>
    void navigate({
      search: (before) => ({ ...withoutDialog(before), ...(shown && { dialog: shown }) }),
      replace: true,
    });
  return (
    <>
      <PageHeader
        title="Users"
        actions={
          mayInvite && (
            <Button leftSection={<IconUserPlus size={15} />} onClick={() => setDialog("invite")}>
              Invite
            </Button>
          )
        }
      />
      <nav aria-label="Users" className={tabs.tabs}>
        <Link to="/users" className={tabs.tab} activeOptions={{ exact: true, includeSearch: false }}>
          Active
          {users.total !== null && <span className={`${classes.count ?? ""} figures`}>{countText(users.total)}</span>}
        </Link>
        <Link to="/users/pending" className={tabs.tab} activeOptions={{ includeSearch: false }}>
          Pending
          {!invitations.isPending && <span className={`${classes.count ?? ""} figures`}>{pending}</span>}
        </Link>
      </nav>
      <Outlet />
      {dialog === "invite" && mayInvite && <InviteDialog onClose={() => setDialog()} />}
    </>
  );
}

/** What the list below reads of the address, without the dialog. */
function withoutDialog(search: PeopleSearch): PeopleSearch {
  return Object.fromEntries(Object.entries(search).filter(([name]) => name !== "dialog"));
}
