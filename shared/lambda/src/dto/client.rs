//! Persons as the API shows and reads them: a client with her mutuelles, and the parts a dossier shares with her (docs/api.md, « Client »).
//!
//! What must hold: a NIR leaves in clear only where the caller of this module says so; a mask that comes back stands for the number
//! that was there, and for nothing where there was none; no message repeats what was typed.
//! Deliberately absent: any look at the list of mutuelles — a draft may name one that is gone, the pre-flight check tells.

use super::{lecture::Objet, listes::Qualite};
use jiff::civil::Date;
use optopec_domain::{
    client::{Assure, Beneficiaire, Client, MutuelleClient, Rattachement},
    erreur::{ErreurChamp, Invalide},
    ids::ClientId,
    limites,
    nir::{self, Nir},
};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

/// How the NIRs of an answer are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nirs {
    /// In clear: answers to a POST or PUT, and the GET of one thing by somebody who serves clients.
    Clairs,
    /// Masked: everything else.
    Masques,
}

impl Nirs {
    fn show(self, nir: Option<&Nir>) -> Option<String> {
        nir.map(|nir| match self {
            Self::Clairs => nir.expose().to_owned(),
            Self::Masques => nir.masked(),
        })
    }
}

/// Masks every NIR in what would be shown; whether one was in clear.
pub fn mask_nirs(montre: &mut Value) -> bool {
    match montre {
        Value::Object(fields) => {
            let mut clear = false;
            for (nom, field) in fields {
                match field.as_str().filter(|_| nom == "nir").and_then(|text| text.parse::<Nir>().ok()) {
                    Some(nir) => (*field, clear) = (nir.masked().into(), true),
                    None => clear |= mask_nirs(field),
                }
            }
            clear
        }
        Value::Array(elements) => elements.iter_mut().fold(false, |clear, element| mask_nirs(element) | clear),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
    }
}

/// La personne qui portera l'équipement.
#[derive(Serialize, ToSchema)]
pub struct BeneficiaireDto {
    /// Nom.
    #[schema(max_length = 60)]
    pub nom: String,
    /// Prénom.
    #[schema(max_length = 60)]
    pub prenom: Option<String>,
    /// Date de naissance.
    #[schema(format = Date)]
    pub date_naissance: Option<String>,
    /// NIR : quinze caractères, ou leur masque.
    pub nir: Option<String>,
    /// Rang gémellaire, de 1 à 9 ; 1 par défaut.
    #[schema(minimum = 1, maximum = 9, required = false)]
    pub rang_gemellaire: u8,
    /// Sa qualité envers l'assuré ; `ASSURE` par défaut.
    #[schema(required = false)]
    pub qualite: Qualite,
}

/// L'assuré, quand ce n'est pas le bénéficiaire.
#[derive(Serialize, ToSchema)]
pub struct AssureDto {
    /// Nom.
    #[schema(max_length = 60)]
    pub nom: Option<String>,
    /// Prénom.
    #[schema(max_length = 60)]
    pub prenom: Option<String>,
    /// Date de naissance.
    #[schema(format = Date)]
    pub date_naissance: Option<String>,
    /// NIR : quinze caractères, ou leur masque.
    pub nir: Option<String>,
}

/// La mutuelle, et les numéros de la carte.
#[derive(Serialize, ToSchema)]
pub struct RattachementDto {
    /// La mutuelle.
    pub mutuelle_id: Option<String>,
    /// Son forfait ; sans forfait, « Variable ».
    #[schema(max_length = 60)]
    pub forfait_id: Option<String>,
    /// Régime.
    #[schema(max_length = 60)]
    pub regime: Option<String>,
    /// N° adhérent.
    #[schema(max_length = 60)]
    pub numero_adherent: Option<String>,
    /// N° de contrat.
    #[schema(max_length = 60)]
    pub numero_contrat: Option<String>,
    /// N° de groupe.
    #[schema(max_length = 60)]
    pub numero_groupe: Option<String>,
    /// Type.
    #[schema(max_length = 60)]
    #[serde(rename = "type")]
    pub type_contrat: Option<String>,
    /// Relation.
    #[schema(max_length = 60)]
    pub relation: Option<String>,
    /// Dernier jour de validité de la carte.
    #[schema(format = Date)]
    pub fin_validite: Option<String>,
    /// Maximum annuel.
    #[schema(minimum = 0, maximum = 100_000_000)]
    pub maximum_annuel_centimes: Option<u64>,
    /// Déjà utilisé cette année.
    #[schema(minimum = 0, maximum = 100_000_000)]
    pub deja_utilise_centimes: Option<u64>,
}

/// Une mutuelle d'un client.
#[derive(Serialize, ToSchema)]
pub struct MutuelleClientDto {
    /// La mutuelle de rang 1 est sollicitée d'abord ; la place dans la liste par défaut.
    #[schema(minimum = 1, maximum = 9, required = false)]
    pub rang: u8,
    /// Laquelle, et ses numéros.
    #[serde(flatten)]
    pub rattachement: RattachementDto,
}

/// Un client.
#[derive(Serialize, ToSchema)]
pub struct ClientDto {
    /// Son identifiant.
    #[schema(read_only, required = false)]
    pub id: String,
    /// Augmente à chaque modification.
    #[schema(read_only, required = false)]
    pub version: u64,
    /// Qui est cette personne.
    #[serde(flatten)]
    pub personne: BeneficiaireDto,
    /// Par qui cette personne est assurée.
    pub assure: Option<AssureDto>,
    /// Ses mutuelles, par rang.
    #[schema(max_items = 5, required = false)]
    pub mutuelles: Vec<MutuelleClientDto>,
}

impl BeneficiaireDto {
    /// A beneficiary as she is shown.
    pub fn new(personne: &Beneficiaire, nirs: Nirs) -> Self {
        Self {
            nom: personne.nom.clone(),
            prenom: personne.prenom.clone(),
            date_naissance: personne.date_naissance.map(|d| d.to_string()),
            nir: nirs.show(personne.nir.as_ref()),
            rang_gemellaire: personne.rang_gemellaire,
            qualite: personne.qualite.into(),
        }
    }
}

impl AssureDto {
    /// An insured person as she is shown.
    pub fn new(assure: &Assure, nirs: Nirs) -> Self {
        Self {
            nom: assure.nom.clone(),
            prenom: assure.prenom.clone(),
            date_naissance: assure.date_naissance.map(|d| d.to_string()),
            nir: nirs.show(assure.nir.as_ref()),
        }
    }
}

impl From<&Rattachement> for RattachementDto {
    fn from(r: &Rattachement) -> Self {
        Self {
            mutuelle_id: r.mutuelle_id.as_ref().map(ToString::to_string),
            forfait_id: r.forfait_id.clone(),
            regime: r.regime.clone(),
            numero_adherent: r.numero_adherent.clone(),
            numero_contrat: r.numero_contrat.clone(),
            numero_groupe: r.numero_groupe.clone(),
            type_contrat: r.type_contrat.clone(),
            relation: r.relation.clone(),
            fin_validite: r.fin_validite.map(|d| d.to_string()),
            maximum_annuel_centimes: r.maximum_annuel.map(|c| c.get()),
            deja_utilise_centimes: r.deja_utilise.map(|c| c.get()),
        }
    }
}

impl ClientDto {
    /// A client as she is shown.
    pub fn new(client: &Client, nirs: Nirs) -> Self {
        Self {
            id: client.id.to_string(),
            version: client.version,
            personne: BeneficiaireDto::new(&client.personne, nirs),
            assure: client.assure.as_ref().map(|a| AssureDto::new(a, nirs)),
            mutuelles: client.mutuelles.iter().map(|m| MutuelleClientDto { rang: m.rang, rattachement: (&m.rattachement).into() }).collect(),
        }
    }
}

/// A NIR, or its mask, which stands for the number that was there.
fn read_nir(objet: &Objet<'_>, avant: Option<&Nir>, erreurs: &mut Vec<ErreurChamp>) -> Option<Nir> {
    let masked = || Invalide::new("NIR_MASQUE", "Ce masque n'est pas celui d'un numéro de sécurité sociale enregistré ici : saisissez le numéro en entier.");
    let without_spaces = |texte: &str| texte.chars().filter(|c| !c.is_whitespace()).collect::<String>();
    let known = |texte: &str| avant.filter(|nir| without_spaces(&nir.masked()) == without_spaces(texte)).cloned().ok_or_else(masked);
    objet.parse_with("nir", |texte| if nir::is_mask(texte) { known(texte) } else { texte.parse() }, erreurs)
}

/// Reads a beneficiary; `avant` is what a mask stands for.
pub fn read_beneficiaire(objet: &Objet<'_>, avant: Option<&Beneficiaire>, today: Date, erreurs: &mut Vec<ErreurChamp>) -> Beneficiaire {
    Beneficiaire {
        nom: objet.texte_requis("nom", limites::NOM_CARACTERES_MAX, erreurs),
        prenom: objet.texte("prenom", limites::NOM_CARACTERES_MAX, erreurs),
        date_naissance: objet.parse_with("date_naissance", |texte| nir::parse_birth(texte, today), erreurs),
        nir: read_nir(objet, avant.and_then(|b| b.nir.as_ref()), erreurs),
        rang_gemellaire: objet.entier("rang_gemellaire", 1..=9, erreurs).unwrap_or(1),
        qualite: objet.code("qualite", erreurs).unwrap_or(optopec_domain::client::Qualite::Assure),
    }
}

/// Reads the insured person; `avant` is what a mask stands for.
pub fn read_assure(objet: &Objet<'_>, avant: Option<&Assure>, today: Date, erreurs: &mut Vec<ErreurChamp>) -> Assure {
    Assure {
        nom: objet.texte("nom", limites::NOM_CARACTERES_MAX, erreurs),
        prenom: objet.texte("prenom", limites::NOM_CARACTERES_MAX, erreurs),
        date_naissance: objet.parse_with("date_naissance", |texte| nir::parse_birth(texte, today), erreurs),
        nir: read_nir(objet, avant.and_then(|a| a.nir.as_ref()), erreurs),
    }
}

/// Reads which mutuelle, and the numbers of the card.
pub fn read_rattachement(objet: &Objet<'_>, erreurs: &mut Vec<ErreurChamp>) -> Rattachement {
    let mut court = |nom: &str| objet.texte(nom, limites::COURT_CARACTERES_MAX, erreurs);
    let textes = Rattachement {
        forfait_id: court("forfait_id"),
        regime: court("regime"),
        numero_adherent: court("numero_adherent"),
        numero_contrat: court("numero_contrat"),
        numero_groupe: court("numero_groupe"),
        type_contrat: court("type"),
        relation: court("relation"),
        ..Rattachement::default()
    };
    Rattachement {
        mutuelle_id: objet.code("mutuelle_id", erreurs),
        fin_validite: objet.date("fin_validite", erreurs),
        maximum_annuel: objet.centimes("maximum_annuel_centimes", erreurs),
        deja_utilise: objet.centimes("deja_utilise_centimes", erreurs),
        ..textes
    }
}

fn read_mutuelles(objet: &Objet<'_>, erreurs: &mut Vec<ErreurChamp>) -> Vec<MutuelleClient> {
    let mut mutuelles: Vec<MutuelleClient> = Vec::new();
    for (place, (chemin, valeur)) in (1_u8..).zip(objet.tableau("mutuelles", limites::MUTUELLES_PAR_CLIENT_MAX, erreurs)) {
        let Some(mutuelle) = Objet::at(valeur, chemin, erreurs) else { continue };
        let rang = mutuelle.entier("rang", 1..=9, erreurs).unwrap_or(place);
        if mutuelles.iter().any(|m| m.rang == rang) {
            mutuelle.refuse("rang", Invalide::new("DOUBLON", "Deux mutuelles ne peuvent pas avoir le même rang."), erreurs);
        }
        mutuelles.push(MutuelleClient { rang, rattachement: read_rattachement(&mutuelle, erreurs) });
    }
    mutuelles.sort_by_key(|m| m.rang);
    mutuelles
}

/// Reads a client. `avant` is the one that a PUT replaces: its version is followed by the next, its NIRs are what masks stand for.
pub fn read_client(corps: &Value, id: ClientId, avant: Option<&Client>, today: Date) -> Result<Client, Vec<ErreurChamp>> {
    let mut erreurs = Vec::new();
    let Some(objet) = Objet::racine(corps, &mut erreurs) else { return Err(erreurs) };
    let personne = read_beneficiaire(&objet, avant.map(|c| &c.personne), today, &mut erreurs);
    let assure = objet.objet("assure", &mut erreurs).map(|o| read_assure(&o, avant.and_then(|c| c.assure.as_ref()), today, &mut erreurs));
    let mutuelles = read_mutuelles(&objet, &mut erreurs);
    let client = Client { id, version: avant.map_or(1, |c| c.version + 1), personne, assure, mutuelles };
    if erreurs.is_empty() { Ok(client) } else { Err(erreurs) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn id() -> ClientId {
        "cli_01ARZ3NDEKTSV4RRFFQ69G5FAV".parse().unwrap()
    }

    fn today() -> Date {
        "2026-11-21".parse().unwrap()
    }

    fn body() -> Value {
        json!({"nom": "MONTFORT", "prenom": "Fabienne", "date_naissance": "1978-05-14", "nir": "2 78 05 2a 004 123 58", "rang_gemellaire": 2, "qualite": "CONJOINT",
            "assure": {"nom": "MONTFORT", "prenom": "Paul", "date_naissance": null, "nir": "255081416802538"},
            "mutuelles": [
                {"rang": 2, "mutuelle_id": null, "forfait_id": null, "regime": "R1", "numero_adherent": "0012", "numero_contrat": null, "numero_groupe": "G", "type": "T", "relation": "R",
                 "fin_validite": "2027-12-31", "maximum_annuel_centimes": 30000, "deja_utilise_centimes": 0},
                {"rang": 1, "mutuelle_id": "mut_01ARZ3NDEKTSV4RRFFQ69G5FAV"}]})
    }

    fn shown(client: &Client, nirs: Nirs) -> Value {
        serde_json::to_value(ClientDto::new(client, nirs)).unwrap()
    }

    fn faults(corps: &Value, avant: Option<&Client>) -> Vec<(String, &'static str)> {
        read_client(corps, id(), avant, today()).err().unwrap_or_default().into_iter().map(|e| (e.champ, e.code)).collect()
    }

    #[test]
    fn what_is_shown_in_clear_reads_back_as_it_was() {
        let client = read_client(&body(), id(), None, today()).ok().unwrap();
        let seen = shown(&client, Nirs::Clairs);
        let keys: Vec<_> = seen.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(keys, ["id", "version", "nom", "prenom", "date_naissance", "nir", "rang_gemellaire", "qualite", "assure", "mutuelles"]);
        assert_eq!(seen["nir"], "278052A00412358");
        assert_eq!(seen["mutuelles"][0]["rang"], 1);
        assert_eq!(seen["mutuelles"][1]["type"], "T");
        let again = read_client(&seen, id(), Some(&client), today()).ok().unwrap();
        assert_eq!(again.version, 2);
        assert!(again == Client { version: 2, ..client });
    }

    #[test]
    fn a_mask_leaves_the_number_as_it_was_and_is_refused_where_there_was_none() {
        let client = read_client(&body(), id(), None, today()).ok().unwrap();
        let masked = shown(&client, Nirs::Masques);
        assert_eq!((&masked["nir"], &masked["assure"]["nir"]), (&json!("2 78 05 ** *** *** **"), &json!("2 55 08 ** *** *** **")));
        assert!(read_client(&masked, id(), Some(&client), today()).ok().unwrap() == Client { version: 2, ..client.clone() });
        assert_eq!(faults(&masked, None), [("/nir".to_owned(), "NIR_MASQUE"), ("/assure/nir".to_owned(), "NIR_MASQUE")]);
        // Somebody else's mask is a mistake, not « unchanged ».
        let other = json!({"nom": "MONTFORT", "nir": "1 99 01 ** *** *** **"});
        assert_eq!(faults(&other, Some(&client)), [("/nir".to_owned(), "NIR_MASQUE")]);
        assert_eq!(faults(&json!({"nom": "MONTFORT", "nir": "27805** *** *** **"}), Some(&client)), []);
        let cleared = json!({"nom": "MONTFORT", "nir": null});
        assert!(read_client(&cleared, id(), Some(&client), today()).ok().unwrap().personne.nir.is_none());
    }

    #[test]
    fn a_name_is_enough() {
        let client = read_client(&json!({"nom": " MONTFORT "}), id(), None, today()).ok().unwrap();
        assert_eq!((client.version, client.personne.nom.as_str(), client.personne.rang_gemellaire, client.mutuelles.len()), (1, "MONTFORT", 1, 0));
        assert_eq!(shown(&client, Nirs::Clairs)["qualite"], "ASSURE");
    }

    #[test]
    fn all_that_is_wrong_is_told_without_repeating_it() {
        let bad = json!({"nom": "x".repeat(61), "prenom": 3, "date_naissance": "2030-01-01", "nir": "278052A00412359", "rang_gemellaire": 10, "qualite": "AMI", "assure": 1,
            "mutuelles": [{"rang": 1, "mutuelle_id": "dos_1", "maximum_annuel_centimes": 12.5}, {"rang": 1, "deja_utilise_centimes": "3", "fin_validite": "31/12/2027"}, 7]});
        assert_eq!(
            faults(&bad, None).iter().map(|(champ, code)| (champ.as_str(), *code)).collect::<Vec<_>>(),
            [
                ("/nom", "TROP_LONG"),
                ("/prenom", "TYPE"),
                ("/date_naissance", "DATE_NAISSANCE"),
                ("/nir", "NIR_CLE"),
                ("/rang_gemellaire", "BORNES"),
                ("/qualite", "VALEUR"),
                ("/assure", "TYPE"),
                ("/mutuelles/0/mutuelle_id", "IDENTIFIANT"),
                ("/mutuelles/0/maximum_annuel_centimes", "TYPE"),
                ("/mutuelles/1/rang", "DOUBLON"),
                ("/mutuelles/1/fin_validite", "DATE"),
                ("/mutuelles/1/deja_utilise_centimes", "TYPE"),
                ("/mutuelles/2", "TYPE"),
            ]
        );
        for fault in read_client(&bad, id(), None, today()).err().unwrap() {
            assert!(!fault.message.contains("278052"), "{}", fault.message);
        }
        assert_eq!(faults(&json!({"mutuelles": vec![json!({}); 6]}), None), [("/nom".to_owned(), "OBLIGATOIRE"), ("/mutuelles".to_owned(), "LIMITE")]);
    }
}
