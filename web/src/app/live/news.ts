// What an event says, into what pages have read: a wallet at once, all else by asking again, not too often.
import type { QueryClient, QueryKey } from "@tanstack/react-query";
import type { Schemas } from "../../api/client";
import { keys } from "../../api/queries";

type Account = Schemas["LiveAccount"];
type Agency = Schemas["LiveAgency"];
type Change = Account["changed"][number];

/** What is asked for again when something of this kind changed. */
const TOUCHED: Record<Change, readonly QueryKey[]> = {
  balance: [keys.subaccounts, keys.overview, keys.statement, keys.purchases, keys.profits],
  calls: [keys.subaccounts, keys.overview, keys.statement, keys.calls],
  holds: [keys.reservations],
  state: [keys.subaccounts, keys.overview, keys.automatic],
  risks: [keys.overview],
};

const ALL: readonly QueryKey[] = [...new Set(Object.values(TOUCHED).flat())];

/** The same is asked for again at most once in this time. */
const PACE_MS = 2_000;

interface Row {
  id?: unknown;
  wallet?: unknown;
}
interface Page {
  data: Row[];
}

const isObject = (value: unknown): value is object => typeof value === "object" && value !== null;
const isPage = (value: unknown): value is Page => isObject(value) && "data" in value && Array.isArray(value.data);
const isPages = (value: unknown): value is { pages: Page[] } =>
  isObject(value) && "pages" in value && Array.isArray(value.pages);

/** The account's wallet wherever `read` shows it: as itself, in a list, in the pages of one. What shows none stays the same. */
export function withWallet(read: unknown, { subaccount, wallet }: Account): unknown {
  const inRow = (row: Row): Row => (row.id === subaccount && "wallet" in row ? { ...row, wallet } : row);
  const inPage = (page: Page): Page =>
    page.data.some(({ id }) => id === subaccount) ? { ...page, data: page.data.map(inRow) } : page;
  if (isPages(read)) return { ...read, pages: read.pages.map(inPage) };
  if (isPage(read)) return inPage(read);
  return isObject(read) ? inRow(read) : read;
}

export class News {
  readonly #queryClient: QueryClient;
  /** What was asked for a moment ago, and whether it is to be asked for once more. */
  readonly #resting = new Map<QueryKey, { timer: number; again: boolean }>();

  constructor(queryClient: QueryClient) {
    this.#queryClient = queryClient;
  }

  account(event: Account) {
    this.#queryClient.setQueriesData({ queryKey: keys.subaccounts }, (read: unknown) => withWallet(read, event));
    this.#queryClient.setQueriesData({ queryKey: [...keys.overview, event.subaccount] }, (read: unknown) =>
      isObject(read) ? { ...read, wallet: event.wallet } : read,
    );
    this.#renewFor(event.changed);
  }

  agency(event: Agency) {
    this.#queryClient.setQueryData<Schemas["ReservationList"]>(
      [...keys.reservations, "newest"],
      (read) => read && { ...read, total: event.calls_in_progress },
    );
    this.#renewFor(event.changed);
  }

  /** Something may have been missed. */
  everything() {
    for (const key of ALL) this.#renew(key);
  }

  stop() {
    for (const { timer } of this.#resting.values()) window.clearTimeout(timer);
    this.#resting.clear();
  }

  #renewFor(changes: readonly Change[]) {
    for (const key of new Set(changes.flatMap((change) => TOUCHED[change]))) this.#renew(key);
  }

  #renew(key: QueryKey) {
    const resting = this.#resting.get(key);
    if (resting) {
      resting.again = true;
      return;
    }
    this.#resting.set(key, { timer: window.setTimeout(() => this.#rested(key), PACE_MS), again: false });
    void this.#queryClient.invalidateQueries({ queryKey: key }, { cancelRefetch: false });
  }

  #rested(key: QueryKey) {
    const resting = this.#resting.get(key);
    this.#resting.delete(key);
    if (resting?.again) this.#renew(key);
  }
}
