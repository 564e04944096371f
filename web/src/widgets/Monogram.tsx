import classes from "./Monogram.module.css";

const HUES = 6;

/** The first letters of a name in a quiet colour of its own. */
export function Monogram({ name }: { name: string }) {
  const letters = name
    .split(/\s+/)
    .map((word) => Array.from(word.replace(/[^\p{L}\p{N}]/gu, ""))[0] ?? "")
    .join("");
  const hue = Array.from(name).reduce((sum, letter) => sum + (letter.codePointAt(0) ?? 0), 0) % HUES;
  return (
    <span className={classes.monogram} data-hue={hue} aria-hidden="true">
      {Array.from(letters).slice(0, 2).join("").toUpperCase()}
    </span>
  );
}
