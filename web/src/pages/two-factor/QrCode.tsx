import { useMemo } from "react";
import { encode } from "uqr";
import classes from "./TwoFactor.module.css";

/** Light around it, in modules: four, as a scanner expects (ISO/IEC 18004 §9.1). */
const BORDER = 4;

/** Dark on light whatever the scheme of the page is: not every camera reads the other way round. */
export function QrCode({ text, label }: { text: string; label: string }) {
  const modules = useMemo(() => encode(text, { ecc: "M", border: BORDER }).data, [text]);
  const dark = modules.flatMap((row, y) => row.map((isDark, x) => (isDark ? `M${x} ${y}h1v1h-1z` : ""))).join("");
  return (
    <svg
      className={classes.qr}
      viewBox={`0 0 ${modules.length} ${modules.length}`}
      shapeRendering="crispEdges"
      role="img"
      aria-label={label}
    >
      <path d={dark} />
    </svg>
  );
}
