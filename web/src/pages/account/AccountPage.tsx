// One's own account: name, how one signs in, and where one is signed in.
import { useQuery } from "@tanstack/react-query";
import { LIVE_MS, meQuery } from "../../api/queries";
import { ROLE_LABELS } from "../../app/roles";
import { isStaff, useBrand, useMe } from "../../app/session";
import { PageHeader } from "../../widgets/PageHeader";
import classes from "./AccountPage.module.css";
import { CredentialsSection } from "./CredentialsSection";
import { NameSection } from "./NameSection";
import { SessionsSection } from "./SessionsSection";
import { TwoFactorSection } from "./TwoFactorSection";

export function AccountPage() {
  const me = useMe();
  const brand = useBrand();
  // Its confirmations come in from other windows.
  useQuery({ ...meQuery, enabled: me.email_change !== null, refetchInterval: LIVE_MS });
  return (
    <>
      <PageHeader title="Your account">
        {isStaff(me) ? "Of the platform's staff" : `${ROLE_LABELS[me.role]} at ${brand}`}
      </PageHeader>
      <div className={classes.sections}>
        <NameSection name={me.user.name} />
        <CredentialsSection />
        <TwoFactorSection />
        <SessionsSection />
      </div>
    </>
  );
}
