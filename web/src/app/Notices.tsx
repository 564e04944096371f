// What everybody on every page should know: the agency is being deleted, the platform's staff are inside, or one is they.
import { Anchor, Button } from "@mantine/core";
import { IconDoorExit, IconShieldHalf, IconTrash, type Icon } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { meQuery, NOTICES_MS } from "../api/queries";
import { instantText } from "../widgets/format/time";
import { useOwnersName, useUndoDeletion } from "./deletion";
import classes from "./Notices.module.css";
import { useLeaveAgency } from "./platform";
import { isBeingDeleted, isPlatformInside, sees, useBrand, useMe, useZone } from "./session";

export function Notices() {
  const me = useMe();
  // Others order a deletion, or enter, while this page stays open.
  useQuery({ ...meQuery, refetchInterval: NOTICES_MS });
  return (
    <>
      {isBeingDeleted(me) && <DeletionNotice />}
      {isPlatformInside(me) && <PlatformNotice />}
      {me.entered_by_platform && <StaffNotice />}
    </>
  );
}

interface NoticeProps {
  label: string;
  icon: Icon;
  tone: "bad" | "warn";
  action?: ReactNode;
  children: ReactNode;
}

function Notice({ label, icon: NoticeIcon, tone, action, children }: NoticeProps) {
  return (
    <aside className={classes.notice} data-tone={tone} aria-label={label}>
      <NoticeIcon size={16} stroke={1.7} aria-hidden="true" />
      <p className={classes.text}>{children}</p>
      {action}
    </aside>
  );
}

function DeletionNotice() {
  const me = useMe();
  const zone = useZone();
  const brand = useBrand();
  const { deletes_at: deletesAt } = me.agency;
  return (
    <Notice
      label="Deletion"
      icon={IconTrash}
      tone="bad"
      action={me.role === "agency_owner" && <UndoDeletion variant="default" size="compact-sm" />}
    >
      <strong>{brand} is being deleted.</strong> Its data is removed for good
      {deletesAt && ` on ${instantText(deletesAt, zone)}`}; until then it can be read
      {sees(me, "agency.delete") && (
        <>
          {" and "}
          <Anchor component={Link} to="/settings" hash="deletion" inherit underline="always" className={classes.link}>
            exported
          </Anchor>
        </>
      )}
      , not changed. New calls are refused.{me.role !== "agency_owner" && <WhomToAsk />}
    </Notice>
  );
}

function WhomToAsk() {
  const owner = useOwnersName();
  return <> {owner ? `${owner}, the owner,` : "The agency's owner"} can take that back.</>;
}

interface UndoDeletionProps {
  variant: "default" | "filled";
  size: "compact-sm" | "xs";
}

export function UndoDeletion(props: UndoDeletionProps) {
  const { agency } = useMe();
  const undo = useUndoDeletion();
  return (
    <Button {...props} loading={undo.isPending} onClick={() => undo.mutate(agency.deletes_at)}>
      Undo deletion
    </Button>
  );
}

function PlatformNotice() {
  const { platform_inside: staff } = useMe();
  const [one] = staff;
  const names = new Intl.ListFormat("en-US").format(staff.map(({ name }) => name));
  return (
    <Notice label="Platform staff" icon={IconShieldHalf} tone="warn">
      <strong>Platform: {names}</strong> {staff.length > 1 ? "are" : "is"} inside this agency and may do what its admins
      may.{" "}
      <Anchor
        component={Link}
        to={staff.length === 1 && one ? `/audit?actor=${one.id}` : "/audit"}
        inherit
        underline="always"
        className={classes.link}
      >
        What was done
      </Anchor>
    </Notice>
  );
}

/** To the staff themselves. */
function StaffNotice() {
  const { agency } = useMe();
  const leave = useLeaveAgency();
  return (
    <Notice
      label="Platform staff"
      icon={IconShieldHalf}
      tone="warn"
      action={
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<IconDoorExit size={14} stroke={1.7} />}
          loading={leave.isPending || leave.isSuccess}
          onClick={() => leave.mutate()}
        >
          Leave
        </Button>
      }
    >
      <strong>You are inside {agency.name} as platform staff.</strong> Everything you do is recorded and shown to the
      agency.
    </Notice>
  );
}
