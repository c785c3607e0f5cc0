/** Who signed in, for the screens. */
import { createContext, useContext } from "react";
import type { Identite } from "./jeton";

export const Session = createContext<Identite | null>(null);

/** The person of this session; only inside the {@link Garde}. */
export function useSession(): Identite {
  const session = useContext(Session);
  if (!session) throw new Error("no session");
  return session;
}

/** Whether she may change dossiers and demandes; the server decides, this only shows why a button is off. */
export const maySell = (identite: Identite): boolean => identite.role === "OPTICIEN" || identite.role === "GERANT";

/** Whether she may change the shop, its switches and its mutuelles. */
export const mayManage = (identite: Identite): boolean => identite.role === "GERANT";

/** What is said of a button that the role does not allow. */
export const RESERVE_OPTICIEN = "Votre compte est en lecture seule : demandez à un opticien ou au gérant.";
export const RESERVE_GERANT = "Réservé au gérant du magasin.";
