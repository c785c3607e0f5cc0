/** The colours of the screen, on this computer. */
import { useMantineColorScheme } from "@mantine/core";
import classes from "./Reglages.module.css";

const MODES = [
  { mode: "light", mot: "Clair" },
  { mode: "dark", mot: "Sombre" },
  { mode: "auto", mot: "Automatique, comme ce poste" },
] as const;

export function Affichage() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <fieldset className={classes.options}>
      <legend>Couleurs de l'écran</legend>
      {MODES.map(({ mode, mot }) => (
        <label key={mode} className={classes.option}>
          <input type="radio" name="couleurs" checked={colorScheme === mode} onChange={() => setColorScheme(mode)} />
          {mot}
        </label>
      ))}
    </fieldset>
  );
}
