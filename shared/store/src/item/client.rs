//! A client.

use super::{
    Illisible,
    commun::{AssureItem, BeneficiaireItem, RattachementItem},
};
use optopec_domain::{
    client::{Client, MutuelleClient},
    ids::ClientId,
};
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
pub(crate) struct ClientItem {
    personne: BeneficiaireItem,
    assure: Option<AssureItem>,
    mutuelles: Vec<MutuelleClientItem>,
}

#[derive(Serialize, Deserialize)]
struct MutuelleClientItem {
    rang: u8,
    rattachement: RattachementItem,
}

impl ClientItem {
    pub(crate) fn of(c: &Client) -> Self {
        Self {
            personne: BeneficiaireItem::of(&c.personne),
            assure: c.assure.as_ref().map(AssureItem::of),
            mutuelles: c.mutuelles.iter().map(|m| MutuelleClientItem { rang: m.rang, rattachement: RattachementItem::of(&m.rattachement) }).collect(),
        }
    }

    pub(crate) fn read(self, id: ClientId, version: u64) -> Result<Client, Illisible> {
        Ok(Client {
            id,
            version,
            personne: self.personne.read()?,
            assure: self.assure.map(AssureItem::read).transpose()?,
            mutuelles: self
                .mutuelles
                .into_iter()
                .map(|m| Ok(MutuelleClient { rang: m.rang, rattachement: m.rattachement.read()? }))
                .collect::<Result<_, Illisible>>()?,
        })
    }
}
