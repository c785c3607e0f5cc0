//! The reference tables: LPP tariffs and RO rates. The shipped ones hold until somebody replaces them.

use crate::{
    R, Store, blob,
    item::reference::{LigneLppItem, LigneTauxItem, TableItem},
    read::{Plage, Requete},
    row::{Row, doc, readable, row, text},
    schema::{self, Proprietaire},
    tables::Table,
};
use optopec_domain::lpp::{LigneLpp, LigneTaux, Referentiel};
use serde::{Serialize, de::DeserializeOwned};

const LPP: &str = "LPP";
const TAUX: &str = "TAUX";
const WHAT: &str = "reference table";

impl Store {
    /// Both tables.
    pub async fn referentiel(&self) -> R<Referentiel> {
        let heads = self.everything(&Requete::new(Table::Mutuelles, schema::referentiel(LPP).pk, Plage::Tout)).await?;
        let (lpp, taux) = futures::try_join!(self.table_of::<LigneLppItem>(&heads, LPP), self.table_of::<LigneTauxItem>(&heads, TAUX))?;
        let mut referentiel = Referentiel::initial();
        if let Some(lpp) = lpp {
            referentiel.lpp = readable(lpp.into_iter().map(LigneLppItem::read).collect(), WHAT)?;
        }
        if let Some(taux) = taux {
            referentiel.taux = readable(taux.into_iter().map(LigneTauxItem::read).collect(), WHAT)?;
        }
        Ok(referentiel)
    }

    /// Replaces the LPP table: the last one written holds.
    pub async fn put_lpp(&self, lignes: &[LigneLpp]) -> R<()> {
        self.put_table(LPP, &lignes.iter().map(LigneLppItem::of).collect::<Vec<_>>()).await
    }

    /// Replaces the RO rates: the last ones written hold.
    pub async fn put_taux(&self, lignes: &[LigneTaux]) -> R<()> {
        self.put_table(TAUX, &lignes.iter().map(LigneTauxItem::of).collect::<Vec<_>>()).await
    }

    async fn table_of<T: DeserializeOwned>(&self, heads: &[Row], table: &str) -> R<Option<Vec<T>>> {
        let Some(head) = heads.iter().find(|head| text(head, "sk", WHAT).is_ok_and(|sk| sk == table)) else { return Ok(None) };
        self.contenu(Proprietaire::Commun, WHAT, &doc::<TableItem>(head, WHAT)?.contenu).await.map(Some)
    }

    async fn put_table<T: Serialize>(&self, table: &str, lignes: &[T]) -> R<()> {
        let contenu = blob::prepare(&lignes)?;
        self.put_contenu(Proprietaire::Commun, &contenu).await?;
        let head = row(&schema::referentiel(table), &TableItem { contenu: contenu.nom })?;
        self.write_once(|e| e.put_always(self, Table::Mutuelles, head.clone())).await?;
        Ok(())
    }
}
