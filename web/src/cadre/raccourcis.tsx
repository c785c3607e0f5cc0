/**
 * The keys of a screen: what they do, and the list of them that « ? » shows.
 *
 * Function keys and combinations work everywhere, in a field too; a single letter works only outside fields.
 */
import { createContext, type ReactNode, useContext, useEffect, useMemo, useRef } from "react";

export interface Raccourci {
  /** As the keyboard says it: `F4`, `Ctrl+K`, `Alt+1`, `?`. */
  touche: string;
  quoi: string;
  /** Answers `false` where the key keeps what it does by itself. */
  action: () => unknown;
}

type Registre = Map<symbol, Raccourci[]>;
const Contexte = createContext<{ registre: Registre; tous: () => Raccourci[] } | null>(null);

/** A box that is ticked takes no letters. */
const CHAMPS = "input:not([type=checkbox], [type=radio]), textarea, select";

const dansUnChamp = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || target.matches(CHAMPS));

function touche(event: KeyboardEvent): string {
  const key = event.key.length === 1 ? event.key.toUpperCase() : event.key;
  // Alt+1 must work on a French keyboard too, where the key without Shift is « & ».
  const chiffre = event.altKey && /^Digit\d$/.test(event.code) ? event.code.slice(5) : key;
  return `${event.ctrlKey || event.metaKey ? "Ctrl+" : ""}${event.altKey ? "Alt+" : ""}${chiffre}`;
}

export function Raccourcis({ children }: { children: ReactNode }) {
  const registre = useRef<Registre>(new Map());

  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.repeat) return;
      const name = touche(event);
      const single = name.length === 1;
      if (single && dansUnChamp(event.target)) return;
      // A dialog is a screen of its own: the keys of what lies under it rest.
      if (document.querySelector('[role="dialog"][aria-modal="true"]') && !/^(Escape|Enter)$/.test(name)) return;
      const found = [...registre.current.values()].flat().findLast((raccourci) => raccourci.touche === name);
      if (!found) return;
      if (found.action() !== false) event.preventDefault();
    };
    window.addEventListener("keydown", listen);
    return () => window.removeEventListener("keydown", listen);
  }, []);

  const value = useMemo(() => ({ registre: registre.current, tous: () => [...registre.current.values()].flat() }), []);
  return <Contexte.Provider value={value}>{children}</Contexte.Provider>;
}

/** Gives this screen its keys while it is shown. */
export function useRaccourcis(raccourcis: Raccourci[]): void {
  const contexte = useContext(Contexte);
  const present = useRef(raccourcis);
  present.current = raccourcis;
  const signature = raccourcis.map((r) => `${r.touche}:${r.quoi}`).join("|");

  // biome-ignore lint/correctness/useExhaustiveDependencies: the keys are registered again when their list changes; what they do is read when they are pressed
  useEffect(() => {
    if (!contexte) return;
    const id = Symbol("raccourcis");
    contexte.registre.set(
      id,
      present.current.map(({ touche, quoi }, index) => ({ touche, quoi, action: () => present.current[index]?.action() })),
    );
    return () => {
      contexte.registre.delete(id);
    };
  }, [contexte, signature]);
}

/** All keys that work now. */
export const useTousLesRaccourcis = (): (() => Raccourci[]) => useContext(Contexte)?.tous ?? (() => []);
