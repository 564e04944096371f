import { Button } from "@mantine/core";
import type { Schemas } from "../../api/client";
import { isOfClient } from "../../app/roles";
import { may, useMe, type Permission } from "../../app/session";
import type { Purchase } from "./queries";
import { isRefundable } from "./words";

export type PurchaseAction = "settle" | "cancel" | "confirm" | "watch" | "again" | "refund";

interface ActionOfPurchase {
  action: PurchaseAction;
  label: string;
  permission: Permission;
  /** What has to happen before the purchase is done with. */
  isNext?: true;
  fits: (purchase: Purchase) => boolean;
}

const ACTIONS: ActionOfPurchase[] = [
  {
    action: "settle",
    label: "Mark paid",
    permission: "purchases.settle",
    isNext: true,
    fits: ({ state, provider }) => state === "pending" && provider === "manual",
  },
  {
    action: "confirm",
    label: "Confirm",
    permission: "payments.manage",
    isNext: true,
    fits: ({ state }) => state === "requires_action",
  },
  { action: "again", label: "Try again", permission: "payments.manage", isNext: true, fits: isWorthAnother },
  {
    action: "watch",
    label: "Watch",
    permission: "payments.manage",
    isNext: true,
    fits: ({ state }) => state === "processing",
  },
  {
    action: "cancel",
    label: "Call off",
    permission: "payments.manage",
    fits: ({ state, provider }) => state === "pending" && provider === "manual",
  },
  { action: "refund", label: "Refund", permission: "purchases.settle", fits: isRefundable },
];

function isWorthAnother({ state, origin }: Purchase): boolean {
  return state === "failed" && origin === "direct";
}

/** What this person may do with a purchase now, the first of it first. */
export function usePurchaseActions(account: Schemas["Subaccount"]): (purchase: Purchase) => ActionOfPurchase[] {
  const me = useMe();
  const isLocked = account.status === "removed" || (account.status === "suspended" && isOfClient(me.role));
  return (purchase) =>
    isLocked ? [] : ACTIONS.filter(({ permission, fits }) => may(me, permission) && fits(purchase));
}

interface PurchaseButtonsProps {
  purchase: Purchase;
  account: Schemas["Subaccount"];
  size: "xs" | "compact-xs";
  /** Only what somebody waits for. */
  next?: boolean;
  onAct: (action: PurchaseAction, purchase: Purchase) => void;
}

export function PurchaseButtons({ purchase, account, size, next = false, onAct }: PurchaseButtonsProps) {
  const actions = usePurchaseActions(account)(purchase);
  const shown = next ? actions.filter(({ isNext }) => isNext).slice(0, 1) : actions;
  return shown.map(({ action, label }) => (
    <Button key={action} size={size} variant="default" onClick={() => onAct(action, purchase)}>
      {label}
    </Button>
  ));
}
