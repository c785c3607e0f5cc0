/** Colours and defaults: calm, dense enough for a counter, and AA in both schemes. */
import { type CSSVariablesResolver, createTheme } from "@mantine/core";

export const theme = createTheme({
  primaryColor: "cyan",
  primaryShade: { light: 9, dark: 9 },
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

/** The muted text of Mantine is below AA on its own backgrounds, and so is white on the lighter shade that a filled button takes under the pointer. */
const SURVOL = { "--mantine-color-cyan-filled-hover": "#095c6b" };

export const variables: CSSVariablesResolver = () => ({
  variables: {},
  light: { ...SURVOL, "--mantine-color-dimmed": "#4a5560", "--mantine-color-placeholder": "#66707a", "--mantine-color-error": "#b01e1e" },
  dark: { ...SURVOL, "--mantine-color-dimmed": "#b3bac1", "--mantine-color-placeholder": "#98a1aa", "--mantine-color-error": "#ff9c9c" },
});
