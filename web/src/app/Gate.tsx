// Between signing in and the console: two-factor sign-in is set up first where the agency requires it.
import { lazy, Suspense, useState } from "react";
import { useMe } from "./session";
import { Shell } from "./Shell";

const RequiredPage = lazy(() => import("../pages/two-factor/RequiredPage"));

export function Gate() {
  const isRequired = useMe().two_factor_setup_required;
  // It is set up, but the recovery codes are still to be stored.
  const [isFinishing, setFinishing] = useState(false);
  if (!isRequired && !isFinishing) return <Shell />;
  return (
    <Suspense>
      <RequiredPage onConfirmed={() => setFinishing(true)} onDone={() => setFinishing(false)} />
    </Suspense>
  );
}
