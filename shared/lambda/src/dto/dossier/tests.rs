use super::*;
use optopec_domain::{
    centimes::Centimes,
    dossier::Transfert,
    lpp::{LigneLpp, LigneTaux},
};
use serde_json::json;

fn id() -> DossierId {
    "dos_01ARZ3NDEKTSV4RRFFQ69G5FAV".parse().unwrap()
}

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn today() -> Date {
    day("2026-11-21")
}

fn magasin() -> Magasin {
    Magasin::empty("mag_01ARZ3NDEKTSV4RRFFQ69G5FAV".parse().unwrap())
}

/// 2.29 € for the code of the contract's example, at 60 %.
fn referentiel() -> Referentiel {
    let lpp = LigneLpp {
        code: Some("2203240".into()),
        libelle: "Verre".into(),
        classe: None,
        valide_du: day("2004-03-06"),
        valide_au: Some(day("2019-12-31")),
        tarif: Centimes::of(229),
    };
    Referentiel { lpp: vec![lpp], taux: vec![LigneTaux { risque: dossier::CodeRisque::Maladie, du: day("2011-05-02"), taux: 60 }] }
}

/// The example of docs/api.md, without what is computed.
fn body() -> Value {
    json!({
        "date": "2013-11-26",
        "beneficiaire": {"nom": "MONTFORT", "prenom": "Fabienne", "date_naissance": "1978-05-14", "nir": "278052A00412358", "rang_gemellaire": 1, "qualite": "ASSURE"},
        "assure": null,
        "prescription": {"date": "2013-10-01", "ri_delivre": false, "ra_deuxieme_paire": false, "prescripteur": {"nom": "DURAND", "prenom": "Anne", "rpps": null},
            "od": {"loin": {"sphere": "+2.00", "cylindre": "+1.00", "axe": 90, "addition": null, "prisme": null, "base": null}, "intermediaire": null, "pres": null,
                "ecart_loin": "32.0", "ecart_pres": null, "hauteur": null},
            "og": {"loin": null, "intermediaire": null, "pres": null, "ecart_loin": null, "ecart_pres": null, "hauteur": null}},
        "equipements": [{"numero": 1, "type": "OPT", "vision": "LOIN", "deuxieme_paire": false, "code_risque": "MALADIE", "taux_ro_manuel": null, "enfant_manuel": null,
            "prisme_od": null, "prisme_og": null, "rc_manuel_centimes": null,
            "lignes": [{"numero": 1, "reference": "1545116", "designation": "Verre OD", "categorie": "VER", "cote": "OD", "quantite": 1, "prix_unitaire_centimes": 25000,
                "remise_pourcent": "0", "code_lpp": "2203240", "code_regroupement": null, "classe": null, "surface": "ST", "traitements": ["ANTIREFLET"], "par_boite": null,
                "fabricant": null, "marque": null, "modele": null, "matiere": null, "indice": null, "fabrique_en": null, "occulte": false, "ro_manuel_centimes": null}]}],
        "tiers_payant": {"part_ro": true, "tiers_payant_ro": true, "mutuelle_id": "mut_01ARZ3NDEKTSV4RRFFQ69G5FAV", "forfait_id": null, "regime": null, "numero_adherent": "0042",
            "numero_contrat": "C1", "numero_groupe": null, "type": null, "relation": null, "fin_validite": null, "maximum_annuel_centimes": null, "deja_utilise_centimes": null}
    })
}

fn read(corps: &Value, avant: Option<&Dossier>) -> Result<Dossier, Vec<ErreurChamp>> {
    read_dossier(corps, id(), avant, None, today())
}

fn good(corps: &Value, avant: Option<&Dossier>) -> Dossier {
    read(corps, avant).ok().unwrap()
}

fn faults(corps: &Value, avant: Option<&Dossier>) -> Vec<(String, &'static str)> {
    read(corps, avant).err().unwrap().into_iter().map(|e| (e.champ, e.code)).collect()
}

/// The faults of one equipment, their places relative to it.
fn equipment_faults(equipement: Value) -> Vec<(String, &'static str)> {
    let faults = faults(&json!({"beneficiaire": {"nom": "X"}, "equipements": [equipement]}), None);
    faults.into_iter().map(|(champ, code)| (champ.strip_prefix("/equipements/0/").unwrap_or(&champ).to_owned(), code)).collect()
}

/// One line as it is kept.
fn line(ligne: Value) -> Ligne {
    good(&json!({"beneficiaire": {"nom": "X"}, "equipements": [{"lignes": [ligne]}]}), None).equipements.remove(0).lignes.remove(0)
}

fn shown(dossier: &Dossier, nirs: Nirs) -> Value {
    serde_json::to_value(DossierDto::new(dossier, &magasin(), &referentiel(), None, nirs)).unwrap()
}

fn numbers(dossier: &Dossier) -> Vec<u16> {
    dossier.equipements.iter().map(|e| e.numero).collect()
}

#[test]
fn the_example_of_the_contract_is_shown_with_what_is_computed() {
    let mut expected = body();
    expected["id"] = json!(id().as_str());
    expected["version"] = json!(1);
    expected["client_id"] = Value::Null;
    expected["equipements"][0]["taux_ro"] = json!(60);
    expected["equipements"][0]["enfant"] = json!(false);
    let line = &mut expected["equipements"][0]["lignes"][0];
    (line["valeur_centimes"], line["ro_centimes"], line["rc_centimes"]) = (json!(25_000), json!(137), Value::Null);
    expected["consentement"] = json!({"imprime_le": null, "reference": null, "empreinte": null, "papiers": [], "signe_le": null, "canal": null, "papier_signe": null, "valide": false,
        "raison": "Le consentement n'est pas signé : imprimez-le, faites-le signer au client et enregistrez la signature."});
    expected["totaux"] =
        json!({"total_centimes": 25_000, "ro_centimes": 137, "reste_apres_ro_centimes": 24_863, "rc_centimes": null, "reste_a_charge_centimes": null});
    assert_eq!(shown(&good(&body(), None), Nirs::Clairs), expected);
}

#[test]
fn what_get_shows_put_reads_back_as_it_was() {
    let mut before = good(&body(), None);
    before.equipements[0].transfert = Some(Transfert { demande_id: "dem_01ARZ3NDEKTSV4RRFFQ69G5FAV".parse().unwrap(), lignes: vec![(1, Centimes::of(8_000))] });
    before.consentement.imprime_le = Some("2026-11-21T10:00:00Z".parse().unwrap());
    for nirs in [Nirs::Clairs, Nirs::Masques] {
        let again = good(&shown(&before, nirs), Some(&before));
        assert!(again == Dossier { version: 2, ..before.clone() });
    }
}

#[test]
fn a_name_or_a_client_is_enough() {
    let draft = good(&json!({"beneficiaire": {"nom": "MONTFORT"}}), None);
    assert_eq!((draft.date, draft.tiers_payant.part_ro, draft.tiers_payant.tiers_payant_ro, draft.equipements.len()), (today(), true, true, 0));
    assert_eq!(faults(&json!({}), None), [("/beneficiaire/nom".to_owned(), "OBLIGATOIRE")]);
    assert_eq!(faults(&json!({"beneficiaire": {"prenom": "Z"}}), None), [("/beneficiaire/nom".to_owned(), "OBLIGATOIRE")]);
    assert_eq!(faults(&json!([]), None), [(String::new(), "TYPE")]);
}

#[test]
fn what_the_body_does_not_say_comes_from_the_client() {
    let cli: ClientId = "cli_01ARZ3NDEKTSV4RRFFQ69G5FAV".parse().unwrap();
    let card = json!({"nom": "MONTFORT", "nir": "278052A00412358", "qualite": "CONJOINT", "assure": {"nom": "PAUL"},
        "mutuelles": [{"rang": 2, "numero_adherent": "B"}, {"rang": 1, "numero_adherent": "A"}]});
    let client = super::super::client::read_client(&card, cli.clone(), None, today()).ok().unwrap();
    let corps = json!({"client_id": cli.as_str()});
    assert_eq!(named_client(&corps), Some(cli));
    let dossier = read_dossier(&corps, id(), None, Some(&client), today()).ok().unwrap();
    assert!(dossier.beneficiaire == client.personne && dossier.assure == client.assure);
    assert_eq!(dossier.tiers_payant.rattachement.numero_adherent.as_deref(), Some("A"));
    let corps = json!({"client_id": "cli_01ARZ3NDEKTSV4RRFFQ69G5FAV", "beneficiaire": {"nom": "LEA"}, "tiers_payant": {"part_ro": false}});
    let dossier = read_dossier(&corps, id(), None, Some(&client), today()).ok().unwrap();
    assert_eq!((dossier.beneficiaire.nom.as_str(), dossier.assure.is_none()), ("LEA", true));
    assert_eq!((dossier.tiers_payant.part_ro, dossier.tiers_payant.rattachement.numero_adherent), (false, None));
    assert_eq!(named_client(&json!({"client_id": "x"})), None);
    assert_eq!(faults(&json!({"client_id": "x", "beneficiaire": {"nom": "L"}}), None), [("/client_id".to_owned(), "IDENTIFIANT")]);
}

#[test]
fn an_equipment_number_is_given_once() {
    let with = |equipements: Value| json!({"beneficiaire": {"nom": "X"}, "equipements": equipements});
    let three = good(&with(json!([{}, {"numero": 2}, {}])), None);
    assert_eq!((numbers(&three), three.dernier_equipement), (vec![3, 2, 4], 4));
    let one = good(&with(json!([{"numero": 2}])), Some(&three));
    assert_eq!((numbers(&one), one.dernier_equipement), (vec![2], 4));
    assert_eq!(numbers(&good(&with(json!([{"numero": 2}, {}])), Some(&one))), [2, 5]);
    assert_eq!(numbers(&good(&with(json!([{"numero": 9}, {}])), Some(&one))), [9, 10]);
    assert_eq!(faults(&with(json!([{"numero": 4}])), Some(&one)), [("/equipements/0/numero".to_owned(), "NUMERO_EQUIPEMENT")]);
    assert_eq!(faults(&with(json!([{"numero": 2}, {"numero": 2}])), Some(&one)), [("/equipements/1/numero".to_owned(), "DOUBLON")]);
    assert_eq!(faults(&with(json!([{"numero": 0}])), None), [("/equipements/0/numero".to_owned(), "BORNES")]);
    assert_eq!(faults(&with(json!([{"numero": 999}, {}])), None), [("/equipements".to_owned(), "LIMITE")]);
    assert_eq!(faults(&with(json!([{}, {}, {}, {}, {}, {}, {}])), None), [("/equipements".to_owned(), "LIMITE")]);
}

#[test]
fn lines_are_numbered_and_limited() {
    let e = good(&json!({"beneficiaire": {"nom": "X"}, "equipements": [{"lignes": [{}, {"numero": 4}, {"numero": 1}, {}]}]}), None).equipements.remove(0);
    assert_eq!(e.lignes.iter().map(|l| l.numero).collect::<Vec<_>>(), [1, 4, 5, 6]);
    let e = good(&json!({"beneficiaire": {"nom": "X"}, "equipements": [{"lignes": [{"numero": 999}, {}]}]}), None).equipements.remove(0);
    assert_eq!(e.lignes.iter().map(|l| l.numero).collect::<Vec<_>>(), [1, 999]);
    assert_eq!(equipment_faults(json!({"lignes": [{"numero": 1}, {"numero": 1}]})), [("lignes/1/numero".to_owned(), "DOUBLON")]);
    assert_eq!(equipment_faults(json!({"lignes": vec![json!({}); 41]})), [("lignes".to_owned(), "LIMITE")]);
}

#[test]
fn an_offer_is_hidden_and_without_code() {
    let offer = line(json!({"categorie": "OFFRE", "occulte": false, "code_lpp": "2203240", "code_regroupement": "R"}));
    assert_eq!((offer.occulte, offer.code_lpp, offer.code_regroupement), (true, None, None));
}

#[test]
fn a_line_says_little_and_means_one_thing() {
    let l = line(json!({}));
    assert_eq!((l.quantite, l.prix_unitaire, l.remise.centiemes(), l.occulte, l.categorie.as_str()), (1, Centimes::ZERO, 0, false, "ACC"));
    for (given, kept) in [(json!("12,5"), 1250), (json!(12.5), 1250), (json!(100), 10_000), (json!("0"), 0), (Value::Null, 0)] {
        assert_eq!(line(json!({"remise_pourcent": given})).remise.centiemes(), kept, "{given}");
    }
    assert_eq!(line(json!({"traitements": [" ANTIREFLET ", "", "DURCI"]})).traitements, ["ANTIREFLET", "DURCI"]);
}

#[test]
fn every_rule_of_a_line_names_its_field() {
    for (field, given, code) in [
        ("quantite", json!(0), "BORNES"),
        ("quantite", json!(1000), "BORNES"),
        ("quantite", json!("1"), "TYPE"),
        ("prix_unitaire_centimes", json!(250.0), "TYPE"),
        ("prix_unitaire_centimes", json!("25000"), "TYPE"),
        ("prix_unitaire_centimes", json!(-1), "MONTANT"),
        ("prix_unitaire_centimes", json!(100_000_001), "MONTANT"),
        ("ro_manuel_centimes", json!(1.5), "TYPE"),
        ("remise_pourcent", json!(100.01), "POURCENTAGE"),
        ("remise_pourcent", json!("-1"), "POURCENTAGE"),
        ("remise_pourcent", json!(true), "TYPE"),
        ("code_lpp", json!("220324"), "CODE_LPP"),
        ("code_lpp", json!("220324X"), "CODE_LPP"),
        ("code_lpp", json!(2_203_240), "TYPE"),
        ("categorie", json!("VERRE"), "VALEUR"),
        ("cote", json!("D"), "VALEUR"),
        ("classe", json!("C"), "VALEUR"),
        ("surface", json!("XX"), "VALEUR"),
        ("designation", json!("x".repeat(201)), "TROP_LONG"),
        ("traitements", json!("ANTIREFLET"), "TYPE"),
        ("traitements", json!(vec!["x"; 11]), "LIMITE"),
        ("par_boite", json!(0), "BORNES"),
        ("occulte", json!("non"), "TYPE"),
    ] {
        assert_eq!(equipment_faults(json!({"lignes": [{ field: given }]})), [(format!("lignes/0/{field}"), code)], "{field} {given}");
    }
    assert_eq!(equipment_faults(json!({"lignes": [{"traitements": ["A", 3]}]})), [("lignes/0/traitements/1".to_owned(), "TYPE")]);
}

#[test]
fn every_rule_of_an_equipment_names_its_field() {
    for (field, given, code) in [
        ("type", json!("LUN"), "VALEUR"),
        ("vision", json!("LOINTAINE"), "VALEUR"),
        ("code_risque", json!("AUTRE"), "VALEUR"),
        ("taux_ro_manuel", json!(101), "BORNES"),
        ("taux_ro_manuel", json!(60.5), "TYPE"),
        ("enfant_manuel", json!(1), "TYPE"),
        ("prisme_od", json!("2.10"), "DIOPTRIE"),
        ("rc_manuel_centimes", json!(-5), "MONTANT"),
        ("lignes", json!({}), "TYPE"),
    ] {
        assert_eq!(equipment_faults(json!({ field: given })), [(field.to_owned(), code)], "{field} {given}");
    }
}

#[test]
fn everything_wrong_with_a_dossier_is_told_at_once() {
    let corps = json!({"date": "26/11/2013", "beneficiaire": {"nom": "", "nir": "1"}, "assure": [],
        "prescription": {"date": 3, "ri_delivre": "oui", "prescripteur": {"rpps": "123"}, "od": {"loin": {"sphere": "2.1", "axe": 181}, "ecart_loin": "a"}},
        "equipements": [{"lignes": [{"quantite": 0}]}, 3], "tiers_payant": {"mutuelle_id": "mut_", "fin_validite": "x", "part_ro": 1}});
    let mut places: Vec<_> = faults(&corps, None).into_iter().map(|(champ, _)| champ).collect();
    places.sort_unstable();
    assert_eq!(
        places,
        [
            "/assure",
            "/beneficiaire/nir",
            "/beneficiaire/nom",
            "/date",
            "/equipements/0/lignes/0/quantite",
            "/equipements/1",
            "/prescription/date",
            "/prescription/od/ecart_loin",
            "/prescription/od/loin/axe",
            "/prescription/od/loin/sphere",
            "/prescription/prescripteur/rpps",
            "/prescription/ri_delivre",
            "/tiers_payant/fin_validite",
            "/tiers_payant/mutuelle_id",
            "/tiers_payant/part_ro",
        ]
    );
}

#[test]
fn computed_fields_and_strangers_are_ignored() {
    let mut corps = body();
    for (champ, valeur) in
        [("id", json!("dos_x")), ("version", json!("9")), ("totaux", json!(3)), ("consentement", json!({"valide": true})), ("autre", json!([]))]
    {
        corps[champ] = valeur;
    }
    corps["equipements"][0]["taux_ro"] = json!("cent");
    corps["equipements"][0]["lignes"][0]["valeur_centimes"] = json!(1.5);
    assert!(good(&corps, None) == good(&body(), None));
}

#[test]
fn transferred_amounts_go_with_the_lines() {
    let mut before = good(&body(), None);
    before.equipements[0].transfert = Some(Transfert { demande_id: "dem_01ARZ3NDEKTSV4RRFFQ69G5FAV".parse().unwrap(), lignes: vec![(1, Centimes::of(1))] });
    let mut other_vision = body();
    other_vision["equipements"][0]["vision"] = json!("PRES");
    let kept = good(&other_vision, Some(&before));
    assert!(kept.equipements[0].transfert.is_some() && !same_equipement(&kept.equipements[0], &before.equipements[0]));
    let mut other_price = body();
    other_price["equipements"][0]["lignes"][0]["prix_unitaire_centimes"] = json!(24_999);
    assert!(good(&other_price, Some(&before)).equipements[0].transfert.is_none());
    assert!(same_equipement(&good(&body(), None).equipements[0], &before.equipements[0]));
}

#[test]
fn a_signature_has_a_day_that_is_not_to_come() {
    let code = |corps: Value| read_signature(&corps, today()).map_err(|e| e.iter().map(|e| (e.champ.clone(), e.code)).collect::<Vec<_>>());
    assert_eq!(code(json!({"signe_le": "2026-11-21"})), Ok((today(), consentement::Canal::Papier)));
    assert_eq!(code(json!({"signe_le": "2026-11-20", "canal": "ELECTRONIQUE"})), Ok((day("2026-11-20"), consentement::Canal::Electronique)));
    assert_eq!(code(json!({"signe_le": "2026-11-22"})), Err(vec![("/signe_le".into(), "DATE")]));
    assert_eq!(code(json!({"canal": "FAX"})), Err(vec![("/signe_le".into(), "OBLIGATOIRE"), ("/canal".into(), "VALEUR")]));
    assert_eq!(code(json!({"signe_le": ""})), Err(vec![("/signe_le".into(), "OBLIGATOIRE")]));
    assert_eq!(code(json!(3)), Err(vec![(String::new(), "TYPE")]));
}
