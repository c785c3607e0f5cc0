//! Amounts of a dossier: value, RO, RC, totals.
//!
//! What must hold: an amount that nobody knows is `None` and makes everything that depends on it `None`; roundings are half up to the
//! centime, line by line; a split hands out every centime that the lines can hold and not one more.
//! The figures of both manuals (1.37, 1.70, 4.44, 6.10) are in the tests.

use crate::{
    centimes::Centimes,
    client::Beneficiaire,
    date,
    dossier::{Dossier, Equipement, Ligne},
    lpp::Referentiel,
    mutuelle::{Assiette, Calcul, Mutuelle},
};
use jiff::civil::Date;

/// Amounts of one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MontantsLigne {
    /// Its number.
    pub numero: u16,
    /// What it costs.
    pub valeur: Centimes,
    /// RO; `None` when no tariff is known.
    pub ro: Option<Centimes>,
    /// RC; `None` as long as nobody knows it.
    pub rc: Option<Centimes>,
}

/// Amounts of one equipment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MontantsEquipement {
    /// Its number.
    pub numero: u16,
    /// RO rate in percent; `None` when none is known for the risk and date.
    pub taux_ro: Option<u8>,
    /// A child's.
    pub enfant: bool,
    /// By line, hidden ones included.
    pub lignes: Vec<MontantsLigne>,
}

/// Totals of a dossier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Totaux {
    /// All lines.
    pub total: Centimes,
    /// RO.
    pub ro: Option<Centimes>,
    /// Total less RO.
    pub reste_apres_ro: Option<Centimes>,
    /// RC.
    pub rc: Option<Centimes>,
    /// What the client pays.
    pub reste_a_charge: Option<Centimes>,
}

/// All computed amounts of a dossier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Montants {
    /// By equipment, in the dossier's order.
    pub equipements: Vec<MontantsEquipement>,
    /// Totals.
    pub totaux: Totaux,
}

/// Computes every amount of a dossier. `mutuelle` is the one of its third-party payment.
pub fn compute(dossier: &Dossier, referentiel: &Referentiel, mutuelle: Option<&Mutuelle>) -> Montants {
    let calcul = chosen_forfait(dossier, mutuelle);
    let card = &dossier.tiers_payant.rattachement;
    // What a computed forfait may still give this year, shared by the equipments in order; none: no ceiling.
    let mut left = card.maximum_annuel.map(|maximum| maximum.minus(card.deja_utilise.unwrap_or_default()));
    let equipements: Vec<_> = dossier
        .equipements
        .iter()
        .map(|equipement| {
            let taux_ro = equipement.taux_ro_manuel.or_else(|| referentiel.rate(equipement.code_risque, dossier.date));
            let parts: Vec<_> = equipement.lignes.iter().map(|ligne| part(ligne, dossier, referentiel, taux_ro)).collect();
            let rc = rc_by_line(equipement, &parts, calcul, &mut left);
            let lignes = parts.iter().map(|p| MontantsLigne { numero: p.numero, valeur: p.valeur, ro: p.ro, rc: rc_of(p, rc.as_deref()) }).collect();
            MontantsEquipement { numero: equipement.numero, taux_ro, enfant: is_child(equipement, &dossier.beneficiaire, dossier.date), lignes }
        })
        .collect();
    let lignes = || equipements.iter().flat_map(|e| &e.lignes);
    let total: Centimes = lignes().map(|l| l.valeur).sum();
    let ro: Option<Centimes> = lignes().map(|l| l.ro).collect::<Option<Vec<_>>>().map(|all| all.into_iter().sum());
    let rc: Option<Centimes> = lignes().map(|l| l.rc).collect::<Option<Vec<_>>>().map(|all| all.into_iter().sum());
    let reste_apres_ro = ro.map(|ro| total.minus(ro));
    let reste_a_charge = reste_apres_ro.zip(rc).map(|(reste, rc)| reste.minus(rc));
    Montants { equipements, totaux: Totaux { total, ro, reste_apres_ro, rc, reste_a_charge } }
}

/// What a line costs: quantity × price less the discount.
pub fn line_value(ligne: &Ligne) -> Centimes {
    let gross = Centimes::of(ligne.prix_unitaire.get().saturating_mul(u64::from(ligne.quantite)));
    gross.ratio(10_000_u64.saturating_sub(u64::from(ligne.remise.centiemes())), 10_000)
}

/// A child: younger than 18 on the day before 2020, than 16 from then on (LPP of 2004, arrêté of 2018-12-03); without a birth, an adult.
fn is_child(equipement: &Equipement, beneficiaire: &Beneficiaire, on: Date) -> bool {
    let majority = if on.year() < 2020 { 18 } else { 16 };
    equipement.enfant_manuel.unwrap_or_else(|| beneficiaire.date_naissance.is_some_and(|birth| date::age(birth, on) < majority))
}

/// A line before its RC is known.
struct Part {
    numero: u16,
    occulte: bool,
    valeur: Centimes,
    /// The tariff of the whole line, never above its value.
    tarif: Option<Centimes>,
    ro: Option<Centimes>,
}

fn part(ligne: &Ligne, dossier: &Dossier, referentiel: &Referentiel, taux_ro: Option<u8>) -> Part {
    let valeur = line_value(ligne);
    let tarif = referentiel.tariff(ligne, dossier.date).map(|t| Centimes::of(t.get().saturating_mul(u64::from(ligne.quantite))).min(valeur));
    let ro = if ligne.occulte || !dossier.tiers_payant.part_ro {
        Some(Centimes::ZERO)
    } else if let Some(typed) = ligne.ro_manuel {
        Some(typed.min(valeur))
    } else {
        tarif.zip(taux_ro).map(|(tarif, taux)| tarif.ratio(u64::from(taux), 100).min(valeur))
    };
    Part { numero: ligne.numero, occulte: ligne.occulte, valeur, tarif, ro }
}

/// The forfait that the card names, if the mutuelle has it and it can be computed.
fn chosen_forfait<'a>(dossier: &Dossier, mutuelle: Option<&'a Mutuelle>) -> Option<&'a Calcul> {
    let id = dossier.tiers_payant.rattachement.forfait_id.as_deref()?;
    mutuelle?.forfaits.iter().find(|f| f.id == id).map(|f| &f.calcul)
}

/// RC of the visible lines that have one, once the RC of the equipment is known. The mutuelle's own answer wins over what the shop
/// learned otherwise, and that over a computation.
fn rc_by_line(equipement: &Equipement, parts: &[Part], calcul: Option<&Calcul>, left: &mut Option<Centimes>) -> Option<Vec<(u16, Centimes)>> {
    let visibles: Vec<&Part> = parts.iter().filter(|p| !p.occulte).collect();
    let restes: Vec<_> = visibles.iter().map(|p| (p.numero, p.valeur.minus(p.ro.unwrap_or_default()))).collect();
    if restes.is_empty() {
        return Some(Vec::new());
    }
    if let Some(transfert) = &equipement.transfert {
        return Some(transfert.lignes.clone());
    }
    if let Some(global) = equipement.rc_manuel {
        return Some(split(global, &restes).0);
    }
    let due = forfait_amount(calcul?, &visibles)?;
    let granted = left.map_or(due, |left| due.min(left));
    let (lignes, unspent) = split(granted, &restes);
    *left = left.map(|left| left.minus(granted.minus(unspent)));
    Some(lignes)
}

/// What a forfait gives for the visible lines, before any ceiling.
fn forfait_amount(calcul: &Calcul, visibles: &[&Part]) -> Option<Centimes> {
    let sum =
        |amount: fn(&Part) -> Option<Centimes>| visibles.iter().map(|p| amount(p)).collect::<Option<Vec<_>>>().map(|all| all.into_iter().sum::<Centimes>());
    match calcul {
        Calcul::Variable => None,
        Calcul::Fixe(montant) => Some(*montant),
        Calcul::Pourcentage(percent, Assiette::Tarif) => {
            let part = sum(|p| p.tarif)?.ratio(u64::from(percent.centiemes()), 10_000);
            Some(part.minus(sum(|p| p.ro)?))
        }
        Calcul::Pourcentage(percent, Assiette::Reste) => {
            let reste = sum(|p| p.ro.map(|ro| p.valeur.minus(ro)))?;
            Some(reste.ratio(u64::from(percent.centiemes()), 10_000))
        }
    }
}

/// RC of one line. A visible line that a granted demande did not name has an unknown RC, not none.
fn rc_of(part: &Part, known: Option<&[(u16, Centimes)]>) -> Option<Centimes> {
    let known = known?;
    if part.occulte { Some(Centimes::ZERO) } else { known.iter().find(|(numero, _)| *numero == part.numero).map(|(_, rc)| *rc) }
}

/// Splits a global amount over what remains of each line, in proportion, centimes by largest remainder (ties: lower line number),
/// never above what remains; the second value is what the lines cannot hold. The order of the lines is kept.
pub fn split(global: Centimes, restes: &[(u16, Centimes)]) -> (Vec<(u16, Centimes)>, Centimes) {
    let room: Centimes = restes.iter().map(|(_, reste)| *reste).sum();
    let shared = global.min(room);
    let divisor = u128::from(room.get()).max(1);
    // Exact shares as (whole centimes, remainder): a share is at most what remains, so its whole part plus one is too where a
    // remainder is left.
    let exact: Vec<(u64, u128)> = restes
        .iter()
        .map(|(_, reste)| {
            let product = u128::from(shared.get()) * u128::from(reste.get());
            (u64::try_from(product / divisor).unwrap_or(reste.get()), product % divisor)
        })
        .collect();
    let mut by_remainder: Vec<usize> = (0..restes.len()).collect();
    by_remainder.sort_by_key(|&i| (std::cmp::Reverse(exact[i].1), restes[i].0));
    let handed_out: u64 = exact.iter().map(|(whole, _)| whole).sum();
    let lacking = usize::try_from(shared.get().saturating_sub(handed_out)).unwrap_or(restes.len());
    let mut lignes: Vec<_> = restes.iter().zip(&exact).map(|((numero, _), (whole, _))| (*numero, Centimes::of(*whole))).collect();
    for &i in by_remainder.iter().take(lacking) {
        lignes[i].1 = lignes[i].1.plus(Centimes::of(1));
    }
    (lignes, global.minus(room))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        dioptre::Pourcentage,
        dossier::{Classe, CodeRisque, Transfert},
        exemples::{c, day, dossier, equipment, line, manual, mutuelle},
        ids::DemandeId,
        lpp::LigneLpp,
    };
    use proptest::prelude::*;

    fn percent(text: &str, assiette: Assiette) -> Calcul {
        Calcul::Pourcentage(Pourcentage::parse(text, 1000).unwrap(), assiette)
    }

    fn amounts(dossier: &Dossier, calcul: Calcul) -> Montants {
        compute(dossier, &Referentiel::initial(), Some(&mutuelle(calcul)))
    }

    fn ro(montants: &Montants) -> Vec<Option<u64>> {
        montants.equipements.iter().flat_map(|e| &e.lignes).map(|l| l.ro.map(Centimes::get)).collect()
    }

    fn rc(montants: &Montants) -> Vec<Option<u64>> {
        montants.equipements.iter().flat_map(|e| &e.lignes).map(|l| l.rc.map(Centimes::get)).collect()
    }

    #[test]
    fn the_dossier_of_the_manual() {
        let m = amounts(&dossier(vec![equipment(1, manual())]), Calcul::Variable);
        assert_eq!(m.equipements[0].taux_ro, Some(60));
        assert!(!m.equipements[0].enfant);
        assert_eq!(ro(&m), [Some(137), Some(137), Some(170)]);
        assert_eq!(rc(&m), [None, None, None]);
        assert_eq!(m.totaux, Totaux { total: c(71_400), ro: Some(c(444)), reste_apres_ro: Some(c(70_956)), rc: None, reste_a_charge: None });
    }

    #[test]
    fn the_screen_of_the_manual_whose_ro_is_6_10() {
        // Two lenses whose tariff is 3.66 (2.20 each at 60 %) and a frame at 2.84 (1.70).
        let mut table = Referentiel::initial();
        table.lpp.push(LigneLpp {
            code: Some("2200000".into()),
            libelle: String::new(),
            classe: None,
            valide_du: day("2004-03-06"),
            valide_au: None,
            tarif: c(366),
        });
        let mut d = dossier(vec![equipment(1, vec![line(1, 32_000, Some("2200000")), line(2, 26_000, Some("2200000")), line(3, 11_000, Some("2223342"))])]);
        d.date = day("2012-09-11");
        let m = compute(&d, &table, None);
        assert_eq!(ro(&m), [Some(220), Some(220), Some(170)]);
        assert_eq!((m.totaux.total, m.totaux.ro, m.totaux.reste_apres_ro), (c(69_000), Some(c(610)), Some(c(68_390))));
    }

    #[test]
    fn the_rate_is_the_one_of_the_dossiers_date_and_risk() {
        let mut d = dossier(vec![equipment(1, manual())]);
        d.date = day("2011-05-01");
        // 2.29 × 65 % = 1.4885; 2.84 × 65 % = 1.846.
        assert_eq!(ro(&amounts(&d, Calcul::Variable)), [Some(149), Some(149), Some(185)]);
        d.equipements[0].code_risque = CodeRisque::Maternite;
        assert_eq!(ro(&amounts(&d, Calcul::Variable)), [Some(229), Some(229), Some(284)]);
        d.equipements[0].taux_ro_manuel = Some(0);
        assert_eq!(ro(&amounts(&d, Calcul::Variable)), [Some(0), Some(0), Some(0)]);
    }

    #[test]
    fn a_child_is_younger_than_18_until_2019_and_than_16_from_2020() {
        let mut d = dossier(vec![equipment(1, vec![])]);
        for (birth, on, expected) in [
            ("2001-12-31", "2019-12-30", true),
            ("2001-12-31", "2019-12-31", false),
            ("2004-01-02", "2020-01-01", true),
            ("2004-01-01", "2020-01-01", false),
            ("2002-06-01", "2019-12-31", true),
            ("2002-06-01", "2020-01-01", false),
        ] {
            (d.beneficiaire.date_naissance, d.date) = (Some(day(birth)), day(on));
            assert_eq!(amounts(&d, Calcul::Variable).equipements[0].enfant, expected, "{birth} {on}");
        }
        d.beneficiaire.date_naissance = None;
        assert!(!amounts(&d, Calcul::Variable).equipements[0].enfant);
        d.equipements[0].enfant_manuel = Some(true);
        assert!(amounts(&d, Calcul::Variable).equipements[0].enfant);
    }

    #[test]
    fn a_value_is_quantity_times_price_less_discount_half_up() {
        let value =
            |quantite, prix, remise: &str| line_value(&Ligne { quantite, remise: Pourcentage::parse(remise, 100).unwrap(), ..line(1, prix, None) }).get();
        assert_eq!(value(1, 25_000, "0"), 25_000);
        assert_eq!(value(3, 999, "10"), 2697); // 29.97 − 2.997 = 26.973
        assert_eq!(value(1, 101, "50"), 51); // 0.505
        assert_eq!(value(1, 1, "33.33"), 1); // 0.6667
        assert_eq!(value(2, 12_345, "12.5"), 21_604); // 246.90 × 0.875 = 216.0375
        assert_eq!(value(7, 5_000, "100"), 0);
        assert_eq!(value(999, 100_000_000, "0"), 99_900_000_000);
    }

    #[test]
    fn the_tariff_counts_per_article_and_never_above_the_value() {
        let mut two = line(1, 10_000, Some("2203240"));
        two.quantite = 2;
        // 4.58 × 60 % = 2.748, not twice 1.37.
        assert_eq!(ro(&amounts(&dossier(vec![equipment(1, vec![two])]), Calcul::Variable)), [Some(275)]);
        // A lens given for 1.00: 60 % of 1.00, not of 2.29.
        assert_eq!(ro(&amounts(&dossier(vec![equipment(1, vec![line(1, 100, Some("2203240"))])]), Calcul::Variable)), [Some(60)]);
    }

    #[test]
    fn without_a_tariff_the_amount_and_its_totals_are_unknown() {
        let m = amounts(&dossier(vec![equipment(1, vec![line(1, 10_000, Some("2203240")), line(2, 5_000, Some("9999999"))])]), Calcul::Variable);
        assert_eq!(ro(&m), [Some(137), None]);
        assert_eq!(m.totaux, Totaux { total: c(15_000), ro: None, reste_apres_ro: None, rc: None, reste_a_charge: None });
    }

    #[test]
    fn class_b_has_five_centimes_since_2020() {
        let mut b = line(1, 10_000, Some("9999999"));
        b.classe = Some(Classe::B);
        let mut d = dossier(vec![equipment(1, vec![b.clone(), Ligne { numero: 2, classe: Some(Classe::A), ..b }])]);
        d.date = day("2026-11-21");
        assert_eq!(ro(&amounts(&d, Calcul::Variable)), [Some(3), None]);
        d.date = day("2019-12-31");
        assert_eq!(ro(&amounts(&d, Calcul::Variable)), [None, None]);
    }

    #[test]
    fn a_typed_ro_wins_up_to_the_value() {
        let typed = |centimes| Ligne { ro_manuel: Some(c(centimes)), ..line(1, 1_000, Some("2203240")) };
        assert_eq!(ro(&amounts(&dossier(vec![equipment(1, vec![typed(500)])]), Calcul::Variable)), [Some(500)]);
        assert_eq!(ro(&amounts(&dossier(vec![equipment(1, vec![typed(5_000)])]), Calcul::Variable)), [Some(1_000)]);
        assert_eq!(ro(&amounts(&dossier(vec![equipment(1, vec![Ligne { code_lpp: None, ..typed(0) }])]), Calcul::Variable)), [Some(0)]);
    }

    #[test]
    fn without_a_caisse_ro_is_zero_everywhere() {
        let mut d = dossier(vec![equipment(1, vec![line(1, 10_000, None), Ligne { ro_manuel: Some(c(500)), ..line(2, 10_000, None) }])]);
        d.tiers_payant.part_ro = false;
        let m = amounts(&d, Calcul::Variable);
        assert_eq!(ro(&m), [Some(0), Some(0)]);
        assert_eq!((m.totaux.ro, m.totaux.reste_apres_ro), (Some(c(0)), Some(c(20_000))));
    }

    #[test]
    fn a_hidden_line_stays_in_the_total_only() {
        let hidden = Ligne { occulte: true, ..line(2, 5_000, None) };
        let mut d = dossier(vec![equipment(1, vec![line(1, 10_000, Some("2203240")), hidden])]);
        let m = amounts(&d, Calcul::Variable);
        assert_eq!((ro(&m), rc(&m)), (vec![Some(137), Some(0)], vec![None, None]));
        d.equipements[0].rc_manuel = Some(c(20_000));
        let m = amounts(&d, Calcul::Variable);
        // 100.00 − 1.37 is all that the visible line can take.
        assert_eq!(rc(&m), [Some(9_863), Some(0)]);
        assert_eq!(
            m.totaux,
            Totaux { total: c(15_000), ro: Some(c(137)), reste_apres_ro: Some(c(14_863)), rc: Some(c(9_863)), reste_a_charge: Some(c(5_000)) }
        );
    }

    #[test]
    fn an_equipment_without_visible_lines_does_not_hide_the_total() {
        let hidden = Ligne { occulte: true, ..line(1, 5_000, None) };
        let mut known = equipment(1, vec![line(1, 10_000, Some("2203240"))]);
        known.rc_manuel = Some(c(1_000));
        let m = amounts(&dossier(vec![known, equipment(2, vec![hidden])]), Calcul::Variable);
        assert_eq!((m.totaux.rc, m.totaux.reste_a_charge), (Some(c(1_000)), Some(c(13_863))));
    }

    #[test]
    fn one_unknown_equipment_hides_the_total() {
        let mut known = equipment(1, manual());
        known.rc_manuel = Some(c(1_000));
        let m = amounts(&dossier(vec![known, equipment(2, manual())]), Calcul::Variable);
        assert_eq!((m.totaux.ro, m.totaux.rc, m.totaux.reste_a_charge), (Some(c(888)), None, None));
    }

    #[test]
    fn a_granted_demande_wins_over_the_telephone_and_that_over_a_computation() {
        let mut e = equipment(1, manual());
        assert_eq!(rc(&amounts(&dossier(vec![e.clone()]), Calcul::Fixe(c(300)))).into_iter().flatten().sum::<u64>(), 300);
        e.rc_manuel = Some(c(20_000));
        assert_eq!(rc(&amounts(&dossier(vec![e.clone()]), Calcul::Fixe(c(300)))).into_iter().flatten().sum::<u64>(), 20_000);
        let demande_id: DemandeId = "dem_01ARZ3NDEKTSV4RRFFQ69G5FAV".parse().unwrap();
        e.transfert = Some(Transfert { demande_id, lignes: vec![(1, c(10_000)), (2, c(10_000)), (3, c(10_000))] });
        let m = amounts(&dossier(vec![e.clone()]), Calcul::Fixe(c(300)));
        assert_eq!(rc(&m), [Some(10_000); 3]);
        assert_eq!(m.totaux.reste_a_charge, Some(c(40_956)));
        // An amount that the mutuelle did not give is unknown.
        e.transfert.as_mut().unwrap().lignes.truncate(2);
        let m = amounts(&dossier(vec![e]), Calcul::Fixe(c(300)));
        assert_eq!((rc(&m), m.totaux.rc), (vec![Some(10_000), Some(10_000), None], None));
    }

    #[test]
    fn a_fixed_forfait_is_split_over_what_remains() {
        // Remains 248.63, 248.63, 212.30 of 709.56: 100.00 × 24863 / 70956 = 35.0400… twice, 29.9199…: 35.04, 35.04, 29.92.
        assert_eq!(rc(&amounts(&dossier(vec![equipment(1, manual())]), Calcul::Fixe(c(10_000)))), [Some(3_504), Some(3_504), Some(2_992)]);
    }

    #[test]
    fn a_percentage_of_the_tariff_has_the_ro_in_it() {
        // Tariffs 2.29 + 2.29 + 2.84 = 7.42; 200 % = 14.84, less RO 4.44 = 10.40.
        let m = amounts(&dossier(vec![equipment(1, manual())]), percent("200", Assiette::Tarif));
        assert_eq!(m.totaux.rc, Some(c(1_040)));
        // 50 % of the tariff is less than the RO: nothing more comes.
        assert_eq!(amounts(&dossier(vec![equipment(1, manual())]), percent("50", Assiette::Tarif)).totaux.rc, Some(c(0)));
        // A lens given for 1.00 has a tariff of 1.00: 100 % of it less 0.60.
        assert_eq!(amounts(&dossier(vec![equipment(1, vec![line(1, 100, Some("2203240"))])]), percent("100", Assiette::Tarif)).totaux.rc, Some(c(40)));
        // A tariff that nobody knows, though the RO was typed.
        let typed = Ligne { ro_manuel: Some(c(5)), ..line(1, 1_000, None) };
        assert_eq!(rc(&amounts(&dossier(vec![equipment(1, vec![typed])]), percent("100", Assiette::Tarif))), [None]);
    }

    #[test]
    fn a_percentage_of_what_remains() {
        // 709.56 × 33.33 % = 236.496…
        assert_eq!(amounts(&dossier(vec![equipment(1, manual())]), percent("33.33", Assiette::Reste)).totaux.rc, Some(c(23_650)));
        let typed = Ligne { ro_manuel: Some(c(100)), ..line(1, 1_000, None) };
        assert_eq!(rc(&amounts(&dossier(vec![equipment(1, vec![typed])]), percent("100", Assiette::Reste))), [Some(900)]);
        assert_eq!(rc(&amounts(&dossier(vec![equipment(1, vec![line(1, 1_000, None)])]), percent("100", Assiette::Reste))), [None]);
    }

    #[test]
    fn the_yearly_ceiling_caps_a_computed_forfait_over_the_equipments_in_order() {
        let mut manual_rc = equipment(3, vec![line(1, 10_000, Some("2203240"))]);
        manual_rc.rc_manuel = Some(c(9_000));
        let mut d = dossier(vec![equipment(1, vec![line(1, 10_000, Some("2203240"))]), equipment(2, vec![line(1, 10_000, Some("2203240"))]), manual_rc]);
        d.tiers_payant.rattachement.maximum_annuel = Some(c(15_000));
        d.tiers_payant.rattachement.deja_utilise = Some(c(7_000));
        // 80.00 left: 50.00, then 30.00; what was learned by telephone is not capped.
        assert_eq!(rc(&amounts(&d, Calcul::Fixe(c(5_000)))), [Some(5_000), Some(3_000), Some(9_000)]);
        d.tiers_payant.rattachement.deja_utilise = Some(c(20_000));
        assert_eq!(rc(&amounts(&d, Calcul::Fixe(c(5_000)))), [Some(0), Some(0), Some(9_000)]);
        d.tiers_payant.rattachement.maximum_annuel = None;
        assert_eq!(rc(&amounts(&d, Calcul::Fixe(c(5_000)))), [Some(5_000), Some(5_000), Some(9_000)]);
        // What the first equipment cannot hold is still there for the second: 120.00 − 98.63 = 21.37.
        (d.tiers_payant.rattachement.maximum_annuel, d.tiers_payant.rattachement.deja_utilise) = (Some(c(12_000)), None);
        assert_eq!(rc(&amounts(&d, Calcul::Fixe(c(50_000)))), [Some(9_863), Some(2_137), Some(9_000)]);
    }

    #[test]
    fn without_a_chosen_forfait_the_rc_waits() {
        let mut d = dossier(vec![equipment(1, manual())]);
        d.tiers_payant.rattachement.forfait_id = None;
        assert_eq!(rc(&amounts(&d, Calcul::Fixe(c(300)))), [None; 3]);
        d.tiers_payant.rattachement.forfait_id = Some("autre".into());
        assert_eq!(rc(&amounts(&d, Calcul::Fixe(c(300)))), [None; 3]);
        assert_eq!(rc(&compute(&d, &Referentiel::initial(), None)), [None; 3]);
    }

    fn split(global: u64, restes: &[(u16, u64)]) -> (Vec<(u16, u64)>, u64) {
        let restes: Vec<_> = restes.iter().map(|(n, r)| (*n, c(*r))).collect();
        let (lignes, rest) = super::split(c(global), &restes);
        (lignes.into_iter().map(|(n, a)| (n, a.get())).collect(), rest.get())
    }

    #[test]
    fn a_split_by_largest_remainder() {
        assert_eq!(split(100, &[(1, 100), (2, 100), (3, 100)]), (vec![(1, 34), (2, 33), (3, 33)], 0));
        assert_eq!(split(2, &[(3, 100), (2, 100), (1, 100)]), (vec![(3, 0), (2, 1), (1, 1)], 0));
        // 10 × 1/7, 2/7, 4/7 = 1.43, 2.86, 5.71: the two centimes go to lines 2 and 3.
        assert_eq!(split(10, &[(1, 10), (2, 20), (3, 40)]), (vec![(1, 1), (2, 3), (3, 6)], 0));
        assert_eq!(split(0, &[(1, 10)]), (vec![(1, 0)], 0));
        assert_eq!(split(50, &[(1, 0), (2, 50)]), (vec![(1, 0), (2, 50)], 0));
    }

    #[test]
    fn what_the_lines_cannot_hold_is_told() {
        assert_eq!(split(70, &[(1, 10), (2, 20)]), (vec![(1, 10), (2, 20)], 40));
        assert_eq!(split(70, &[(1, 0)]), (vec![(1, 0)], 70));
        assert_eq!(split(70, &[]), (vec![], 70));
    }

    proptest! {
        #[test]
        fn a_split_loses_no_centime_and_overfills_no_line(global in 0_u64..200_000_000, restes in prop::collection::vec(0_u64..100_000_000, 0..41)) {
            let restes: Vec<_> = (1_u16..).zip(restes.into_iter().map(Centimes::of)).collect();
            let (lignes, rest) = super::split(c(global), &restes);
            let given: Centimes = lignes.iter().map(|(_, a)| *a).sum();
            let room: u128 = restes.iter().map(|(_, r)| u128::from(r.get())).sum();
            prop_assert_eq!(given.plus(rest), c(global));
            prop_assert_eq!(lignes.len(), restes.len());
            for ((numero, amount), (expected, reste)) in lignes.iter().zip(&restes) {
                prop_assert_eq!(numero, expected);
                prop_assert!(amount <= reste);
                // Never a centime or more away from the exact share.
                let exact = u128::from(global).min(room) * u128::from(reste.get());
                let distance = (u128::from(amount.get()) * room).abs_diff(exact);
                prop_assert!(room == 0 || distance < room);
            }
        }
    }
}
