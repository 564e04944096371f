// Settings of the agency: each part is saved by itself, and says from when it counts.
import { Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { agencyQuery } from "../../api/queries";
import { sees, useMe } from "../../app/session";
import { PageHeader } from "../../widgets/PageHeader";
import { ErrorState } from "../../widgets/states/states";
import { BrandingSection } from "./BrandingSection";
import { DeleteSection } from "./DeleteSection";
import { DistributionSection } from "./DistributionSection";
import { GeneralSection } from "./GeneralSection";
import { HoldsSection } from "./HoldsSection";
import { IncrementSection } from "./IncrementSection";
import { PlanFacts } from "./PlanFacts";
import { PricesSection } from "./PricesSection";
import { RenewalsPanel } from "./RenewalsPanel";
import classes from "./SettingsPage.module.css";
import { SignInSection } from "./SignInSection";

export function SettingsPage() {
  const query = useQuery(agencyQuery);
  const me = useMe();
  const mayDelete = sees(me, "agency.delete");
  const maySet = sees(me, "allocation.manage");
  const maySee = sees(me, "agency.billing");
  const agency = query.data && "plan" in query.data ? query.data : null;
  return (
    <>
      <PageHeader title="Settings" />
      {query.isError && <ErrorState error={query.error} onRetry={() => void query.refetch()} />}
      <div className={classes.sections}>
        {query.isPending && <Skeleton height={480} radius="lg" />}
        {agency && (
          <>
            <GeneralSection agency={agency} />
            <BrandingSection agency={agency} />
            <PricesSection agency={agency} />
            <IncrementSection agency={agency} />
            <HoldsSection agency={agency} />
            <SignInSection agency={agency} />
            <PlanFacts agency={agency} />
            {maySet && <DistributionSection />}
            {maySee && <RenewalsPanel />}
            {mayDelete && <DeleteSection />}
          </>
        )}
      </div>
    </>
  );
}
