/**
 * A screen of one thing, or of a new one: another address is another form, but the thing that was just created stays on the screen as it is (the
 * focus and what is being typed included) while its address becomes its own.
 */
import { useRef, useState } from "react";
import { flushSync } from "react-dom";
import { useLocation } from "wouter";
import { usePresent } from "@/composants/usePresent";

/** `cle` is the form's React key; `onCree` tells that the new thing has this id now. */
export function useOuverture(adresse: string): { cle: number; onCree: (id: string) => void } {
  const [ouvert, setOuvert] = useState<{ adresse: string; cree: string | null; cle: number }>({ adresse, cree: null, cle: 0 });
  if (adresse !== ouvert.adresse) setOuvert({ adresse, cree: null, cle: adresse === ouvert.cree ? ouvert.cle : ouvert.cle + 1 });
  return { cle: ouvert.cle, onCree: (cree) => flushSync(() => setOuvert((avant) => ({ ...avant, cree }))) };
}

/** What a store calls when its thing is created: the address becomes `chemin(id)`, unless the person went elsewhere meanwhile. */
export function useCreation(chemin: (id: string) => string, onCree: (id: string) => void): (id: string) => void {
  const [, navigate] = useLocation();
  const present = usePresent();
  const agir = useRef<(id: string) => void>(() => undefined);
  agir.current = (id) => {
    if (!present.current) return;
    const params = new URLSearchParams(location.search);
    params.delete("client");
    onCree(id);
    navigate(`${chemin(id)}${params.size ? `?${params}` : ""}`, { replace: true });
  };
  const [stable] = useState(() => (id: string) => agir.current(id));
  return stable;
}
