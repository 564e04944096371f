import { Text } from "@mantine/core";
import "@mantine/core/styles/List.layer.css";
import { DialogForm } from "../../../widgets/form/DialogForm";
import { countText } from "../../../widgets/format/minutes";
import type { BulkFormProps } from "./BulkDialog";
import { countedAccounts } from "./counted";
import { LeftOut } from "./LeftOut";
import { restoreRun, tasksOf, whyNotRestore } from "./runs";

export function BulkRestoreForm({ accounts, missing, onStart, onClose }: BulkFormProps) {
  const tasks = tasksOf(accounts, whyNotRestore);
  const wanted = accounts.filter((_, index) => tasks[index]?.skipped === null);
  const notes = wanted.filter(({ suspension }) => suspension?.note).length;
  return (
    <DialogForm
      title={`Restore access of ${countedAccounts(wanted.length)}`}
      submit="Restore access"
      busy={false}
      disabled={wanted.length === 0}
      onClose={onClose}
      onSubmit={(event) => {
        event.preventDefault();
        onStart(restoreRun(tasks, ({ suspension }) => suspension?.note ?? null));
      }}
    >
      <Text size="sm">
        Their people can work and buy minutes again, from now on. Nothing else was changed when they were suspended, so
        everything is as it was.
        {notes > 0 && ` ${notes === 1 ? "The note of one goes" : `The notes of ${countText(notes)} go`}.`}
      </Text>
      <LeftOut tasks={tasks} missing={missing} />
    </DialogForm>
  );
}
