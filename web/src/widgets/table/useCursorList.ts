// A cursor list of the API as the rows that have been read so far.
import { useInfiniteQuery, type QueryKey } from "@tanstack/react-query";
import { useMemo } from "react";
import { LIVE_MS } from "../../api/queries";
import { firstOrNext, type FetchPage } from "./paging";

export interface CursorList<Row> {
  rows: Row[];
  /** How many match on all pages, where the server counts them. */
  total: number | null;
  isPending: boolean;
  isFetchingMore: boolean;
  /** Old rows are on the screen while those of new filters are on their way. */
  isStale: boolean;
  error: Error | null;
  hasMore: boolean;
  fetchMore: () => void;
  retry: () => void;
}

/** More pages than this are not read again by themselves: whoever scrolled that far looks for something else. */
const LIVE_PAGES = 2;

export function useCursorList<Row>(queryKey: QueryKey, fetchPage: FetchPage<Row>): CursorList<Row> {
  const query = useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam, signal }) => fetchPage(firstOrNext(pageParam), signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor,
    placeholderData: (previous) => previous,
    refetchInterval: ({ state }) => ((state.data?.pages.length ?? 0) <= LIVE_PAGES ? LIVE_MS : false),
    refetchOnWindowFocus: ({ state }) => (state.data?.pages.length ?? 0) <= LIVE_PAGES,
  });
  const rows = useMemo(() => query.data?.pages.flatMap((page) => page.data) ?? [], [query.data]);
  return {
    rows,
    total: query.data?.pages.at(-1)?.total ?? null,
    isPending: query.isPending,
    isFetchingMore: query.isFetchingNextPage,
    isStale: query.isPlaceholderData,
    error: query.data ? null : query.error,
    hasMore: query.hasNextPage,
    fetchMore: () => void query.fetchNextPage(),
    retry: () => void query.refetch(),
  };
}
