// Top left: where one is, and the way to every account one may enter.
import { Combobox, Input, Loader, useCombobox } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconCheck, IconSelector } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { subaccountQuery, subaccountSearchQuery } from "../api/queries";
import { Monogram } from "../widgets/Monogram";
import { useBrand, useMay, useMe } from "./session";
import classes from "./Switcher.module.css";

const SHOWN = 30;
const TYPING_PAUSE_MS = 150;

export function Switcher({ onLeave }: { onLeave?: (() => void) | undefined }) {
  const me = useMe();
  const navigate = useNavigate();
  const { subaccount: current } = useParams({ strict: false });
  const entered = useQuery({ ...subaccountQuery(current ?? ""), enabled: current !== undefined }).data;
  const combobox = useCombobox({ onDropdownClose: () => combobox.resetSelectedOption() });
  const agencyName = useBrand();
  const name = entered?.name ?? agencyName;

  const enter = (id: string) => {
    combobox.closeDropdown();
    onLeave?.();
    void (id === me.agency.id
      ? navigate({ to: "/" })
      : navigate({ to: "/subaccounts/$subaccount", params: { subaccount: id } }));
  };
  return (
    <Combobox store={combobox} onOptionSubmit={enter} width={300} position="bottom-start" shadow="md" offset={4}>
      <Combobox.Target targetType="button">
        <button type="button" className={classes.target} onClick={() => combobox.toggleDropdown()}>
          <Monogram name={name} />
          <span className={classes.name}>
            {name}
            <small>{entered ? agencyName : "Agency"}</small>
          </span>
          <IconSelector size={15} aria-hidden="true" />
          <span className={classes.hidden}>Switch account</span>
        </button>
      </Combobox.Target>
      <Combobox.Dropdown>{combobox.dropdownOpened && <Choices current={current ?? me.agency.id} />}</Combobox.Dropdown>
    </Combobox>
  );
}

function Choices({ current }: { current: string }) {
  const me = useMe();
  const seesAgency = useMay("reports.agency");
  const [typed, setTyped] = useState("");
  const [q] = useDebouncedValue(typed.trim(), TYPING_PAUSE_MS);
  const found = useQuery(subaccountSearchQuery(q, SHOWN));
  const rows = found.data?.data ?? [];
  const more = (found.data?.total ?? 0) - rows.length;
  return (
    <>
      <Combobox.Search
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
        placeholder="Find a sub-account"
        aria-label="Find a sub-account"
        className={classes.search}
        data-autofocus
        autoFocus // eslint-disable-line jsx-a11y/no-autofocus -- a person who opens the switcher is about to type
        rightSection={found.isFetching && <Loader size={14} />}
      />
      <Combobox.Options mah={320} className={classes.options} aria-label="Accounts" tabIndex={0}>
        {seesAgency && q === "" && (
          <Choice id={me.agency.id} name={me.agency.name} detail="Agency, all accounts" current={current} />
        )}
        {rows.map((row) => (
          <Choice
            key={row.id}
            id={row.id}
            name={row.name}
            detail={row.kind === "primary" ? "Primary account" : row.email}
            current={current}
          />
        ))}
        {rows.length === 0 && !found.isFetching && <Combobox.Empty>No account matches “{q}”</Combobox.Empty>}
      </Combobox.Options>
      {more > 0 && (
        <Combobox.Footer>
          <Input.Description>{more} more: type to find them</Input.Description>
        </Combobox.Footer>
      )}
    </>
  );
}

interface ChoiceProps {
  id: string;
  name: string;
  detail: string;
  current: string;
}

function Choice({ id, name, detail, current }: ChoiceProps) {
  return (
    <Combobox.Option value={id} active={id === current} className={classes.option}>
      <Monogram name={name} />
      <span className={classes.name}>
        {name}
        <small>{detail}</small>
      </span>
      {id === current && <IconCheck size={15} aria-label="Here now" />}
    </Combobox.Option>
  );
}
