import { Loader, Text } from "@mantine/core";
import type { Schemas } from "../../api/client";
import { MinutesText, MoneyText, PriceText } from "../../widgets/figures/figures";
import { Note } from "../../widgets/Note";
import { errorText } from "../../widgets/states/states";
import classes from "./PurchaseDialog.module.css";

interface MoveQuoteProps {
  quote: Schemas["MinuteMoveQuote"] | null;
  asking: boolean;
  error: unknown;
}

/** What a move would bring, as the server says. */
export function MoveQuote({ quote, asking, error }: MoveQuoteProps) {
  if (!quote) {
    return (
      <Text size="sm" c="dimmed" aria-live="polite">
        {asking ? <Loader size="xs" aria-label="Asking for a quote" /> : error ? errorText(error) : EXPLANATION}
      </Text>
    );
  }
  return (
    <>
      <dl className={classes.facts} aria-label="Quote">
        <Fact label="Sent">
          <MinutesText seconds={quote.sent_seconds} /> at <PriceText price={quote.price_from} perMinute />
        </Fact>
        <Fact label="Received">
          <MinutesText seconds={quote.received_seconds} /> at <PriceText price={quote.price_to} perMinute />
        </Fact>
        <Fact label="Value">
          <MoneyText usd={quote.value_from_usd} /> → <MoneyText usd={quote.value_to_usd} />
        </Fact>
        <Fact label="Your credit with the platform">
          {quote.adjustment_usd === "0.00" ? "unchanged" : <Change usd={quote.adjustment_usd} />}
        </Fact>
      </dl>
      {quote.capped && (
        <Note>
          Your credit with the platform does not cover more, so that fewer minutes arrive than the prices give.
        </Note>
      )}
    </>
  );
}

const EXPLANATION = "The minutes keep their value: where the client pays more a minute, fewer arrive.";

function Fact({ label, children }: { label: string; children: React.ReactNode }) {
  return (
    <>
      <dt>{label}</dt>
      <dd>{children}</dd>
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
