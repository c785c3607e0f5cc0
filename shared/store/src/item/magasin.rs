//! A shop.

use super::{Illisible, all, maybe, parse, text_of};
use optopec_domain::{
    credit::Prix,
    ids::MagasinId,
    magasin::{Abonnement, Adresse, Identite, Magasin, Opticien, Transmission},
};
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
pub(crate) struct MagasinItem {
    nom: Option<String>,
    finess: Option<String>,
    adresse: AdresseItem,
    opticien: OpticienItem,
    option_pec: bool,
    mode: String,
    prix_pec: u32,
    prix_cotation: u32,
    seuil_alerte: u32,
    transmission: Vec<String>,
}

#[derive(Serialize, Deserialize)]
pub(crate) struct AdresseItem {
    ligne1: Option<String>,
    ligne2: Option<String>,
    code_postal: Option<String>,
    localite: Option<String>,
}

#[derive(Serialize, Deserialize)]
struct OpticienItem {
    nom: Option<String>,
    prenom: Option<String>,
    telephone: Option<String>,
    email: Option<String>,
}

impl AdresseItem {
    pub(crate) fn of(a: &Adresse) -> Self {
        Self { ligne1: a.ligne1.clone(), ligne2: a.ligne2.clone(), code_postal: a.code_postal.clone(), localite: a.localite.clone() }
    }

    pub(crate) fn read(self) -> Adresse {
        Adresse { ligne1: self.ligne1, ligne2: self.ligne2, code_postal: self.code_postal, localite: self.localite }
    }
}

/// What is on, by name: a switch added later is off in what was stored before.
pub(crate) fn switches(t: Transmission) -> Vec<String> {
    t.sent().map(|c| c.to_string()).collect()
}

pub(crate) fn read_switches(names: &[String]) -> Result<Transmission, Illisible> {
    Ok(all(names)?.into_iter().fold(Transmission::NONE, |t, champ| t.with(champ, true)))
}

impl MagasinItem {
    pub(crate) fn of(m: &Magasin) -> Self {
        let (i, a) = (&m.identite, &m.abonnement);
        Self {
            nom: i.nom.clone(),
            finess: text_of(i.finess.as_ref()),
            adresse: AdresseItem::of(&i.adresse),
            opticien: OpticienItem {
                nom: i.opticien.nom.clone(),
                prenom: i.opticien.prenom.clone(),
                telephone: i.opticien.telephone.clone(),
                email: i.opticien.email.clone(),
            },
            option_pec: a.option_pec,
            mode: a.mode.to_string(),
            prix_pec: a.prix.pec,
            prix_cotation: a.prix.cotation,
            seuil_alerte: a.seuil_alerte,
            transmission: switches(m.transmission),
        }
    }

    pub(crate) fn read(self, id: MagasinId, version: u64) -> Result<Magasin, Illisible> {
        Ok(Magasin {
            id,
            version,
            identite: Identite {
                nom: self.nom,
                finess: maybe(self.finess.as_deref())?,
                adresse: self.adresse.read(),
                opticien: Opticien { nom: self.opticien.nom, prenom: self.opticien.prenom, telephone: self.opticien.telephone, email: self.opticien.email },
            },
            abonnement: Abonnement {
                option_pec: self.option_pec,
                mode: parse(&self.mode)?,
                prix: Prix { pec: self.prix_pec, cotation: self.prix_cotation },
                seuil_alerte: self.seuil_alerte,
            },
            transmission: read_switches(&self.transmission)?,
        })
    }
}
