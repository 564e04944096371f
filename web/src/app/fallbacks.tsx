// What stands where no page can: an address that leads nowhere, a page that failed.
import { Button } from "@mantine/core";
import { IconMapOff } from "@tabler/icons-react";
import { Link, useRouter, type ErrorComponentProps } from "@tanstack/react-router";
import { useBrand } from "./session";
import { EmptyState, ErrorState } from "../widgets/states/states";

export function NotFoundPage() {
  return (
    <>
      <title>{`Not found · ${useBrand()}`}</title>
      <EmptyState
        icon={IconMapOff}
        title="There is no such page"
        level={1}
        action={
          <Button variant="default" component={Link} to="/">
            Go to Home
          </Button>
        }
      >
        The address may have a typo, or what it named is gone or not yours.
      </EmptyState>
    </>
  );
}

export function PageCrash({ error }: ErrorComponentProps) {
  const router = useRouter();
  return (
    <main>
      <title>Something went wrong · Minutebank</title>
      <ErrorState error={error} onRetry={() => void router.invalidate()} />
    </main>
  );
}
