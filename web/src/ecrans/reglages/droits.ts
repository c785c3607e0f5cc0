/** What each role of a shop may do, in words. Each line names a route of the server's table, by which it is checked to say the same. */

export interface Droit {
  quoi: string;
  route: string;
  precision?: string;
}

export const DROITS: readonly { groupe: string; droits: readonly Droit[] }[] = [
  {
    groupe: "Lire",
    droits: [
      { quoi: "Voir la liste de travail et les demandes", route: "GET /v1/demandes" },
      {
        quoi: "Voir les clients et les dossiers",
        route: "GET /v1/dossiers/{id}",
        precision: "en Lecture, le n° de Sécurité Sociale est masqué",
      },
      { quoi: "Voir les mutuelles, en exporter la liste", route: "GET /v1/mutuelles/export" },
      { quoi: "Voir les crédits et le tableau de bord", route: "GET /v1/statistiques" },
      { quoi: "Imprimer un devis ou une réponse", route: "GET /v1/dossiers/{id}/documents/devis.pdf" },
    ],
  },
  {
    groupe: "Travailler au comptoir",
    droits: [
      { quoi: "Créer ou modifier un client ou un dossier", route: "PUT /v1/dossiers/{id}" },
      { quoi: "Effacer un client ou un dossier", route: "DELETE /v1/clients/{id}" },
      { quoi: "Imprimer le consentement, une demande par fax", route: "GET /v1/dossiers/{id}/documents/consentement.pdf" },
      { quoi: "Enregistrer le consentement signé", route: "POST /v1/dossiers/{id}/consentement" },
      { quoi: "Demander une PEC ou une cotation", route: "POST /v1/dossiers/{id}/demandes" },
      { quoi: "Actualiser, annuler, transférer, transformer en PEC", route: "POST /v1/demandes/{id}/annulation" },
    ],
  },
  {
    groupe: "Gérer le magasin",
    droits: [
      { quoi: "Changer l'identité du magasin", route: "PUT /v1/magasin" },
      { quoi: "Choisir les données transmises", route: "PUT /v1/magasin/transmission" },
      { quoi: "Télécharger, importer, modifier les mutuelles", route: "POST /v1/mutuelles/telechargement" },
      { quoi: "Trancher une demande « à vérifier »", route: "POST /v1/demandes/{id}/decision" },
      { quoi: "Lire la réponse brute d'une mutuelle", route: "GET /v1/demandes/{id}/brut" },
      { quoi: "Exporter tout ce qui est gardé sur une personne", route: "GET /v1/clients/{id}/export" },
      { quoi: "Voir qui a lu un n° de Sécurité Sociale", route: "GET /v1/clients/{id}/acces" },
    ],
  },
];

/** The roles of a shop, each with all that the one before it may do. */
export const ROLES_DU_MAGASIN = ["LECTURE", "OPTICIEN", "GERANT"] as const;
export type RoleDuMagasin = (typeof ROLES_DU_MAGASIN)[number];

const DEPUIS: Record<string, RoleDuMagasin> = { Lire: "LECTURE", "Travailler au comptoir": "OPTICIEN", "Gérer le magasin": "GERANT" };

/** Whether a role may do what stands in a group. */
export const peut = (role: RoleDuMagasin, groupe: string): boolean =>
  ROLES_DU_MAGASIN.indexOf(role) >= ROLES_DU_MAGASIN.indexOf(DEPUIS[groupe] ?? "GERANT");
