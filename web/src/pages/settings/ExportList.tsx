import { Text } from "@mantine/core";
import { CsvButton } from "../../widgets/table/ExportButton";
import { EXPORTS } from "./exports";
import classes from "./ExportList.module.css";

/** A file of everything, each by its button. */
export function ExportList() {
  return (
    <ul className={classes.list} aria-label="Exports">
      {EXPORTS.map(({ label, holds, ...file }) => (
        <li key={label}>
          <div>
            {label}
            <Text size="xs" c="dimmed">
              {holds}
            </Text>
          </div>
          <CsvButton label={label} {...file} />
        </li>
      ))}
    </ul>
  );
}
