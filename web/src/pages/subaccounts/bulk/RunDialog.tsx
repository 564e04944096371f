// An action on many accounts as it goes: how far it is, what became of each, what failed again, the way back.
import { Button, Group, SegmentedControl, Stack, Text, VisuallyHidden } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useBlocker } from "@tanstack/react-router";
import { useEffect, useState, useSyncExternalStore } from "react";
import { ConfirmDialog } from "../../../widgets/form/ConfirmDialog";
import { Dialog } from "../../../widgets/form/Dialog";
import { countText } from "../../../widgets/format/minutes";
import { CsvButton } from "../../../widgets/table/ExportButton";
import { offerUndo } from "../../../widgets/undo";
import { countedAccounts } from "./counted";
import { OUTCOMES, type OutcomeState, type Progress } from "./run";
import classes from "./RunDialog.module.css";
import { resultPages, Results, RESULTS_HEADER } from "./Results";
import type { RunView } from "./runs";

const FAILED: OutcomeState[] = ["refused", "unanswered"];

interface RunDialogProps {
  view: RunView;
  onShow: (view: RunView) => void;
  onClose: () => void;
}

export default function RunDialog({ view, onShow, onClose }: RunDialogProps) {
  const { run } = view;
  const progress = useSyncExternalStore(run.subscribe, run.progress);
  const { isRunning, counts } = progress;
  useFreshFigures(view, isRunning);
  const done = () => run.indices(["done"]).flatMap((index) => run.tasks[index]?.account ?? []);
  const close = () => {
    const { undo } = view;
    if (undo && counts.done > 0)
      offerUndo({
        message: `${countedAccounts(counts.done)} ${view.did}.`,
        undo: () => {
          onShow(undo(done()));
          return Promise.resolve(null);
        },
      });
    onClose();
  };
  return (
    <Dialog
      title={titleOf(view, progress)}
      size={720}
      closeOnClickOutside={false}
      closeOnEscape={!isRunning}
      withCloseButton={!isRunning}
      onClose={close}
    >
      <Stack>
        <Meter progress={progress} view={view} />
        <OutcomeList view={view} progress={progress} />
        <Dialog.Buttons>
          {isRunning ? (
            <Button variant="default" onClick={() => run.stop()} data-autofocus>
              Stop
            </Button>
          ) : (
            <Afterwards view={view} progress={progress} onUndo={(undo) => onShow(undo(done()))} onClose={close} />
          )}
        </Dialog.Buttons>
      </Stack>
      <Leaving view={view} isRunning={isRunning} onLeave={close} />
    </Dialog>
  );
}

/** Whatever shows the accounts reads them again once it has ended. */
function useFreshFigures({ changes }: RunView, isRunning: boolean) {
  const queryClient = useQueryClient();
  useEffect(() => {
    if (isRunning) return;
    for (const queryKey of changes) void queryClient.invalidateQueries({ queryKey });
  }, [isRunning, changes, queryClient]);
}

function wantedOf({ run }: RunView, { counts }: Progress): number {
  return run.tasks.length - counts.skipped;
}

function failedOf({ counts }: Progress): number {
  return counts.refused + counts.unanswered;
}

function titleOf(view: RunView, progress: Progress): string {
  const wanted = wantedOf(view, progress);
  if (progress.isRunning) return `${view.doing} ${countedAccounts(wanted)}`;
  const { done } = progress.counts;
  return done === wanted
    ? `${countedAccounts(done)} ${view.did}`
    : `${countText(done)} of ${countedAccounts(wanted)} ${view.did}`;
}

function Meter({ view, progress }: { view: RunView; progress: Progress }) {
  const wanted = wantedOf(view, progress);
  const { counts, isRunning } = progress;
  const ended = counts.done + failedOf(progress);
  const quarter = wanted > 0 ? Math.floor((4 * ended) / wanted) * 25 : 100;
  const facts = [
    `${countText(counts.done)} ${view.did}`,
    failedOf(progress) > 0 && `${countText(failedOf(progress))} failed`,
    counts.skipped > 0 && `${countText(counts.skipped)} left out`,
    counts.waiting + counts.running > 0 &&
      `${countText(counts.waiting + counts.running)} ${isRunning ? "to go" : "not begun"}`,
  ].filter((fact) => fact !== false);
  return (
    <div>
      <progress className={classes.meter} aria-label="Progress" max={Math.max(wanted, 1)} value={ended} />
      <Text size="sm" c="dimmed" className="figures">
        {facts.join(" · ")}
      </Text>
      <VisuallyHidden role="status">{isRunning ? `${quarter}%` : `Ended. ${facts.join(", ")}`}</VisuallyHidden>
    </div>
  );
}

type Shown = "all" | "done" | "failed" | "skipped";

const SHOWN_STATES: Record<Shown, readonly OutcomeState[]> = {
  all: OUTCOMES,
  done: ["done"],
  failed: FAILED,
  skipped: ["skipped"],
};

function OutcomeList({ view, progress }: { view: RunView; progress: Progress }) {
  const [shown, setShown] = useState<Shown>("all");
  const { counts } = progress;
  const choices = [
    { value: "all" as const, label: `All ${countText(view.run.tasks.length)}`, count: 1 },
    { value: "done" as const, label: `Done ${countText(counts.done)}`, count: counts.done },
    { value: "failed" as const, label: `Failed ${countText(failedOf(progress))}`, count: failedOf(progress) },
    { value: "skipped" as const, label: `Left out ${countText(counts.skipped)}`, count: counts.skipped },
  ].filter(({ count, value }) => count > 0 || value === shown);
  return (
    <>
      <Group justify="space-between" gap={8}>
        <SegmentedControl aria-label="Results shown" value={shown} onChange={setShown} data={choices} />
        <CsvButton
          name={`${view.did}-results`}
          header={RESULTS_HEADER}
          pages={() => resultPages(view.run)}
          label="Results"
        />
      </Group>
      <Results run={view.run} progress={progress} states={SHOWN_STATES[shown]} />
    </>
  );
}

interface AfterwardsProps {
  view: RunView;
  progress: Progress;
  onUndo: (undo: NonNullable<RunView["undo"]>) => void;
  onClose: () => void;
}

function Afterwards({ view, progress, onUndo, onClose }: AfterwardsProps) {
  const { undo, run } = view;
  const { counts } = progress;
  const failed = failedOf(progress);
  return (
    <>
      {undo && counts.done > 0 && (
        <Button variant="default" onClick={() => onUndo(undo)}>
          Undo
        </Button>
      )}
      {failed > 0 && (
        <Button variant="default" onClick={() => run.start(FAILED)}>
          Retry {countText(failed)} failed
        </Button>
      )}
      {counts.waiting > 0 && (
        <Button variant="default" onClick={() => run.start()}>
          Go on with {countText(counts.waiting)}
        </Button>
      )}
      <Button onClick={onClose} data-autofocus>
        Done
      </Button>
    </>
  );
}

interface LeavingProps {
  view: RunView;
  isRunning: boolean;
  onLeave: () => void;
}

/** Whoever goes elsewhere, or closes the window, is asked first. */
function Leaving({ view, isRunning, onLeave }: LeavingProps) {
  const blocker = useBlocker({
    shouldBlockFn: () => isRunning,
    enableBeforeUnload: () => view.run.progress().isRunning,
    withResolver: true,
  });
  if (blocker.status !== "blocked") return null;
  return (
    <ConfirmDialog
      title="Leave while it is running?"
      confirm="Stop and leave"
      keep="Stay"
      busy={false}
      error={null}
      onConfirm={() => {
        view.run.stop();
        blocker.proceed();
        onLeave();
      }}
      onClose={blocker.reset}
    >
      <Text size="sm">What has been done stays done. The rest is not begun.</Text>
    </ConfirmDialog>
  );
}
