//! A dossier, and the amounts that hang on its equipments.
//!
//! Deliberately absent from the dossier: when its consent was printed and transferred amounts, which have items of their own so that
//! they change without it.

use super::{
    Illisible,
    commun::{AssureItem, BeneficiaireItem, RattachementItem},
    day, instant,
    magasin::{read_switches, switches},
    maybe, maybe_day, maybe_instant, parse, percentage, text_of,
};
use jiff::Timestamp;
use optopec_domain::{
    centimes::Centimes,
    consentement::{Accord, Consentement, Impression, PapierImprime, Signature},
    dossier::{Correction, Dossier, Equipement, Ligne, Oeil, Prescripteur, Prescription, TiersPayant, Transfert},
    ids::DossierId,
};
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
pub(crate) struct DossierItem {
    client_id: Option<String>,
    date: String,
    beneficiaire: BeneficiaireItem,
    assure: Option<AssureItem>,
    prescription: Option<PrescriptionItem>,
    equipements: Vec<EquipementItem>,
    dernier_equipement: u16,
    part_ro: bool,
    tiers_payant_ro: bool,
    rattachement: RattachementItem,
    signature: Option<SignatureItem>,
}

#[derive(Serialize, Deserialize)]
pub(crate) struct SignatureItem {
    signe_le: String,
    canal: String,
    mutuelle_id: Option<String>,
    transmission: Vec<String>,
    papier: Option<PapierItem>,
}

#[derive(Serialize, Deserialize)]
struct PrescriptionItem {
    date: Option<String>,
    ri_delivre: bool,
    ra_deuxieme_paire: bool,
    prescripteur: Option<PrescripteurItem>,
    od: Option<OeilItem>,
    og: Option<OeilItem>,
}

#[derive(Serialize, Deserialize)]
struct PrescripteurItem {
    nom: Option<String>,
    prenom: Option<String>,
    rpps: Option<String>,
}

#[derive(Serialize, Deserialize)]
struct OeilItem {
    loin: Option<CorrectionItem>,
    intermediaire: Option<CorrectionItem>,
    pres: Option<CorrectionItem>,
    ecart_loin: Option<String>,
    ecart_pres: Option<String>,
    hauteur: Option<String>,
}

#[derive(Serialize, Deserialize)]
struct CorrectionItem {
    sphere: Option<String>,
    cylindre: Option<String>,
    axe: Option<u16>,
    addition: Option<String>,
    prisme: Option<String>,
    base: Option<String>,
}

#[derive(Serialize, Deserialize)]
struct EquipementItem {
    numero: u16,
    #[serde(rename = "type")]
    type_equipement: String,
    vision: Option<String>,
    deuxieme_paire: bool,
    code_risque: String,
    taux_ro_manuel: Option<u8>,
    enfant_manuel: Option<bool>,
    prisme_od: Option<String>,
    prisme_og: Option<String>,
    rc_manuel: Option<u64>,
    lignes: Vec<LigneItem>,
}

#[derive(Serialize, Deserialize)]
struct LigneItem {
    numero: u16,
    reference: Option<String>,
    designation: String,
    categorie: String,
    cote: Option<String>,
    quantite: u32,
    prix_unitaire: u64,
    remise: String,
    code_lpp: Option<String>,
    code_regroupement: Option<String>,
    classe: Option<String>,
    surface: Option<String>,
    traitements: Vec<String>,
    par_boite: Option<u16>,
    fabricant: Option<String>,
    marque: Option<String>,
    modele: Option<String>,
    matiere: Option<String>,
    indice: Option<String>,
    fabrique_en: Option<String>,
    occulte: bool,
    ro_manuel: Option<u64>,
}

impl DossierItem {
    pub(crate) fn of(d: &Dossier) -> Self {
        Self {
            client_id: text_of(d.client_id.as_ref()),
            date: d.date.to_string(),
            beneficiaire: BeneficiaireItem::of(&d.beneficiaire),
            assure: d.assure.as_ref().map(AssureItem::of),
            prescription: d.prescription.as_ref().map(PrescriptionItem::of),
            equipements: d.equipements.iter().map(EquipementItem::of).collect(),
            dernier_equipement: d.dernier_equipement,
            part_ro: d.tiers_payant.part_ro,
            tiers_payant_ro: d.tiers_payant.tiers_payant_ro,
            rattachement: RattachementItem::of(&d.tiers_payant.rattachement),
            signature: d.consentement.signature.as_ref().map(SignatureItem::of),
        }
    }

    pub(crate) fn read(self, id: DossierId, version: u64) -> Result<Dossier, Illisible> {
        Ok(Dossier {
            id,
            version,
            client_id: maybe(self.client_id.as_deref())?,
            date: day(&self.date)?,
            beneficiaire: self.beneficiaire.read()?,
            assure: self.assure.map(AssureItem::read).transpose()?,
            prescription: self.prescription.map(PrescriptionItem::read).transpose()?,
            equipements: self.equipements.into_iter().map(EquipementItem::read).collect::<Result<_, _>>()?,
            dernier_equipement: self.dernier_equipement,
            tiers_payant: TiersPayant { part_ro: self.part_ro, tiers_payant_ro: self.tiers_payant_ro, rattachement: self.rattachement.read()? },
            consentement: Consentement { imprime_le: None, impressions: Vec::new(), signature: self.signature.map(SignatureItem::read).transpose()? },
        })
    }
}

impl SignatureItem {
    pub(crate) fn of(s: &Signature) -> Self {
        Self {
            signe_le: s.signe_le.to_string(),
            canal: s.canal.to_string(),
            mutuelle_id: text_of(s.mutuelle_id.as_ref()),
            transmission: switches(s.transmission),
            papier: s.papier.as_ref().map(PapierItem::of),
        }
    }

    pub(crate) fn read(self) -> Result<Signature, Illisible> {
        Ok(Signature {
            signe_le: day(&self.signe_le)?,
            canal: parse(&self.canal)?,
            mutuelle_id: maybe(self.mutuelle_id.as_deref())?,
            transmission: read_switches(&self.transmission)?,
            papier: self.papier.map(PapierItem::read).transpose()?,
        })
    }
}

impl PrescriptionItem {
    fn of(p: &Prescription) -> Self {
        Self {
            date: text_of(p.date.as_ref()),
            ri_delivre: p.ri_delivre,
            ra_deuxieme_paire: p.ra_deuxieme_paire,
            prescripteur: p.prescripteur.as_ref().map(|p| PrescripteurItem { nom: p.nom.clone(), prenom: p.prenom.clone(), rpps: p.rpps.clone() }),
            od: p.od.as_ref().map(OeilItem::of),
            og: p.og.as_ref().map(OeilItem::of),
        }
    }

    fn read(self) -> Result<Prescription, Illisible> {
        Ok(Prescription {
            date: maybe_day(self.date.as_deref())?,
            ri_delivre: self.ri_delivre,
            ra_deuxieme_paire: self.ra_deuxieme_paire,
            prescripteur: self.prescripteur.map(|p| Prescripteur { nom: p.nom, prenom: p.prenom, rpps: p.rpps }),
            od: self.od.map(OeilItem::read).transpose()?,
            og: self.og.map(OeilItem::read).transpose()?,
        })
    }
}

impl OeilItem {
    fn of(o: &Oeil) -> Self {
        Self {
            loin: o.loin.as_ref().map(CorrectionItem::of),
            intermediaire: o.intermediaire.as_ref().map(CorrectionItem::of),
            pres: o.pres.as_ref().map(CorrectionItem::of),
            ecart_loin: text_of(o.ecart_loin.as_ref()),
            ecart_pres: text_of(o.ecart_pres.as_ref()),
            hauteur: text_of(o.hauteur.as_ref()),
        }
    }

    fn read(self) -> Result<Oeil, Illisible> {
        Ok(Oeil {
            loin: self.loin.map(CorrectionItem::read).transpose()?,
            intermediaire: self.intermediaire.map(CorrectionItem::read).transpose()?,
            pres: self.pres.map(CorrectionItem::read).transpose()?,
            ecart_loin: maybe(self.ecart_loin.as_deref())?,
            ecart_pres: maybe(self.ecart_pres.as_deref())?,
            hauteur: maybe(self.hauteur.as_deref())?,
        })
    }
}

impl CorrectionItem {
    fn of(c: &Correction) -> Self {
        Self {
            sphere: text_of(c.sphere.as_ref()),
            cylindre: text_of(c.cylindre.as_ref()),
            axe: c.axe,
            addition: text_of(c.addition.as_ref()),
            prisme: text_of(c.prisme.as_ref()),
            base: c.base.clone(),
        }
    }

    fn read(self) -> Result<Correction, Illisible> {
        Ok(Correction {
            sphere: maybe(self.sphere.as_deref())?,
            cylindre: maybe(self.cylindre.as_deref())?,
            axe: self.axe,
            addition: maybe(self.addition.as_deref())?,
            prisme: maybe(self.prisme.as_deref())?,
            base: self.base,
        })
    }
}

impl EquipementItem {
    fn of(e: &Equipement) -> Self {
        Self {
            numero: e.numero,
            type_equipement: e.type_equipement.to_string(),
            vision: text_of(e.vision.as_ref()),
            deuxieme_paire: e.deuxieme_paire,
            code_risque: e.code_risque.to_string(),
            taux_ro_manuel: e.taux_ro_manuel,
            enfant_manuel: e.enfant_manuel,
            prisme_od: text_of(e.prisme_od.as_ref()),
            prisme_og: text_of(e.prisme_og.as_ref()),
            rc_manuel: e.rc_manuel.map(Centimes::get),
            lignes: e.lignes.iter().map(LigneItem::of).collect(),
        }
    }

    fn read(self) -> Result<Equipement, Illisible> {
        Ok(Equipement {
            numero: self.numero,
            type_equipement: parse(&self.type_equipement)?,
            vision: maybe(self.vision.as_deref())?,
            deuxieme_paire: self.deuxieme_paire,
            code_risque: parse(&self.code_risque)?,
            taux_ro_manuel: self.taux_ro_manuel,
            enfant_manuel: self.enfant_manuel,
            prisme_od: maybe(self.prisme_od.as_deref())?,
            prisme_og: maybe(self.prisme_og.as_deref())?,
            rc_manuel: self.rc_manuel.map(Centimes::of),
            lignes: self.lignes.into_iter().map(LigneItem::read).collect::<Result<_, _>>()?,
            transfert: None,
        })
    }
}

impl LigneItem {
    fn of(l: &Ligne) -> Self {
        Self {
            numero: l.numero,
            reference: l.reference.clone(),
            designation: l.designation.clone(),
            categorie: l.categorie.to_string(),
            cote: text_of(l.cote.as_ref()),
            quantite: l.quantite,
            prix_unitaire: l.prix_unitaire.get(),
            remise: l.remise.to_string(),
            code_lpp: l.code_lpp.clone(),
            code_regroupement: l.code_regroupement.clone(),
            classe: text_of(l.classe.as_ref()),
            surface: text_of(l.surface.as_ref()),
            traitements: l.traitements.clone(),
            par_boite: l.par_boite,
            fabricant: l.fabricant.clone(),
            marque: l.marque.clone(),
            modele: l.modele.clone(),
            matiere: l.matiere.clone(),
            indice: l.indice.clone(),
            fabrique_en: l.fabrique_en.clone(),
            occulte: l.occulte,
            ro_manuel: l.ro_manuel.map(Centimes::get),
        }
    }

    fn read(self) -> Result<Ligne, Illisible> {
        Ok(Ligne {
            numero: self.numero,
            reference: self.reference,
            designation: self.designation,
            categorie: parse(&self.categorie)?,
            cote: maybe(self.cote.as_deref())?,
            quantite: self.quantite,
            prix_unitaire: Centimes::of(self.prix_unitaire),
            remise: percentage(&self.remise)?,
            code_lpp: self.code_lpp,
            code_regroupement: self.code_regroupement,
            classe: maybe(self.classe.as_deref())?,
            surface: maybe(self.surface.as_deref())?,
            traitements: self.traitements,
            par_boite: self.par_boite,
            fabricant: self.fabricant,
            marque: self.marque,
            modele: self.modele,
            matiere: self.matiere,
            indice: self.indice,
            fabrique_en: self.fabrique_en,
            occulte: self.occulte,
            ro_manuel: self.ro_manuel.map(Centimes::of),
        })
    }
}

/// Amounts of a granted demande in a dossier.
#[derive(Serialize, Deserialize)]
pub(crate) struct TransfertItem {
    demande_id: String,
    lignes: Vec<(u16, u64)>,
}

impl TransfertItem {
    pub(crate) fn of(t: &Transfert) -> Self {
        Self { demande_id: t.demande_id.to_string(), lignes: t.lignes.iter().map(|(n, c)| (*n, c.get())).collect() }
    }

    pub(crate) fn read(self) -> Result<Transfert, Illisible> {
        Ok(Transfert { demande_id: parse(&self.demande_id)?, lignes: self.lignes.into_iter().map(|(n, c)| (n, Centimes::of(c))).collect() })
    }
}

/// When the consent was printed, and what.
#[derive(Serialize, Deserialize)]
pub(crate) struct ImprimeItem {
    le: String,
    /// The last paper printed here.
    papier: Option<DernierItem>,
}

#[derive(Serialize, Deserialize)]
struct DernierItem {
    #[serde(flatten)]
    papier: PapierItem,
    /// From when on, if that was not when it was last printed.
    depuis: Option<String>,
    /// The papers before it, the latest last.
    avant: Option<Vec<ImpressionItem>>,
}

#[derive(Serialize, Deserialize)]
struct ImpressionItem {
    le: String,
    papier: PapierItem,
}

/// What tells a printed paper from any other.
#[derive(Serialize, Deserialize)]
struct PapierItem {
    reference: String,
    empreinte: String,
    accord: Option<AccordItem>,
}

/// What a printed paper names.
#[derive(Serialize, Deserialize)]
struct AccordItem {
    mutuelle_id: String,
    transmission: Vec<String>,
}

impl PapierItem {
    fn of(p: &PapierImprime) -> Self {
        let accord = p.accord.as_ref().map(|a| AccordItem { mutuelle_id: a.mutuelle_id.to_string(), transmission: switches(a.transmission) });
        Self { reference: p.reference.clone(), empreinte: p.empreinte.clone(), accord }
    }

    fn read(self) -> Result<PapierImprime, Illisible> {
        let named = |a: AccordItem| Ok::<_, Illisible>(Accord { mutuelle_id: parse(&a.mutuelle_id)?, transmission: read_switches(&a.transmission)? });
        Ok(PapierImprime { reference: self.reference, empreinte: self.empreinte, accord: self.accord.map(named).transpose()? })
    }
}

impl ImprimeItem {
    pub(crate) fn of(le: Timestamp, impressions: &[Impression]) -> Self {
        let before = |i: &Impression| ImpressionItem { le: i.le.to_string(), papier: PapierItem::of(&i.papier) };
        let papier = impressions.split_last().map(|(last, avant)| DernierItem {
            papier: PapierItem::of(&last.papier),
            depuis: (last.le != le).then(|| last.le.to_string()),
            avant: (!avant.is_empty()).then(|| avant.iter().map(before).collect()),
        });
        Self { le: le.to_string(), papier }
    }

    pub(crate) fn read(self) -> Result<(Timestamp, Vec<Impression>), Illisible> {
        let le = instant(&self.le)?;
        let before = |i: ImpressionItem| Ok(Impression { le: instant(&i.le)?, papier: i.papier.read()? });
        let Some(last) = self.papier else { return Ok((le, Vec::new())) };
        let mut impressions = last.avant.unwrap_or_default().into_iter().map(before).collect::<Result<Vec<_>, Illisible>>()?;
        impressions.push(Impression { le: maybe_instant(last.depuis.as_deref())?.unwrap_or(le), papier: last.papier.read()? });
        Ok((le, impressions))
    }
}
