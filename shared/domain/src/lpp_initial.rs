//! The reference data that a new installation starts with: LPP lines, class defaults and RO rates.
//!
//! The operator replaces them by the two routes of the référentiel when a text changes; these are
//! the values of the first day, kept in code so that an empty table never means an unknown tariff
//! that is in fact known.
//!
//! What must hold: a figure is here only if a source gives it, and the source stands beside it. A
//! code that no source gives is absent, and its tariff stays unknown (`None`), which is not zero.
//!
//! Deliberately absent: every seven-digit code from 2020-01-01 on, the contact lenses, and most
//! lenses of adults. None could be read in a public source. The TIPS codes that came before the LPP
//! are absent too: no dossier of today bears one.
//!
//! Two dates need a caution. 2004-03-06 is the general application of the LPP
//! (<http://bof2eme.blogspot.com/2009/05/youkilelaid.html>, a secondary source). 2019-12-31 is
//! deduced: the nomenclature of classes A and B takes over on the next day (arrêté SSAS1832953A of
//! 2018-12-03).

/// The LPP lines: code, label, first day, last day (`AAAA-MM-JJ`, both included), tariff in centimes, source.
pub const LIGNES: &[(&str, &str, &str, &str, u32, &str)] = &[
    (
        "2210546",
        "Monture < 18 ans",
        "2004-03-06",
        "2019-12-31",
        3049,
        "https://ro.scribd.com/document/242216522/Optique2-2-pdf (tableau CMU-C, tarif de responsabilité, RO 60 %) ; https://legal.tricoteuses.fr/articles/LEGIARTI000028969511 ; https://geekpirates.com/n97NoEX1.html (recopie d'un tableau LPP, source secondaire, chiffres recoupés)",
    ),
    (
        "2227908",
        "Supplément pour monture de lunettes à coque, < 6 ans",
        "2004-03-06",
        "2019-12-31",
        4269,
        "https://geekpirates.com/n97NoEX1.html (recopie d'un tableau LPP, source secondaire, chiffres recoupés)",
    ),
    (
        "2261874",
        "Verre simple foyer < 18 ans, sphère -6,00 à +6,00 (OV1), blanc",
        "2004-03-06",
        "2019-12-31",
        1204,
        "https://ro.scribd.com/document/242216522/Optique2-2-pdf (tableau CMU-C, tarif de responsabilité, RO 60 %) ; https://legal.tricoteuses.fr/articles/LEGIARTI000028969511 ; https://geekpirates.com/n97NoEX1.html (recopie d'un tableau LPP, source secondaire, chiffres recoupés)",
    ),
    (
        "2242457",
        "Verre simple foyer < 18 ans, sphère -6,00 à +6,00 (OV1), autre variante (blanc ou teinté)",
        "2004-03-06",
        "2019-12-31",
        1204,
        "https://ro.scribd.com/document/242216522/Optique2-2-pdf (tableau CMU-C, tarif de responsabilité, RO 60 %) ; libellé exact non vu",
    ),
    (
        "2243540",
        "Verre blanc simple foyer < 18 ans, sphère -6,25 à -10,00 (OV2)",
        "2004-03-06",
        "2019-12-31",
        2668,
        "https://ro.scribd.com/document/242216522/Optique2-2-pdf (tableau CMU-C, tarif de responsabilité, RO 60 %) ; https://legal.tricoteuses.fr/articles/LEGIARTI000028969511 ; https://geekpirates.com/n97NoEX1.html (recopie d'un tableau LPP, source secondaire, chiffres recoupés)",
    ),
    (
        "2243304",
        "Verre blanc simple foyer < 18 ans, sphère +6,25 à +10,00 (OV2)",
        "2004-03-06",
        "2019-12-31",
        2668,
        "https://ro.scribd.com/document/242216522/Optique2-2-pdf (tableau CMU-C, tarif de responsabilité, RO 60 %) ; https://geekpirates.com/n97NoEX1.html (recopie d'un tableau LPP, source secondaire, chiffres recoupés)",
    ),
    (
        "2297441",
        "Verre simple foyer < 18 ans, sphère 6,25 à 10,00 (OV2), autre variante (blanc ou teinté)",
        "2004-03-06",
        "2019-12-31",
        2668,
        "https://ro.scribd.com/document/242216522/Optique2-2-pdf (tableau CMU-C, tarif de responsabilité, RO 60 %) ; variante teintée probable, libellé exact non vu",
    ),
    (
        "2291088",
        "Verre simple foyer < 18 ans, sphère 6,25 à 10,00 (OV2), autre variante (blanc ou teinté)",
        "2004-03-06",
        "2019-12-31",
        2668,
        "https://ro.scribd.com/document/242216522/Optique2-2-pdf (tableau CMU-C, tarif de responsabilité, RO 60 %) ; variante teintée probable, libellé exact non vu",
    ),
    (
        "2273854",
        "Verre simple foyer < 18 ans, sphère hors -10,00 à +10,00 (OV3), blanc",
        "2004-03-06",
        "2019-12-31",
        4497,
        "https://ro.scribd.com/document/242216522/Optique2-2-pdf (tableau CMU-C, tarif de responsabilité, RO 60 %) ; https://legal.tricoteuses.fr/articles/LEGIARTI000028969511 ; https://geekpirates.com/n97NoEX1.html (recopie d'un tableau LPP, source secondaire, chiffres recoupés)",
    ),
    (
        "2248320",
        "Verre simple foyer < 18 ans, sphère hors -10,00 à +10,00 (OV3), autre variante (blanc ou teinté)",
        "2004-03-06",
        "2019-12-31",
        4497,
        "https://ro.scribd.com/document/242216522/Optique2-2-pdf (tableau CMU-C, tarif de responsabilité, RO 60 %) ; libellé exact non vu",
    ),
    (
        "2200393",
        "Verre simple foyer < 18 ans, cylindre <= +4,00, sphère -6,00 à +6,00 (OV4), blanc",
        "2004-03-06",
        "2019-12-31",
        1494,
        "https://ro.scribd.com/document/242216522/Optique2-2-pdf (tableau CMU-C, tarif de responsabilité, RO 60 %) ; https://legal.tricoteuses.fr/articles/LEGIARTI000028969511 ; https://geekpirates.com/n97NoEX1.html (recopie d'un tableau LPP, source secondaire, chiffres recoupés)",
    ),
    (
        "2270413",
        "Verre simple foyer < 18 ans, cylindre <= +4,00, sphère -6,00 à +6,00 (OV4), autre variante (blanc ou teinté)",
        "2004-03-06",
        "2019-12-31",
        1494,
        "https://ro.scribd.com/document/242216522/Optique2-2-pdf (tableau CMU-C, tarif de responsabilité, RO 60 %) ; libellé exact non vu",
    ),
    (
        "2283953",
        "Verre simple foyer < 18 ans, cylindre <= +4,00, sphère hors -6,00 à +6,00 (OV5), blanc",
        "2004-03-06",
        "2019-12-31",
        3628,
        "https://ro.scribd.com/document/242216522/Optique2-2-pdf (tableau CMU-C, tarif de responsabilité, RO 60 %) ; https://legal.tricoteuses.fr/articles/LEGIARTI000028969511 ; https://geekpirates.com/n97NoEX1.html (recopie d'un tableau LPP, source secondaire, chiffres recoupés)",
    ),
    (
        "2219381",
        "Verre simple foyer < 18 ans, cylindre <= +4,00, sphère hors -6,00 à +6,00 (OV5), autre variante (blanc ou teinté)",
        "2004-03-06",
        "2019-12-31",
        3628,
        "https://ro.scribd.com/document/242216522/Optique2-2-pdf (tableau CMU-C, tarif de responsabilité, RO 60 %) ; libellé exact non vu",
    ),
    (
        "2238941",
        "Verre simple foyer < 18 ans, cylindre > +4,00, sphère -6,00 à +6,00 (OV6), blanc",
        "2004-03-06",
        "2019-12-31",
        2790,
        "https://ro.scribd.com/document/242216522/Optique2-2-pdf (tableau CMU-C, tarif de responsabilité, RO 60 %) ; https://legal.tricoteuses.fr/articles/LEGIARTI000028969511 ; https://geekpirates.com/n97NoEX1.html (recopie d'un tableau LPP, source secondaire, chiffres recoupés)",
    ),
    (
        "2268385",
        "Verre simple foyer < 18 ans, cylindre > +4,00, sphère -6,00 à +6,00 (OV6), autre variante (blanc ou teinté)",
        "2004-03-06",
        "2019-12-31",
        2790,
        "https://ro.scribd.com/document/242216522/Optique2-2-pdf (tableau CMU-C, tarif de responsabilité, RO 60 %) ; libellé exact non vu",
    ),
    (
        "2245036",
        "Verre simple foyer < 18 ans, cylindre > +4,00, sphère hors -6,00 à +6,00 (OV7), blanc",
        "2004-03-06",
        "2019-12-31",
        4650,
        "https://ro.scribd.com/document/242216522/Optique2-2-pdf (tableau CMU-C, tarif de responsabilité, RO 60 %) ; https://legal.tricoteuses.fr/articles/LEGIARTI000028969511 ; https://geekpirates.com/n97NoEX1.html (recopie d'un tableau LPP, source secondaire, chiffres recoupés) ; le second code OV7 de ce tableau, 2264045, est celui d'OV8 et n'est pas repris",
    ),
    (
        "2259245",
        "Verre multifocal/progressif < 18 ans, sphère -4,00 à +4,00 (OV8), blanc",
        "2004-03-06",
        "2019-12-31",
        3918,
        "https://ro.scribd.com/document/242216522/Optique2-2-pdf (tableau CMU-C, tarif de responsabilité, RO 60 %) ; https://legal.tricoteuses.fr/articles/LEGIARTI000028969511",
    ),
    (
        "2264045",
        "Verre multifocal/progressif < 18 ans, sphère -4,00 à +4,00 (OV8), autre variante (blanc ou teinté)",
        "2004-03-06",
        "2019-12-31",
        3918,
        "https://ro.scribd.com/document/242216522/Optique2-2-pdf (tableau CMU-C, tarif de responsabilité, RO 60 %) ; libellé exact non vu",
    ),
    (
        "2238792",
        "Verre multifocal/progressif < 18 ans, sphère hors -4,00 à +4,00 (OV9), blanc",
        "2004-03-06",
        "2019-12-31",
        4330,
        "https://ro.scribd.com/document/242216522/Optique2-2-pdf (tableau CMU-C, tarif de responsabilité, RO 60 %)",
    ),
    (
        "2202452",
        "Verre multifocal/progressif < 18 ans, sphère hors -4,00 à +4,00 (OV9), autre variante (blanc ou teinté)",
        "2004-03-06",
        "2019-12-31",
        4330,
        "https://ro.scribd.com/document/242216522/Optique2-2-pdf (tableau CMU-C, tarif de responsabilité, RO 60 %) ; libellé exact non vu",
    ),
    (
        "2240671",
        "Verre multifocal/progressif < 18 ans, tout cylindre, sphère -8,00 à +8,00 (OV10), blanc",
        "2004-03-06",
        "2019-12-31",
        4360,
        "https://ro.scribd.com/document/242216522/Optique2-2-pdf (tableau CMU-C, tarif de responsabilité, RO 60 %) ; rang OV10 déduit",
    ),
    (
        "2282221",
        "Verre multifocal/progressif < 18 ans, tout cylindre, sphère -8,00 à +8,00 (OV10), autre variante (blanc ou teinté)",
        "2004-03-06",
        "2019-12-31",
        4360,
        "https://ro.scribd.com/document/242216522/Optique2-2-pdf (tableau CMU-C, tarif de responsabilité, RO 60 %) ; libellé exact non vu ; rang OV10 déduit",
    ),
    (
        "2234239",
        "Verre multifocal/progressif < 18 ans, tout cylindre, sphère hors -8,00 à +8,00 (OV11), blanc",
        "2004-03-06",
        "2019-12-31",
        6662,
        "https://ro.scribd.com/document/242216522/Optique2-2-pdf (tableau CMU-C, tarif de responsabilité, RO 60 %) ; rang OV11 déduit",
    ),
    (
        "2259660",
        "Verre multifocal/progressif < 18 ans, tout cylindre, sphère hors -8,00 à +8,00 (OV11), autre variante (blanc ou teinté)",
        "2004-03-06",
        "2019-12-31",
        6662,
        "https://ro.scribd.com/document/242216522/Optique2-2-pdf (tableau CMU-C, tarif de responsabilité, RO 60 %) ; libellé exact non vu ; rang OV11 déduit",
    ),
    (
        "2223342",
        "Monture >= 18 ans",
        "2004-03-06",
        "2019-12-31",
        284,
        "manuel Winoptics (part Sécu 1,70 € à 60 %) ; https://geekpirates.com/n97NoEX1.html (recopie d'un tableau LPP, source secondaire, chiffres recoupés)",
    ),
    (
        "2203240",
        "Verre blanc simple foyer >= 18 ans, sphère -6,00 à +6,00",
        "2004-03-06",
        "2019-12-31",
        229,
        "manuel Winoptics (part Sécu 1,37 € à 60 %) ; libellé https://geekpirates.com/n97NoEX1.html (recopie d'un tableau LPP, source secondaire, chiffres recoupés) ; à un centime près, 15,85 - 13,57 = 2,28 dans https://github.com/etalab/lois-non-codifiees-et-reglements-francais (arrete/2000/arrete-du-31-decembre-1999-mess9924054a/annexe/article-annexe.md, commit dafcd4d5)",
    ),
    (
        "2280660",
        "Verre blanc simple foyer >= 18 ans, sphère +6,25 à +10,00",
        "2004-03-06",
        "2019-12-31",
        412,
        "https://geekpirates.com/n97NoEX1.html (recopie d'un tableau LPP, source secondaire, chiffres recoupés) ; concorde avec 26,68 - 22,56 = 4,12 dans https://github.com/etalab/lois-non-codifiees-et-reglements-francais (arrete/2000/arrete-du-31-decembre-1999-mess9924054a/annexe/article-annexe.md, commit dafcd4d5)",
    ),
    (
        "2212976",
        "Verre blanc simple foyer >= 18 ans, cylindre > +4,00, sphère -6,00 à +6,00",
        "2004-03-06",
        "2019-12-31",
        625,
        "https://geekpirates.com/n97NoEX1.html (recopie d'un tableau LPP, source secondaire, chiffres recoupés) ; concorde avec 26,68 - 20,43 = 6,25 dans https://github.com/etalab/lois-non-codifiees-et-reglements-francais (arrete/2000/arrete-du-31-decembre-1999-mess9924054a/annexe/article-annexe.md, commit dafcd4d5)",
    ),
    (
        "2288519",
        "Verre blanc simple foyer >= 18 ans, cylindre > +4,00, sphère hors -6,00 à +6,00",
        "2004-03-06",
        "2019-12-31",
        945,
        "https://geekpirates.com/n97NoEX1.html (recopie d'un tableau LPP, source secondaire, chiffres recoupés) ; concorde avec 26,68 - 17,23 = 9,45 dans https://github.com/etalab/lois-non-codifiees-et-reglements-francais (arrete/2000/arrete-du-31-decembre-1999-mess9924054a/annexe/article-annexe.md, commit dafcd4d5) ; zone de sphère déduite",
    ),
];

/// The tariff of an article whose own code is not in the table: class, first day, centimes, source.
///
/// Class A has none: its tariffs are those of a grid that could not be read.
pub const DEFAUTS_CLASSE: &[(char, &str, u32, &str)] = &[(
    'B',
    "2020-01-01",
    5,
    "monture : https://bienetre-et-sante.fr/ophtalmologie/comprendre-prise-charge-de-paire-de-lunettes-100-sante-optique (source secondaire) ; verre : déduit de « 9 centimes » remboursés pour deux verres et une monture (3 x 0,05 x 60 %), https://2017-2022.nosdeputes.fr/15/intervention/1260744",
)];

/// The rates of the régime obligatoire in optics: risk, first day, per cent, source. A rate holds until the
/// next row of the same risk; `0001-01-01` stands for « as far back as a dossier may go ».
pub const TAUX: &[(&str, &str, u8, &str)] = &[
    (
        "MALADIE",
        "0001-01-01",
        65,
        "manuel Winoptics, « Utilisation de l'OptoAMC » : le taux passe de 65 % à 60 % à partir du 2 mai 2011 ; début du taux de 65 % non sourcé",
    ),
    (
        "MALADIE",
        "2011-05-02",
        60,
        "manuel Winoptics, « Utilisation de l'OptoAMC » ; toujours 60 % après 2020 : https://2017-2022.nosdeputes.fr/15/intervention/1260744",
    ),
    (
        "ACCIDENT_DROIT_COMMUN",
        "0001-01-01",
        65,
        "taux de la maladie, dont l'application à ce risque est déduite (connaissance générale, non sourcée) ; manuel Winoptics, « Utilisation de l'OptoAMC », pour 65 % avant le 2 mai 2011",
    ),
    (
        "ACCIDENT_DROIT_COMMUN",
        "2011-05-02",
        60,
        "taux de la maladie, dont l'application à ce risque est déduite (connaissance générale, non sourcée) ; manuel Winoptics, « Utilisation de l'OptoAMC », pour 60 % à partir du 2 mai 2011",
    ),
    ("ACCIDENT_TRAVAIL", "0001-01-01", 100, "connaissance générale, non sourcée"),
    ("MATERNITE", "0001-01-01", 100, "connaissance générale, non sourcée"),
];

/// The codes of [`LIGNES`] that are for adults; all the others there are for children.
const ADULTES: [&str; 5] = ["2223342", "2203240", "2280660", "2212976", "2288519"];

/// Whether a code is a child's (`true`), an adult's (`false`), or one whose public is not known (`None`).
///
/// These codes say « < 18 ans » (« < 6 ans » for one) or « >= 18 ans ». It is a question about the code, not
/// about a person: who counts as a child on a date is decided elsewhere.
pub fn public(code: &str) -> Option<bool> {
    if ADULTES.contains(&code) {
        return Some(false);
    }
    LIGNES.iter().any(|(connu, ..)| *connu == code).then_some(true)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn tarif(code: &str) -> Option<u32> {
        LIGNES.iter().find(|ligne| ligne.0 == code).map(|ligne| ligne.4)
    }

    #[test]
    fn thirty_lines_each_with_its_source() {
        assert_eq!(LIGNES.len(), 30);
        let codes: BTreeSet<&str> = LIGNES.iter().map(|ligne| ligne.0).collect();
        assert_eq!(codes.len(), 30, "a code appears twice");
        for (code, libelle, du, au, centimes, source) in LIGNES {
            assert!(code.len() == 7 && code.bytes().all(|b| b.is_ascii_digit()), "{code}");
            assert!(!libelle.is_empty() && !source.is_empty(), "{code}");
            assert!(du < au && *centimes > 0, "{code}");
        }
    }

    #[test]
    fn known_tariffs() {
        assert_eq!(tarif("2203240"), Some(229));
        assert_eq!(tarif("2223342"), Some(284));
        assert_eq!(tarif("2243540"), Some(2668));
        assert_eq!(tarif("2210546"), Some(3049));
        assert_eq!(tarif("2264045"), Some(3918));
        assert_eq!(tarif("2245036"), Some(4650));
        assert_eq!(tarif("1111111"), None);
    }

    #[test]
    fn the_public_of_a_code_is_the_one_of_its_label() {
        for (code, libelle, ..) in LIGNES {
            let enfant = libelle.contains("< 18 ans") || libelle.contains("< 6 ans");
            let adulte = libelle.contains(">= 18 ans");
            assert!(enfant != adulte, "{libelle}");
            assert_eq!(public(code), Some(enfant), "{libelle}");
        }
        assert_eq!(public("1111111"), None);
        assert_eq!(public(""), None);
    }

    #[test]
    fn rates_and_class_defaults() {
        let taux: Vec<(&str, &str, u8)> = TAUX.iter().map(|t| (t.0, t.1, t.2)).collect();
        assert_eq!(
            taux,
            [
                ("MALADIE", "0001-01-01", 65),
                ("MALADIE", "2011-05-02", 60),
                ("ACCIDENT_DROIT_COMMUN", "0001-01-01", 65),
                ("ACCIDENT_DROIT_COMMUN", "2011-05-02", 60),
                ("ACCIDENT_TRAVAIL", "0001-01-01", 100),
                ("MATERNITE", "0001-01-01", 100),
            ]
        );
        let defauts: Vec<(char, &str, u32)> = DEFAUTS_CLASSE.iter().map(|d| (d.0, d.1, d.2)).collect();
        assert_eq!(defauts, [('B', "2020-01-01", 5)]);
    }
}
