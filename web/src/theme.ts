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
    // The bar of a dialog is no banner of the page, though Mantine draws it as one.
    Modal: { defaultProps: { closeButtonProps: { "aria-label": "Fermer" }, centered: true, attributes: { header: { role: "none" } } } },
    // The icon and the ground carry the colour: words in it would be below AA.
    Alert: { defaultProps: { styles: { title: { color: "var(--mantine-color-text)" } } } },
    Drawer: { defaultProps: { closeButtonProps: { "aria-label": "Fermer" } } },
    // What is typed about people is no suggestion for the next one at this counter.
    TextInput: { defaultProps: { size: "sm", autoComplete: "off" } },
    Textarea: { defaultProps: { autoComplete: "off" } },
    Tooltip: { defaultProps: { withArrow: true, multiline: true, maw: 320, events: { hover: true, focus: true, touch: true } } },
  },
});

/** The muted text of Mantine is below AA on its own backgrounds. */
export const variables: CSSVariablesResolver = () => ({
  // The darkest shade has none darker to go to under the pointer: Mantine takes a lighter one, below AA.
  variables: {},
  light: {
    "--mantine-color-cyan-filled-hover": "#095c6b",
    "--mantine-color-dimmed": "#4a5560",
    "--mantine-color-placeholder": "#66707a",
    "--mantine-color-error": "#b01e1e",
  },
  dark: {
    "--mantine-color-cyan-filled-hover": "#095c6b",
    "--mantine-color-dimmed": "#b3bac1",
    "--mantine-color-placeholder": "#98a1aa",
    "--mantine-color-error": "#ff9c9c",
  },
});
