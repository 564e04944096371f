// Setting up two-factor sign-in, step by step: who one is, the app and its first code, the recovery codes.
import { useQueryClient } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import type { Schemas } from "../../api/client";
import { keys } from "../../api/queries";
import { useMe } from "../../app/session";
import { ProveStep } from "./ProveStep";
import { RecoveryCodes } from "./RecoveryCodes";
import { ScanStep } from "./ScanStep";

export interface SetUpFrame {
  title: string;
  /** Something is shown that nobody can show again. */
  mustStay: boolean;
  children: ReactNode;
}

interface SetUpTwoFactorProps {
  /** A dialog, or a page of its own. */
  frame: (frame: SetUpFrame) => ReactNode;
  /** The button beside the one that goes on. */
  leave: ReactNode;
  /** It is on, and the recovery codes are on the screen. */
  onConfirmed?: () => void;
  onDone: () => void;
}

type Step = { name: "prove" } | { name: "scan"; secret: Schemas["TotpSecret"] } | { name: "codes"; codes: string[] };

export function SetUpTwoFactor({ frame, leave, onConfirmed, onDone }: SetUpTwoFactorProps) {
  const queryClient = useQueryClient();
  const wasOn = useMe().user.two_factor;
  const [isAnew] = useState(wasOn);
  const [step, setStep] = useState<Step>({ name: "prove" });
  const confirmed = (codes: string[]) => {
    setStep({ name: "codes", codes });
    onConfirmed?.();
    for (const queryKey of [keys.me, keys.users, keys.sessions, keys.audit])
      void queryClient.invalidateQueries({ queryKey });
  };
  switch (step.name) {
    case "prove":
      return frame({
        title: isAnew ? "Set up two-factor sign-in anew" : "Set up two-factor sign-in",
        mustStay: false,
        children: <ProveStep isAnew={isAnew} leave={leave} onProven={(secret) => setStep({ name: "scan", secret })} />,
      });
    case "scan":
      return frame({
        title: "Add it to your app",
        mustStay: false,
        children: <ScanStep secret={step.secret} isAnew={isAnew} leave={leave} onConfirmed={confirmed} />,
      });
    case "codes":
      return frame({
        title: isAnew ? "The new app counts" : "Two-factor sign-in is on",
        mustStay: true,
        children: <RecoveryCodes codes={step.codes} onStored={onDone} />,
      });
  }
}
