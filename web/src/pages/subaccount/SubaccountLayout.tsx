// The head of every page of one sub-account: its name, what can be done to it, its pages.
import { Button, Group, Menu, Skeleton } from "@mantine/core";
import { IconCash, IconChevronDown } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link, Outlet } from "@tanstack/react-router";
import type { Schemas } from "../../api/client";
import { figuresInterval, subaccountQuery } from "../../api/queries";
import { isInOneAccount, may, useMe, type Permission } from "../../app/session";
import { TimeText } from "../../widgets/figures/figures";
import { SubaccountStatusBadge } from "../../widgets/figures/StatusBadge";
import { Note } from "../../widgets/Note";
import { PageHeader } from "../../widgets/PageHeader";
import { useNarrow } from "../../widgets/useNarrow";
import { ErrorState } from "../../widgets/states/states";
import {
  ChoiceItems,
  useSubaccountChoices,
  useSubaccountDialogs,
  type SubaccountDialog,
} from "../subaccounts/SubaccountMenu";
import classes from "./SubaccountLayout.module.css";

const route = getRouteApi("/app/subaccounts/$subaccount");

const TABS: { label: string; to: string; permission: Permission }[] = [
  { label: "Overview", to: "/subaccounts/$subaccount", permission: "workspace.view" },
  { label: "Calls", to: "/subaccounts/$subaccount/calls", permission: "workspace.view" },
  { label: "Statement", to: "/subaccounts/$subaccount/statement", permission: "wallet.view" },
  { label: "Payments", to: "/subaccounts/$subaccount/payments", permission: "wallet.view" },
  { label: "Automatic", to: "/subaccounts/$subaccount/automatic", permission: "payments.manage" },
  { label: "Knowledge", to: "/subaccounts/$subaccount/knowledge", permission: "wallet.view" },
];

export function SubaccountLayout() {
  const { subaccount: id } = route.useParams();
  const me = useMe();
  const account = useQuery({ ...subaccountQuery(id), refetchInterval: figuresInterval });
  const dialogs = useSubaccountDialogs();
  const narrow = useNarrow();
  const listsMany = !isInOneAccount(me);
  // To whom this account is all of the console, the navigation beside the page has these already.
  const hasTabs = !isInOneAccount(me) || narrow;
  if (account.isError && !account.data) {
    return <ErrorState error={account.error} onRetry={() => void account.refetch()} />;
  }
  return (
    <>
      <PageHeader
        title={account.data?.name ?? "…"}
        {...(listsMany && { above: { label: "Subaccounts", to: "/subaccounts" as const } })}
        beside={account.data && <SubaccountStatusBadge status={account.data.status} />}
        actions={account.data && <Actions account={account.data} onChoose={dialogs.open} />}
      >
        {account.data ? <Identity account={account.data} /> : <Skeleton h={14} w={220} mt={4} />}
      </PageHeader>
      {account.data?.suspension && <SuspensionBanner suspension={account.data.suspension} />}
      {hasTabs && (
        <nav aria-label="Pages of this account" className={classes.tabs}>
          {TABS.filter((tab) => may(me, tab.permission)).map((tab) => (
            <Link
              key={tab.to}
              to={tab.to}
              params={{ subaccount: id }}
              className={classes.tab}
              activeOptions={{ exact: tab.to === "/subaccounts/$subaccount", includeSearch: false }}
            >
              {tab.label}
            </Link>
          ))}
        </nav>
      )}
      <Outlet />
      {dialogs.element}
    </>
  );
}

function Identity({ account }: { account: Schemas["Subaccount"] }) {
  const facts = [account.kind === "primary" ? "Primary account" : null, account.email, account.reference];
  return <>{facts.filter((fact) => fact !== null).join("  ·  ")}</>;
}

interface ActionsProps {
  account: Schemas["Subaccount"];
  onChoose: (dialog: SubaccountDialog, account: Schemas["Subaccount"]) => void;
}

function Actions({ account, onChoose }: ActionsProps) {
  const choices = useSubaccountChoices(account);
  const others = choices.filter((choice) => choice.dialog !== "purchase");
  const purchase = choices.find((choice) => choice.dialog === "purchase");
  return (
    <Group gap={8}>
      {others.length > 0 && (
        <Menu width={220}>
          <Menu.Target>
            <Button variant="default" rightSection={<IconChevronDown size={13} />}>
              Manage
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            <ChoiceItems account={account} choices={others} onChoose={onChoose} />
          </Menu.Dropdown>
        </Menu>
      )}
      {purchase && (
        <Button leftSection={<IconCash size={15} />} onClick={() => onChoose("purchase", account)}>
          {purchase.label}
        </Button>
      )}
    </Group>
  );
}

function SuspensionBanner({ suspension }: { suspension: NonNullable<Schemas["Subaccount"]["suspension"]> }) {
  return (
    <div className={classes.suspended}>
      <Note>
        <strong>This account is suspended</strong> since <TimeText at={suspension.at} />. Its people can look at
        everything and change nothing.
        {suspension.note && <div className={classes.note}>{suspension.note}</div>}
      </Note>
    </div>
  );
}
