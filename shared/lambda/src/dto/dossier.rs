//! A dossier as the API shows and reads it (docs/api.md, « Dossier »).
//!
//! What must hold: computed fields are ignored on input; a draft may lack everything but a name (or a client); what GET shows, PUT reads
//! back as it was, transferred amounts included as long as the lines are the same; a number of an equipment is never given twice.
//! Deliberately absent: whether a dossier can be sent (the pre-flight check) and whether an equipment is frozen (the route knows the
//! demandes).

use super::{
    client::{AssureDto, BeneficiaireDto, Nirs, RattachementDto, read_assure, read_beneficiaire, read_rattachement},
    lecture::{Objet, obligatoire},
    listes::{Canal, Categorie, Classe, CodeRisque, Cote, Surface, TypeEquipement, Vision},
};
use jiff::civil::Date;
use optopec_domain::{
    client::{Assure, Beneficiaire, Client},
    consentement::{self, Impression, PapierImprime},
    dioptre::{Dioptre, Pourcentage},
    dossier::{self, Correction, Dossier, Equipement, Ligne, Oeil, Prescripteur, Prescription, TiersPayant},
    erreur::{ErreurChamp, Invalide},
    ids::{ClientId, DossierId},
    limites,
    lpp::Referentiel,
    magasin::Magasin,
    montants::{self, MontantsEquipement, MontantsLigne, Totaux},
    mutuelle::Mutuelle,
    texte,
};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

/// Highest number of a line.
const NUMERO_LIGNE_MAX: u16 = 999;

/// La correction d'un œil à une distance. Les puissances sont des textes au quart de dioptrie, par exemple `+2.00`.
#[derive(Serialize, ToSchema)]
pub struct CorrectionDto {
    /// Sphère.
    pub sphere: Option<String>,
    /// Cylindre.
    pub cylindre: Option<String>,
    /// Axe, en degrés.
    #[schema(minimum = 0, maximum = 180)]
    pub axe: Option<u16>,
    /// Addition.
    pub addition: Option<String>,
    /// Prisme.
    pub prisme: Option<String>,
    /// Base du prisme.
    #[schema(max_length = 60)]
    pub base: Option<String>,
}

/// Ce qui est prescrit pour un œil. Les longueurs sont des textes en millimètres, par exemple `32.0`.
#[derive(Serialize, ToSchema)]
pub struct OeilDto {
    /// Vision de loin.
    pub loin: Option<CorrectionDto>,
    /// Vision intermédiaire.
    pub intermediaire: Option<CorrectionDto>,
    /// Vision de près.
    pub pres: Option<CorrectionDto>,
    /// Écart pupillaire de loin.
    pub ecart_loin: Option<String>,
    /// Écart pupillaire de près.
    pub ecart_pres: Option<String>,
    /// Hauteur de montage.
    pub hauteur: Option<String>,
}

/// Le prescripteur.
#[derive(Serialize, ToSchema)]
pub struct PrescripteurDto {
    /// Nom.
    #[schema(max_length = 60)]
    pub nom: Option<String>,
    /// Prénom.
    #[schema(max_length = 60)]
    pub prenom: Option<String>,
    /// RPPS : onze chiffres.
    #[schema(pattern = "^[0-9]{11}$")]
    pub rpps: Option<String>,
}

/// La prescription. Rien des corrections n'est jamais envoyé.
#[derive(Serialize, ToSchema)]
pub struct PrescriptionDto {
    /// Sa date.
    #[schema(format = Date)]
    pub date: Option<String>,
    /// RI : renouvellement à l'identique.
    #[schema(required = false)]
    pub ri_delivre: bool,
    /// RA : renouvellement avec adaptation.
    #[schema(required = false)]
    pub ra_deuxieme_paire: bool,
    /// Le prescripteur.
    pub prescripteur: Option<PrescripteurDto>,
    /// Œil droit.
    pub od: Option<OeilDto>,
    /// Œil gauche.
    pub og: Option<OeilDto>,
}

/// Une ligne d'un équipement.
#[derive(Serialize, ToSchema)]
pub struct LigneDto {
    /// Unique dans son équipement ; le suivant par défaut.
    #[schema(minimum = 1, maximum = 999, required = false)]
    pub numero: u16,
    /// Référence du catalogue.
    #[schema(max_length = 60)]
    pub reference: Option<String>,
    /// Désignation.
    #[schema(max_length = 200, required = false)]
    pub designation: String,
    /// Catégorie, `ACC` par défaut. Une `OFFRE` est toujours occultée et sans code LPP.
    #[schema(required = false)]
    pub categorie: Categorie,
    /// De quel œil.
    pub cote: Option<Cote>,
    /// Quantité ; 1 par défaut.
    #[schema(minimum = 1, maximum = 999, required = false)]
    pub quantite: u32,
    /// Prix d'une unité.
    #[schema(minimum = 0, maximum = 100_000_000, required = false)]
    pub prix_unitaire_centimes: u64,
    /// Remise en pour cent, en texte : `0`, `12.5` ; un nombre est lu aussi.
    #[schema(required = false)]
    pub remise_pourcent: String,
    /// Code LPP : sept chiffres.
    #[schema(pattern = "^[0-9]{7}$")]
    pub code_lpp: Option<String>,
    /// « Code de regroupement ».
    #[schema(max_length = 60)]
    pub code_regroupement: Option<String>,
    /// Classe.
    pub classe: Option<Classe>,
    /// Surface d'un verre.
    pub surface: Option<Surface>,
    /// Traitements d'un verre.
    #[schema(max_items = 10, required = false)]
    pub traitements: Vec<String>,
    /// Lentilles par boîte.
    #[schema(minimum = 1, maximum = 999)]
    pub par_boite: Option<u16>,
    /// Fabricant.
    #[schema(max_length = 60)]
    pub fabricant: Option<String>,
    /// Marque.
    #[schema(max_length = 60)]
    pub marque: Option<String>,
    /// Modèle.
    #[schema(max_length = 60)]
    pub modele: Option<String>,
    /// Matière.
    #[schema(max_length = 60)]
    pub matiere: Option<String>,
    /// Indice de réfraction.
    #[schema(max_length = 60)]
    pub indice: Option<String>,
    /// Lieu de fabrication.
    #[schema(max_length = 60)]
    pub fabrique_en: Option<String>,
    /// Occultée : hors de la part RO, de la part RC et du message ; comptée dans le total.
    #[schema(required = false)]
    pub occulte: bool,
    /// Part RO saisie à la main, qui l'emporte sur la part calculée.
    #[schema(minimum = 0, maximum = 100_000_000)]
    pub ro_manuel_centimes: Option<u64>,
    /// Ce qu'elle coûte.
    #[schema(read_only, required = false)]
    pub valeur_centimes: u64,
    /// Part RO ; `null` quand aucun tarif n'est connu.
    #[schema(read_only)]
    pub ro_centimes: Option<u64>,
    /// Part RC ; `null` tant que personne ne la connaît.
    #[schema(read_only)]
    pub rc_centimes: Option<u64>,
}

/// Un équipement : ce sur quoi porte une demande.
#[derive(Serialize, ToSchema)]
pub struct EquipementDto {
    /// Unique dans le dossier pour toujours ; le suivant par défaut.
    #[schema(minimum = 1, maximum = 999, required = false)]
    pub numero: u16,
    /// Lunettes ou lentilles ; `OPT` par défaut.
    #[schema(required = false)]
    #[serde(rename = "type")]
    pub type_equipement: TypeEquipement,
    /// Pour quelle vision.
    pub vision: Option<Vision>,
    /// « 2e paire ».
    #[schema(required = false)]
    pub deuxieme_paire: bool,
    /// Le risque pris en charge ; `MALADIE` par défaut.
    #[schema(required = false)]
    pub code_risque: CodeRisque,
    /// Taux de la part RO en pour cent ; `null` quand aucun n'est connu.
    #[schema(read_only)]
    pub taux_ro: Option<u8>,
    /// Taux de la part RO saisi à la main.
    #[schema(minimum = 0, maximum = 100)]
    pub taux_ro_manuel: Option<u8>,
    /// Vrai pour un équipement d'enfant.
    #[schema(read_only, required = false)]
    pub enfant: bool,
    /// « Enfant » saisi à la main.
    pub enfant_manuel: Option<bool>,
    /// Prisme de l'œil droit.
    pub prisme_od: Option<String>,
    /// Prisme de l'œil gauche.
    pub prisme_og: Option<String>,
    /// Part RC apprise par téléphone ou par télécopie.
    #[schema(minimum = 0, maximum = 100_000_000)]
    pub rc_manuel_centimes: Option<u64>,
    /// Les lignes, par numéro.
    #[schema(max_items = 40, required = false)]
    pub lignes: Vec<LigneDto>,
}

/// Le tiers payant d'un dossier.
#[derive(Serialize, ToSchema)]
pub struct TiersPayantDto {
    /// Une caisse rembourse ; vrai par défaut.
    #[schema(required = false)]
    pub part_ro: bool,
    /// Elle paie le magasin au lieu du client ; vrai par défaut.
    #[schema(required = false)]
    pub tiers_payant_ro: bool,
    /// La mutuelle et les numéros de la carte.
    #[serde(flatten)]
    pub rattachement: RattachementDto,
}

/// Le consentement d'un dossier, tant qu'il couvre sa mutuelle et les champs transmis aujourd'hui.
#[derive(Serialize, ToSchema)]
pub struct ConsentementDto {
    /// Quand il a été imprimé.
    #[schema(format = DateTime)]
    pub imprime_le: Option<String>,
    /// La référence du dernier papier imprimé ici.
    pub reference: Option<String>,
    /// Son empreinte (SHA-256 de son contenu, en hexadécimal), pour reconnaître le papier signé.
    pub empreinte: Option<String>,
    /// Les papiers imprimés ici, le dernier d'abord : au plus dix.
    pub papiers: Vec<ImpressionDto>,
    /// Le jour de la signature.
    #[schema(format = Date)]
    pub signe_le: Option<String>,
    /// Comment.
    pub canal: Option<Canal>,
    /// Le dernier papier imprimé ici au plus tard ce jour-là ; `null` si le magasin a fait signer un papier à lui.
    pub papier_signe: Option<PapierDto>,
    /// Vrai quand une demande peut être faite.
    pub valide: bool,
    /// Sinon, pourquoi.
    pub raison: Option<&'static str>,
}

/// Ce qui distingue un consentement imprimé de tout autre.
#[derive(Serialize, ToSchema)]
#[schema(as = Papier)]
pub struct PapierDto {
    /// La référence qui figure sur le papier.
    pub reference: String,
    /// Son empreinte (SHA-256 de son contenu, en hexadécimal), qui y figure aussi.
    pub empreinte: String,
}

/// Un consentement imprimé.
#[derive(Serialize, ToSchema)]
#[schema(as = Impression)]
pub struct ImpressionDto {
    /// Quand il l'a été d'abord ; le même papier réimprimé à la suite ne compte pas.
    #[schema(format = DateTime)]
    pub imprime_le: String,
    /// Lequel.
    #[serde(flatten)]
    pub papier: PapierDto,
}

/// Totaux d'un dossier ; `null` quand un montant dont ils dépendent est inconnu.
#[derive(Serialize, ToSchema)]
pub struct TotauxDto {
    /// Toutes les lignes.
    pub total_centimes: u64,
    /// Part RO.
    pub ro_centimes: Option<u64>,
    /// Total moins la part RO.
    pub reste_apres_ro_centimes: Option<u64>,
    /// Part RC ; présente, elle coche « Part RC ».
    pub rc_centimes: Option<u64>,
    /// Ce que paie le client.
    pub reste_a_charge_centimes: Option<u64>,
}

/// Un dossier.
#[derive(Serialize, ToSchema)]
pub struct DossierDto {
    /// Son identifiant.
    #[schema(read_only, required = false)]
    pub id: String,
    /// Augmente à chaque modification, sauf l'impression du consentement.
    #[schema(read_only, required = false)]
    pub version: u64,
    /// Le client dont il est tiré.
    pub client_id: Option<String>,
    /// Le jour qui décide des tarifs, des taux et des âges ; aujourd'hui par défaut.
    #[schema(format = Date, required = false)]
    pub date: String,
    /// Qui portera l'équipement ; pris au client par défaut.
    #[schema(required = false)]
    pub beneficiaire: BeneficiaireDto,
    /// Par qui cette personne est assurée.
    pub assure: Option<AssureDto>,
    /// Ce qui est prescrit.
    pub prescription: Option<PrescriptionDto>,
    /// Ce qui est vendu.
    #[schema(max_items = 6, required = false)]
    pub equipements: Vec<EquipementDto>,
    /// Qui paie ; pris à la première mutuelle du client par défaut.
    #[schema(required = false)]
    pub tiers_payant: TiersPayantDto,
    /// Le consentement signé.
    #[schema(read_only, required = false)]
    pub consentement: ConsentementDto,
    /// Totaux.
    #[schema(read_only, required = false)]
    pub totaux: TotauxDto,
}

/// A prism is written without a plus sign; a minus that was typed stays, or a PUT of what a GET shows would change it.
fn show_prisme(prisme: Dioptre) -> String {
    if prisme.quarts() < 0 { prisme.to_string() } else { prisme.unsigned() }
}

impl From<&Correction> for CorrectionDto {
    fn from(c: &Correction) -> Self {
        Self {
            sphere: c.sphere.map(|d| d.to_string()),
            cylindre: c.cylindre.map(|d| d.to_string()),
            axe: c.axe,
            addition: c.addition.map(|d| d.to_string()),
            prisme: c.prisme.map(show_prisme),
            base: c.base.clone(),
        }
    }
}

impl From<&Oeil> for OeilDto {
    fn from(o: &Oeil) -> Self {
        Self {
            loin: o.loin.as_ref().map(Into::into),
            intermediaire: o.intermediaire.as_ref().map(Into::into),
            pres: o.pres.as_ref().map(Into::into),
            ecart_loin: o.ecart_loin.map(|m| m.to_string()),
            ecart_pres: o.ecart_pres.map(|m| m.to_string()),
            hauteur: o.hauteur.map(|m| m.to_string()),
        }
    }
}

impl From<&Prescription> for PrescriptionDto {
    fn from(p: &Prescription) -> Self {
        let prescripteur = p.prescripteur.as_ref().map(|p| PrescripteurDto { nom: p.nom.clone(), prenom: p.prenom.clone(), rpps: p.rpps.clone() });
        Self {
            date: p.date.map(|d| d.to_string()),
            ri_delivre: p.ri_delivre,
            ra_deuxieme_paire: p.ra_deuxieme_paire,
            prescripteur,
            od: p.od.as_ref().map(Into::into),
            og: p.og.as_ref().map(Into::into),
        }
    }
}

impl LigneDto {
    fn new(l: &Ligne, m: &MontantsLigne) -> Self {
        Self {
            numero: l.numero,
            reference: l.reference.clone(),
            designation: l.designation.clone(),
            categorie: l.categorie.into(),
            cote: l.cote.map(Into::into),
            quantite: l.quantite,
            prix_unitaire_centimes: l.prix_unitaire.get(),
            remise_pourcent: l.remise.to_string(),
            code_lpp: l.code_lpp.clone(),
            code_regroupement: l.code_regroupement.clone(),
            classe: l.classe.map(Into::into),
            surface: l.surface.map(Into::into),
            traitements: l.traitements.clone(),
            par_boite: l.par_boite,
            fabricant: l.fabricant.clone(),
            marque: l.marque.clone(),
            modele: l.modele.clone(),
            matiere: l.matiere.clone(),
            indice: l.indice.clone(),
            fabrique_en: l.fabrique_en.clone(),
            occulte: l.occulte,
            ro_manuel_centimes: l.ro_manuel.map(|c| c.get()),
            valeur_centimes: m.valeur.get(),
            ro_centimes: m.ro.map(|c| c.get()),
            rc_centimes: m.rc.map(|c| c.get()),
        }
    }
}

impl EquipementDto {
    fn new(e: &Equipement, m: &MontantsEquipement) -> Self {
        Self {
            numero: e.numero,
            type_equipement: e.type_equipement.into(),
            vision: e.vision.map(Into::into),
            deuxieme_paire: e.deuxieme_paire,
            code_risque: e.code_risque.into(),
            taux_ro: m.taux_ro,
            taux_ro_manuel: e.taux_ro_manuel,
            enfant: m.enfant,
            enfant_manuel: e.enfant_manuel,
            prisme_od: e.prisme_od.map(show_prisme),
            prisme_og: e.prisme_og.map(show_prisme),
            rc_manuel_centimes: e.rc_manuel.map(|c| c.get()),
            lignes: e.lignes.iter().zip(&m.lignes).map(|(l, m)| LigneDto::new(l, m)).collect(),
        }
    }
}

impl From<&Totaux> for TotauxDto {
    fn from(t: &Totaux) -> Self {
        Self {
            total_centimes: t.total.get(),
            ro_centimes: t.ro.map(|c| c.get()),
            reste_apres_ro_centimes: t.reste_apres_ro.map(|c| c.get()),
            rc_centimes: t.rc.map(|c| c.get()),
            reste_a_charge_centimes: t.reste_a_charge.map(|c| c.get()),
        }
    }
}

impl DossierDto {
    /// A dossier with its amounts and the state of its consent. `mutuelle` is the one of its third-party payment, if the shop has it.
    pub fn new(dossier: &Dossier, magasin: &Magasin, referentiel: &Referentiel, mutuelle: Option<&Mutuelle>, nirs: Nirs) -> Self {
        let montants = montants::compute(dossier, referentiel, mutuelle);
        let signature = dossier.consentement.signature.as_ref();
        let valide = dossier.consentement.check(dossier.tiers_payant.rattachement.mutuelle_id.as_ref(), magasin.transmission);
        Self {
            id: dossier.id.to_string(),
            version: dossier.version,
            client_id: dossier.client_id.as_ref().map(ToString::to_string),
            date: dossier.date.to_string(),
            beneficiaire: BeneficiaireDto::new(&dossier.beneficiaire, nirs),
            assure: dossier.assure.as_ref().map(|a| AssureDto::new(a, nirs)),
            prescription: dossier.prescription.as_ref().map(Into::into),
            equipements: dossier.equipements.iter().zip(&montants.equipements).map(|(e, m)| EquipementDto::new(e, m)).collect(),
            tiers_payant: TiersPayantDto {
                part_ro: dossier.tiers_payant.part_ro,
                tiers_payant_ro: dossier.tiers_payant.tiers_payant_ro,
                rattachement: (&dossier.tiers_payant.rattachement).into(),
            },
            consentement: ConsentementDto {
                imprime_le: dossier.consentement.imprime_le.map(|t| t.to_string()),
                reference: dossier.consentement.impressions.last().map(|i| i.papier.reference.clone()),
                empreinte: dossier.consentement.impressions.last().map(|i| i.papier.empreinte.clone()),
                papiers: dossier.consentement.impressions.iter().rev().map(Into::into).collect(),
                signe_le: signature.map(|s| s.signe_le.to_string()),
                canal: signature.map(|s| s.canal.into()),
                papier_signe: signature.and_then(|s| s.papier.as_ref()).map(Into::into),
                valide: valide.is_ok(),
                raison: valide.err(),
            },
            totaux: (&montants.totaux).into(),
        }
    }
}

impl From<&PapierImprime> for PapierDto {
    fn from(papier: &PapierImprime) -> Self {
        Self { reference: papier.reference.clone(), empreinte: papier.empreinte.clone() }
    }
}

impl From<&Impression> for ImpressionDto {
    fn from(impression: &Impression) -> Self {
        Self { imprime_le: impression.le.to_string(), papier: (&impression.papier).into() }
    }
}

fn read_correction(parent: &Objet<'_>, nom: &str, erreurs: &mut Vec<ErreurChamp>) -> Option<Correction> {
    let objet = parent.objet(nom, erreurs)?;
    Some(Correction {
        sphere: objet.code("sphere", erreurs),
        cylindre: objet.code("cylindre", erreurs),
        axe: objet.entier("axe", 0..=180, erreurs),
        addition: objet.code("addition", erreurs),
        prisme: objet.code("prisme", erreurs),
        base: objet.texte("base", limites::COURT_CARACTERES_MAX, erreurs),
    })
}

fn read_oeil(parent: &Objet<'_>, nom: &str, erreurs: &mut Vec<ErreurChamp>) -> Option<Oeil> {
    let objet = parent.objet(nom, erreurs)?;
    Some(Oeil {
        loin: read_correction(&objet, "loin", erreurs),
        intermediaire: read_correction(&objet, "intermediaire", erreurs),
        pres: read_correction(&objet, "pres", erreurs),
        ecart_loin: objet.code("ecart_loin", erreurs),
        ecart_pres: objet.code("ecart_pres", erreurs),
        hauteur: objet.code("hauteur", erreurs),
    })
}

fn digits(texte: &str, count: usize, faute: Invalide) -> Result<String, Invalide> {
    let right = texte.len() == count && texte.bytes().all(|b| b.is_ascii_digit());
    if right { Ok(texte.to_owned()) } else { Err(faute) }
}

/// An LPP code as it is typed: seven digits.
pub fn parse_code_lpp(texte: &str) -> Result<String, Invalide> {
    digits(texte, 7, Invalide::new("CODE_LPP", "Un code LPP a 7 chiffres."))
}

fn read_prescription(parent: &Objet<'_>, erreurs: &mut Vec<ErreurChamp>) -> Option<Prescription> {
    let objet = parent.objet("prescription", erreurs)?;
    let prescripteur = objet.objet("prescripteur", erreurs).map(|p| Prescripteur {
        nom: p.texte("nom", limites::NOM_CARACTERES_MAX, erreurs),
        prenom: p.texte("prenom", limites::NOM_CARACTERES_MAX, erreurs),
        rpps: p.parse_with("rpps", |texte| digits(texte, 11, Invalide::new("RPPS", "Un numéro RPPS a 11 chiffres.")), erreurs),
    });
    Some(Prescription {
        date: objet.date("date", erreurs),
        ri_delivre: objet.booleen("ri_delivre", erreurs).unwrap_or(false),
        ra_deuxieme_paire: objet.booleen("ra_deuxieme_paire", erreurs).unwrap_or(false),
        prescripteur,
        od: read_oeil(&objet, "od", erreurs),
        og: read_oeil(&objet, "og", erreurs),
    })
}

/// A discount: text or number, because clients send both; a number is read by its digits, never as a float.
fn read_remise(ligne: &Objet<'_>, erreurs: &mut Vec<ErreurChamp>) -> Pourcentage {
    let lu = match ligne.valeur("remise_pourcent") {
        Some(Value::Number(nombre)) => ligne.accept("remise_pourcent", Pourcentage::parse(&nombre.to_string(), 100), erreurs),
        Some(_) | None => ligne.parse_with("remise_pourcent", |texte| Pourcentage::parse(texte, 100), erreurs),
    };
    lu.unwrap_or_default()
}

fn read_traitements(ligne: &Objet<'_>, erreurs: &mut Vec<ErreurChamp>) -> Vec<String> {
    let mut traitements = Vec::new();
    for (chemin, valeur) in ligne.tableau("traitements", limites::TRAITEMENTS_PAR_LIGNE_MAX, erreurs) {
        match valeur.as_str().map(|brut| texte::optional(Some(brut), limites::COURT_CARACTERES_MAX)) {
            Some(Ok(traitement)) => traitements.extend(traitement),
            Some(Err(faute)) => erreurs.push(faute.at(chemin)),
            None => erreurs.push(Invalide::new("TYPE", "Un texte est attendu.").at(chemin)),
        }
    }
    traitements
}

/// Reads a line; the number is given afterwards where it is absent (then it is 0 here).
fn read_ligne(objet: &Objet<'_>, erreurs: &mut Vec<ErreurChamp>) -> Ligne {
    // The category that claims nothing: what a draft does not say must not become a lens.
    let categorie = objet.code("categorie", erreurs).unwrap_or(dossier::Categorie::Acc);
    let offre = categorie == dossier::Categorie::Offre;
    let court = |nom: &str, erreurs: &mut Vec<ErreurChamp>| objet.texte(nom, limites::COURT_CARACTERES_MAX, erreurs);
    Ligne {
        numero: objet.entier("numero", 1..=NUMERO_LIGNE_MAX, erreurs).unwrap_or(0),
        reference: court("reference", erreurs),
        designation: objet.texte("designation", limites::DESIGNATION_CARACTERES_MAX, erreurs).unwrap_or_default(),
        categorie,
        cote: objet.code("cote", erreurs),
        quantite: objet.entier("quantite", 1..=999, erreurs).unwrap_or(1),
        prix_unitaire: objet.centimes("prix_unitaire_centimes", erreurs).unwrap_or_default(),
        remise: read_remise(objet, erreurs),
        code_lpp: if offre { None } else { objet.parse_with("code_lpp", parse_code_lpp, erreurs) },
        code_regroupement: if offre { None } else { court("code_regroupement", erreurs) },
        classe: objet.code("classe", erreurs),
        surface: objet.code("surface", erreurs),
        traitements: read_traitements(objet, erreurs),
        par_boite: objet.entier("par_boite", 1..=999, erreurs),
        fabricant: court("fabricant", erreurs),
        marque: court("marque", erreurs),
        modele: court("modele", erreurs),
        matiere: court("matiere", erreurs),
        indice: court("indice", erreurs),
        fabrique_en: court("fabrique_en", erreurs),
        occulte: objet.booleen("occulte", erreurs).unwrap_or(false) || offre,
        ro_manuel: objet.centimes("ro_manuel_centimes", erreurs),
    }
}

fn read_lignes(equipement: &Objet<'_>, erreurs: &mut Vec<ErreurChamp>) -> Vec<Ligne> {
    let mut lignes: Vec<Ligne> = Vec::new();
    for (chemin, valeur) in equipement.tableau("lignes", limites::LIGNES_PAR_EQUIPEMENT_MAX, erreurs) {
        let Some(objet) = Objet::at(valeur, chemin, erreurs) else { continue };
        let ligne = read_ligne(&objet, erreurs);
        if ligne.numero != 0 && lignes.iter().any(|l| l.numero == ligne.numero) {
            objet.refuse("numero", Invalide::new("DOUBLON", "Deux lignes ne peuvent pas avoir le même numéro."), erreurs);
        }
        lignes.push(ligne);
    }
    let taken = |lignes: &[Ligne], numero: u16| lignes.iter().any(|l| l.numero == numero);
    let mut next = lignes.iter().map(|l| l.numero).max().unwrap_or(0);
    for i in 0..lignes.len() {
        if lignes[i].numero == 0 {
            // After 999 the gaps are filled: forty lines always find a number.
            next = (1..=NUMERO_LIGNE_MAX)
                .find(|n| *n > next && !taken(&lignes, *n))
                .or_else(|| (1..=NUMERO_LIGNE_MAX).find(|n| !taken(&lignes, *n)))
                .unwrap_or(next);
            lignes[i].numero = next;
        }
    }
    lignes.sort_by_key(|l| l.numero);
    lignes
}

/// Reads an equipment; the number is given afterwards where it is absent (then it is 0 here).
fn read_equipement(objet: &Objet<'_>, erreurs: &mut Vec<ErreurChamp>) -> Equipement {
    Equipement {
        numero: objet.entier("numero", 1..=limites::NUMERO_EQUIPEMENT_MAX, erreurs).unwrap_or(0),
        type_equipement: objet.code("type", erreurs).unwrap_or(dossier::TypeEquipement::Opt),
        vision: objet.code("vision", erreurs),
        deuxieme_paire: objet.booleen("deuxieme_paire", erreurs).unwrap_or(false),
        code_risque: objet.code("code_risque", erreurs).unwrap_or(dossier::CodeRisque::Maladie),
        taux_ro_manuel: objet.entier("taux_ro_manuel", 0..=100, erreurs),
        enfant_manuel: objet.booleen("enfant_manuel", erreurs),
        prisme_od: objet.code("prisme_od", erreurs),
        prisme_og: objet.code("prisme_og", erreurs),
        rc_manuel: objet.centimes("rc_manuel_centimes", erreurs),
        lignes: read_lignes(objet, erreurs),
        transfert: None,
    }
}

/// Reads the equipments, and the highest number ever given once they are in.
fn read_equipements(parent: &Objet<'_>, avant: Option<&Dossier>, erreurs: &mut Vec<ErreurChamp>) -> (Vec<Equipement>, u16) {
    let dernier_avant = avant.map_or(0, |d| d.dernier_equipement);
    let mut equipements: Vec<Equipement> = Vec::new();
    for (chemin, valeur) in parent.tableau("equipements", limites::EQUIPEMENTS_PAR_DOSSIER_MAX, erreurs) {
        let Some(objet) = Objet::at(valeur, chemin, erreurs) else { continue };
        let mut equipement = read_equipement(&objet, erreurs);
        let before = avant.and_then(|d| d.equipement(equipement.numero));
        if equipement.numero != 0 && equipements.iter().any(|e| e.numero == equipement.numero) {
            objet.refuse("numero", Invalide::new("DOUBLON", "Deux équipements ne peuvent pas avoir le même numéro."), erreurs);
        } else if equipement.numero != 0 && equipement.numero <= dernier_avant && before.is_none() {
            let message = "Ce numéro d'équipement a déjà servi dans ce dossier : laissez-le vide pour en recevoir un nouveau.";
            objet.refuse("numero", Invalide::new("NUMERO_EQUIPEMENT", message), erreurs);
        }
        equipement.transfert = before.filter(|b| b.lignes == equipement.lignes).and_then(|b| b.transfert.clone());
        equipements.push(equipement);
    }
    let mut dernier = equipements.iter().map(|e| e.numero).fold(dernier_avant, u16::max);
    for equipement in equipements.iter_mut().filter(|e| e.numero == 0) {
        if dernier == limites::NUMERO_EQUIPEMENT_MAX {
            let message = format!("Ce dossier a déjà compté {} équipements : créez un nouveau dossier.", limites::NUMERO_EQUIPEMENT_MAX);
            parent.refuse("equipements", Invalide::new("LIMITE", message), erreurs);
            break;
        }
        dernier += 1;
        equipement.numero = dernier;
    }
    (equipements, dernier)
}

/// Who the dossier is about: what the body says, else the client. Whoever is taken from the client brings the insured person along.
fn read_personnes(
    objet: &Objet<'_>,
    avant: Option<&Dossier>,
    client: Option<&Client>,
    today: Date,
    erreurs: &mut Vec<ErreurChamp>,
) -> (Option<Beneficiaire>, Option<Assure>) {
    let assure = objet.objet("assure", erreurs).map(|o| read_assure(&o, avant.and_then(|d| d.assure.as_ref()), today, erreurs));
    if objet.valeur("beneficiaire").is_some() {
        let lu = objet.objet("beneficiaire", erreurs).map(|o| read_beneficiaire(&o, avant.map(|d| &d.beneficiaire), today, erreurs));
        return (lu, assure);
    }
    if client.is_none() {
        objet.refuse("beneficiaire/nom", obligatoire(), erreurs);
    }
    (client.map(|c| c.personne.clone()), assure.or_else(|| client.and_then(|c| c.assure.clone())))
}

fn read_tiers_payant(objet: &Objet<'_>, client: Option<&Client>, erreurs: &mut Vec<ErreurChamp>) -> TiersPayant {
    if objet.valeur("tiers_payant").is_none() {
        let first = client.and_then(|c| c.mutuelles.iter().min_by_key(|m| m.rang));
        return TiersPayant { rattachement: first.map(|m| m.rattachement.clone()).unwrap_or_default(), ..TiersPayant::default() };
    }
    let Some(lu) = objet.objet("tiers_payant", erreurs) else { return TiersPayant::default() };
    TiersPayant {
        part_ro: lu.booleen("part_ro", erreurs).unwrap_or(true),
        tiers_payant_ro: lu.booleen("tiers_payant_ro", erreurs).unwrap_or(true),
        rattachement: read_rattachement(&lu, erreurs),
    }
}

/// The client that a body names, to look her up before the rest is read; nothing when the name is no id (reading tells then).
pub fn named_client(corps: &Value) -> Option<ClientId> {
    corps.get("client_id")?.as_str().map(texte::clean)?.parse().ok()
}

/// Reads a dossier. `avant` is the one that a PUT replaces: its version is followed by the next, its numbers are known, its NIRs are what
/// masks stand for, its consent stays. `client` is the one that the body names.
pub fn read_dossier(corps: &Value, id: DossierId, avant: Option<&Dossier>, client: Option<&Client>, today: Date) -> Result<Dossier, Vec<ErreurChamp>> {
    let mut erreurs = Vec::new();
    let Some(objet) = Objet::racine(corps, &mut erreurs) else { return Err(erreurs) };
    let client_id = objet.code("client_id", &mut erreurs);
    let date = objet.date("date", &mut erreurs).unwrap_or(today);
    let (beneficiaire, assure) = read_personnes(&objet, avant, client, today, &mut erreurs);
    let prescription = read_prescription(&objet, &mut erreurs);
    let (equipements, dernier_equipement) = read_equipements(&objet, avant, &mut erreurs);
    let tiers_payant = read_tiers_payant(&objet, client, &mut erreurs);
    let consentement = avant.map(|d| d.consentement.clone()).unwrap_or_default();
    let version = avant.map_or(1, |d| d.version + 1);
    match beneficiaire {
        Some(beneficiaire) if erreurs.is_empty() => {
            Ok(Dossier { id, version, client_id, date, beneficiaire, assure, prescription, equipements, dernier_equipement, tiers_payant, consentement })
        }
        Some(_) | None => Err(erreurs),
    }
}

/// Reads the body of `POST /v1/dossiers/{id}/consentement`: the day and the way of the signature.
pub fn read_signature(corps: &Value, today: Date) -> Result<(Date, consentement::Canal), Vec<ErreurChamp>> {
    let mut erreurs = Vec::new();
    let Some(objet) = Objet::racine(corps, &mut erreurs) else { return Err(erreurs) };
    let signe_le = objet.require("signe_le", Objet::date, &mut erreurs);
    let canal = objet.code("canal", &mut erreurs).unwrap_or(consentement::Canal::Papier);
    if signe_le.is_some_and(|day| day > today) {
        objet.refuse("signe_le", Invalide::new("DATE", "La signature ne peut pas être dans le futur."), &mut erreurs);
    }
    match signe_le {
        Some(day) if erreurs.is_empty() => Ok((day, canal)),
        Some(_) | None => Err(erreurs),
    }
}

/// Whether two writings of an equipment are the same but for transferred amounts, which nobody types.
pub fn same_equipement(a: &Equipement, b: &Equipement) -> bool {
    Equipement { transfert: None, ..a.clone() } == Equipement { transfert: None, ..b.clone() }
}

#[cfg(test)]
mod tests;
