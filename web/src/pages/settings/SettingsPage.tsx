// Settings of the agency: each part is saved by itself, and says from when it counts.
import { Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { agencyQuery } from "../../api/queries";
import { sees, useMe } from "../../app/session";
import { PageHeader } from "../../widgets/PageHeader";
import { ErrorState } from "../../widgets/states/states";
import { BrandingSection } from "./BrandingSection";
import { DeleteSection } from "./DeleteSection";
import { GeneralSection } from "./GeneralSection";
import { IncrementSection } from "./IncrementSection";
import { PlanFacts } from "./PlanFacts";
import { PricesSection } from "./PricesSection";
import classes from "./SettingsPage.module.css";
import { SignInSection } from "./SignInSection";

export function SettingsPage() {
  const query = useQuery(agencyQuery);
  const mayDelete = sees(useMe(), "agency.delete");
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
            <SignInSection agency={agency} />
            <PlanFacts agency={agency} />
            {mayDelete && <DeleteSection />}
          </>
        )}
      </div>
    </>
  );
}
