// The actions that many accounts can take at once: what each asks of the server, and what takes it back.
import { client, unwrap, type Schemas } from "../../../api/client";
import { ACCOUNT_FIGURES, ACCOUNT_STATUS } from "../../../api/queries";
import { restoreSubaccount, suspendSubaccount } from "../suspension";
import { hasPrices, keepsTier, pricesInput, type WantedPrices } from "./prices";
import { BulkRun, type Task } from "./run";

type Subaccount = Schemas["Subaccount"];
type NoteOf = (account: Subaccount) => string | null;

export interface RunView {
  run: BulkRun;
  /** As in "Suspending 12 sub-accounts" and "12 suspended". */
  doing: string;
  did: string;
  /** What shows it. */
  changes: readonly (readonly string[])[];
  /** Takes back what was done to these. */
  undo?: (done: Subaccount[]) => RunView;
}

export function suspendRun(tasks: Task[], noteOf: NoteOf): RunView {
  return {
    run: new BulkRun(tasks, (account, headers) => suspendSubaccount(account.id, noteOf(account), headers)),
    doing: "Suspending",
    did: "suspended",
    changes: ACCOUNT_STATUS,
    undo: (done) => restoreRun(done.map(asTask), noteOf),
  };
}

/** `noteOf` tells what they were suspended with, for whoever takes it back. */
export function restoreRun(tasks: Task[], noteOf: NoteOf): RunView {
  return {
    run: new BulkRun(tasks, (account, headers) => restoreSubaccount(account.id, headers)),
    doing: "Restoring",
    did: "restored",
    changes: ACCOUNT_STATUS,
    undo: (done) => suspendRun(done.map(asTask), noteOf),
  };
}

/** Setting the same prices twice is the same as once, so that it needs no key. */
export function pricesRun(tasks: Task[], wanted: WantedPrices): RunView {
  const set = async (account: Subaccount) => {
    const params = { path: { subaccount: account.id } };
    // A price that is kept is the one of now, not of when the accounts were read.
    const now = keepsTier(wanted) ? await unwrap(client.GET("/v1/subaccounts/{subaccount}", { params })) : account;
    const body = pricesInput(now, wanted);
    return unwrap(client.PUT("/v1/subaccounts/{subaccount}/prices", { params, body }));
  };
  return {
    run: new BulkRun(tasks, set),
    doing: "Setting prices of",
    did: "repriced",
    changes: ACCOUNT_FIGURES,
  };
}

function asTask(account: Subaccount): Task {
  return { account, skipped: null };
}

/** Each account with why it is left out, if it is. */
export function tasksOf(accounts: Subaccount[], skip: (account: Subaccount) => string | null): Task[] {
  return accounts.map((account) => ({ account, skipped: skip(account) }));
}

export function whyNotSuspend({ kind, status }: Subaccount): string | null {
  if (kind === "primary") return "Your own account is never suspended";
  if (status === "suspended") return "Suspended already";
  return status === "removed" ? "Removed" : null;
}

export function whyNotRestore({ status }: Subaccount): string | null {
  if (status === "removed") return "Removed";
  return status === "active" ? "Not suspended" : null;
}

export function whyNotPriced(account: Subaccount, wanted: WantedPrices | null): string | null {
  if (account.kind === "primary") return "Your own account pays the base price, always";
  if (account.status === "removed") return "Removed";
  return wanted && hasPrices(account, wanted) ? "Has these prices already" : null;
}
