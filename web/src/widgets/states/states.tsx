// What a page or a list shows instead of its rows. Each says what to do next.
import { Button, Code, Stack, Text, Title } from "@mantine/core";
import { IconCloudOff, IconLock, IconMapOff, IconMoodEmpty, IconSearchOff, type Icon } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { ApiError, isStatus } from "../../api/client";
import { waitText } from "../format/time";
import classes from "./states.module.css";

interface StateProps {
  icon?: Icon;
  title: string;
  /** 1 where it is the whole page. */
  level?: 1 | 2;
  children: ReactNode;
  action?: ReactNode;
}

export function EmptyState({ icon: StateIcon = IconMoodEmpty, title, level = 2, children, action }: StateProps) {
  return (
    <Stack className={classes.state} align="center" justify="center" gap={6}>
      <span className={classes.icon} aria-hidden="true">
        <StateIcon size={20} stroke={1.6} />
      </span>
      <Title order={level} size="h2" mt={6}>
        {title}
      </Title>
      <Text size="sm" c="dimmed" ta="center" maw={420}>
        {children}
      </Text>
      {action && <div className={classes.action}>{action}</div>}
    </Stack>
  );
}

interface NothingMatchesProps {
  title: string;
  /** What the button clears. */
  clears: "filters" | "search and filters";
  onClear: () => void;
  children: ReactNode;
}

/** A list that search or filters left empty. */
export function NothingMatches({ title, clears, onClear, children }: NothingMatchesProps) {
  return (
    <EmptyState
      icon={IconSearchOff}
      title={title}
      action={
        <Button variant="default" onClick={onClear}>
          Clear {clears}
        </Button>
      }
    >
      {children}
    </EmptyState>
  );
}

export function NoPermission() {
  return (
    <EmptyState
      icon={IconLock}
      title="This page is not part of your role"
      level={1}
      action={
        <Button variant="default" component={Link} to="/">
          Go to Home
        </Button>
      }
    >
      Ask the owner of your agency if you need it; a changed role counts from the next page you open.
    </EmptyState>
  );
}

export function ErrorState({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  if (isStatus(error, 403)) return <NoPermission />;
  if (isStatus(error, 404)) return <NotThere />;
  const requestId = error instanceof ApiError ? error.requestId : null;
  return (
    <div role="alert">
      <EmptyState
        icon={IconCloudOff}
        title="This could not be loaded"
        action={
          onRetry && (
            <Button variant="default" onClick={onRetry}>
              Try again
            </Button>
          )
        }
      >
        {errorText(error)}
        {requestId && (
          <>
            {" "}
            If it stays so, tell your platform this request id: <Code>{requestId}</Code>
          </>
        )}
      </EmptyState>
    </div>
  );
}

/** The address names what is gone, or what belongs to somebody else; the server does not say which. */
function NotThere() {
  return (
    <EmptyState
      icon={IconMapOff}
      title="There is nothing here"
      level={1}
      action={
        <Button variant="default" component={Link} to="/">
          Go to Home
        </Button>
      }
    >
      What this address names was removed, or it is not yours to see.
    </EmptyState>
  );
}

export function errorText(error: unknown): string {
  if (error instanceof ApiError && error.code === "too_many_tries" && error.retryAfterSeconds !== null)
    return `Too many tries. Try again in ${waitText(error.retryAfterSeconds)}.`;
  return error instanceof Error ? error.message : "Something unexpected happened.";
}
