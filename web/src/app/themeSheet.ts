// The theme as a style sheet that the page adopts. Mantine would write it into <style> elements, which the server's
// content policy refuses; for the same reason nothing here uses `visibleFrom` or a prop like `w={{ base, xs }}`.
import {
  convertCssVariables,
  deepMerge,
  DEFAULT_THEME,
  defaultCssVariablesResolver,
  mergeMantineTheme,
} from "@mantine/core";
import { accentOf } from "./accent";
import { cssVariables, theme } from "./theme";

const sheet = new CSSStyleSheet();

/** Puts the theme on the page, in the agency's colour if it has one. */
export function wearTheme(colour: string | null) {
  const accent = colour === null ? null : accentOf(colour);
  const whole = mergeMantineTheme(
    DEFAULT_THEME,
    accent ? { ...theme, colors: { ...theme.colors, pine: accent.shades } } : theme,
  );
  const variables = deepMerge(defaultCssVariablesResolver(whole), cssVariables(whole));
  const own = accent && {
    variables: {},
    light: accented(accent.textOnLight, accent.tintOnLight),
    // The dark scheme's next shade is the same as its own, so a hover needs another.
    dark: { ...accented(accent.textOnDark, accent.tintOnDark), "--mantine-color-pine-filled-hover": accent.shades[8] },
  };
  sheet.replaceSync(convertCssVariables(own ? deepMerge(variables, own) : variables));
  if (!document.adoptedStyleSheets.includes(sheet)) document.adoptedStyleSheets.push(sheet);
}

function accented(text: string, tint: string): Record<string, string> {
  return { "--mb-accent-text": text, "--mb-accent-soft": tint, "--mantine-color-anchor": text };
}
