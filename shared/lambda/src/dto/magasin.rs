//! The shop as the API shows and reads it (docs/api.md, « Magasin »).
//!
//! What must hold: a body that describes the shop cannot touch what the subscription allows nor the switches; the switches are always
//! read as all fourteen. Deliberately absent: anything that decides; a doubtful FINESS key is told by the pre-flight check.

use super::{lecture::Objet, listes::Mode};
use optopec_domain::{
    credit::Prix,
    erreur::ErreurChamp,
    ids::MagasinId,
    limites,
    magasin::{Abonnement, Adresse, ChampFacultatif, Identite, Magasin, Opticien, Transmission},
};
use serde::{Serialize, Serializer, ser::SerializeMap};
use serde_json::Value;
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{
        RefOr,
        schema::{ObjectBuilder, Schema, Type},
    },
};

/// Un magasin.
#[derive(Debug, Serialize, ToSchema)]
pub struct MagasinDto {
    /// Son identifiant.
    #[schema(read_only, required = false)]
    pub id: String,
    /// Nom du magasin.
    #[schema(max_length = 60)]
    pub nom: Option<String>,
    /// FINESS : neuf caractères.
    pub finess: Option<String>,
    /// Où il est.
    #[schema(required = false)]
    pub adresse: AdresseDto,
    /// Qui en répond.
    #[schema(required = false)]
    pub opticien: OpticienDto,
    /// L'option « Installation PEC » ; seul l'opérateur la change.
    #[schema(read_only, required = false)]
    pub option_pec: bool,
    /// Quel concentrateur ; seul l'opérateur le change.
    #[schema(read_only, required = false)]
    pub mode: Mode,
    /// Les quatorze champs facultatifs ; ils se changent par leur propre route.
    #[schema(read_only, required = false)]
    pub transmission: TransmissionDto,
    /// Augmente à chaque modification.
    #[schema(read_only, required = false)]
    pub version: u64,
    /// Crédits par demande ; seul l'opérateur les change.
    #[schema(read_only, required = false)]
    pub prix: PrixDto,
    /// Solde sous lequel le magasin est averti ; seul l'opérateur le change.
    #[schema(read_only, required = false)]
    pub seuil_alerte: u32,
}

/// Une adresse postale.
#[derive(Debug, Serialize, ToSchema)]
pub struct AdresseDto {
    /// Première ligne.
    #[schema(max_length = 60)]
    pub ligne1: Option<String>,
    /// Deuxième ligne.
    #[schema(max_length = 60)]
    pub ligne2: Option<String>,
    /// Code postal.
    #[schema(max_length = 60)]
    pub code_postal: Option<String>,
    /// Localité.
    #[schema(max_length = 60)]
    pub localite: Option<String>,
}

/// Qui répond du magasin.
#[derive(Serialize, ToSchema)]
pub struct OpticienDto {
    /// Nom.
    #[schema(max_length = 60)]
    pub nom: Option<String>,
    /// Prénom.
    #[schema(max_length = 60)]
    pub prenom: Option<String>,
    /// Téléphone.
    #[schema(max_length = 60)]
    pub telephone: Option<String>,
    /// Adresse électronique.
    #[schema(max_length = 60)]
    pub email: Option<String>,
}

/// A person does not show herself in a log.
impl std::fmt::Debug for OpticienDto {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("***")
    }
}

/// Crédits par demande, selon sa nature.
#[derive(Debug, Serialize, ToSchema)]
pub struct PrixDto {
    /// Une PEC.
    #[schema(minimum = 0, maximum = 1_000_000, required = false)]
    #[serde(rename = "PEC")]
    pub pec: u32,
    /// Une cotation.
    #[schema(minimum = 0, maximum = 1_000_000, required = false)]
    #[serde(rename = "COTATION")]
    pub cotation: u32,
}

/// The fourteen switches, in the order of the contract. What is `false` appears in no message.
#[derive(Debug)]
pub struct TransmissionDto(Transmission);

impl Serialize for TransmissionDto {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(ChampFacultatif::ALL.len()))?;
        for champ in ChampFacultatif::ALL {
            map.serialize_entry(champ.as_str(), &self.0.sends(*champ))?;
        }
        map.end()
    }
}

impl PartialSchema for TransmissionDto {
    fn schema() -> RefOr<Schema> {
        let objet = ObjectBuilder::new().schema_type(Type::Object);
        let champs = ChampFacultatif::ALL.iter().fold(objet, |objet, champ| {
            let interrupteur = ObjectBuilder::new().schema_type(Type::Boolean).description(Some(champ.libelle()));
            objet.property(champ.as_str(), interrupteur).required(champ.as_str())
        });
        champs.into()
    }
}

impl ToSchema for TransmissionDto {}

/// Ce que permet l'abonnement d'un magasin, tel que l'opérateur le voit.
#[derive(Debug, Serialize, ToSchema)]
pub struct AbonnementDto {
    /// Le magasin.
    #[schema(read_only, required = false)]
    pub id: String,
    /// L'option « Installation PEC ».
    #[schema(required = false)]
    pub option_pec: bool,
    /// Quel concentrateur.
    #[schema(required = false)]
    pub mode: Mode,
    /// Crédits par demande.
    #[schema(required = false)]
    pub prix: PrixDto,
    /// Solde sous lequel le magasin est averti.
    #[schema(minimum = 0, maximum = 1_000_000, required = false)]
    pub seuil_alerte: u32,
}

impl From<&Adresse> for AdresseDto {
    fn from(a: &Adresse) -> Self {
        Self { ligne1: a.ligne1.clone(), ligne2: a.ligne2.clone(), code_postal: a.code_postal.clone(), localite: a.localite.clone() }
    }
}

impl From<Prix> for PrixDto {
    fn from(prix: Prix) -> Self {
        Self { pec: prix.pec, cotation: prix.cotation }
    }
}

impl From<&Magasin> for MagasinDto {
    fn from(m: &Magasin) -> Self {
        let opticien = &m.identite.opticien;
        Self {
            id: m.id.to_string(),
            nom: m.identite.nom.clone(),
            finess: m.identite.finess.as_ref().map(ToString::to_string),
            adresse: (&m.identite.adresse).into(),
            opticien: OpticienDto {
                nom: opticien.nom.clone(),
                prenom: opticien.prenom.clone(),
                telephone: opticien.telephone.clone(),
                email: opticien.email.clone(),
            },
            option_pec: m.abonnement.option_pec,
            mode: m.abonnement.mode.into(),
            transmission: TransmissionDto(m.transmission),
            version: m.version,
            prix: m.abonnement.prix.into(),
            seuil_alerte: m.abonnement.seuil_alerte,
        }
    }
}

impl AbonnementDto {
    /// The subscription of one shop.
    pub fn new(id: &MagasinId, abonnement: &Abonnement) -> Self {
        Self {
            id: id.to_string(),
            option_pec: abonnement.option_pec,
            mode: abonnement.mode.into(),
            prix: abonnement.prix.into(),
            seuil_alerte: abonnement.seuil_alerte,
        }
    }
}

/// Reads a postal address; absent is empty.
pub fn read_adresse(parent: &Objet<'_>, nom: &str, erreurs: &mut Vec<ErreurChamp>) -> Adresse {
    let Some(objet) = parent.objet(nom, erreurs) else { return Adresse::default() };
    let mut texte = |nom| objet.texte(nom, limites::COURT_CARACTERES_MAX, erreurs);
    Adresse { ligne1: texte("ligne1"), ligne2: texte("ligne2"), code_postal: texte("code_postal"), localite: texte("localite") }
}

/// Reads the body of `PUT /v1/magasin`: the identity only, whatever else it holds.
pub fn read_identite(corps: &Value) -> Result<Identite, Vec<ErreurChamp>> {
    let mut erreurs = Vec::new();
    let Some(objet) = Objet::racine(corps, &mut erreurs) else { return Err(erreurs) };
    let opticien = objet.objet("opticien", &mut erreurs).map(|o| Opticien {
        nom: o.texte("nom", limites::NOM_CARACTERES_MAX, &mut erreurs),
        prenom: o.texte("prenom", limites::NOM_CARACTERES_MAX, &mut erreurs),
        telephone: o.texte("telephone", limites::COURT_CARACTERES_MAX, &mut erreurs),
        email: o.texte("email", limites::COURT_CARACTERES_MAX, &mut erreurs),
    });
    let identite = Identite {
        nom: objet.texte("nom", limites::NOM_CARACTERES_MAX, &mut erreurs),
        finess: objet.code("finess", &mut erreurs),
        adresse: read_adresse(&objet, "adresse", &mut erreurs),
        opticien: opticien.unwrap_or_default(),
    };
    if erreurs.is_empty() { Ok(identite) } else { Err(erreurs) }
}

/// Reads the body of `PUT /v1/magasin/transmission`: all fourteen, because a forgotten one must not keep sending what the shop meant
/// to withhold.
pub fn read_transmission(corps: &Value) -> Result<Transmission, Vec<ErreurChamp>> {
    let mut erreurs = Vec::new();
    let Some(objet) = Objet::racine(corps, &mut erreurs) else { return Err(erreurs) };
    let mut transmission = Transmission::NONE;
    for champ in ChampFacultatif::ALL {
        let on = objet.require(champ.as_str(), Objet::booleen, &mut erreurs).unwrap_or(false);
        transmission = transmission.with(*champ, on);
    }
    if erreurs.is_empty() { Ok(transmission) } else { Err(erreurs) }
}

/// Reads the body of `PUT /v1/operateur/magasins/{id}`; what it does not say stays as it was.
pub fn read_abonnement(corps: &Value, avant: &Abonnement) -> Result<Abonnement, Vec<ErreurChamp>> {
    let mut erreurs = Vec::new();
    let Some(objet) = Objet::racine(corps, &mut erreurs) else { return Err(erreurs) };
    let credits = 0..=limites::RECHARGE_CREDITS_MAX;
    let mut prix = avant.prix;
    if let Some(o) = objet.objet("prix", &mut erreurs) {
        prix.pec = o.entier("PEC", credits.clone(), &mut erreurs).unwrap_or(prix.pec);
        prix.cotation = o.entier("COTATION", credits.clone(), &mut erreurs).unwrap_or(prix.cotation);
    }
    let abonnement = Abonnement {
        option_pec: objet.booleen("option_pec", &mut erreurs).unwrap_or(avant.option_pec),
        mode: objet.code("mode", &mut erreurs).unwrap_or(avant.mode),
        prix,
        seuil_alerte: objet.entier("seuil_alerte", credits, &mut erreurs).unwrap_or(avant.seuil_alerte),
    };
    if erreurs.is_empty() { Ok(abonnement) } else { Err(erreurs) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn magasin() -> Magasin {
        Magasin::empty("mag_01ARZ3NDEKTSV4RRFFQ69G5FAV".parse().unwrap())
    }

    #[test]
    fn an_empty_shop_shows_every_field_of_the_contract_in_its_order() {
        let shown = serde_json::to_value(MagasinDto::from(&magasin())).unwrap();
        let keys: Vec<_> = shown.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(keys[..9], ["id", "nom", "finess", "adresse", "opticien", "option_pec", "mode", "transmission", "version"]);
        assert_eq!(shown["adresse"], json!({"ligne1": null, "ligne2": null, "code_postal": null, "localite": null}));
        assert_eq!(shown["opticien"], json!({"nom": null, "prenom": null, "telephone": null, "email": null}));
        assert_eq!((&shown["option_pec"], &shown["mode"]), (&json!(false), &json!("REEL")));
        let switches: Vec<_> = shown["transmission"].as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(
            switches,
            [
                "beneficiaire_nir",
                "beneficiaire_rang_gemellaire",
                "assure_nir",
                "opticien_nom_prenom",
                "opticien_telephone",
                "opticien_email",
                "prescription_ri_ra",
                "prescription_prescripteur",
                "verre_surface",
                "verre_traitement",
                "lentille_par_boite",
                "verre_remise",
                "lentille_remise",
                "monture_remise"
            ]
        );
    }

    #[test]
    fn what_is_shown_reads_back_as_it_was() {
        let corps = json!({"nom": " Optique du Port ", "finess": "750000002", "adresse": {"ligne1": "1 quai", "ligne2": null, "code_postal": "06000", "localite": "Nice"},
            "opticien": {"nom": "RENARD", "prenom": "Luc", "telephone": "04 93 00 00 00", "email": "l.renard@example.org"}, "option_pec": true, "mode": "DEMONSTRATION", "inconnu": 1});
        let identite = read_identite(&corps).unwrap();
        let shown = serde_json::to_value(MagasinDto::from(&Magasin { identite: identite.clone(), ..magasin() })).unwrap();
        assert_eq!((&shown["nom"], &shown["mode"]), (&json!("Optique du Port"), &json!("REEL")));
        assert_eq!(read_identite(&shown), Ok(identite));
    }

    #[test]
    fn all_that_is_wrong_with_an_identity_is_told() {
        let faults = read_identite(&json!({"nom": "x".repeat(61), "finess": "12", "adresse": {"ligne1": 4}, "opticien": "RENARD"})).unwrap_err();
        let mut places: Vec<_> = faults.iter().map(|e| e.champ.as_str()).collect();
        places.sort_unstable();
        assert_eq!(places, ["/adresse/ligne1", "/finess", "/nom", "/opticien"]);
        assert_eq!(read_identite(&json!([])).unwrap_err()[0].champ, "");
    }

    #[test]
    fn the_switches_are_read_all_together() {
        let mut corps = serde_json::to_value(TransmissionDto(Transmission::default())).unwrap();
        assert_eq!(read_transmission(&corps), Ok(Transmission::default()));
        corps["verre_surface"] = json!("oui");
        corps.as_object_mut().unwrap().remove("monture_remise");
        let faults = read_transmission(&corps).unwrap_err();
        assert_eq!(faults.iter().map(|e| (e.champ.as_str(), e.code)).collect::<Vec<_>>(), [("/verre_surface", "TYPE"), ("/monture_remise", "OBLIGATOIRE")]);
    }

    #[test]
    fn what_the_operator_does_not_say_stays() {
        let before = Abonnement { option_pec: true, seuil_alerte: 4, ..Abonnement::default() };
        let after = read_abonnement(&json!({"mode": "DEMONSTRATION", "prix": {"COTATION": 2}}), &before).unwrap();
        assert_eq!((after.option_pec, after.mode.as_str(), after.prix, after.seuil_alerte), (true, "DEMONSTRATION", Prix { pec: 1, cotation: 2 }, 4));
        let faults = read_abonnement(&json!({"mode": "TEST", "prix": {"PEC": -1}, "seuil_alerte": 1.5, "option_pec": 1}), &before).unwrap_err();
        assert_eq!(faults.len(), 4);
    }
}
