// What the kinds of jobs are called; one that this console does not know is shown as it is.

const KIND_LABELS: Record<string, string> = {
  renewal: "Renewal of an agency",
  base_prices: "Base prices",
  purchase_charge: "Card payments",
  auto_recharge: "Auto-recharges",
  auto_allocation: "Monthly allocations",
  purchase_return: "Payments to give back",
  refund_send: "Refunds",
};

export function jobKindText(kind: string): string {
  return KIND_LABELS[kind] ?? kind.replaceAll("_", " ");
}
