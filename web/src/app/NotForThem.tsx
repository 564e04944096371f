// What stands where a page asks for a permission that this person has not.
import { Button } from "@mantine/core";
import { IconBuildingCommunity, IconDoorExit } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { EmptyState, NoPermission } from "../widgets/states/states";
import { NotFoundPage } from "./fallbacks";
import { isOutside, useMe, type Permission } from "./session";
import { useLeaveAgency } from "./StaffBar";

export function NotForThem({ missing }: { missing: Permission }) {
  const me = useMe();
  const isOfPlatform = missing.startsWith("platform.");
  if (isOutside(me)) return <EnterFirst />;
  if (!isOfPlatform) return <NoPermission />;
  return me.entered_by_platform ? <LeaveFirst /> : <NotFoundPage />;
}

function EnterFirst() {
  return (
    <>
      <title>Enter an agency first · Minutebank</title>
      <EmptyState
        icon={IconBuildingCommunity}
        title="Enter an agency first"
        level={1}
        action={
          <Button component={Link} to="/platform/agencies">
            Go to Agencies
          </Button>
        }
      >
        This page belongs to an agency. Choose the agency and enter it, then open this address again.
      </EmptyState>
    </>
  );
}

function LeaveFirst() {
  const { agency } = useMe();
  const leave = useLeaveAgency();
  return (
    <>
      <title>{`Leave ${agency.name} first · Minutebank`}</title>
      <EmptyState
        icon={IconDoorExit}
        title={`Leave ${agency.name} first`}
        level={1}
        action={
          <Button loading={leave.isPending || leave.isSuccess} onClick={() => leave.mutate()}>
            Leave {agency.name}
          </Button>
        }
      >
        The platform&apos;s pages are there again once you are out of the agency.
      </EmptyState>
    </>
  );
}
