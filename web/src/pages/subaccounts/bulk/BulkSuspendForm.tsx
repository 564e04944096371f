import { List } from "@mantine/core";
import "@mantine/core/styles/List.layer.css";
import { useState, type SyntheticEvent } from "react";
import { DialogForm } from "../../../widgets/form/DialogForm";
import { minutesText } from "../../../widgets/format/minutes";
import { isNoteTooLong, SuspensionNote } from "../SuspensionNote";
import type { BulkFormProps } from "./BulkDialog";
import { countedAccounts } from "./counted";
import { LeftOut } from "./LeftOut";
import { suspendRun, tasksOf, whyNotSuspend } from "./runs";

export function BulkSuspendForm({ accounts, missing, onStart, onClose }: BulkFormProps) {
  const [note, setNote] = useState("");
  const tasks = tasksOf(accounts, whyNotSuspend);
  const wanted = accounts.filter((_, index) => tasks[index]?.skipped === null);
  const left = wanted.reduce(
    (sum, { wallet }) => sum + Math.max(0, wallet.basic_seconds) + Math.max(0, wallet.premium_seconds),
    0,
  );
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    const said = note.trim() || null;
    if (!isNoteTooLong(note)) onStart(suspendRun(tasks, () => said));
  };
  return (
    <DialogForm
      title={`Suspend ${countedAccounts(wanted.length)}`}
      submit={`Suspend ${countedAccounts(wanted.length)}`}
      destructive
      busy={false}
      disabled={wanted.length === 0}
      onClose={onClose}
      onSubmit={submit}
    >
      <List size="sm" spacing={4}>
        <List.Item>Their people still sign in and read everything. They change nothing and buy nothing.</List.Item>
        <List.Item>Calls that have taken place are charged as ever.</List.Item>
        <List.Item>
          {left > 0 ? `The ${minutesText(left)} left stay in their wallets. ` : ""}You and your team still manage them.
        </List.Item>
        <List.Item>Restoring brings everything back as it was.</List.Item>
      </List>
      <LeftOut tasks={tasks} missing={missing} />
      <SuspensionNote whose="their" value={note} onChange={setNote} />
    </DialogForm>
  );
}
