import { MantineProvider } from "@mantine/core";
import { Notifications } from "@mantine/notifications";
import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { ApiError, isStatus } from "../api/client";
import { keys } from "../api/queries";
import { createConsoleRouter } from "./router";
import { theme } from "./theme";

const MAX_RETRIES = 2;

/** Only what may pass by itself is worth another try. */
function shouldRetry(failures: number, error: Error): boolean {
  const passing = error instanceof ApiError && (error.status === 0 || error.status >= 500);
  return passing && failures < MAX_RETRIES;
}

const STALE_SIGNS: ReadonlySet<string> = new Set(["not_allowed", "agency_deleting", "two_factor_setup_required"]);

const queryClient: QueryClient = new QueryClient({
  queryCache: new QueryCache({
    onError: (error, query) => {
      if (query.queryKey[0] !== keys.me[0]) askWhoIsSignedIn(error);
    },
  }),
  mutationCache: new MutationCache({ onError: askWhoIsSignedIn }),
  defaultOptions: { queries: { retry: shouldRetry, staleTime: 5_000 } },
});

const router = createConsoleRouter(queryClient);

/** The session ended while the console was open: the sign-in page brings the person back to where they were. */
function askWhoIsSignedIn(error: Error) {
  // Their role, what the agency requires, or its state, may have changed since the menu was drawn.
  if (error instanceof ApiError && STALE_SIGNS.has(error.code))
    void queryClient.invalidateQueries({ queryKey: keys.me });
  if (!isStatus(error, 401)) return;
  queryClient.removeQueries({ queryKey: keys.me });
  void router.invalidate();
}

export function App() {
  return (
    <QueryClientProvider client={queryClient}>
      <MantineProvider theme={theme} defaultColorScheme="auto" withCssVariables={false} withGlobalClasses={false}>
        <Notifications position="bottom-right" limit={3} />
        <RouterProvider router={router} />
      </MantineProvider>
    </QueryClientProvider>
  );
}
