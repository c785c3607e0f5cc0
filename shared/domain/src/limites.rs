//! Every limit of the product, with its unit in the name. The error that hits one names it; OpenAPI shows them.

/// Names of persons, shops, organisms: characters.
pub const NOM_CARACTERES_MAX: usize = 60;
/// A mutuelle's name: characters (the longest public one has more than 60).
pub const NOM_MUTUELLE_CARACTERES_MAX: usize = 120;
/// Short texts (numbers on a card, references, codes): characters.
pub const COURT_CARACTERES_MAX: usize = 60;
/// `designation` of a line: characters.
pub const DESIGNATION_CARACTERES_MAX: usize = 200;
/// `remarque` and `motif`: characters.
pub const REMARQUE_CARACTERES_MAX: usize = 500;
/// Lines of one equipment.
pub const LIGNES_PAR_EQUIPEMENT_MAX: usize = 40;
/// Equipments of one dossier.
pub const EQUIPEMENTS_PAR_DOSSIER_MAX: usize = 6;
/// Printed consents of a dossier that are kept; the signed one is kept with its signature.
pub const PAPIERS_PAR_DOSSIER_MAX: usize = 10;
/// Highest number of an equipment ever given in one dossier.
pub const NUMERO_EQUIPEMENT_MAX: u16 = 999;
/// Treatments of one lens.
pub const TRAITEMENTS_PAR_LIGNE_MAX: usize = 10;
/// Mutuelles of one client.
pub const MUTUELLES_PAR_CLIENT_MAX: usize = 5;
/// Régimes of one mutuelle.
pub const REGIMES_PAR_MUTUELLE_MAX: usize = 50;
/// Forfaits of one mutuelle.
pub const FORFAITS_PAR_MUTUELLE_MAX: usize = 50;
/// A forfait in percent of the tariff: percent.
pub const POURCENTAGE_DU_TARIF_MAX: u32 = 1_000;
/// Rows of an imported list of mutuelles.
pub const LIGNES_IMPORT_MAX: usize = 20_000;
/// Columns of a CSV file, the ones that nobody knows included.
pub const COLONNES_CSV_MAX: usize = 100;
/// Rejected rows named one by one in an import report.
pub const REJETS_IMPORT_MAX: usize = 1_000;
/// Rejected rows of a convention list that are kept beside it: one item of the table holds them all.
pub const REJETS_CONVENTION_MAX: usize = 200;
/// A `text/csv` body: bytes.
pub const CORPS_CSV_OCTETS_MAX: usize = 4 * 1024 * 1024;
/// Any other body: bytes.
pub const CORPS_OCTETS_MAX: usize = 256 * 1024;
/// An answer of a concentrator: bytes.
pub const REPONSE_OCTETS_MAX: usize = 256 * 1024;
/// A convention list of a concentrator: bytes.
pub const CONVENTIONS_OCTETS_MAX: usize = 4 * 1024 * 1024;
/// Depth of an XML answer: elements inside elements.
pub const XML_PROFONDEUR_MAX: usize = 32;
/// Elements of an XML answer: forty lines have fewer than two hundred.
pub const XML_ELEMENTS_MAX: usize = 10_000;
/// Attributes of one element of an XML answer.
pub const XML_ATTRIBUTS_MAX: usize = 100;
/// A page of a list: things at most, and when the caller does not say.
pub const LISTE_MAX: u32 = 100;
/// See [`LISTE_MAX`].
pub const LISTE_DEFAUT: u32 = 50;
/// `Idempotency-Key`: characters.
pub const CLE_IDEMPOTENCE_CARACTERES_MAX: usize = 64;
/// How long an `Idempotency-Key` is remembered: hours (the contract says at least 24).
pub const CLE_IDEMPOTENCE_HEURES: i64 = 48;
/// A top-up or correction: credits.
pub const RECHARGE_CREDITS_MAX: u32 = 1_000_000;
/// Events kept with one demande; beyond it the oldest after the first are dropped.
pub const EVENEMENTS_PAR_DEMANDE_MAX: usize = 100;
/// Raw text of an answer nobody understands, kept for the person who decides: characters.
pub const TEXTE_BRUT_CARACTERES_MAX: usize = 500;
/// A search text: characters.
pub const RECHERCHE_CARACTERES_MAX: usize = 100;
/// Depth of a JSON body: objects and lists inside each other.
pub const JSON_PROFONDEUR_MAX: usize = 32;
/// Requests of one user of one shop in a row, where nothing else is configured.
pub const DEBIT_RAFALE_REQUETES: u32 = 60;
/// Requests of one user of one shop in the long run, where nothing else is configured: per minute.
pub const DEBIT_REQUETES_PAR_MINUTE: u32 = 600;
/// A session of a person who signed in, however often its token is renewed, where nothing else is configured: hours, one working day.
pub const SESSION_HEURES_MAX: u16 = 12;
/// One token of such a session: minutes.
pub const SESSION_JETON_MINUTES: u16 = 60;
/// How far in the future the clock of whoever issued a token may be: seconds.
pub const SESSION_AVANCE_SECONDES_MAX: u16 = 60;
/// The work list as a file: demandes.
pub const EXPORT_DEMANDES_MAX: usize = 10_000;
/// Demandes that one period of statistics may hold.
pub const STATISTIQUES_DEMANDES_MAX: usize = 100_000;
/// The body of an answer that nobody could use, as it is kept: bytes.
pub const REPONSE_BRUTE_OCTETS_MAX: usize = 64 * 1024;
/// Answers with a NIR in clear to one user of one shop, where nothing else is configured: per day.
pub const LECTURES_EN_CLAIR_PAR_JOUR: u32 = 300;
/// See [`crate::conservation`]: years after the current one.
pub const CONSERVATION_DOSSIER_ANNEES: u16 = 2;
/// See [`crate::conservation`]: years after the end of the dossier.
pub const CONSERVATION_PREUVE_ANNEES: u16 = 5;
/// See [`crate::conservation`]: years.
pub const CONSERVATION_ACCES_ANNEES: u16 = 3;
/// See [`crate::conservation`]: days.
pub const CONSERVATION_BRUT_JOURS: u16 = 90;
/// How long an opened data key stays in the memory of a process: seconds.
pub const CLE_EN_MEMOIRE_SECONDES: u64 = 300;
