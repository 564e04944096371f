// Before something is done to many accounts: they are read as they are now, and the dialog says what happens to how many.
import { Button, Group, Loader, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useId, useState } from "react";
import type { Schemas } from "../../../api/client";
import { Dialog } from "../../../widgets/form/Dialog";
import { FormError } from "../../../widgets/form/FormError";
import { countText } from "../../../widgets/format/minutes";
import type { FetchPage } from "../../../widgets/table/paging";
import { selectedPages, type Selection } from "../../../widgets/table/selection";
import type { BulkAction } from "./BulkActions";
import { BulkPricesForm } from "./BulkPricesForm";
import { BulkRestoreForm } from "./BulkRestoreForm";
import { BulkSuspendForm } from "./BulkSuspendForm";
import { useShowRun } from "./RunHost";
import type { RunView } from "./runs";

type Subaccount = Schemas["Subaccount"];

export interface BulkFormProps {
  accounts: Subaccount[];
  /** Chosen, but they match the filters no longer. */
  missing: number;
  onStart: (view: RunView) => void;
  onClose: () => void;
}

const FORMS: Record<BulkAction, (props: BulkFormProps) => React.ReactNode> = {
  suspend: BulkSuspendForm,
  restore: BulkRestoreForm,
  prices: BulkPricesForm,
};

const TITLES: Record<BulkAction, string> = {
  suspend: "Suspend sub-accounts",
  restore: "Restore access of sub-accounts",
  prices: "Set prices of sub-accounts",
};

interface BulkDialogProps {
  action: BulkAction;
  selection: Selection;
  /** How many are chosen. */
  count: number;
  fetchPage: FetchPage<Subaccount>;
  onStarted: () => void;
  onClose: () => void;
}

export function BulkDialog({ action, selection, count, fetchPage, onStarted, onClose }: BulkDialogProps) {
  const show = useShowRun();
  const { accounts, soFar, error } = useChosenAccounts(selection, fetchPage);
  if (!accounts) {
    return (
      <Dialog title={TITLES[action]} onClose={onClose}>
        <Stack>
          {error ? (
            <FormError error={error} fields={[]} />
          ) : (
            <Group gap={10}>
              <Loader size="xs" aria-hidden="true" />
              <Text size="sm" className="figures">
                Reading {countText(soFar)} of {countText(count)}
              </Text>
            </Group>
          )}
          <Dialog.Buttons>
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
          </Dialog.Buttons>
        </Stack>
      </Dialog>
    );
  }
  const Form = FORMS[action];
  const start = (view: RunView) => {
    show(view);
    onStarted();
  };
  const missing = selection.all ? 0 : count - accounts.length;
  return <Form accounts={accounts} missing={missing} onStart={start} onClose={onClose} />;
}

/** Read once: what the dialog says and what it does are about the same accounts. */
function useChosenAccounts(selection: Selection, fetchPage: FetchPage<Subaccount>) {
  const opening = useId();
  const [soFar, setSoFar] = useState(0);
  const query = useQuery({
    queryKey: ["chosen_subaccounts", opening],
    queryFn: async ({ signal }) => {
      const accounts: Subaccount[] = [];
      for await (const page of selectedPages(selection, fetchPage, signal)) {
        accounts.push(...page);
        setSoFar(accounts.length);
      }
      return accounts;
    },
    staleTime: Infinity,
    gcTime: 0,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });
  return { accounts: query.data, soFar, error: query.error };
}
