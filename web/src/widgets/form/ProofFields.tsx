// Who one is, once more: for what somebody at another's open screen must not be able to do.
import { PasswordInput } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import type { Schemas } from "../../api/client";
import { useMe } from "../../app/session";
import { CodeInput } from "./CodeInput";

export interface Proof {
  password: string;
  /** Of who has two-factor sign-in; else it stays empty. */
  code: string;
}

export const NO_PROOF: Proof = { password: "", code: "" };
export const PROOF_FIELDS = ["password", "code"] as const;

export function useProofRules() {
  const { user } = useMe();
  return {
    password: (password: string) => (password ? null : "Enter your password"),
    code: (code: string) => (user.two_factor && !code.trim() ? "Enter a code" : null),
  };
}

export function proofBody({ password, code }: Proof): Schemas["ProofInput"] {
  return { password, ...(code.trim() && { code: code.trim() }) };
}

export function ProofFields<Values extends Proof>({ form }: { form: UseFormReturnType<Values> }) {
  // The fields that every such form has; the rest of it is not touched here.
  const proof = form as unknown as UseFormReturnType<Proof>;
  const { user } = useMe();
  // It may have been set up in another window, which the server tells by an error of this field.
  const asksCode = user.two_factor || Boolean(proof.errors.code);
  return (
    <>
      <PasswordInput
        label="Your password"
        autoComplete="current-password"
        maxLength={200}
        data-autofocus
        {...proof.getInputProps("password")}
      />
      {asksCode && <CodeInput label="Code" {...proof.getInputProps("code")} />}
    </>
  );
}
