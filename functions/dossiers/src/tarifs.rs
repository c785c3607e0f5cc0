//! The operator's tables as they are sent, read whole or not at all.
//!
//! What must hold: a table with one bad row replaces nothing, and every bad row is named, up to a thousand; of the rows for one thing the one that
//! began last holds, so no two may begin on the same day, or the tariff of a dossier would depend on the order of a file.

use optopec_domain::{
    date,
    dossier::{Classe, CodeRisque},
    erreur::{ErreurChamp, Invalide},
    limites,
    lpp::{LigneLpp, LigneTaux},
    texte,
};
use optopec_lambda::{
    csv::{self, Rang, Tableau},
    dto::{
        dossier::parse_code_lpp,
        lecture::{Objet, obligatoire},
    },
};
use serde_json::Value;
use std::str::FromStr;

/// Columns of the LPP file.
const COLONNES: [&str; 6] = ["code", "libelle", "classe", "valide_du", "valide_au", "tarif"];

/// Rates at most: a few risks, a few changes each.
const TAUX_MAX: usize = 500;

/// Why a file was not taken.
#[derive(Debug, PartialEq, Eq)]
pub enum Refus {
    /// It is no table.
    Illisible(String),
    /// Rows at fault; `champ` is `/lignes/<line of the file>/<column>`.
    Lignes(Vec<ErreurChamp>),
}

/// One row while it is read: its place for the errors, its cells by column.
struct Ligne<'a> {
    tableau: &'a Tableau,
    rang: &'a Rang,
}

impl Ligne<'_> {
    fn champ(&self, colonne: &str) -> String {
        format!("/lignes/{}/{colonne}", self.rang.ligne)
    }

    fn read<T>(&self, colonne: &str, read: impl FnOnce(&str) -> Result<T, Invalide>, erreurs: &mut Vec<ErreurChamp>) -> Option<T> {
        let cellule = texte::clean(self.tableau.cellule(self.rang, colonne).unwrap_or_default());
        if cellule.is_empty() {
            return None;
        }
        read(&cellule).map_err(|faute| erreurs.push(faute.at(self.champ(colonne)))).ok()
    }

    fn require<T>(&self, colonne: &str, read: impl FnOnce(&str) -> Result<T, Invalide>, erreurs: &mut Vec<ErreurChamp>) -> Option<T> {
        let faults = erreurs.len();
        let lu = self.read(colonne, read, erreurs);
        if lu.is_none() && erreurs.len() == faults {
            erreurs.push(obligatoire().at(self.champ(colonne)));
        }
        lu
    }
}

fn read_row(ligne: &Ligne<'_>, erreurs: &mut Vec<ErreurChamp>) -> Option<LigneLpp> {
    let faults = erreurs.len();
    let code = ligne.read("code", parse_code_lpp, erreurs);
    let libelle = ligne.read("libelle", |t| texte::required(Some(t), limites::DESIGNATION_CARACTERES_MAX), erreurs).unwrap_or_default();
    let classe = ligne.read("classe", Classe::from_str, erreurs);
    let valide_du = ligne.require("valide_du", date::parse, erreurs);
    let valide_au = ligne.read("valide_au", date::parse, erreurs);
    let tarif = ligne.require("tarif", str::parse, erreurs);
    if erreurs.len() > faults {
        return None;
    }
    if code.is_none() && classe.is_none() {
        erreurs.push(Invalide::new("OBLIGATOIRE", "Une ligne sans code est le tarif par défaut d'une classe : indiquez A ou B.").at(ligne.champ("classe")));
    }
    let lue = LigneLpp { code, libelle, classe, valide_du: valide_du?, valide_au, tarif: tarif? };
    if lue.valide_au.is_some_and(|fin| fin < lue.valide_du) {
        erreurs.push(Invalide::new("DATE", "La fin de validité précède le début.").at(ligne.champ("valide_au")));
    }
    (erreurs.len() == faults).then_some(lue)
}

/// Whether two rows are about the same thing: a code, or the default of a class.
fn same_key(a: &LigneLpp, b: &LigneLpp) -> bool {
    a.code == b.code && (a.code.is_some() || a.classe == b.classe)
}

/// Reads the LPP file.
pub fn read_lpp(octets: &[u8]) -> Result<Vec<LigneLpp>, Refus> {
    let tableau = csv::read(octets, &COLONNES).map_err(|faute| Refus::Illisible(faute.message))?;
    if tableau.rangs.len() + tableau.rejets.len() > limites::LIGNES_IMPORT_MAX {
        return Err(Refus::Illisible(format!("Le fichier compte plus de {} lignes.", limites::LIGNES_IMPORT_MAX)));
    }
    let mut erreurs: Vec<ErreurChamp> = tableau.rejets.iter().map(|r| ErreurChamp::new(format!("/lignes/{}", r.ligne), "CSV", r.raison.clone())).collect();
    let mut lues: Vec<(u64, LigneLpp)> = Vec::new();
    for rang in &tableau.rangs {
        lues.extend(read_row(&Ligne { tableau: &tableau, rang }, &mut erreurs).map(|lue| (rang.ligne, lue)));
    }
    // A row that begins later wins over the one before; two that begin on the same day for one key cannot both be right.
    let key = |l: &LigneLpp| (l.code.clone(), l.code.is_none().then_some(l.classe), l.valide_du);
    lues.sort_by_key(|(ligne, l)| (key(l), *ligne));
    for pair in lues.windows(2) {
        if let [(first, a), (second, b)] = pair
            && same_key(a, b)
            && a.valide_du == b.valide_du
        {
            let message = format!("Cette ligne commence le même jour que la ligne {} du fichier.", first.min(second));
            erreurs.push(ErreurChamp::new(format!("/lignes/{}/valide_du", first.max(second)), "DOUBLON", message));
        }
    }
    if !erreurs.is_empty() {
        // An answer that names every cell of a file would be longer than an answer may be.
        erreurs.truncate(limites::REJETS_IMPORT_MAX);
        return Err(Refus::Lignes(erreurs));
    }
    if lues.is_empty() {
        return Err(Refus::Illisible("Le fichier ne contient aucune ligne : la table en place est gardée.".into()));
    }
    lues.sort_by_key(|(ligne, _)| *ligne);
    Ok(lues.into_iter().map(|(_, lue)| lue).collect())
}

/// Reads the body of `PUT /v1/referentiel/taux`.
pub fn read_taux(corps: &Value) -> Result<Vec<LigneTaux>, Vec<ErreurChamp>> {
    let Some(lignes) = corps.as_array() else { return Err(vec![ErreurChamp::new("", "TYPE", "Une liste est attendue.")]) };
    if lignes.is_empty() || lignes.len() > TAUX_MAX {
        return Err(vec![ErreurChamp::new("", "LIMITE", format!("De 1 à {TAUX_MAX} taux sont attendus."))]);
    }
    let mut erreurs = Vec::new();
    let mut lus: Vec<LigneTaux> = Vec::new();
    for (i, valeur) in lignes.iter().enumerate() {
        let Some(objet) = Objet::at(valeur, format!("/{i}"), &mut erreurs) else { continue };
        let risque: Option<CodeRisque> = objet.require("risque", Objet::code, &mut erreurs);
        let du = objet.require("du", Objet::date, &mut erreurs);
        let taux = objet.require("taux", |o, nom, e| o.entier(nom, 0..=100, e), &mut erreurs);
        let (Some(risque), Some(du), Some(taux)) = (risque, du, taux) else { continue };
        if lus.iter().any(|l| l.risque == risque && l.du == du) {
            objet.refuse("du", Invalide::new("DOUBLON", "Ce risque a déjà un taux à partir de ce jour."), &mut erreurs);
        }
        lus.push(LigneTaux { risque, du, taux });
    }
    if erreurs.is_empty() { Ok(lus) } else { Err(erreurs) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn faults(texte: &str) -> Vec<(String, &'static str)> {
        match read_lpp(texte.as_bytes()) {
            Err(Refus::Lignes(erreurs)) => erreurs.into_iter().map(|e| (e.champ, e.code)).collect(),
            other => panic!("rows at fault were expected: {other:?}"),
        }
    }

    const HEADER: &str = "code;libelle;classe;valide_du;valide_au;tarif\n";

    #[test]
    fn a_file_is_read_in_its_order() {
        let lues = read_lpp(format!("{HEADER};Défaut B;B;2020-01-01;;0,05\n2203240;Verre;;2004-03-06;2019-12-31;2.29\n").as_bytes()).unwrap();
        let shown: Vec<_> = lues.iter().map(|l| (l.code.as_deref(), l.libelle.as_str(), l.classe, l.tarif.get())).collect();
        assert_eq!(shown, [(None, "Défaut B", Some(Classe::B), 5), (Some("2203240"), "Verre", None, 229)]);
    }

    #[test]
    fn a_file_that_is_nothing_but_faults_is_answered_shortly() {
        assert_eq!(faults(&format!("{HEADER}{}", "x;;x;x;x;x\n".repeat(20_000))).len(), 1_000);
        assert_eq!(faults(&format!("{HEADER}{}", "x\n".repeat(20_000))).len(), 1_000);
        for row in ["x;;x;x;x;x\n", "x\n"] {
            let refus = read_lpp(format!("{HEADER}{}", row.repeat(20_001)).as_bytes()).unwrap_err();
            assert!(matches!(&refus, Refus::Illisible(detail) if detail.contains("20000")), "{refus:?}");
        }
    }

    #[test]
    fn every_bad_row_is_named() {
        let texte = format!(
            "{HEADER}22032;x;;2004-03-06;;1\n2203240;x;C;2004-13-06;;1e2\n;x;;2020-01-01;;1\n2203240;x;;;;\n2203241;x;;2020-01-02;2020-01-01;1\n2203242;trop\n"
        );
        assert_eq!(
            faults(&texte),
            [
                ("/lignes/7".to_owned(), "CSV"),
                ("/lignes/2/code".to_owned(), "CODE_LPP"),
                ("/lignes/3/classe".to_owned(), "VALEUR"),
                ("/lignes/3/valide_du".to_owned(), "DATE"),
                ("/lignes/3/tarif".to_owned(), "MONTANT"),
                ("/lignes/4/classe".to_owned(), "OBLIGATOIRE"),
                ("/lignes/5/valide_du".to_owned(), "OBLIGATOIRE"),
                ("/lignes/5/tarif".to_owned(), "OBLIGATOIRE"),
                ("/lignes/6/valide_au".to_owned(), "DATE"),
            ]
        );
    }

    #[test]
    fn two_rows_never_begin_on_the_same_day() {
        let rows = |rows: &str| format!("{HEADER}{rows}");
        assert_eq!(faults(&rows("2203240;a;;2010-01-01;;1\n2203240;b;;2010-01-01;2010-12-31;1\n")), [("/lignes/3/valide_du".to_owned(), "DOUBLON")]);
        assert_eq!(faults(&rows(";a;A;2010-01-01;;1\n;b;A;2010-01-01;;1\n")), [("/lignes/3/valide_du".to_owned(), "DOUBLON")]);
        for good in [
            ";a;A;2010-01-01;;1\n;b;B;2010-01-01;;1\n",
            "2203240;a;;2010-01-01;2010-12-31;1\n2203240;b;;2011-01-01;;2\n",
            "2203240;a;;2010-01-01;;1\n2203240;b;;2011-01-01;;2\n",
            "2203240;a;A;2010-01-01;;1\n;b;A;2010-01-01;;1\n",
        ] {
            assert!(read_lpp(rows(good).as_bytes()).is_ok(), "{good}");
        }
    }

    #[test]
    fn an_empty_file_replaces_nothing() {
        assert!(matches!(read_lpp(HEADER.as_bytes()), Err(Refus::Illisible(_))));
        assert!(matches!(read_lpp(b"code;libelle\n"), Err(Refus::Illisible(_))));
        assert!(read_taux(&json!([])).is_err());
    }

    #[test]
    fn rates_are_read_whole_or_not_at_all() {
        let lus = read_taux(&json!([{"risque": "MALADIE", "du": "2011-05-02", "taux": 60}, {"risque": "MATERNITE", "du": "2000-01-01", "taux": 100}])).unwrap();
        assert_eq!(lus.iter().map(|l| (l.risque.as_str(), l.taux)).collect::<Vec<_>>(), [("MALADIE", 60), ("MATERNITE", 100)]);
        let bad = json!([{"risque": "GRIPPE", "du": "hier", "taux": 101}, 3, {"risque": "MALADIE", "du": "2011-05-02", "taux": 60.5},
            {"risque": "MALADIE", "du": "2011-05-02", "taux": 60}, {"risque": "MALADIE", "du": "2011-05-02", "taux": 65}, {}]);
        let faults: Vec<_> = read_taux(&bad).unwrap_err().into_iter().map(|e| (e.champ, e.code)).collect();
        let expected = [
            ("/0/risque", "VALEUR"),
            ("/0/du", "DATE"),
            ("/0/taux", "BORNES"),
            ("/1", "TYPE"),
            ("/2/taux", "TYPE"),
            ("/4/du", "DOUBLON"),
            ("/5/risque", "OBLIGATOIRE"),
            ("/5/du", "OBLIGATOIRE"),
            ("/5/taux", "OBLIGATOIRE"),
        ];
        assert_eq!(faults.iter().map(|(champ, code)| (champ.as_str(), *code)).collect::<Vec<_>>(), expected);
        assert_eq!(read_taux(&json!({})).unwrap_err()[0].champ, "");
    }
}
