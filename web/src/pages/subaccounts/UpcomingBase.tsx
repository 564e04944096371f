// Base prices that will count while these client prices do: said before they are saved.
import type { Schemas } from "../../api/client";
import { TIERS } from "../../app/search";
import { useZone } from "../../app/session";
import { TIER_LABELS } from "../../widgets/figures/TierLabel";
import { parseDecimal } from "../../widgets/format/decimal";
import { exactMoneyText } from "../../widgets/format/money";
import { instantText } from "../../widgets/format/time";
import { Note } from "../../widgets/Note";
import { useNow } from "../../widgets/useNow";

type Prices = Record<Schemas["Tier"], string>;

interface UpcomingBaseProps {
  moments: readonly Schemas["PriceMoment"][];
  /** As they are typed; null: base applies. */
  prices: Prices | null;
}

export function UpcomingBase({ moments, prices }: UpcomingBaseProps) {
  const zone = useZone();
  const now = useNow();
  const upcoming = moments.filter(({ from, cause }) => Date.parse(from) > now && cause !== "client_prices").reverse();
  if (upcoming.length === 0) return null;
  return (
    <Note>
      {upcoming.map(({ from, base_prices: base }) => (
        <div key={from}>
          From {instantText(from, zone)} base is {exactMoneyText(base.premium)} per premium and{" "}
          {exactMoneyText(base.basic)} per basic minute.{belowText(base, prices)}
        </div>
      ))}
    </Note>
  );
}

function belowText(base: Prices, prices: Prices | null): string {
  const below = TIERS.filter((tier) => prices && isBelow(prices[tier], base[tier])).map((tier) => TIER_LABELS[tier]);
  if (below.length === 0) return "";
  return ` The ${below.join(" and ").toLowerCase()} ${below.length === 1 ? "price falls" : "prices fall"} below it, and base counts instead.`;
}

function isBelow(price: string, base: string): boolean {
  const [micros, baseMicros] = [parseDecimal(price), parseDecimal(base)];
  return micros !== null && baseMicros !== null && micros < baseMicros;
}
