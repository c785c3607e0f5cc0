import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { DROITS, peut, ROLES_DU_MAGASIN } from "./droits";

/** What the server's own table says (docs/droits.md, written from its code). */
const serveur = new Map(
  readFileSync("../docs/droits.md", "utf8")
    .split("\n")
    .map((ligne) => ligne.split("|").map((cellule) => cellule.trim()))
    .filter((cellules) => cellules[2]?.startsWith("`/v1"))
    .map(([, methode, route, ...roles]) => [`${methode} ${route?.replaceAll("`", "")}`, roles.slice(0, 3).map((marque) => marque === "✓")]),
);

describe("the table of rights", () => {
  it.each(DROITS.flatMap(({ groupe, droits }) => droits.map((droit) => ({ groupe, ...droit }))))(
    "says of « $quoi » what the server says",
    ({ groupe, route }) => {
      expect(ROLES_DU_MAGASIN.map((role) => peut(role, groupe))).toEqual(serveur.get(route));
    },
  );
});
