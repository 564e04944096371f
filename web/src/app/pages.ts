// The pages that navigation and palette lead to, once.
import {
  IconHistory,
  IconHome,
  IconKey,
  IconPhoneCall,
  IconSettings,
  IconUsersGroup,
  type Icon,
} from "@tabler/icons-react";
import type { Permission } from "./session";

export interface NavigationPage {
  label: string;
  to: "/" | "/subaccounts" | "/calls" | "/api-keys" | "/audit" | "/settings";
  icon: Icon;
  permission: Permission;
}

export interface NavigationGroup {
  label: string | null;
  pages: NavigationPage[];
}

export const NAVIGATION: NavigationGroup[] = [
  { label: null, pages: [{ label: "Home", to: "/", icon: IconHome, permission: "reports.agency" }] },
  {
    label: "Account Manager",
    pages: [
      { label: "Subaccounts", to: "/subaccounts", icon: IconUsersGroup, permission: "subaccount.list" },
      { label: "Calls", to: "/calls", icon: IconPhoneCall, permission: "workspace.view" },
    ],
  },
  {
    label: "Agency",
    pages: [
      { label: "API keys", to: "/api-keys", icon: IconKey, permission: "apikeys.manage" },
      { label: "Audit", to: "/audit", icon: IconHistory, permission: "audit.view" },
      { label: "Settings", to: "/settings", icon: IconSettings, permission: "agency.update" },
    ],
  },
];
