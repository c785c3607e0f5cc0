//! Keys: the only place that builds them.
//!
//! What must hold: what belongs to a shop has the shop's id in its partition key, taken from a [`MagasinId`] and from nowhere else.
//! Parts are joined by `#`; only the last part of a key may come from outside, so no text can reach into another key. Personal
//! data in a sort key (folded names) stays in the table; a NIR is only there as a hash.

use aws_sdk_dynamodb::types::AttributeValue;
use jiff::{Timestamp, civil::Date};
use optopec_domain::{
    demande::EtatPublic,
    empreinte::{digest_of, hex},
    ids::{ClientId, DemandeId, DossierId, MagasinId},
    nir::Nir,
    texte,
};
use sha2::{Digest, Sha256};
use std::collections::HashMap;

/// See [`crate::Store::SHARDS`].
pub(crate) const SHARDS: u8 = 16;
/// Index of what is due.
pub(crate) const ECHEANCE: &str = "echeance";
/// Index of the work list.
pub(crate) const TRAVAIL: &str = "travail";
/// Characters of a folded name that are searchable: a sort key holds 1024 bytes.
const NOM_CHERCHE_MAX: usize = 120;

/// The key of an item.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Cle {
    pub(crate) pk: String,
    pub(crate) sk: String,
}

impl Cle {
    fn new(pk: impl Into<String>, sk: impl Into<String>) -> Self {
        Self { pk: pk.into(), sk: sk.into() }
    }

    /// As attributes.
    pub(crate) fn attributes(&self) -> HashMap<String, AttributeValue> {
        HashMap::from([("pk".to_owned(), AttributeValue::S(self.pk.clone())), ("sk".to_owned(), AttributeValue::S(self.sk.clone()))])
    }
}

/// Partition of a shop.
pub(crate) fn magasin_pk(m: &MagasinId) -> String {
    format!("MAG#{m}")
}

/// Partition of what hangs on a dossier.
pub(crate) fn dossier_pk(m: &MagasinId, d: &DossierId) -> String {
    format!("MAG#{m}#DOS#{d}")
}

pub(crate) fn magasin(m: &MagasinId) -> Cle {
    Cle::new(magasin_pk(m), "MAGASIN")
}

/// Beginning of the sort keys of the shops' wrapped data keys.
pub(crate) const CLE_MAGASIN: &str = "MAG#";

/// Partition of a part of the wrapped data keys: apart from the shops, because the operator who wraps them anew walks through all of them.
pub(crate) fn cles_pk(shard: u8) -> String {
    format!("CLES#{shard}")
}

/// The wrapped data key of a shop.
pub(crate) fn cle_magasin(m: &MagasinId) -> Cle {
    Cle::new(cles_pk(Sha256::digest(m.as_str())[0] % SHARDS), format!("{CLE_MAGASIN}{m}"))
}

/// What tells whether the wrapping key is the one of these tables.
pub(crate) fn temoin() -> Cle {
    Cle::new("CLES", "TEMOIN")
}

/// What a key was answered; `empreinte`: the key's keyed hash ([`crate::sceau::Sceau::cle_idempotence`]).
pub(crate) fn idempotence(m: &MagasinId, empreinte: &str) -> Cle {
    Cle::new(magasin_pk(m), format!("IDEM#{empreinte}"))
}

/// Beginning of the sort keys of clients.
pub(crate) const CLIENT: &str = "CLI#";

pub(crate) fn client(m: &MagasinId, c: &ClientId) -> Cle {
    Cle::new(magasin_pk(m), format!("{CLIENT}{c}"))
}

/// Which things an index by name or NIR leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Quoi {
    Client,
    Dossier,
}

impl Quoi {
    const fn prefix(self) -> &'static str {
        match self {
            Self::Client => "C",
            Self::Dossier => "D",
        }
    }
}

/// Beginning of the sort keys that a search by the beginning of a name reads.
pub(crate) fn nom_prefix(quoi: Quoi, debut: &str) -> String {
    format!("{}NOM#{}", quoi.prefix(), cut(&texte::fold(debut)))
}

/// Place in the index by name.
pub(crate) fn par_nom(m: &MagasinId, quoi: Quoi, nom: &str, prenom: Option<&str>, id: &str) -> Cle {
    let folded = texte::fold(&format!("{nom} {}", prenom.unwrap_or_default()));
    Cle::new(magasin_pk(m), format!("{}NOM#{}#{id}", quoi.prefix(), cut(&folded)))
}

/// Beginning of the sort keys that a search by NIR reads; `empreinte`: its keyed hash ([`crate::sceau::Sceau::nir`]).
pub(crate) fn nir_prefix(quoi: Quoi, empreinte: &str) -> String {
    format!("{}NIR#{empreinte}#", quoi.prefix())
}

/// The hash of a NIR in the index of items of shape 1. It has no key: such a place goes as soon as its item is written again.
pub(crate) fn empreinte_v1(m: &MagasinId, nir: &Nir) -> String {
    hex(&digest_of(&[m.as_str(), nir.expose()])[..16])
}

/// Place in the index by NIR.
pub(crate) fn par_nir(m: &MagasinId, quoi: Quoi, empreinte: &str, id: &str) -> Cle {
    Cle::new(magasin_pk(m), format!("{}{id}", nir_prefix(quoi, empreinte)))
}

fn cut(folded: &str) -> String {
    folded.chars().take(NOM_CHERCHE_MAX).collect()
}

/// Beginning of the sort keys of dossiers.
pub(crate) const DOSSIER: &str = "DOS#";

pub(crate) fn dossier(m: &MagasinId, d: &DossierId) -> Cle {
    Cle::new(magasin_pk(m), format!("{DOSSIER}{d}"))
}

/// Beginning of the sort keys of a client's dossiers.
pub(crate) fn client_dossiers_prefix(c: &ClientId) -> String {
    format!("DCLI#{c}#")
}

pub(crate) fn client_dossier(m: &MagasinId, c: &ClientId, d: &DossierId) -> Cle {
    Cle::new(magasin_pk(m), format!("{}{d}", client_dossiers_prefix(c)))
}

/// Beginnings of the sort keys of what hangs on a dossier.
pub(crate) const GARDE: &str = "GARDE#";
pub(crate) const COTATION: &str = "COT#";
pub(crate) const TRANSFERT: &str = "TRF#";
pub(crate) const IMPRIME: &str = "IMPRIME";

pub(crate) fn garde(m: &MagasinId, d: &DossierId, equipement: u16) -> Cle {
    Cle::new(dossier_pk(m, d), format!("{GARDE}{equipement}"))
}

pub(crate) fn cotation(m: &MagasinId, d: &DossierId, equipement: u16) -> Cle {
    Cle::new(dossier_pk(m, d), format!("{COTATION}{equipement}"))
}

pub(crate) fn transfert(m: &MagasinId, d: &DossierId, equipement: u16) -> Cle {
    Cle::new(dossier_pk(m, d), format!("{TRANSFERT}{equipement}"))
}

pub(crate) fn imprime(m: &MagasinId, d: &DossierId) -> Cle {
    Cle::new(dossier_pk(m, d), IMPRIME)
}

/// Link from a dossier to a demande.
pub(crate) fn lien(m: &MagasinId, d: &DossierId, dem: &DemandeId) -> Cle {
    Cle::new(dossier_pk(m, d), format!("{DEMANDE}{dem}"))
}

/// Beginning of the sort keys of demandes, and of the links to them.
pub(crate) const DEMANDE: &str = "DEM#";

pub(crate) fn demande(m: &MagasinId, d: &DemandeId) -> Cle {
    Cle::new(magasin_pk(m), format!("{DEMANDE}{d}"))
}

pub(crate) fn envoi(m: &MagasinId, d: &DemandeId) -> Cle {
    Cle::new(magasin_pk(m), format!("ENV#{d}"))
}

/// The body of an answer that nobody could use.
pub(crate) fn brut(m: &MagasinId, d: &DemandeId) -> Cle {
    Cle::new(magasin_pk(m), format!("BRUT#{d}"))
}

/// Partition of the entries about a client or a dossier that somebody saw in clear.
pub(crate) fn acces_pk(m: &MagasinId, objet: &str) -> String {
    format!("MAG#{m}#ACC#{objet}")
}

pub(crate) fn acces(m: &MagasinId, objet: &str, entree: &str) -> Cle {
    Cle::new(acces_pk(m, objet), entree)
}

/// How much a user was shown in clear on a day.
pub(crate) fn lectures(m: &MagasinId, jour: Date, utilisateur: &str) -> Cle {
    Cle::new(magasin_pk(m), format!("LECTURES#{jour}#{utilisateur}"))
}

/// Partition of the proofs of a dossier's consents.
pub(crate) fn preuves_pk(m: &MagasinId, d: &DossierId) -> String {
    format!("MAG#{m}#PREUVE#{d}")
}

/// The proof of a consent, by the version of the dossier that it came with.
pub(crate) fn preuve(m: &MagasinId, d: &DossierId, version: u64) -> Cle {
    Cle::new(preuves_pk(m, d), format!("{version:012}"))
}

/// Sort key of the first demande that could have been made at an instant: its id is a ULID.
pub(crate) fn demande_at(t: Timestamp) -> String {
    let ms = u64::try_from(t.as_millisecond()).unwrap_or(0);
    format!("{DEMANDE}{}{}", DemandeId::PREFIX, ulid::Ulid::from_parts(ms, 0))
}

/// Partition of the work list of one state.
pub(crate) fn travail_pk(m: &MagasinId, etat: EtatPublic) -> String {
    format!("MAG#{m}#{etat}")
}

/// Partition of a part of the index of what is due.
pub(crate) fn echeance_pk(shard: u8) -> String {
    format!("ECH#{shard}")
}

/// The part of the index of what is due that a demande belongs to.
pub(crate) fn shard(d: &DemandeId) -> u8 {
    Sha256::digest(d.as_str())[0] % SHARDS
}

/// The shop and the demande of a demande's key.
pub(crate) fn read_demande(pk: &str, sk: &str) -> Option<(MagasinId, DemandeId)> {
    Some((pk.strip_prefix("MAG#")?.parse().ok()?, sk.strip_prefix(DEMANDE)?.parse().ok()?))
}

pub(crate) fn compte(m: &MagasinId) -> Cle {
    Cle::new(magasin_pk(m), "COMPTE")
}

/// Beginning of the sort keys of a ledger's entries.
pub(crate) const MOUVEMENT: &str = "MVT#";
/// After every one of them.
pub(crate) const MOUVEMENT_FIN: &str = "MVT#:";

pub(crate) fn mouvement(m: &MagasinId, numero: u64) -> Cle {
    Cle::new(magasin_pk(m), format!("{MOUVEMENT}{numero:012}"))
}

/// A payment or correction, counted once in the whole system.
pub(crate) fn reference(kind: &str, reference: &str) -> Cle {
    Cle::new(format!("REF#{kind}#{reference}"), "REF")
}

pub(crate) fn liste(m: &MagasinId) -> Cle {
    Cle::new(magasin_pk(m), "LISTE")
}

fn concentrateur_pk(concentrateur: &str) -> String {
    format!("CONV#{concentrateur}")
}

/// The newest list of a concentrator.
pub(crate) fn tete(concentrateur: &str) -> Cle {
    Cle::new(concentrateur_pk(concentrateur), "TETE")
}

/// Beginning of the sort keys of shops that work with a concentrator's list.
pub(crate) const ADOPTE: &str = "ADOPTE#";

pub(crate) fn adoptants_pk(concentrateur: &str) -> String {
    concentrateur_pk(concentrateur)
}

pub(crate) fn adopte(concentrateur: &str, m: &MagasinId) -> Cle {
    Cle::new(concentrateur_pk(concentrateur), format!("{ADOPTE}{m}"))
}

/// Where the rows of a version of a list are.
pub(crate) fn manifeste(version: &str) -> Cle {
    Cle::new(format!("CONVENTION#{version}"), "MANIFESTE")
}

/// A reference table.
pub(crate) fn referentiel(table: &str) -> Cle {
    Cle::new("REFERENTIEL", table)
}

/// To whom a large content belongs.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Proprietaire<'a> {
    /// One shop.
    Magasin(&'a MagasinId),
    /// Everybody.
    Commun,
}

/// A piece of a large content.
pub(crate) fn morceau(proprietaire: Proprietaire<'_>, hash: &str, i: usize) -> Cle {
    let pk = match proprietaire {
        Proprietaire::Magasin(m) => format!("MAG#{m}#BLOB#{hash}"),
        Proprietaire::Commun => format!("BLOB#{hash}"),
    };
    Cle::new(pk, format!("P#{i:03}"))
}

/// State of a reference at the demonstration concentrator.
pub(crate) fn demo(reference: &str) -> Cle {
    Cle::new(format!("DEMO#{reference}"), "DEMO")
}

/// Name of a shop in the local runner.
pub(crate) fn nom_local(nom: &str) -> Cle {
    Cle::new("LOCAL", format!("NOM#{nom}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mag() -> MagasinId {
        "mag_01ARZ3NDEKTSV4RRFFQ69G5FAV".parse().unwrap()
    }

    fn dem() -> DemandeId {
        "dem_01ARZ3NDEKTSV4RRFFQ69G5FAV".parse().unwrap()
    }

    #[test]
    fn whatever_belongs_to_a_shop_has_its_id_in_the_partition() {
        let (m, d): (_, DossierId) = (mag(), "dos_01ARZ3NDEKTSV4RRFFQ69G5FAV".parse().unwrap());
        let nir: Nir = "278052A00412358".parse().unwrap();
        let keys = [
            magasin(&m),
            idempotence(&m, "x#y"),
            par_nom(&m, Quoi::Client, "n", None, "cli_x"),
            par_nir(&m, Quoi::Dossier, &empreinte_v1(&m, &nir), "dos_x"),
            dossier(&m, &d),
            garde(&m, &d, 1),
            cotation(&m, &d, 1),
            transfert(&m, &d, 1),
            imprime(&m, &d),
            lien(&m, &d, &dem()),
            demande(&m, &dem()),
            envoi(&m, &dem()),
            brut(&m, &dem()),
            acces(&m, "cli_x", "01"),
            lectures(&m, "2026-11-21".parse().unwrap(), "u#1"),
            preuve(&m, &d, 1),
            compte(&m),
            mouvement(&m, 1),
            liste(&m),
            morceau(Proprietaire::Magasin(&m), "ab", 0),
        ];
        for key in keys {
            assert!(key.pk == "MAG#mag_01ARZ3NDEKTSV4RRFFQ69G5FAV" || key.pk.starts_with("MAG#mag_01ARZ3NDEKTSV4RRFFQ69G5FAV#"), "{key:?}");
        }
        assert!(travail_pk(&m, EtatPublic::Refusee).starts_with("MAG#mag_01ARZ3NDEKTSV4RRFFQ69G5FAV#"));
    }

    #[test]
    fn names_are_searched_by_their_beginning_without_accents_or_case() {
        let key = par_nom(&mag(), Quoi::Client, "MONTFORT", Some("Zoé"), "cli_x");
        assert_eq!(key.sk, "CNOM#montfort zoe#cli_x");
        assert!(key.sk.starts_with(&nom_prefix(Quoi::Client, "mont")));
        assert!(key.sk.starts_with(&nom_prefix(Quoi::Client, " Montfort ZOÉ")));
        assert!(!key.sk.starts_with(&nom_prefix(Quoi::Dossier, "mont")));
        // A name cannot pretend to be another's key: `#` folds away.
        assert_eq!(par_nom(&mag(), Quoi::Client, "a#b", None, "i").sk, "CNOM#a b#i");
    }

    #[test]
    fn the_longest_name_fits_a_sort_key() {
        // One character that unfolds to eighteen.
        let long = "\u{fdfa}".repeat(60);
        let key = par_nom(&mag(), Quoi::Client, &long, Some(&long), "cli_01ARZ3NDEKTSV4RRFFQ69G5FAV");
        assert!(key.sk.len() <= 1024, "{}", key.sk.len());
        assert!(key.sk.starts_with(&nom_prefix(Quoi::Client, &long)) || nom_prefix(Quoi::Client, &long).len() <= key.sk.len());
    }

    #[test]
    fn ranges_of_instants_are_ranges_of_ids() {
        // 01ARZ3NDEK is 1469922850259 ms (ulid/spec, README: the example of the specification has that time part).
        let at = Timestamp::from_millisecond(1_469_922_850_259).unwrap();
        let key = demande(&mag(), &dem()).sk;
        assert!(demande_at(at) <= key);
        assert!(key < demande_at(Timestamp::from_millisecond(1_469_922_850_260).unwrap()));
    }

    #[test]
    fn keys_of_demandes_are_read_back() {
        let key = demande(&mag(), &dem());
        assert_eq!(read_demande(&key.pk, &key.sk), Some((mag(), dem())));
        assert_eq!(read_demande(&key.pk, "ENV#dem_01ARZ3NDEKTSV4RRFFQ69G5FAV"), None);
        assert!(shard(&dem()) < SHARDS);
    }

    #[test]
    fn ledger_entries_sort_by_number() {
        assert!(mouvement(&mag(), 9).sk < mouvement(&mag(), 10).sk);
        assert!(mouvement(&mag(), 99_999).sk < mouvement(&mag(), 100_000).sk);
    }
}
