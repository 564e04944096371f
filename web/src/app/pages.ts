// The pages that navigation and palette lead to, once.
import {
  IconArrowsExchange,
  IconBuildingCommunity,
  IconBook2,
  IconCash,
  IconCoins,
  IconCreditCard,
  IconHistory,
  IconHome,
  IconIdBadge2,
  IconKey,
  IconLayoutDashboard,
  IconPhoneCall,
  IconPlugConnected,
  IconReceipt,
  IconRefresh,
  IconScale,
  IconSettings,
  IconUsersGroup,
  type Icon,
} from "@tabler/icons-react";
import type { Me } from "../api/queries";
import { isInOneAccount, ownAccount, sees, type Permission } from "./session";

export interface NavigationPage {
  label: string;
  to: string;
  /** Not where one is when on a page below it. */
  exact?: true;
  icon: Icon;
  permission: Permission;
}

export interface NavigationGroup {
  label: string | null;
  pages: NavigationPage[];
}

const NAVIGATION: NavigationGroup[] = [
  {
    label: "Platform",
    pages: [
      { label: "Overview", to: "/platform", exact: true, icon: IconLayoutDashboard, permission: "platform.view" },
      { label: "Agencies", to: "/platform/agencies", icon: IconBuildingCommunity, permission: "platform.view" },
      { label: "Plans", to: "/platform/plans", icon: IconCreditCard, permission: "platform.view" },
      { label: "Base prices", to: "/platform/prices", icon: IconCash, permission: "platform.view" },
      { label: "Payouts", to: "/platform/payouts", icon: IconCoins, permission: "platform.view" },
      { label: "Jobs", to: "/platform/jobs", icon: IconRefresh, permission: "platform.view" },
    ],
  },
  { label: null, pages: [{ label: "Home", to: "/", exact: true, icon: IconHome, permission: "reports.agency" }] },
  {
    label: "Account Manager",
    pages: [
      { label: "Subaccounts", to: "/subaccounts", icon: IconUsersGroup, permission: "subaccount.list" },
      { label: "Users", to: "/users", icon: IconIdBadge2, permission: "users.view" },
      { label: "Calls", to: "/calls", icon: IconPhoneCall, permission: "workspace.view" },
      { label: "Unmatched", to: "/unmatched", icon: IconPhoneCall, permission: "purchases.settle" },
      { label: "Minute moves", to: "/moves", icon: IconArrowsExchange, permission: "minutes.move" },
    ],
  },
  {
    label: "Agency",
    pages: [
      { label: "Profits & payouts", to: "/profits", icon: IconCoins, permission: "profits.view" },
      { label: "Credit", to: "/credit", icon: IconScale, permission: "profits.view" },
      { label: "Plan", to: "/plan", icon: IconCreditCard, permission: "agency.billing" },
      { label: "Voice engines", to: "/engines", icon: IconPlugConnected, permission: "apikeys.manage" },
      { label: "API keys", to: "/api-keys", icon: IconKey, permission: "apikeys.manage" },
      { label: "Audit", to: "/audit", icon: IconHistory, permission: "audit.view" },
      { label: "Settings", to: "/settings", icon: IconSettings, permission: "agency.update" },
    ],
  },
];

/** The pages of the one account that is all of the console to a client's person. */
function pagesOf(account: string): NavigationPage[] {
  const to = `/subaccounts/${account}`;
  return [
    { label: "Overview", to, exact: true, icon: IconLayoutDashboard, permission: "workspace.view" },
    { label: "Calls", to: `${to}/calls`, icon: IconPhoneCall, permission: "workspace.view" },
    { label: "Statement", to: `${to}/statement`, icon: IconReceipt, permission: "wallet.view" },
    { label: "Payments", to: `${to}/payments`, icon: IconCash, permission: "wallet.view" },
    { label: "Automatic", to: `${to}/automatic`, icon: IconRefresh, permission: "payments.manage" },
    { label: "Knowledge", to: `${to}/knowledge`, icon: IconBook2, permission: "wallet.view" },
  ];
}

/** What of it this person has; a group of theirs has no heading where it is the only one. */
export function navigationOf(me: Me): NavigationGroup[] {
  const own = isInOneAccount(me) ? ownAccount(me) : null;
  const all = own ? [{ label: null, pages: pagesOf(own) }] : NAVIGATION;
  const theirs = all
    .map((group) => ({ ...group, pages: group.pages.filter((page) => sees(me, page.permission)) }))
    .filter((group) => group.pages.length > 0);
  return theirs.length > 1 ? theirs : theirs.map((group) => ({ ...group, label: null }));
}
