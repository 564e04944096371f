import type { Schemas } from "../../api/client";
import { MoneyText, TimeText } from "../../widgets/figures/figures";
import { countText } from "../../widgets/format/minutes";
import { Standing } from "./Standing";
import { ALLOCATION_STATES, monthText, ordinalText, reasonText } from "./words";

/** How the monthly allocation stands, in a badge and a sentence. */
export function AllocationStanding({ allocation }: { allocation: Schemas["AutoAllocation"] }) {
  return (
    <Standing badge={ALLOCATION_STATES[allocation.state]}>
      <Sentence allocation={allocation} />
    </Standing>
  );
}

function Sentence({ allocation: { state, day, cost_usd, runs } }: { allocation: Schemas["AutoAllocation"] }) {
  const latest = (wanted: Schemas["AllocationRun"]["state"]) => runs.find((run) => run.state === wanted);
  switch (state) {
    case "off":
      return "No minutes are bought by the month.";
    case "on":
      return (
        <>
          On the {ordinalText(day ?? 1)} of each month, for <MoneyText usd={cost_usd} /> at today's base price.
        </>
      );
    case "processing":
      return `The payment of ${monthOf(latest("processing") ?? latest("scheduled"))} is under way.`;
    case "waiting_for_payment":
      return `There is no card to charge. What ${monthOf(latest("processing"))} costs waits to be marked paid.`;
    case "retrying": {
      const run = latest("retrying");
      return (
        <>
          {run?.reason && `${reasonText(run.reason)}. `}
          {monthOf(run)} is tried again at {run?.retry_at && <TimeText at={run.retry_at} />}.
        </>
      );
    }
    case "past_due": {
      const run = latest("past_due");
      return `${run?.reason ? `${reasonText(run.reason)}. ` : ""}${monthOf(run)} was not granted after ${countText(run?.failures ?? 0)} tries. A month that is paid clears this.`;
    }
    case "suspended":
      return "Months that come due meanwhile are skipped.";
  }
}

const monthOf = (run: Schemas["AllocationRun"] | undefined) => (run ? monthText(run.month) : "The month");
