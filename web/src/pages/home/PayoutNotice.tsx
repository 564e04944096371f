import { Anchor } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { Schemas } from "../../api/client";
import { useZone } from "../../app/session";
import { moneyText } from "../../widgets/format/money";
import { dateText } from "../../widgets/format/time";
import { Note } from "../../widgets/Note";

/** Profit that the next renewal would pay out, if there were an account to pay it to. */
export function PayoutNotice({ standing }: { standing: Schemas["ProfitStanding"] }) {
  const zone = useZone();
  return (
    <Note>
      {moneyText(standing.payable_usd)} of profit could be paid out at your renewal on{" "}
      {dateText(standing.renewal_at, zone)}, but no payout account is connected.{" "}
      <Anchor inherit underline="always" component={Link} to="/profits/payouts">
        What to do
      </Anchor>
    </Note>
  );
}
