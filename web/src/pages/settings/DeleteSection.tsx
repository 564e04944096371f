import { Button, Text } from "@mantine/core";
import { useState } from "react";
import { useOwnersName } from "../../app/deletion";
import { UndoDeletion } from "../../app/Notices";
import { isBeingDeleted, useMe, useZone } from "../../app/session";
import { exactInstantText } from "../../widgets/format/time";
import { Panel } from "../../widgets/Panel";
import { DeleteDialog } from "./DeleteDialog";
import { ExportList } from "./ExportList";
import classes from "./SettingsPage.module.css";

/** The last part of the settings, for those who may delete the agency. */
export function DeleteSection() {
  return <div id="deletion">{isBeingDeleted(useMe()) ? <BeingDeleted /> : <Delete />}</div>;
}

function Delete() {
  const [asking, setAsking] = useState(false);
  return (
    <Panel
      title="Deletion"
      hint="Of the agency with everything in it, for everybody."
      action={
        <Button color="red" variant="outline" onClick={() => setAsking(true)}>
          Delete agency…
        </Button>
      }
    >
      <Text size="sm">
        First you see what happens, and can export what you want to keep. The owner can undo it for 14 days.
      </Text>
      {asking && <DeleteDialog onClose={() => setAsking(false)} />}
    </Panel>
  );
}

function BeingDeleted() {
  const { agency, role } = useMe();
  const owner = useOwnersName();
  const zone = useZone();
  const isOwner = role === "agency_owner";
  const when = agency.deletes_at && exactInstantText(agency.deletes_at, zone);
  return (
    <Panel title="Being deleted" hint={`All data of the agency is removed for good on ${when ?? "…"}.`}>
      <ExportList />
      <div className={classes.foot}>
        <Text size="xs" c="dimmed">
          {isOwner
            ? "Undone, everything is as it was."
            : `${owner ?? "The owner"} can take it back; then everything is as it was.`}
        </Text>
        {isOwner && <UndoDeletion variant="filled" size="xs" />}
      </div>
    </Panel>
  );
}
