// Every page: its address, who may open it, what of the address it reads. Pages load their own code.
import type { QueryClient } from "@tanstack/react-query";
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from "@tanstack/react-router";
import { isStatus } from "../api/client";
import { meQuery, setupQuery } from "../api/queries";
import { NotFoundPage, PageCrash } from "./fallbacks";
import {
  parseAgencies,
  parseJobs,
  parseApiKeys,
  parseAudit,
  parseCalls,
  parseCredit,
  parseHome,
  parseMoves,
  parseOverview,
  parsePayments,
  parsePayouts,
  parsePeople,
  parseProfits,
  parseSignIn,
  parseStatement,
  parseSubaccounts,
  parseUsers,
  parseUnmatched,
} from "./search";
import { may, ownAccount, type Permission } from "./session";

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof createConsoleRouter>;
  }
  interface StaticDataRouteOption {
    /** Without it the shell shows why the page is empty. */
    permission?: Permission;
  }
}

const root = createRootRouteWithContext<{ queryClient: QueryClient }>()({ component: Outlet });

const setup = createRoute({
  getParentRoute: () => root,
  path: "/setup",
  component: lazyRouteComponent(() => import("../pages/setup/SetupPage"), "SetupPage"),
});

const signIn = createRoute({
  getParentRoute: () => root,
  path: "/signin",
  validateSearch: parseSignIn,
  component: lazyRouteComponent(() => import("../pages/sign-in/SignInPage"), "SignInPage"),
});

const forgot = createRoute({
  getParentRoute: () => root,
  path: "/forgot",
  component: lazyRouteComponent(() => import("../pages/password/ForgotPage"), "ForgotPage"),
});

const reset = createRoute({
  getParentRoute: () => root,
  path: "/reset",
  component: lazyRouteComponent(() => import("../pages/password/ResetPage"), "ResetPage"),
});

const confirmEmail = createRoute({
  getParentRoute: () => root,
  path: "/confirm-email",
  component: lazyRouteComponent(() => import("../pages/confirm-email/ConfirmEmailPage"), "ConfirmEmailPage"),
});

const accept = createRoute({
  getParentRoute: () => root,
  path: "/accept",
  component: lazyRouteComponent(() => import("../pages/accept/AcceptPage"), "AcceptPage"),
});

/** All that needs a session. */
const app = createRoute({
  getParentRoute: () => root,
  id: "app",
  component: lazyRouteComponent(() => import("./Gate"), "Gate"),
  beforeLoad: async ({ context: { queryClient }, location }) => {
    try {
      await queryClient.query({ ...meQuery, staleTime: "static" });
    } catch (error) {
      if (!isStatus(error, 401)) throw error;
      const { needed } = await queryClient.query(setupQuery);
      throw needed ? redirect({ to: "/setup" }) : redirect({ to: "/signin", search: { next: location.href } });
    }
  },
});

const home = createRoute({
  getParentRoute: () => app,
  path: "/",
  validateSearch: parseHome,
  beforeLoad: async ({ context: { queryClient } }) => {
    const me = await queryClient.query({ ...meQuery, staleTime: "static" });
    if (may(me, "reports.agency")) return;
    if (may(me, "platform.view")) throw redirect({ to: "/platform" });
    // Whoever has no agency to look at begins in the account they work in, or chooses among theirs.
    const own = ownAccount(me);
    throw own
      ? redirect({ to: "/subaccounts/$subaccount", params: { subaccount: own } })
      : redirect({ to: "/subaccounts" });
  },
  staticData: { permission: "reports.agency" },
  component: lazyRouteComponent(() => import("../pages/home/HomePage"), "HomePage"),
});

const subaccounts = createRoute({
  getParentRoute: () => app,
  path: "/subaccounts",
  validateSearch: parseSubaccounts,
  staticData: { permission: "subaccount.list" },
  component: lazyRouteComponent(() => import("../pages/subaccounts/SubaccountsPage"), "SubaccountsPage"),
});

const people = createRoute({
  getParentRoute: () => app,
  path: "/users",
  validateSearch: parsePeople,
  staticData: { permission: "users.view" },
  component: lazyRouteComponent(() => import("../pages/people/PeoplePage"), "PeoplePage"),
});

const activePeople = createRoute({
  getParentRoute: () => people,
  path: "/",
  validateSearch: parseUsers,
  component: lazyRouteComponent(() => import("../pages/people/ActivePeople"), "ActivePeople"),
});

const pendingPeople = createRoute({
  getParentRoute: () => people,
  path: "/pending",
  component: lazyRouteComponent(() => import("../pages/people/PendingPeople"), "PendingPeople"),
});

const subaccount = createRoute({
  getParentRoute: () => app,
  path: "/subaccounts/$subaccount",
  staticData: { permission: "subaccount.list" },
  component: lazyRouteComponent(() => import("../pages/subaccount/SubaccountLayout"), "SubaccountLayout"),
});

const overview = createRoute({
  getParentRoute: () => subaccount,
  path: "/",
  validateSearch: parseOverview,
  staticData: { permission: "workspace.view" },
  component: lazyRouteComponent(() => import("../pages/subaccount/OverviewPage"), "OverviewPage"),
});

const subaccountCalls = createRoute({
  getParentRoute: () => subaccount,
  path: "/calls",
  validateSearch: parseCalls,
  staticData: { permission: "workspace.view" },
  component: lazyRouteComponent(() => import("../pages/subaccount/SubaccountCallsPage"), "SubaccountCallsPage"),
});

const statement = createRoute({
  getParentRoute: () => subaccount,
  path: "/statement",
  validateSearch: parseStatement,
  staticData: { permission: "wallet.view" },
  component: lazyRouteComponent(() => import("../pages/subaccount/StatementPage"), "StatementPage"),
});

const payments = createRoute({
  getParentRoute: () => subaccount,
  path: "/payments",
  validateSearch: parsePayments,
  staticData: { permission: "wallet.view" },
  component: lazyRouteComponent(() => import("../pages/payments/PaymentsPage"), "PaymentsPage"),
});

const automatic = createRoute({
  getParentRoute: () => subaccount,
  path: "/automatic",
  staticData: { permission: "payments.manage" },
  component: lazyRouteComponent(() => import("../pages/automatic/AutomaticPage"), "AutomaticPage"),
});

const knowledge = createRoute({
  getParentRoute: () => subaccount,
  path: "/knowledge",
  staticData: { permission: "wallet.view" },
  component: lazyRouteComponent(() => import("../pages/subaccount/KnowledgePage"), "KnowledgePage"),
});

const calls = createRoute({
  getParentRoute: () => app,
  path: "/calls",
  validateSearch: parseCalls,
  staticData: { permission: "workspace.view" },
  component: lazyRouteComponent(() => import("../pages/calls/CallsPage"), "CallsPage"),
});

const moves = createRoute({
  getParentRoute: () => app,
  path: "/moves",
  validateSearch: parseMoves,
  staticData: { permission: "minutes.move" },
  component: lazyRouteComponent(() => import("../pages/moves/MovesPage"), "MovesPage"),
});

const profits = createRoute({
  getParentRoute: () => app,
  path: "/profits",
  validateSearch: parseProfits,
  staticData: { permission: "profits.view" },
  component: lazyRouteComponent(() => import("../pages/profits/ProfitsLayout"), "ProfitsLayout"),
});

const profitsNow = createRoute({
  getParentRoute: () => profits,
  path: "/",
  component: lazyRouteComponent(() => import("../pages/profits/ProfitsPage"), "ProfitsPage"),
});

const profitAccounts = createRoute({
  getParentRoute: () => profits,
  path: "/clients",
  component: lazyRouteComponent(() => import("../pages/profits/ProfitAccountsPage"), "ProfitAccountsPage"),
});

const profitPurchases = createRoute({
  getParentRoute: () => profits,
  path: "/purchases",
  component: lazyRouteComponent(() => import("../pages/profits/ProfitPurchasesPage"), "ProfitPurchasesPage"),
});

const profitPayouts = createRoute({
  getParentRoute: () => profits,
  path: "/payouts",
  validateSearch: parsePayouts,
  staticData: { permission: "payouts.manage" },
  component: lazyRouteComponent(() => import("../pages/profits/PayoutsPage"), "PayoutsPage"),
});

const credit = createRoute({
  getParentRoute: () => app,
  path: "/credit",
  validateSearch: parseCredit,
  staticData: { permission: "profits.view" },
  component: lazyRouteComponent(() => import("../pages/payments/CreditPage"), "CreditPage"),
});

const engines = createRoute({
  getParentRoute: () => app,
  path: "/engines",
  staticData: { permission: "apikeys.manage" },
  component: lazyRouteComponent(() => import("../pages/engines/EnginesPage"), "EnginesPage"),
});

const unmatched = createRoute({
  getParentRoute: () => app,
  path: "/unmatched",
  validateSearch: parseUnmatched,
  staticData: { permission: "purchases.settle" },
  component: lazyRouteComponent(() => import("../pages/unmatched/UnmatchedPage"), "UnmatchedPage"),
});

const apiKeys = createRoute({
  getParentRoute: () => app,
  path: "/api-keys",
  validateSearch: parseApiKeys,
  staticData: { permission: "apikeys.manage" },
  component: lazyRouteComponent(() => import("../pages/api-keys/ApiKeysPage"), "ApiKeysPage"),
});

const audit = createRoute({
  getParentRoute: () => app,
  path: "/audit",
  validateSearch: parseAudit,
  staticData: { permission: "audit.view" },
  component: lazyRouteComponent(() => import("../pages/audit/AuditPage"), "AuditPage"),
});

const settings = createRoute({
  getParentRoute: () => app,
  path: "/settings",
  staticData: { permission: "agency.update" },
  component: lazyRouteComponent(() => import("../pages/settings/SettingsPage"), "SettingsPage"),
});

const plan = createRoute({
  getParentRoute: () => app,
  path: "/plan",
  staticData: { permission: "agency.billing" },
  component: lazyRouteComponent(() => import("../pages/plan/PlanPage"), "PlanPage"),
});

const account = createRoute({
  getParentRoute: () => app,
  path: "/account",
  component: lazyRouteComponent(() => import("../pages/account/AccountPage"), "AccountPage"),
});

const platform = createRoute({
  getParentRoute: () => app,
  path: "/platform",
  staticData: { permission: "platform.view" },
  component: lazyRouteComponent(() => import("../pages/platform/OverviewPage"), "OverviewPage"),
});

const platformAgencies = createRoute({
  getParentRoute: () => app,
  path: "/platform/agencies",
  validateSearch: parseAgencies,
  staticData: { permission: "platform.view" },
  component: lazyRouteComponent(() => import("../pages/platform/AgenciesPage"), "AgenciesPage"),
});

const platformAgency = createRoute({
  getParentRoute: () => app,
  path: "/platform/agencies/$agency",
  staticData: { permission: "platform.view" },
  component: lazyRouteComponent(() => import("../pages/platform/AgencyPage"), "AgencyPage"),
});

const platformPlans = createRoute({
  getParentRoute: () => app,
  path: "/platform/plans",
  staticData: { permission: "platform.view" },
  component: lazyRouteComponent(() => import("../pages/platform/PlansPage"), "PlansPage"),
});

const platformPrices = createRoute({
  getParentRoute: () => app,
  path: "/platform/prices",
  staticData: { permission: "platform.view" },
  component: lazyRouteComponent(() => import("../pages/platform/PricesPage"), "PricesPage"),
});

const platformPayouts = createRoute({
  getParentRoute: () => app,
  path: "/platform/payouts",
  validateSearch: parsePayouts,
  staticData: { permission: "platform.view" },
  component: lazyRouteComponent(() => import("../pages/platform/PayoutsPage"), "PayoutsPage"),
});

const platformJobs = createRoute({
  getParentRoute: () => app,
  path: "/platform/jobs",
  validateSearch: parseJobs,
  staticData: { permission: "platform.view" },
  component: lazyRouteComponent(() => import("../pages/platform/JobsPage"), "JobsPage"),
});

/** Inside the shell, so that whoever took a wrong turn still has the navigation. */
const nowhere = createRoute({
  getParentRoute: () => app,
  path: "$",
  component: NotFoundPage,
});

const routeTree = root.addChildren([
  setup,
  signIn,
  forgot,
  reset,
  confirmEmail,
  accept,
  app.addChildren([
    home,
    subaccounts,
    people.addChildren([activePeople, pendingPeople]),
    subaccount.addChildren([overview, subaccountCalls, statement, payments, automatic, knowledge]),
    calls,
    moves,
    profits.addChildren([profitsNow, profitAccounts, profitPurchases, profitPayouts]),
    credit,
    engines,
    unmatched,
    apiKeys,
    audit,
    settings,
    plan,
    account,
    platform,
    platformAgencies,
    platformAgency,
    platformPlans,
    platformPrices,
    platformPayouts,
    platformJobs,
    nowhere,
  ]),
]);

export function createConsoleRouter(queryClient: QueryClient) {
  return createRouter({
    routeTree,
    context: { queryClient },
    // A page gets what its parse function lets through, and nothing else of an address.
    search: { strict: true },
    defaultPreload: "intent",
    defaultErrorComponent: PageCrash,
  });
}
