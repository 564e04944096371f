// The theme as a style sheet that the page adopts. Mantine would write it into <style> elements, which the server's
// content policy refuses; for the same reason nothing here uses `visibleFrom` or a prop like `w={{ base, xs }}`.
import {
  convertCssVariables,
  deepMerge,
  DEFAULT_THEME,
  defaultCssVariablesResolver,
  mergeMantineTheme,
} from "@mantine/core";
import { cssVariables, theme } from "./theme";

export function adoptTheme() {
  const whole = mergeMantineTheme(DEFAULT_THEME, theme);
  const variables = deepMerge(defaultCssVariablesResolver(whole), cssVariables(whole));
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(convertCssVariables(variables));
  document.adoptedStyleSheets.push(sheet);
}
