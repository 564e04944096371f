import type { Schemas } from "../../api/client";
import { MinutesText, MoneyText, PriceText } from "../../widgets/figures/figures";
import { FactRow, Facts, NoFacts } from "../../widgets/form/Facts";
import { Note } from "../../widgets/Note";

interface MoveQuoteProps {
  quote: Schemas["MinuteMoveQuote"] | null;
  asking: boolean;
  error: unknown;
}

/** What a move would bring, as the server says. */
export function MoveQuote({ quote, asking, error }: MoveQuoteProps) {
  if (!quote) {
    return (
      <NoFacts asking={asking} error={error}>
        The minutes keep their value: where the client pays more a minute, fewer arrive.
      </NoFacts>
    );
  }
  return (
    <>
      <Facts label="Quote">
        <FactRow label="Sent">
          <MinutesText seconds={quote.sent_seconds} /> at <PriceText price={quote.price_from} perMinute />
        </FactRow>
        <FactRow label="Received">
          <MinutesText seconds={quote.received_seconds} /> at <PriceText price={quote.price_to} perMinute />
        </FactRow>
        <FactRow label="Value">
          <MoneyText usd={quote.value_from_usd} /> → <MoneyText usd={quote.value_to_usd} />
        </FactRow>
        <FactRow label="Your credit with the platform">
          {quote.adjustment_usd === "0.00" ? "unchanged" : <Change usd={quote.adjustment_usd} />}
        </FactRow>
      </Facts>
      {quote.capped && (
        <Note>
          Your credit with the platform does not cover more, so that fewer minutes arrive than the prices give.
        </Note>
      )}
    </>
  );
}

function Change({ usd }: { usd: string }) {
  return (
    <>
      {usd.startsWith("-") ? "" : "+"}
      <MoneyText usd={usd} />
    </>
  );
}
