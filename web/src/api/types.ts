/**
 * Short names for what the API answers.
 *
 * `openapi.json` describes one shape for what is sent and what is answered, so what the server computes is optional there; an answer always
 * carries every field (an unknown amount is `null`, never absent), which {@link Reponse} says.
 */
import type { components } from "./schema";

type Schemas = components["schemas"];

/** The shape of an answer: no field is absent. */
export type Reponse<T> = T extends (infer U)[]
  ? Reponse<U>[]
  : T extends object
    ? { [K in keyof T]-?: Reponse<Exclude<T[K], undefined>> }
    : T;

/** The shape of a body that is sent. */
export type Envoi<Name extends keyof Schemas> = Schemas[Name];

export type Magasin = Reponse<Schemas["MagasinDto"]>;
export type Transmission = Reponse<Schemas["TransmissionDto"]>;
export type ChampFacultatif = Schemas["ChampFacultatif"];
export type ChampRequis = Schemas["ChampRequis"];
export type Conditions = Reponse<Schemas["ConditionsDto"]>;
export type Client = Reponse<Schemas["ClientDto"]>;
export type MutuelleClient = Reponse<Schemas["MutuelleClientDto"]>;
export type Dossier = Reponse<Schemas["DossierDto"]>;
export type Prescription = Reponse<Schemas["PrescriptionDto"]>;
export type Correction = Reponse<Schemas["CorrectionDto"]>;
export type Equipement = Reponse<Schemas["EquipementDto"]>;
export type Ligne = Reponse<Schemas["LigneDto"]>;
export type TiersPayant = Reponse<Schemas["TiersPayantDto"]>;
export type Consentement = Reponse<Schemas["ConsentementDto"]>;
export type Verification = Reponse<Schemas["VerificationDto"]>;
export type Apercu = Reponse<Schemas["ApercuDto"]>;
/** `evenements` is absent from lists only. */
export type Demande = Omit<Reponse<Schemas["DemandeDto"]>, "evenements"> & { evenements?: Reponse<Schemas["EvenementDto"]>[] };
export type Evenement = Reponse<Schemas["EvenementDto"]>;
export type EtatDemande = Schemas["EtatPublic"];
export type TypeEquipement = Schemas["TypeEquipement"];
export type Nature = Schemas["Nature"];
export type Action = Schemas["Action"];
export type Mutuelle = Reponse<Schemas["MutuelleDto"]>;
export type Forfait = Reponse<Schemas["ForfaitDto"]>;
/** A line of the list that is loaded once and searched in the browser. */
export type EntreeMutuelle = Reponse<Schemas["EntreeDto"]>;
export type Pec = Schemas["Pec"];
export type Rapport = Reponse<Schemas["RapportDto"]>;
export type Credits = Reponse<Schemas["CreditsDto"]>;
export type Mouvement = Reponse<Schemas["MouvementDto"]>;
export type Statistiques = Reponse<Schemas["StatistiquesDto"]>;
export type Acces = Reponse<Schemas["AccesDto"]>;
export type Role = "LECTURE" | "OPTICIEN" | "GERANT" | "OPERATEUR";
