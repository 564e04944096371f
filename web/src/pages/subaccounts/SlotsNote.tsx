// How much room the plan has left for sub-accounts, before one is added.
import { Anchor, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { sees, useMe } from "../../app/session";
import { countText } from "../../widgets/format/minutes";
import { Note } from "../../widgets/Note";
import { planQuery, type AgencyPlan } from "../plan/queries";

/** Whoever may add accounts, and sees the plan. */
export function useSlots(): AgencyPlan | undefined {
  const mayLook = sees(useMe(), "agency.billing");
  return useQuery({ ...planQuery, enabled: mayLook }).data;
}

/** What may be used now: while a change is ordered, what both plans have room for. */
export function roomOf({ slots, ordered }: AgencyPlan): { left: number | null; cap: number | null; byOrder: boolean } {
  const next = ordered?.plan.subaccount_cap ?? null;
  const byOrder = next !== null && (slots.cap === null || next < slots.cap);
  const cap = byOrder ? next : slots.cap;
  return { cap, byOrder, left: cap === null ? null : Math.max(0, cap - slots.used) };
}

export function SlotsNote({ plan }: { plan: AgencyPlan }) {
  const { left, cap, byOrder } = roomOf(plan);
  const name = byOrder ? (plan.ordered?.plan.name ?? "") : plan.plan.name;
  if (left === null || cap === null) return null;
  if (left > 0) {
    return (
      <Text size="xs" c="dimmed" className="figures">
        {countText(plan.slots.used)} of the {countText(cap)} sub-accounts of {name} are used.
      </Text>
    );
  }
  return (
    <Note>
      {name}
      {byOrder && ", which you change to,"} has room for {countText(cap)} {cap === 1 ? "sub-account" : "sub-accounts"},
      and all of it is used.{" "}
      <Anchor
        size="sm"
        underline="always"
        renderRoot={(props) => <Link to="/subaccounts" search={{ sort: "-created_at" }} {...props} />}
      >
        Remove one
      </Anchor>
      , or{" "}
      <Anchor size="sm" underline="always" renderRoot={(props) => <Link to="/plan" {...props} />}>
        {byOrder ? "take the change back" : "change your plan"}
      </Anchor>
      .
    </Note>
  );
}
