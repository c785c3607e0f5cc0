/**
 * The search of the mutuelles over 3,000 names, one iteration = the 150 keys of a dozen searches, beside the plain scan that forgives nothing and
 * sorts nothing: `npx vitest bench --run`.
 */
import { bench, describe } from "vitest";
import { FRAPPES, listeDEssai } from "../src/ecrans/mutuelles/liste.fixture";
import { chercher, indexer, plier } from "../src/ecrans/mutuelles/recherche";

const liste = listeDEssai();
const index = indexer(liste);
const foin = liste.map(({ nom, plateau, identifiant }) => `${plier(nom)} ${plateau ?? ""} ${identifiant ?? ""}`);

describe(`${FRAPPES.length} keys over ${liste.length} mutuelles`, () => {
  bench("chercher", () => {
    for (const q of FRAPPES) chercher(index, q);
  });
  bench("includes", () => {
    for (const q of FRAPPES) {
      const nu = plier(q);
      foin.filter((texte) => texte.includes(nu));
    }
  });
  bench("indexer (once for each list)", () => {
    indexer(liste);
  });
});
