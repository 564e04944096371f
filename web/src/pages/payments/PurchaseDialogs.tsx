import type { Schemas } from "../../api/client";
import { MarkPaidDialog } from "../subaccounts/MarkPaidDialog";
import { PurchaseDialog } from "../subaccounts/PurchaseDialog";
import { CancelDialog } from "./CancelDialog";
import { PaymentDialog } from "./PaymentDialog";
import type { PurchaseAction } from "./PurchaseButtons";
import type { Purchase } from "./queries";
import { RefundDialog } from "./RefundDialog";
import { useState } from "react";

interface PurchaseDialogsProps {
  action: PurchaseAction;
  purchase: Purchase;
  account: Schemas["Subaccount"];
  onClose: () => void;
}

/** What one does with a purchase. */
export function PurchaseDialogs({ action, purchase, account, onClose }: PurchaseDialogsProps) {
  const [again, setAgain] = useState(action === "again" ? purchase : null);
  if (again) return <PurchaseDialog subaccountId={account.id} like={again} onClose={onClose} />;
  switch (action) {
    case "settle":
      return <MarkPaidDialog purchase={purchase} account={account.name} onClose={onClose} />;
    case "cancel":
      return <CancelDialog purchase={purchase} onClose={onClose} />;
    case "refund":
      return <RefundDialog purchase={purchase} account={account.name} onClose={onClose} />;
    default:
      return <PaymentDialog purchase={purchase} account={account.name} onAgain={setAgain} onClose={onClose} />;
  }
}
