// The boxes before the rows of a table, and the one above them for all that match.
import { useEffect, useRef } from "react";
import { countText } from "../format/minutes";
import classes from "./DataTable.module.css";
import { ALL_SELECTED, NOTHING_SELECTED, selectedCount, type Selection } from "./selection";

export interface Picking<Row> {
  selection: Selection;
  onChange: (selection: Selection) => void;
  /** What its box is called, after "Select". */
  name: (row: Row) => string;
}

interface PickAllProps<Row> {
  picking: Picking<Row>;
  /** How many match, read or not. */
  total: number | null;
}

export function PickAll<Row>({ picking, total }: PickAllProps<Row>) {
  const box = useRef<HTMLInputElement>(null);
  const count = selectedCount(picking.selection, total ?? 0);
  const isAll = total !== null && total > 0 && count === total;
  useEffect(() => {
    if (box.current) box.current.indeterminate = count > 0 && !isAll;
  }, [count, isAll]);
  const name = total === null ? "Select all" : `Select all ${countText(total)}`;
  return (
    <th scope="col" className={classes.pick}>
      <label title={isAll ? "Select none" : `${name} that match`}>
        <input
          ref={box}
          type="checkbox"
          aria-label={name}
          checked={isAll}
          onChange={() => picking.onChange(isAll ? NOTHING_SELECTED : ALL_SELECTED)}
        />
      </label>
    </th>
  );
}

interface PickRowProps {
  name: string;
  isPicked: boolean;
  /** With Shift, all from the row that was chosen before to this one. */
  onPick: (inRange: boolean) => void;
}

export function PickRow({ name, isPicked, onPick }: PickRowProps) {
  return (
    // Without this a click with Shift would mark the text between.
    <td className={classes.pick} onMouseDown={(event) => event.shiftKey && event.preventDefault()}>
      <label>
        <input
          type="checkbox"
          aria-label={`Select ${name}`}
          checked={isPicked}
          onChange={({ nativeEvent }) => onPick(nativeEvent instanceof MouseEvent && nativeEvent.shiftKey)}
        />
      </label>
    </td>
  );
}
