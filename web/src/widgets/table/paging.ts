// A list of the API, page by page.

/** What the API is asked for one page. */
export interface PageRequest {
  limit: number;
  cursor?: string;
}

export interface Page<Row> {
  data: Row[];
  next_cursor: string | null;
  /** How many match on all pages, where the server counts them. */
  total?: number;
}

export type FetchPage<Row> = (ask: PageRequest, signal?: AbortSignal) => Promise<Page<Row>>;

/** The first page is small, to be there at once; whoever scrolls on, or takes all, gets the largest that there are. */
const FIRST_ROWS = 100;
export const MOST_ROWS = 500;

export function firstOrNext(cursor: string | null): PageRequest {
  return cursor === null ? { limit: FIRST_ROWS } : { limit: MOST_ROWS, cursor };
}
