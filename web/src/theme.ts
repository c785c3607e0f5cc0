/** Colours and defaults: calm, dense enough for a counter, and AA in both schemes. */
import { type CSSVariablesResolver, createTheme } from "@mantine/core";

export const theme = createTheme({
  primaryColor: "cyan",
  primaryShade: 9,
  autoContrast: true,
  luminanceThreshold: 0.32,
  defaultRadius: "sm",
  fontFamily: "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'DejaVu Sans', sans-serif",
  cursorType: "pointer",
  respectReducedMotion: true,
  headings: { fontWeight: "650" },
  components: {
    Modal: { defaultProps: { closeButtonProps: { "aria-label": "Fermer" }, centered: true } },
    Drawer: { defaultProps: { closeButtonProps: { "aria-label": "Fermer" } } },
    TextInput: { defaultProps: { size: "sm" } },
    Tooltip: { defaultProps: { withArrow: true, multiline: true, maw: 320, events: { hover: true, focus: true, touch: true } } },
  },
});

/** The muted text of Mantine is below AA on its own backgrounds. */
export const variables: CSSVariablesResolver = () => ({
  variables: {},
  light: { "--mantine-color-dimmed": "#4a5560", "--mantine-color-placeholder": "#66707a", "--mantine-color-error": "#b01e1e" },
  dark: { "--mantine-color-dimmed": "#b3bac1", "--mantine-color-placeholder": "#98a1aa", "--mantine-color-error": "#ff9c9c" },
});
