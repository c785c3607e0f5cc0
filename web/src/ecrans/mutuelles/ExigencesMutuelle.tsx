import { Anchor } from "@mantine/core";
import { IconAlertTriangle, IconCircleCheck, IconCircleX, IconInfoCircle, IconPhone } from "@tabler/icons-react";
import { Link } from "wouter";
import { useMagasin } from "@/api/requetes";
import type { Mutuelle, TypeEquipement } from "@/api/types";
import { mayManage, RESERVE_GERANT, useSession } from "@/session/contexte";
import { exigences } from "./exigences";
import classes from "./Mutuelles.module.css";

const ICONES = { vert: IconCircleCheck, rouge: IconCircleX, orange: IconAlertTriangle, gris: IconInfoCircle };

/** What a mutuelle requires and allows, shown wherever one was chosen: electronic PEC or not, numbers, optional data that must be sent, warnings. */
export function ExigencesMutuelle({ mutuelle, type }: { mutuelle: Mutuelle; type: TypeEquipement }) {
  const magasin = useMagasin().data?.value;
  const gerant = mayManage(useSession());
  return (
    <ul className={classes.exigences} aria-label={`Ce que demande ${mutuelle.nom}`}>
      {exigences(mutuelle, type, magasin?.transmission ?? null).map(({ quoi, ton, texte }) => {
        const Icone = ICONES[ton];
        return (
          <li key={quoi} className={`${classes.exigence} ${classes[ton]}`}>
            <Icone size={17} aria-hidden />
            <span>
              {texte}{" "}
              {quoi === "non-transmis" && (
                <>
                  <Anchor component={Link} href="/reglages?onglet=transmission" inherit underline="always">
                    Réglages › Transmission
                  </Anchor>
                  {!gerant && ` (${RESERVE_GERANT.toLowerCase().replace(/\.$/, "")})`}
                </>
              )}
            </span>
          </li>
        );
      })}
      {mutuelle.telephone && (
        <li className={`${classes.exigence} ${classes.gris}`}>
          <IconPhone size={17} aria-hidden />
          <span>{mutuelle.telephone}</span>
        </li>
      )}
      {mutuelle.remarque && (
        <li className={`${classes.exigence} ${classes.gris}`}>
          <IconInfoCircle size={17} aria-hidden />
          <span>Remarque : {mutuelle.remarque}</span>
        </li>
      )}
    </ul>
  );
}
