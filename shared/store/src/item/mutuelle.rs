//! Mutuelles: rows of a convention list, and what a shop keeps beside them.

use super::{Illisible, all, magasin::AdresseItem, maybe, parse, percentage};
use optopec_domain::{
    centimes::Centimes,
    ids::MutuelleId,
    mutuelle::{Ajouts, Calcul, Coordonnees, Fiche, Forfait, Propre, Regime, Retouche, Routage},
};
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
pub(crate) struct FicheItem {
    nom: String,
    plateau: Option<String>,
    identifiant: Option<String>,
    pec: String,
    annulation: bool,
    champs_requis: Vec<String>,
    facultatifs_exiges: Vec<String>,
    adresse: AdresseItem,
    telephone: Option<String>,
    telephone2: Option<String>,
    fax: Option<String>,
    site_web: Option<String>,
    autre: Option<String>,
    remarque: Option<String>,
    top_mutualiste: bool,
    sans_tiers_payant: bool,
    tp_externalise: bool,
}

impl FicheItem {
    pub(crate) fn of(f: &Fiche) -> Self {
        let c = &f.coordonnees;
        Self {
            nom: f.nom.clone(),
            plateau: f.routage.as_ref().map(|r| r.plateau.to_string()),
            identifiant: f.routage.as_ref().map(|r| r.identifiant.to_string()),
            pec: f.pec.to_string(),
            annulation: f.annulation,
            champs_requis: f.champs_requis.iter().map(ToString::to_string).collect(),
            facultatifs_exiges: f.facultatifs_exiges.iter().map(ToString::to_string).collect(),
            adresse: AdresseItem::of(&c.adresse),
            telephone: c.telephone.clone(),
            telephone2: c.telephone2.clone(),
            fax: c.fax.clone(),
            site_web: c.site_web.clone(),
            autre: c.autre.clone(),
            remarque: c.remarque.clone(),
            top_mutualiste: f.top_mutualiste,
            sans_tiers_payant: f.sans_tiers_payant,
            tp_externalise: f.tp_externalise,
        }
    }

    pub(crate) fn read(self) -> Result<Fiche, Illisible> {
        let routage = match (maybe(self.plateau.as_deref())?, maybe(self.identifiant.as_deref())?) {
            (Some(plateau), Some(identifiant)) => Some(Routage { plateau, identifiant }),
            (None, None) => None,
            (Some(_), None) | (None, Some(_)) => return Err(Illisible("ROUTAGE")),
        };
        Ok(Fiche {
            nom: self.nom,
            routage,
            pec: parse(&self.pec)?,
            annulation: self.annulation,
            champs_requis: all(&self.champs_requis)?,
            facultatifs_exiges: all(&self.facultatifs_exiges)?,
            coordonnees: Coordonnees {
                adresse: self.adresse.read(),
                telephone: self.telephone,
                telephone2: self.telephone2,
                fax: self.fax,
                site_web: self.site_web,
                autre: self.autre,
                remarque: self.remarque,
            },
            top_mutualiste: self.top_mutualiste,
            sans_tiers_payant: self.sans_tiers_payant,
            tp_externalise: self.tp_externalise,
        })
    }
}

#[derive(Serialize, Deserialize)]
struct RegimeItem {
    code: String,
    libelle: String,
}

impl RegimeItem {
    fn of(r: &Regime) -> Self {
        Self { code: r.code.clone(), libelle: r.libelle.clone() }
    }

    fn read(self) -> Regime {
        Regime { code: self.code, libelle: self.libelle }
    }
}

#[derive(Serialize, Deserialize)]
struct ForfaitItem {
    id: String,
    libelle: String,
    calcul: CalculItem,
}

#[derive(Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "SCREAMING_SNAKE_CASE")]
enum CalculItem {
    Variable,
    Fixe { montant: u64 },
    Pourcentage { pourcentage: String, assiette: String },
}

impl ForfaitItem {
    fn of(f: &Forfait) -> Self {
        let calcul = match &f.calcul {
            Calcul::Variable => CalculItem::Variable,
            Calcul::Fixe(montant) => CalculItem::Fixe { montant: montant.get() },
            Calcul::Pourcentage(part, assiette) => CalculItem::Pourcentage { pourcentage: part.to_string(), assiette: assiette.to_string() },
        };
        Self { id: f.id.clone(), libelle: f.libelle.clone(), calcul }
    }

    fn read(self) -> Result<Forfait, Illisible> {
        let calcul = match self.calcul {
            CalculItem::Variable => Calcul::Variable,
            CalculItem::Fixe { montant } => Calcul::Fixe(Centimes::of(montant)),
            CalculItem::Pourcentage { pourcentage, assiette } => Calcul::Pourcentage(percentage(&pourcentage)?, parse(&assiette)?),
        };
        Ok(Forfait { id: self.id, libelle: self.libelle, calcul })
    }
}

fn forfaits(items: Vec<ForfaitItem>) -> Result<Vec<Forfait>, Illisible> {
    items.into_iter().map(ForfaitItem::read).collect()
}

#[derive(Serialize, Deserialize)]
struct RetoucheItem {
    id: String,
    version: u64,
    /// Pairs, because an emptied field is not an untouched one.
    coordonnees: Vec<(String, Option<String>)>,
    regimes: Vec<RegimeItem>,
    forfaits: Vec<ForfaitItem>,
    retiree: Option<FicheItem>,
}

#[derive(Serialize, Deserialize)]
struct PropreItem {
    id: String,
    version: u64,
    fiche: FicheItem,
    regimes: Vec<RegimeItem>,
    forfaits: Vec<ForfaitItem>,
}

/// A part of what a shop keeps.
#[derive(Serialize, Deserialize)]
pub(crate) struct PaquetItem {
    retouches: Vec<RetoucheItem>,
    propres: Vec<PropreItem>,
}

impl RetoucheItem {
    fn of(id: &MutuelleId, r: &Retouche) -> Self {
        Self {
            id: id.to_string(),
            version: r.version,
            coordonnees: r.coordonnees.iter().map(|(champ, text)| (champ.to_string(), text.clone())).collect(),
            regimes: r.regimes.iter().map(RegimeItem::of).collect(),
            forfaits: r.forfaits.iter().map(ForfaitItem::of).collect(),
            retiree: r.retiree.as_deref().map(FicheItem::of),
        }
    }

    fn read(self) -> Result<(MutuelleId, Retouche), Illisible> {
        let retouche = Retouche {
            version: self.version,
            coordonnees: self.coordonnees.into_iter().map(|(champ, text)| Ok((parse(&champ)?, text))).collect::<Result<_, Illisible>>()?,
            regimes: self.regimes.into_iter().map(RegimeItem::read).collect(),
            forfaits: forfaits(self.forfaits)?,
            retiree: self.retiree.map(FicheItem::read).transpose()?.map(Box::new),
        };
        Ok((parse(&self.id)?, retouche))
    }
}

impl PropreItem {
    fn of(id: &MutuelleId, p: &Propre) -> Self {
        Self {
            id: id.to_string(),
            version: p.version,
            fiche: FicheItem::of(&p.fiche),
            regimes: p.regimes.iter().map(RegimeItem::of).collect(),
            forfaits: p.forfaits.iter().map(ForfaitItem::of).collect(),
        }
    }

    fn read(self) -> Result<(MutuelleId, Propre), Illisible> {
        let propre = Propre {
            version: self.version,
            fiche: self.fiche.read()?,
            regimes: self.regimes.into_iter().map(RegimeItem::read).collect(),
            forfaits: forfaits(self.forfaits)?,
        };
        Ok((parse(&self.id)?, propre))
    }
}

impl PaquetItem {
    pub(crate) fn of(ajouts: &Ajouts) -> Self {
        Self {
            retouches: ajouts.retouches.iter().map(|(id, r)| RetoucheItem::of(id, r)).collect(),
            propres: ajouts.propres.iter().map(|(id, p)| PropreItem::of(id, p)).collect(),
        }
    }

    pub(crate) fn read(self) -> Result<Ajouts, Illisible> {
        Ok(Ajouts {
            retouches: self.retouches.into_iter().map(RetoucheItem::read).collect::<Result<_, _>>()?,
            propres: self.propres.into_iter().map(PropreItem::read).collect::<Result<_, _>>()?,
        })
    }
}
