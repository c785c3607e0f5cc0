import { expect, test } from "vitest";
import { motDuChamp } from "./libelles";

test.each([
  ["/prescription/og/pres/sphere", "OG Près : Sphère"],
  ["/prescription/od/loin/addition", "OD Loin : Add."],
  ["/prescription/od/ecart_loin", "OD : Écart de loin"],
  ["/equipements/0/lignes/1/prix_unitaire_centimes", "Équipement 1, ligne 2 : Prix"],
])("%s says the row where it stands", (pointeur, mot) => expect(motDuChamp(pointeur)).toBe(mot));
