import type { Schemas } from "../../api/client";
import { MoneyText, TimeText } from "../../widgets/figures/figures";
import { Standing } from "./Standing";
import { RECHARGE_STATES, reasonText } from "./words";

/** How auto-recharge stands, in a badge and a sentence. */
export function RechargeStanding({ recharge }: { recharge: Schemas["AutoRecharge"] }) {
  return (
    <Standing badge={RECHARGE_STATES[recharge.state]}>
      <Sentence recharge={recharge} />
    </Standing>
  );
}

function Sentence({ recharge }: { recharge: Schemas["AutoRecharge"] }) {
  const { state, amount_usd, threshold_usd, failure, turned_off_at, waits_until } = recharge;
  switch (state) {
    case "off":
      return "Nothing is bought by itself.";
    case "turned_off":
      return (
        <>
          {failure && `${reasonText(failure)}, the last of four times. `}
          Off since {turned_off_at && <TimeText at={turned_off_at} />}. Turning it on tries again.
        </>
      );
    case "buying":
      return "A purchase is under way; the next one waits for it.";
    case "waiting_for_payment":
      return "There is no card to charge. The purchase waits to be marked paid, and the next one waits for it.";
    case "waits":
      return failure ? (
        <>
          {reasonText(failure)}. It is tried again at {waits_until && <TimeText at={waits_until} />}.
        </>
      ) : (
        <>Ten purchases were made today. It goes on at {waits_until && <TimeText at={waits_until} />}.</>
      );
    case "suspended":
      return "It goes on when access is restored.";
    case "on":
      return (
        <>
          Buys for <MoneyText usd={amount_usd ?? "0.00"} /> when the wallet is below{" "}
          <MoneyText usd={threshold_usd ?? "0.00"} />.
        </>
      );
  }
}
