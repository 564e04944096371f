// What whoever has no two-factor sign-in yet sees of an agency that requires it, wherever they wanted to go.
import { Button } from "@mantine/core";
import { useEffect, useRef } from "react";
import { useBrand, useMe } from "../../app/session";
import { wearTheme } from "../../app/themeSheet";
import { useSignOut } from "../../app/UserMenu";
import { DoorwayCard } from "../../widgets/Doorway";
import { SetUpTwoFactor } from "./SetUpTwoFactor";

interface RequiredPageProps {
  onConfirmed: () => void;
  onDone: () => void;
}

export default function RequiredPage({ onConfirmed, onDone }: RequiredPageProps) {
  const { branding } = useMe().agency;
  const brand = useBrand();
  const signOut = useSignOut();
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => wearTheme(branding.colour), [branding.colour]);
  // A dialog does this by itself.
  useEffect(() => box.current?.querySelector<HTMLElement>("[data-autofocus]")?.focus(), []);
  return (
    <SetUpTwoFactor
      frame={({ title, mustStay, children }) => (
        <DoorwayCard
          brand={brand}
          title={title}
          lead={mustStay ? "Once you have stored these codes, you go on." : `${brand} requires it of everybody.`}
        >
          <div ref={box}>{children}</div>
        </DoorwayCard>
      )}
      leave={
        <Button variant="default" loading={signOut.isPending} onClick={() => signOut.mutate()}>
          Sign out
        </Button>
      }
      onConfirmed={onConfirmed}
      onDone={onDone}
    />
  );
}
