// One accent, cool neutrals, small radii, dense controls. Surfaces that Mantine has no name for are `--mb-…` variables.
import {
  createTheme,
  type ButtonProps,
  type CSSVariablesResolver,
  type MantineColorsTuple,
  type MantineTheme,
  type MantineThemeComponents,
} from "@mantine/core";

const pine: MantineColorsTuple = [
  "#eef8f5",
  "#d8efe9",
  "#b0dfd4",
  "#7fcbbb",
  "#4db5a1",
  "#2a9a86",
  "#188172",
  "#0e6f64",
  "#0b5a52",
  "#094842",
];

const gray: MantineColorsTuple = [
  "#f8f9f9",
  "#f2f4f4",
  "#e7eaeb",
  "#dbdfe1",
  "#c3cacd",
  "#98a2a7",
  "#5d686e",
  "#475056",
  "#2c3338",
  "#151a1d",
];

const dark: MantineColorsTuple = [
  "#e6eaec",
  "#c5ccd0",
  "#9aa5ab",
  "#6f7a80",
  "#31393d",
  "#272e32",
  "#1b2124",
  "#111517",
  "#0c0f11",
  "#07090a",
];

const red: MantineColorsTuple = [
  "#fdeeee",
  "#f9d9da",
  "#f2b3b6",
  "#ea898e",
  "#e2636a",
  "#d9454e",
  "#c5323c",
  "#b4232f",
  "#971b26",
  "#7b141e",
];

const OVERLAY = { backgroundOpacity: 0.28 };
const DIALOG_TITLE = { title: { fontSize: "0.9375rem", fontWeight: 600, letterSpacing: "-0.012em" } };
const FIELD = { defaultProps: { size: "sm" } };

/** By their names: naming the components themselves would put all of them into the first load. */
const COMPONENTS: MantineThemeComponents = {
  ActionIcon: { defaultProps: { variant: "subtle", color: "gray", size: "md" } },
  Badge: { defaultProps: { variant: "light", size: "md", radius: "sm" } },
  Button: {
    defaultProps: { size: "xs" },
    vars: (theme: MantineTheme, props: ButtonProps) => ({
      root: props.size === "compact-xs" ? {} : { "--button-fz": theme.fontSizes.sm },
    }),
    styles: { label: { fontWeight: 550 } },
  },
  Checkbox: { defaultProps: { size: "xs", radius: "xs" } },
  Drawer: {
    defaultProps: {
      lockScroll: false,
      padding: "lg",
      overlayProps: OVERLAY,
      closeButtonProps: { "aria-label": "Close" },
    },
    styles: DIALOG_TITLE,
  },
  Input: FIELD,
  InputWrapper: {
    ...FIELD,
    styles: { label: { fontWeight: 550, marginBottom: 4 }, description: { fontSize: "0.75rem", marginBottom: 6 } },
  },
  Kbd: { defaultProps: { size: "xs" } },
  Loader: { defaultProps: { size: "sm" } },
  Menu: {
    defaultProps: { shadow: "md", position: "bottom-end", offset: 4, withInitialFocusPlaceholder: false },
  },
  Modal: {
    defaultProps: {
      lockScroll: false,
      radius: "lg",
      padding: "lg",
      yOffset: "10vh",
      overlayProps: OVERLAY,
      closeButtonProps: { "aria-label": "Close" },
    },
    styles: DIALOG_TITLE,
  },
  Notification: { defaultProps: { closeButtonProps: { "aria-label": "Dismiss" } } },
  PasswordInput: FIELD,
  Popover: { defaultProps: { shadow: "md", offset: 4 } },
  SegmentedControl: { defaultProps: { size: "xs" } },
  Select: { defaultProps: { size: "sm", allowDeselect: false, checkIconPosition: "right" } },
  Table: {
    defaultProps: { verticalSpacing: 8, horizontalSpacing: "sm", borderColor: "var(--mb-line-soft)" },
  },
  TextInput: FIELD,
  Tooltip: {
    defaultProps: { openDelay: 300, withArrow: false, multiline: true, maw: 280, fz: "xs" },
  },
};

export const theme = createTheme({
  primaryColor: "pine",
  primaryShade: { light: 7, dark: 6 },
  colors: { pine, gray, dark, red },
  black: "#151a1d",
  fontFamily:
    '"Inter Variable", ui-sans-serif, -apple-system, BlinkMacSystemFont, "Segoe UI", Roboto, "Noto Sans", "Helvetica Neue", Arial, sans-serif',
  fontFamilyMonospace:
    'ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", "DejaVu Sans Mono", monospace',
  fontSizes: { xs: "0.75rem", sm: "0.8125rem", md: "0.875rem", lg: "1rem", xl: "1.25rem" },
  lineHeights: { xs: "1.35", sm: "1.45", md: "1.5", lg: "1.5", xl: "1.4" },
  defaultRadius: "md",
  radius: { xs: "3px", sm: "5px", md: "7px", lg: "10px", xl: "14px" },
  spacing: { xs: "8px", sm: "12px", md: "16px", lg: "20px", xl: "28px" },
  headings: {
    fontWeight: "600",
    sizes: {
      h1: { fontSize: "1.25rem", lineHeight: "1.35" },
      h2: { fontSize: "0.9375rem", lineHeight: "1.4" },
      h3: { fontSize: "0.875rem", lineHeight: "1.4" },
    },
  },
  shadows: {
    sm: "0 1px 2px rgb(15 23 28 / 6%)",
    md: "0 1px 3px rgb(15 23 28 / 8%), 0 8px 24px rgb(15 23 28 / 10%)",
    lg: "0 2px 6px rgb(15 23 28 / 8%), 0 18px 50px rgb(15 23 28 / 18%)",
  },
  cursorType: "pointer",
  respectReducedMotion: true,
  components: COMPONENTS,
});

export const cssVariables: CSSVariablesResolver = (mantine) => ({
  variables: { "--input-fz": mantine.fontSizes.sm },
  light: {
    "--mb-page": "#ffffff",
    "--mb-side": "#f6f7f7",
    "--mb-card": "#ffffff",
    "--mb-line": "#e5e9ea",
    "--mb-line-soft": "#eff1f2",
    "--mb-hover": "#f5f7f7",
    "--mb-shadow-of-text": "#e9edee",
    "--mb-accent-text": "#0e6f64",
    "--mb-accent-soft": "#e8f4f1",
    "--mb-good": "#12724f",
    "--mb-bad": "#b4232f",
    "--mb-warn": "#8a5a00",
    "--mantine-color-error": "#b4232f",
    "--mantine-color-anchor": "#0e6f64",
    "--mantine-color-placeholder": "#5d686e",
  },
  dark: {
    "--mb-page": "#111517",
    "--mb-side": "#0c0f11",
    "--mb-card": "#151a1c",
    "--mb-line": "#252c30",
    "--mb-line-soft": "#1d2427",
    "--mb-hover": "#1a2023",
    "--mb-shadow-of-text": "#232b2f",
    "--mb-accent-text": "#62c4b2",
    "--mb-accent-soft": "#12302b",
    "--mb-good": "#58c79a",
    "--mb-bad": "#ff8a8f",
    "--mb-warn": "#e8b455",
    "--mantine-color-error": "#ff8a8f",
    "--mantine-color-anchor": "#62c4b2",
    "--mantine-color-placeholder": "#8b969c",
  },
});
