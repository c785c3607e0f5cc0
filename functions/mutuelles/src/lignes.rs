//! Between a CSV file and rows of mutuelles.
//!
//! What must hold: a file is refused as a whole only when its header cannot be used or it is too long; everything else is a matter of its
//! rows. Decoding, separators and the guard against formulas are `lambda::csv`'s; what a cell may say is `domain::liste`'s.

use optopec_domain::{
    erreur::Invalide,
    limites::LIGNES_IMPORT_MAX,
    liste::{COLONNES, COLONNES_OBLIGATOIRES, Ligne, fiche_to_row, parse_row},
    mutuelle::Fiche,
};
use optopec_lambda::{csv, probleme::Probleme};
use std::borrow::Cow;

/// A file that was read.
pub struct Fichier {
    /// Its rows, good and bad, in order.
    pub lignes: Vec<Ligne>,
    /// The columns it does not have.
    pub absentes: Vec<&'static str>,
}

/// Why a file is refused as a whole.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refus {
    /// Its header cannot be used.
    #[error("{0}")]
    Illisible(String),
    /// It has too many rows.
    #[error("Un fichier de mutuelles ne dépasse pas {LIGNES_IMPORT_MAX} lignes.")]
    TropDeLignes,
}

impl From<Refus> for Probleme {
    fn from(refus: Refus) -> Self {
        match refus {
            Refus::Illisible(detail) => Self::csv_illisible(detail),
            Refus::TropDeLignes => Self::trop_grand(refus.to_string()),
        }
    }
}

/// Reads a file.
///
/// # Errors
/// The header cannot be used, or there are too many rows.
pub fn read(octets: &[u8]) -> Result<Fichier, Refus> {
    let tableau = csv::read(octets, &COLONNES_OBLIGATOIRES).map_err(|invalide| Refus::Illisible(invalide.message))?;
    if tableau.rangs.len() + tableau.rejets.len() > LIGNES_IMPORT_MAX {
        return Err(Refus::TropDeLignes);
    }
    let line = |ligne: u64| u32::try_from(ligne).unwrap_or(u32::MAX);
    let mut lignes: Vec<Ligne> = tableau.rangs.iter().map(|rang| (line(rang.ligne), parse_row(|colonne| tableau.cellule(rang, colonne)))).collect();
    lignes.extend(tableau.rejets.iter().map(|rejet| (line(rejet.ligne), Err(vec![("ligne", Invalide::new("CSV", rejet.raison.clone()))]))));
    lignes.sort_by_key(|(ligne, _)| *ligne);
    Ok(Fichier { lignes, absentes: COLONNES.into_iter().filter(|colonne| !tableau.has(colonne)).collect() })
}

/// Writes a file that [`read`] reads again unchanged.
pub fn write<'a>(fiches: impl IntoIterator<Item = &'a Fiche>) -> String {
    csv::write(&COLONNES, fiches.into_iter().map(|fiche| fiche_to_row(fiche).into_iter().map(Cow::Owned).collect()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use optopec_domain::liste::read_rows;

    const ENTETE: &str = "nom;plateau;identifiant;pec;annulation;champs_requis;facultatifs_exiges;adresse1;adresse2;code_postal;localite;telephone;telephone2;fax;site_web;autre;remarque;top_mutualiste;sans_tiers_payant;tp_externalise";

    #[test]
    fn what_is_written_is_read_again_unchanged() {
        let nasty = format!(
            "{ENTETE}\r\n\"Mutuelle \"\"A;B\"\"\";12345678;12345678;OPT_LEN;oui;numero_adherent|numero_contrat;verre_surface;;;;;'+33 1;;;;'=cmd|x;\"'-a, b\";non;non;oui\r\n"
        );
        let first = read(nasty.as_bytes()).unwrap();
        let (fiches, rejetees) = read_rows(first.lignes);
        assert_eq!((fiches.len(), rejetees.len(), first.absentes.len()), (1, 0, 0));
        assert_eq!(fiches[0].coordonnees.telephone.as_deref(), Some("+33 1"));
        assert_eq!(fiches[0].coordonnees.autre.as_deref(), Some("=cmd|x"));
        let written = write(&fiches);
        assert!(written.starts_with(ENTETE), "{written}");
        assert_eq!(read_rows(read(written.as_bytes()).unwrap().lignes).0, fiches);
    }

    #[test]
    fn good_rows_are_taken_and_bad_ones_reported_with_their_line() {
        let text = "nom,plateau,identifiant,pec\nA,12345678,12345678,OPT\nB,12,12345678,OPT\nC\nD,,,NON\n";
        let fichier = read(text.as_bytes()).unwrap();
        assert_eq!(fichier.absentes.len(), 16);
        let (fiches, rejetees) = read_rows(fichier.lignes);
        assert_eq!(fiches.iter().map(|f| f.nom.as_str()).collect::<Vec<_>>(), ["A", "D"]);
        assert_eq!(rejetees.iter().map(|r| (r.ligne, r.champ.as_str())).collect::<Vec<_>>(), [(3, "plateau"), (4, "ligne")]);
    }

    #[test]
    fn a_file_without_its_header_or_too_long_is_refused_as_a_whole() {
        assert!(matches!(read(b"A;12345678;12345678;OPT\n"), Err(Refus::Illisible(_))));
        assert!(matches!(read(b"<html><body>maintenance</body></html>"), Err(Refus::Illisible(_))));
        let long = format!("nom;plateau;identifiant;pec\n{}", "A;;;NON\n".repeat(LIGNES_IMPORT_MAX + 1));
        assert!(matches!(read(long.as_bytes()), Err(Refus::TropDeLignes)));
    }
}
