// Top left: where one is, and the way to every account one may enter.
import { Popover, UnstyledButton, VisuallyHidden } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconSelector } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { subaccountQuery, subaccountSearchQuery } from "../api/queries";
import { Finder } from "../widgets/finder/Finder";
import { countText } from "../widgets/format/minutes";
import { Monogram } from "../widgets/Monogram";
import { isInOneAccount, isOutside, useBrand, useMay, useMe } from "./session";
import classes from "./Switcher.module.css";

const SHOWN = 30;
const TYPING_PAUSE_MS = 150;

export function Switcher({ onLeave }: { onLeave?: (() => void) | undefined }) {
  const me = useMe();
  const navigate = useNavigate();
  const [opened, setOpened] = useState(false);
  const { subaccount: current } = useParams({ strict: false });
  const entered = useQuery({ ...subaccountQuery(current ?? ""), enabled: current !== undefined }).data;
  const brand = useBrand();
  const name = entered?.name ?? brand;
  const seesAgency = useMay("reports.agency");
  const where = entered?.kind === "primary" ? "Primary account" : brand;
  const under = entered ? where : seesAgency ? "Agency" : "Your accounts";

  const go = (id: string) => {
    setOpened(false);
    onLeave?.();
    void (id === me.agency.id
      ? navigate({ to: "/" })
      : navigate({ to: "/subaccounts/$subaccount", params: { subaccount: id } }));
  };
  if (isOutside(me)) return <Here name={brand} under="Platform" />;
  if (isInOneAccount(me)) return <Here name={me.subaccounts[0]?.name ?? name} under={brand} />;
  return (
    <Popover opened={opened} onChange={setOpened} width={300} position="bottom-start" trapFocus returnFocus>
      <Popover.Target>
        <UnstyledButton className={classes.target} onClick={() => setOpened(!opened)}>
          <Monogram name={name} />
          <span className={classes.name}>
            {name}
            <small>{under}</small>
          </span>
          <IconSelector size={15} aria-hidden="true" />
          <VisuallyHidden>Switch account</VisuallyHidden>
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown p={0} className={classes.dropdown} aria-label="Accounts">
        {opened && <Choices current={current ?? me.agency.id} onChoose={go} />}
      </Popover.Dropdown>
    </Popover>
  );
}

/** For whom there is nothing to switch to. */
function Here({ name, under }: { name: string; under: string }) {
  return (
    <div className={`${classes.target ?? ""} ${classes.here ?? ""}`}>
      <Monogram name={name} />
      <span className={classes.name}>
        {name}
        <small>{under}</small>
      </span>
    </div>
  );
}

function Choices({ current, onChoose }: { current: string; onChoose: (id: string) => void }) {
  const me = useMe();
  const brand = useBrand();
  const seesAgency = useMay("reports.agency");
  const [typed, setTyped] = useState("");
  const [q] = useDebouncedValue(typed.trim(), TYPING_PAUSE_MS);
  const found = useQuery(subaccountSearchQuery(q, SHOWN));
  const rows = found.data?.data ?? [];
  const more = (found.data?.total ?? 0) - rows.length;
  const agency = { id: me.agency.id, label: brand, detail: "All accounts", icon: <Monogram name={brand} /> };
  return (
    <Finder
      label="Find a sub-account"
      typed={typed}
      onTyped={setTyped}
      onChoose={onChoose}
      isSearching={found.isFetching || q !== typed.trim()}
      groups={[
        {
          label: "Agency",
          items: seesAgency && typed.trim() === "" ? [{ ...agency, isCurrent: agency.id === current }] : [],
        },
        {
          label: "Sub-accounts",
          items: rows.map((account) => ({
            id: account.id,
            label: account.name,
            detail: account.kind === "primary" ? "Primary account" : account.email,
            icon: <Monogram name={account.name} />,
            isCurrent: account.id === current,
          })),
        },
      ]}
      footer={more > 0 && `${countText(more)} more: type to find them`}
    />
  );
}
