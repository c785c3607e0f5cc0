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
    consentement,
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

/// One correction of one eye at one distance. Powers are texts in quarter dioptres, for example `+2.00`.
#[derive(Serialize, ToSchema)]
pub struct CorrectionDto {
    /// Sphere.
    pub sphere: Option<String>,
    /// Cylinder.
    pub cylindre: Option<String>,
    /// Axis in degrees.
    #[schema(minimum = 0, maximum = 180)]
    pub axe: Option<u16>,
    /// Addition.
    pub addition: Option<String>,
    /// Prism.
    pub prisme: Option<String>,
    /// Base of the prism.
    pub base: Option<String>,
}

/// What was prescribed for one eye. Lengths are texts in millimetres, for example `32.0`.
#[derive(Serialize, ToSchema)]
pub struct OeilDto {
    /// Far.
    pub loin: Option<CorrectionDto>,
    /// Between.
    pub intermediaire: Option<CorrectionDto>,
    /// Near.
    pub pres: Option<CorrectionDto>,
    /// Pupillary distance, far.
    pub ecart_loin: Option<String>,
    /// Pupillary distance, near.
    pub ecart_pres: Option<String>,
    /// Fitting height.
    pub hauteur: Option<String>,
}

/// Who prescribed.
#[derive(Serialize, ToSchema)]
pub struct PrescripteurDto {
    /// Name.
    #[schema(max_length = 60)]
    pub nom: Option<String>,
    /// First name.
    #[schema(max_length = 60)]
    pub prenom: Option<String>,
    /// RPPS: eleven digits.
    #[schema(pattern = "^[0-9]{11}$")]
    pub rpps: Option<String>,
}

/// The prescription. Nothing of the corrections is ever sent.
#[derive(Serialize, ToSchema)]
pub struct PrescriptionDto {
    /// Its date.
    #[schema(format = Date)]
    pub date: Option<String>,
    /// RI: renewal as prescribed.
    pub ri_delivre: bool,
    /// RA: renewal with adaptation.
    pub ra_deuxieme_paire: bool,
    /// Who prescribed.
    pub prescripteur: Option<PrescripteurDto>,
    /// Right eye.
    pub od: Option<OeilDto>,
    /// Left eye.
    pub og: Option<OeilDto>,
}

/// A line of an equipment.
#[derive(Serialize, ToSchema)]
pub struct LigneDto {
    /// Unique in its equipment; the next one when absent.
    #[schema(minimum = 1, maximum = 999)]
    pub numero: u16,
    /// Reference of the catalogue.
    #[schema(max_length = 60)]
    pub reference: Option<String>,
    /// Designation.
    #[schema(max_length = 200)]
    pub designation: String,
    /// Category. An `OFFRE` is always hidden and carries no LPP code.
    pub categorie: Categorie,
    /// Which eye.
    pub cote: Option<Cote>,
    /// How many; 1 when absent.
    #[schema(minimum = 1, maximum = 999)]
    pub quantite: u32,
    /// Price of one.
    #[schema(minimum = 0, maximum = 100_000_000)]
    pub prix_unitaire_centimes: u64,
    /// Discount in percent, as text: `0`, `12.5`; a number is read as well.
    pub remise_pourcent: String,
    /// LPP code: seven digits.
    #[schema(pattern = "^[0-9]{7}$")]
    pub code_lpp: Option<String>,
    /// « Code de regroupement ».
    #[schema(max_length = 60)]
    pub code_regroupement: Option<String>,
    /// Class.
    pub classe: Option<Classe>,
    /// Surface of a lens.
    pub surface: Option<Surface>,
    /// Treatments of a lens.
    #[schema(max_items = 10)]
    pub traitements: Vec<String>,
    /// Contact lenses per box.
    #[schema(minimum = 1, maximum = 999)]
    pub par_boite: Option<u16>,
    /// Maker.
    #[schema(max_length = 60)]
    pub fabricant: Option<String>,
    /// Brand.
    #[schema(max_length = 60)]
    pub marque: Option<String>,
    /// Model.
    #[schema(max_length = 60)]
    pub modele: Option<String>,
    /// Material.
    #[schema(max_length = 60)]
    pub matiere: Option<String>,
    /// Refractive index.
    #[schema(max_length = 60)]
    pub indice: Option<String>,
    /// Where it was made.
    #[schema(max_length = 60)]
    pub fabrique_en: Option<String>,
    /// Hidden: no part in RO, RC or the message; stays in the total.
    pub occulte: bool,
    /// RO typed by hand: wins over the computed one.
    pub ro_manuel_centimes: Option<u64>,
    /// What it costs.
    #[schema(read_only)]
    pub valeur_centimes: u64,
    /// RO; `null` when no tariff is known.
    #[schema(read_only)]
    pub ro_centimes: Option<u64>,
    /// RC; `null` as long as nobody knows it.
    #[schema(read_only)]
    pub rc_centimes: Option<u64>,
}

/// One equipment: what one demande is about.
#[derive(Serialize, ToSchema)]
pub struct EquipementDto {
    /// Unique in the dossier for ever; the next one when absent.
    #[schema(minimum = 1, maximum = 999)]
    pub numero: u16,
    /// Spectacles or contact lenses; `OPT` when absent.
    #[serde(rename = "type")]
    pub type_equipement: TypeEquipement,
    /// What for.
    pub vision: Option<Vision>,
    /// « 2e paire ».
    pub deuxieme_paire: bool,
    /// Why the health insurance pays; `MALADIE` when absent.
    pub code_risque: CodeRisque,
    /// RO rate in percent; `null` when none is known.
    #[schema(read_only)]
    pub taux_ro: Option<u8>,
    /// RO rate typed by hand.
    #[schema(minimum = 0, maximum = 100)]
    pub taux_ro_manuel: Option<u8>,
    /// A child's.
    #[schema(read_only)]
    pub enfant: bool,
    /// « Enfant » typed by hand.
    pub enfant_manuel: Option<bool>,
    /// Prism of the right eye.
    pub prisme_od: Option<String>,
    /// Prism of the left eye.
    pub prisme_og: Option<String>,
    /// RC learned by telephone or fax.
    pub rc_manuel_centimes: Option<u64>,
    /// The lines, by number.
    #[schema(max_items = 40)]
    pub lignes: Vec<LigneDto>,
}

/// Third-party payment of a dossier.
#[derive(Serialize, ToSchema)]
pub struct TiersPayantDto {
    /// A caisse reimburses at all; yes when absent.
    pub part_ro: bool,
    /// It pays the shop instead of the client; yes when absent.
    pub tiers_payant_ro: bool,
    /// The mutuelle and the numbers of the card.
    #[serde(flatten)]
    pub rattachement: RattachementDto,
}

/// The consent of a dossier, as far as it covers its mutuelle and the shop's switches of now.
#[derive(Serialize, ToSchema)]
pub struct ConsentementDto {
    /// When it was printed.
    #[schema(format = DateTime)]
    pub imprime_le: Option<String>,
    /// The day it was signed.
    #[schema(format = Date)]
    pub signe_le: Option<String>,
    /// How.
    pub canal: Option<Canal>,
    /// Whether a demande may be made.
    pub valide: bool,
    /// Why not.
    pub raison: Option<&'static str>,
}

/// Totals of a dossier; `null` where an amount they depend on is not known.
#[derive(Serialize, ToSchema)]
pub struct TotauxDto {
    /// All lines.
    pub total_centimes: u64,
    /// RO.
    pub ro_centimes: Option<u64>,
    /// Total less RO.
    pub reste_apres_ro_centimes: Option<u64>,
    /// RC; present ticks « Part RC ».
    pub rc_centimes: Option<u64>,
    /// What the client pays.
    pub reste_a_charge_centimes: Option<u64>,
}

/// A dossier.
#[derive(Serialize, ToSchema)]
pub struct DossierDto {
    /// Its id.
    #[schema(read_only)]
    pub id: String,
    /// Raised by every change, printing the consent excepted.
    #[schema(read_only)]
    pub version: u64,
    /// The client it was made from.
    pub client_id: Option<String>,
    /// The day that decides tariffs, rates and ages; today when absent.
    #[schema(format = Date)]
    pub date: String,
    /// Who will wear it; taken from the client when absent.
    pub beneficiaire: BeneficiaireDto,
    /// Through whom she is insured.
    pub assure: Option<AssureDto>,
    /// What was prescribed.
    pub prescription: Option<PrescriptionDto>,
    /// What is sold.
    #[schema(max_items = 6)]
    pub equipements: Vec<EquipementDto>,
    /// Who pays; taken from the client's first mutuelle when absent.
    pub tiers_payant: TiersPayantDto,
    /// The signed consent.
    #[schema(read_only)]
    pub consentement: ConsentementDto,
    /// Totals.
    #[schema(read_only)]
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
                signe_le: signature.map(|s| s.signe_le.to_string()),
                canal: signature.map(|s| s.canal.into()),
                valide: valide.is_ok(),
                raison: valide.err(),
            },
            totaux: (&montants.totaux).into(),
        }
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
        rpps: p.analyse("rpps", |texte| digits(texte, 11, Invalide::new("RPPS", "Un numéro RPPS a 11 chiffres.")), erreurs),
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
        Some(_) | None => ligne.analyse("remise_pourcent", |texte| Pourcentage::parse(texte, 100), erreurs),
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
        code_lpp: if offre { None } else { objet.analyse("code_lpp", parse_code_lpp, erreurs) },
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
    let signe_le = objet.exige("signe_le", Objet::date, &mut erreurs);
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
