//! The messages to the letter, and what hostile or broken answers come to.

#[path = "../../benches/documents/mod.rs"]
mod documents;

use super::{ecrire, lire};
use crate::dialecte::Illisible;
use jiff::{Timestamp, civil::date};
use optopec_domain::{
    centimes::Centimes,
    client::Qualite,
    demande::Nature,
    dioptre::Pourcentage,
    dossier::{Categorie, CodeRisque, Surface, TypeEquipement},
    envoi::{BeneficiaireEnvoi, Envoi, EquipementEnvoi, LigneEnvoi, OpticienEnvoi, PersonneEnvoi, PrescriptionEnvoi},
    ids::DemandeId,
    mutuelle::Routage,
    reponse::{Avis, Details, Origine, Reponse, Resultat, Statut},
};
use proptest::prelude::*;
use quick_xml::{
    XmlVersion,
    events::Event,
    reader::{NsReader, Reader},
};

const REFERENCE: &str = "dem_01ARZ3NDEKTSV4RRFFQ69G5FAV";
const COTATION: &str = "dem_01ARZ3NDEKTSV4RRFFQ69G5FAA";

fn reference() -> DemandeId {
    REFERENCE.parse().unwrap()
}

fn emission() -> Timestamp {
    "2026-11-21T10:00:00.987Z".parse().unwrap()
}

/// Everything that may be sent.
fn full() -> Envoi {
    Envoi {
        nature: Nature::Pec,
        essai: false,
        cotation: Some(COTATION.parse().unwrap()),
        routage: Routage { plateau: "90000001".parse().unwrap(), identifiant: "0090000001".parse().unwrap() },
        opticien: OpticienEnvoi {
            finess: "750000002".parse().unwrap(),
            nom: Some("Durand".into()),
            prenom: Some("Zoé".into()),
            telephone: Some("01 99 00 00 01".into()),
            email: Some("a@b.example".into()),
        },
        assure: PersonneEnvoi {
            nir: Some("278052A00412358".parse().unwrap()),
            nom: "Montfort & fils".into(),
            prenom: Some("Jean".into()),
            naissance: Some(date(1950, 1, 2)),
        },
        beneficiaire: BeneficiaireEnvoi {
            personne: PersonneEnvoi {
                nir: Some("278052A00412358".parse().unwrap()),
                nom: "Montfort".into(),
                prenom: Some("Fabienne".into()),
                naissance: Some(date(1978, 5, 14)),
            },
            rang_gemellaire: Some(1),
            qualite: Qualite::Conjoint,
        },
        adherent: Some("A1".into()),
        contrat: Some("C2".into()),
        groupe: Some("G3".into()),
        prescription: PrescriptionEnvoi { date: Some(date(2026, 11, 1)), ri: true, ra: true, prescripteur: Some((Some("Martin".into()), Some("Anne".into()))) },
        equipement: EquipementEnvoi {
            numero: 1,
            type_equipement: TypeEquipement::Opt,
            risque: CodeRisque::Maladie,
            taux_ro: Some(60),
            enfant: false,
            prisme_od: Some("+2.00".parse().unwrap()),
            prisme_og: Some("-0.25".parse().unwrap()),
            lignes: vec![LigneEnvoi {
                numero: 1,
                reference: Some("1545116".into()),
                designation: "Verre <1.6>".into(),
                categorie: Categorie::Ver,
                code_lpp: Some("2203240".into()),
                quantite: 1,
                prix_unitaire: Centimes::of(25_000),
                remise: Some(Pourcentage::parse("12.5", 100).unwrap()),
                valeur: Centimes::of(21_875),
                ro: Some(Centimes::of(137)),
                surface: Some(Surface::Standard),
                traitements: vec!["ANTIREFLET".into(), "DURCI".into()],
                par_boite: Some(6),
            }],
        },
    }
}

/// Every switch off, nothing typed that need not be.
fn sober() -> Envoi {
    let full = full();
    let personne = PersonneEnvoi { nir: None, nom: "M".into(), prenom: None, naissance: None };
    let ligne = LigneEnvoi {
        reference: None,
        designation: "Verre".into(),
        code_lpp: None,
        remise: None,
        ro: None,
        surface: None,
        traitements: vec![],
        par_boite: None,
        ..full.equipement.lignes[0].clone()
    };
    Envoi {
        nature: Nature::Cotation,
        essai: true,
        cotation: None,
        opticien: OpticienEnvoi { nom: None, prenom: None, telephone: None, email: None, ..full.opticien.clone() },
        assure: personne.clone(),
        beneficiaire: BeneficiaireEnvoi { personne, rang_gemellaire: None, qualite: Qualite::Assure },
        adherent: None,
        contrat: Some("  ".into()),
        groupe: None,
        prescription: PrescriptionEnvoi { date: None, ri: false, ra: false, prescripteur: Some((None, None)) },
        equipement: EquipementEnvoi { taux_ro: None, prisme_od: None, prisme_og: None, lignes: vec![ligne], ..full.equipement.clone() },
        ..full
    }
}

#[test]
fn a_full_request_is_written_to_the_letter() {
    let expected = [
        r#"<OPAMCREQ xmlns="urn:optopec:opamc:1" version="1">"#,
        "<Entete><Reference>dem_01ARZ3NDEKTSV4RRFFQ69G5FAV</Reference><Nature>PEC</Nature><Emission>2026-11-21T10:00:00Z</Emission>",
        r#"<Logiciel nom="optopec" version="0.1.0"/><Essai>false</Essai><Cotation>dem_01ARZ3NDEKTSV4RRFFQ69G5FAA</Cotation></Entete>"#,
        "<Routage><Plateau>90000001</Plateau><Identifiant>0090000001</Identifiant></Routage>",
        "<Opticien><Finess>750000002</Finess><Nom>Durand</Nom><Prenom>Zoé</Prenom><Telephone>01 99 00 00 01</Telephone><Email>a@b.example</Email></Opticien>",
        "<Assure><Nir>278052A00412358</Nir><Nom>Montfort &amp; fils</Nom><Prenom>Jean</Prenom><Naissance>1950-01-02</Naissance></Assure>",
        "<Beneficiaire><Nir>278052A00412358</Nir><RangGemellaire>1</RangGemellaire><Nom>Montfort</Nom><Prenom>Fabienne</Prenom>",
        "<Naissance>1978-05-14</Naissance><Qualite>CONJOINT</Qualite></Beneficiaire>",
        "<Contrat><Adherent>A1</Adherent><Contrat>C2</Contrat><Groupe>G3</Groupe></Contrat>",
        "<Prescription><Date>2026-11-01</Date><Renouvellement>RI</Renouvellement><Renouvellement>RA</Renouvellement>",
        "<Prescripteur><Nom>Martin</Nom><Prenom>Anne</Prenom></Prescripteur></Prescription>",
        r#"<Equipement numero="1" type="OPT"><Risque>MALADIE</Risque><TauxRO>60</TauxRO><Enfant>false</Enfant><PrismeOD>2.00</PrismeOD><PrismeOG>0.25</PrismeOG>"#,
        r#"<Ligne numero="1"><Reference>1545116</Reference><Designation>Verre &lt;1.6&gt;</Designation><Categorie>VER</Categorie><CodeLPP>2203240</CodeLPP>"#,
        "<Quantite>1</Quantite><PrixUnitaire>250.00</PrixUnitaire><Remise>12.5</Remise><Valeur>218.75</Valeur><MontantRO>1.37</MontantRO>",
        "<Surface>ST</Surface><Traitement>ANTIREFLET</Traitement><Traitement>DURCI</Traitement><ParBoite>6</ParBoite></Ligne>",
        "</Equipement></OPAMCREQ>",
    ];
    assert_eq!(ecrire::request(&reference(), &full(), emission(), "0.1.0"), expected.concat());
}

#[test]
fn what_is_empty_is_left_out() {
    let expected = [
        r#"<OPAMCREQ xmlns="urn:optopec:opamc:1" version="1">"#,
        "<Entete><Reference>dem_01ARZ3NDEKTSV4RRFFQ69G5FAV</Reference><Nature>COTATION</Nature><Emission>2026-11-21T10:00:00Z</Emission>",
        r#"<Logiciel nom="optopec" version="0.1.0"/><Essai>true</Essai></Entete>"#,
        "<Routage><Plateau>90000001</Plateau><Identifiant>0090000001</Identifiant></Routage><Opticien><Finess>750000002</Finess></Opticien>",
        "<Assure><Nom>M</Nom></Assure><Beneficiaire><Nom>M</Nom><Qualite>ASSURE</Qualite></Beneficiaire>",
        r#"<Equipement numero="1" type="OPT"><Risque>MALADIE</Risque><Enfant>false</Enfant>"#,
        r#"<Ligne numero="1"><Designation>Verre</Designation><Categorie>VER</Categorie><Quantite>1</Quantite><PrixUnitaire>250.00</PrixUnitaire>"#,
        "<Valeur>218.75</Valeur></Ligne></Equipement></OPAMCREQ>",
    ];
    assert_eq!(ecrire::request(&reference(), &sober(), emission(), "0.1.0"), expected.concat());
}

#[test]
fn state_and_cancellation_are_written_to_the_letter() {
    assert_eq!(
        ecrire::state(&reference()),
        r#"<OPAMCGET xmlns="urn:optopec:opamc:1" version="1"><Reference>dem_01ARZ3NDEKTSV4RRFFQ69G5FAV</Reference></OPAMCGET>"#
    );
    assert_eq!(
        ecrire::cancel(&reference(), Some("26-000123"), "Erreur d'\"équipement\""),
        r#"<OPAMCDEL xmlns="urn:optopec:opamc:1" version="1"><Reference>dem_01ARZ3NDEKTSV4RRFFQ69G5FAV</Reference><NumeroPec>26-000123</NumeroPec><Motif>Erreur d&apos;&quot;équipement&quot;</Motif></OPAMCDEL>"#
    );
    assert_eq!(
        ecrire::cancel(&reference(), None, "]]>\u{0}\u{FFFE}"),
        r#"<OPAMCDEL xmlns="urn:optopec:opamc:1" version="1"><Reference>dem_01ARZ3NDEKTSV4RRFFQ69G5FAV</Reference><Motif>]]&gt;</Motif></OPAMCDEL>"#
    );
}

/// What another reader makes of a message: every text and attribute with the path of its element.
fn texts(message: &str) -> Vec<(String, String)> {
    let mut reader = NsReader::from_str(message);
    reader.config_mut().expand_empty_elements = true;
    let (mut path, mut read): (Vec<String>, Vec<(String, String)>) = (vec![], vec![]);
    let mut text = String::new();
    loop {
        match reader.read_event().unwrap() {
            Event::Start(start) => {
                path.push(start.name().into_inner().to_owned());
                for attribute in start.attributes() {
                    let attribute = attribute.unwrap();
                    read.push((
                        format!("{}@{}", path.join("/"), attribute.key.into_inner()),
                        attribute.normalized_value(XmlVersion::Implicit1_0).unwrap().into_owned(),
                    ));
                }
                text.clear();
            }
            Event::End(_) => {
                if !text.is_empty() {
                    read.push((path.join("/"), std::mem::take(&mut text)));
                }
                path.pop();
            }
            Event::Text(part) => text.push_str(&part.xml10_content()),
            Event::GeneralRef(entity) => match entity.resolve_char_ref().unwrap() {
                Some(c) => text.push(c),
                None => text.push_str(quick_xml::escape::resolve_predefined_entity(&entity).unwrap()),
            },
            Event::Eof => return read,
            other => panic!("unexpected {other:?}"),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn whatever_a_text_contains_another_reader_reads_the_same(nom in any::<String>(), traitement in "\\PC{0,20}|[<>&'\"\\]\r\n\t]{0,8}", motif in any::<String>(), version in any::<String>()) {
        let kept = |text: &str| -> String {
            let forbidden = |c: char| (c < ' ' && !"\t\n\r".contains(c)) || c == '\u{FFFE}' || c == '\u{FFFF}';
            text.chars().filter(|c| !forbidden(*c)).collect()
        };
        let present = |path: &str, text: &str| (!kept(text).trim().is_empty()).then(|| (path.to_owned(), kept(text)));
        let mut envoi = full();
        envoi.beneficiaire.personne.nom.clone_from(&nom);
        envoi.equipement.lignes[0].traitements = vec![traitement.clone()];
        let read = texts(&ecrire::request(&reference(), &envoi, emission(), &version));
        let at = |path: &str| read.iter().find(|(p, _)| p == path).cloned();
        prop_assert_eq!(at("OPAMCREQ/Beneficiaire/Nom"), present("OPAMCREQ/Beneficiaire/Nom", &nom));
        prop_assert_eq!(at("OPAMCREQ/Equipement/Ligne/Traitement"), present("OPAMCREQ/Equipement/Ligne/Traitement", &traitement));
        prop_assert_eq!(at("OPAMCREQ/Equipement/Ligne/ParBoite").map(|(_, text)| text), Some("6".to_owned()));
        let read = texts(&ecrire::cancel(&reference(), Some(&nom), &motif));
        let at = |path: &str| read.iter().find(|(p, _)| p == path).cloned();
        prop_assert_eq!(at("OPAMCDEL/NumeroPec"), present("OPAMCDEL/NumeroPec", &nom));
        prop_assert_eq!(at("OPAMCDEL/Motif"), present("OPAMCDEL/Motif", &motif));
    }

    #[test]
    fn no_answer_brings_the_reader_down(bytes in proptest::collection::vec(any::<u8>(), 0..400), inside in "[<>/a-zA-Z=\"& ;!\\[\\]-]{0,80}") {
        let _ = lire::answer(&bytes, &reference());
        let _ = lire::answer(rsp(&inside).as_bytes(), &reference());
        let _ = lire::ack(&bytes, &reference());
    }
}

/// An `OPAMCRSP` about our reference.
fn rsp(inside: &str) -> String {
    format!(r#"<OPAMCRSP xmlns="urn:optopec:opamc:1" version="1"><Reference>{REFERENCE}</Reference>{inside}</OPAMCRSP>"#)
}

fn read(inside: &str) -> Result<Reponse, Illisible> {
    lire::answer(rsp(inside).as_bytes(), &reference())
}

fn statut(text: &str) -> Result<Statut, Illisible> {
    lire::answer(text.as_bytes(), &reference()).map(|r| r.statut)
}

#[test]
fn an_answer_is_read_whole() {
    let text = r#"<?xml version="1.0" encoding="UTF-8"?>
<!-- comment --><?style x?>
<OPAMCRSP xmlns="urn:optopec:opamc:1" version="1">
  <Reference> dem_01ARZ3NDEKTSV4RRFFQ69G5FAV </Reference>
  <Statut>ACCORDEE</Statut>      <!-- ACCORDEE EN_ATTENTE -->
  <Nouveaute depuis="2027"><Statut>REFUSEE</Statut></Nouveaute>
  <x:Statut xmlns:x="urn:autre">REFUSEE</x:Statut>
  <ReferenceDossier>RD-8841</ReferenceDossier><NumeroPec>26-000123</NumeroPec><DatePec>2026-11-21</DatePec><Expiration>2027-01-20</Expiration>
  <MontantGlobal>
    300.00
  </MontantGlobal>
  <Ligne numero="2"><MontantRC>200.00</MontantRC><Motif>x</Motif></Ligne><Ligne numero="1"><MontantRC>100</MontantRC></Ligne><Ligne numero="3"/>
  <Message code="MUT-01">Adh&#xE9;rent <![CDATA[<connu> & ]]>
      aim&eacute</Message>
  <DelaiHeures>48</DelaiHeures>
</OPAMCRSP>
"#
    .replace("aim&eacute", "aimé &amp; servi");
    let expected = Details {
        reference_dossier: Some("RD-8841".into()),
        numero_pec: Some("26-000123".into()),
        date_pec: Some(date(2026, 11, 21)),
        expiration: Some(date(2027, 1, 20)),
        montant_global: Some(Centimes::of(30_000)),
        lignes: vec![(1, Centimes::of(10_000)), (2, Centimes::of(20_000))],
        code: Some("MUT-01".into()),
        message: Some("Adhérent <connu> & aimé & servi".into()),
        delai_heures: Some(48),
    };
    assert_eq!(lire::answer(text.as_bytes(), &reference()), Ok(Reponse { statut: Statut::Accordee, details: expected }));
}

#[test]
fn every_status_is_known_or_kept_as_it_is() {
    for (text, expected) in [
        ("<Statut>ACCORDEE</Statut>", Statut::Accordee),
        ("<Statut>ACCORDEE_SOUS_RESERVE</Statut>", Statut::AccordeeSousReserve),
        ("<Statut>EN_ATTENTE</Statut>", Statut::EnAttente),
        ("<Statut>REFUSEE</Statut><Origine>PLATEFORME</Origine>", Statut::Refusee(Origine::Plateforme)),
        ("<Origine>MUTUELLE</Origine><Statut>REFUSEE</Statut>", Statut::Refusee(Origine::Mutuelle)),
        ("<Statut>ANNULEE</Statut>", Statut::Annulee),
        ("<Statut>EXPIREE</Statut>", Statut::Expiree),
        ("<Statut>INCONNUE</Statut>", Statut::Inconnue),
        ("<Statut>accordee</Statut>", Statut::Nouveau("accordee".into())),
        ("<Statut>EN ARBITRAGE &lt;2&gt;</Statut>", Statut::Nouveau("EN ARBITRAGE <2>".into())),
    ] {
        assert_eq!(read(text).map(|r| r.statut), Ok(expected), "{text}");
    }
    assert_eq!(read(&format!("<Statut>{}</Statut>", "é".repeat(600))).map(|r| r.statut), Ok(Statut::Nouveau("é".repeat(500))));
}

#[test]
fn texts_are_cleaned_and_cut() {
    let inside = format!(
        "<Statut>EN_ATTENTE</Statut><NumeroPec>{}</NumeroPec><ReferenceDossier>{}</ReferenceDossier><Message code=\"{}\">a\u{202e}b&#x9;c{}</Message>",
        "1".repeat(70),
        "2".repeat(70),
        "3".repeat(40),
        "é".repeat(600)
    );
    let details = read(&inside).unwrap().details;
    assert_eq!(details.numero_pec, Some("1".repeat(60)));
    assert_eq!(details.reference_dossier, Some("2".repeat(60)));
    assert_eq!(details.code, Some("3".repeat(30)));
    assert_eq!(details.message, Some(format!("ab c{}", "é".repeat(496))));
    let empty = read("<Statut>EN_ATTENTE</Statut><NumeroPec> </NumeroPec><MontantGlobal/><DatePec></DatePec><DelaiHeures/><Message code=''/>").unwrap();
    assert_eq!(empty.details, Details::default());
}

#[test]
fn the_same_document_in_other_legal_writings_is_read() {
    let prefixed = format!(
        r#"<o:OPAMCRSP xmlns:o="urn:optopec:opamc:1" version="1"><o:Reference>{REFERENCE}</o:Reference><Statut>REFUSEE</Statut><o:Statut>ANNULEE</o:Statut></o:OPAMCRSP>"#
    );
    let marked = format!("\u{FEFF}{}", rsp("<Statut>ANNULEE</Statut>"));
    let single = rsp("<Statut>ANNULEE</Statut>").replace('"', "'");
    for text in [prefixed, marked, single] {
        assert_eq!(statut(&text), Ok(Statut::Annulee), "{text}");
    }
    let latin = [br#"<?xml version="1.0" encoding="ISO-8859-1"?>"#.as_slice(), rsp("<Statut>ANNULEE</Statut><Message>refus@</Message>").as_bytes()].concat();
    let latin: Vec<u8> = latin.into_iter().map(|b| if b == b'@' { 0xE9 } else { b }).collect();
    assert_eq!(lire::answer(&latin, &reference()).unwrap().details.message.as_deref(), Some("refusé"));
    let mut deepest = rsp(&format!("<Statut>ANNULEE</Statut>{}{}", "<a>".repeat(31), "</a>".repeat(31)));
    assert_eq!(statut(&deepest), Ok(Statut::Annulee));
    deepest = rsp(&format!("<Statut>ANNULEE</Statut>{}{}", "<a>".repeat(32), "</a>".repeat(32)));
    assert!(statut(&deepest).is_err());
}

#[test]
fn a_doubtful_answer_is_unreadable() {
    for inside in [
        "",
        "<Statut/>",
        "<Statut>REFUSEE</Statut>",
        "<Statut>REFUSEE</Statut><Origine/>",
        "<Statut>REFUSEE</Statut><Origine>AUTRE</Origine>",
        "<Statut>ACCORDEE</Statut><Statut>ACCORDEE</Statut>",
        "<Statut>ACCORDEE</Statut><Statut/>",
        "<Statut>ACCORDEE</Statut><Reference>dem_01ARZ3NDEKTSV4RRFFQ69G5FAV</Reference>",
        "<Statut>ACCORDEE</Statut><MontantGlobal>1.00</MontantGlobal><MontantGlobal>1.00</MontantGlobal>",
        "<Statut>ACCORDEE</Statut><MontantGlobal>-1.00</MontantGlobal>",
        "<Statut>ACCORDEE</Statut><MontantGlobal>1e3</MontantGlobal>",
        "<Statut>ACCORDEE</Statut><MontantGlobal>1 000.00</MontantGlobal>",
        "<Statut>ACCORDEE</Statut><MontantGlobal>99999999.00</MontantGlobal>",
        "<Statut>ACCORDEE</Statut><Ligne numero=\"1\"><MontantRC>-1.00</MontantRC></Ligne>",
        "<Statut>ACCORDEE</Statut><Ligne numero=\"1\"><MontantRC>1</MontantRC><MontantRC>1</MontantRC></Ligne>",
        "<Statut>ACCORDEE</Statut><Ligne numero=\"1\"><MontantRC>1</MontantRC></Ligne><Ligne numero=\"1\"><MontantRC>1</MontantRC></Ligne>",
        "<Statut>ACCORDEE</Statut><Ligne><MontantRC>1</MontantRC></Ligne>",
        "<Statut>ACCORDEE</Statut><Ligne numero=\"0\"><MontantRC>1</MontantRC></Ligne>",
        "<Statut>ACCORDEE</Statut><Ligne numero=\"70000\"><MontantRC>1</MontantRC></Ligne>",
        "<Statut>ACCORDEE</Statut><Ligne numero=\"1\" numero=\"2\"><MontantRC>1</MontantRC></Ligne>",
        "<Statut>ACCORDEE</Statut><DatePec>21/11/2026</DatePec>",
        "<Statut>ACCORDEE</Statut><Expiration>2026-02-30</Expiration>",
        "<Statut>EN_ATTENTE</Statut><DelaiHeures>-1</DelaiHeures>",
        "<Statut>EN_ATTENTE</Statut><DelaiHeures>100001</DelaiHeures>",
        "<Statut>EN_ATTENTE</Statut><DelaiHeures>48.5</DelaiHeures>",
        "<Statut>ACCORDEE</Statut><Message>&inconnue;</Message>",
        "<Statut>ACCORDEE</Statut><Message>&#0;</Message>",
        "<Statut>ACCORDEE</Statut><Message>&#1;</Message>",
        "<Statut>ACCORDEE</Statut><Message>a & b</Message>",
        "<Statut>ACCORDEE</Statut><Message>\u{1}</Message>",
        "<Statut>ACCORDEE</Statut><Message code=\"&inconnue;\">a</Message>",
        "<Statut>ACCORDEE</Statut><p:Message>a</p:Message>",
        "<Statut>ACCORDEE</Statut></OPAMCRSP><OPAMCRSP xmlns=\"urn:optopec:opamc:1\" version=\"1\">",
        "<Statut>ACCORDEE</Statut></OPAMCRSP>x<OPAMCRSP>",
        "<Statut>ACCORDEE</Message>",
        "<Statut>ACCORDEE</Statut><?xml version=\"1.0\"?>",
    ] {
        assert!(read(inside).is_err(), "{inside}");
    }
    assert_eq!(read("<Statut>EN_ATTENTE</Statut><DelaiHeures>100000</DelaiHeures>").map(|r| r.details.delai_heures), Ok(Some(100_000)));
}

#[test]
fn a_hostile_document_is_unreadable() {
    let good = rsp("<Statut>ACCORDEE</Statut>");
    assert!(statut(&good).is_ok());
    let bomb = r#"<!DOCTYPE b [<!ENTITY a "ACCORDEE"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>"#;
    let other = good.replace(REFERENCE, COTATION);
    for text in [
        String::new(),
        " ".into(),
        "\u{FEFF}".into(),
        "null".into(),
        "<html><body>502 Bad Gateway</body></html>".into(),
        format!("<!DOCTYPE html>{good}"),
        format!("{bomb}{}", rsp("<Statut>&b;</Statut>")),
        format!(r#"<!DOCTYPE x SYSTEM "file:///etc/passwd">{good}"#),
        rsp(&format!("<Statut>ACCORDEE</Statut>{}{}", "<a>".repeat(10_000), "</a>".repeat(10_000))),
        rsp(&format!("<Statut>ACCORDEE</Statut><Message>{}</Message>", "a".repeat(300_000))),
        good[..good.len() - 5].to_owned(),
        good[..good.len() / 2].to_owned(),
        format!("{good}{good}"),
        format!("{good}suite"),
        format!("avant{good}"),
        other,
        good.replace(REFERENCE, ""),
        good.replace(&format!("<Reference>{REFERENCE}</Reference>"), ""),
        good.replace("urn:optopec:opamc:1", "urn:optopec:opamc:2"),
        good.replace(" xmlns=\"urn:optopec:opamc:1\"", ""),
        good.replace("version=\"1\"", "version=\"2\""),
        good.replace(" version=\"1\"", ""),
        good.replace("OPAMCRSP", "OPAMCADV"),
        good.replace("OPAMCRSP", "opamcrsp"),
        format!(r#"<?xml version="1.0" encoding="UTF-16"?>{good}"#),
        format!(r#"<?xml version="1.0" encoding="inconnu"?>{good}"#),
        format!("<Enveloppe>{good}</Enveloppe>"),
    ] {
        assert!(statut(&text).is_err(), "{}", text.chars().take(200).collect::<String>());
    }
    let utf16: Vec<u8> = good.encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert!(lire::answer(&utf16, &reference()).is_err());
    assert!(lire::answer(&[good.as_bytes(), b"<!--\xE9-->"].concat(), &reference()).is_err());
}

#[test]
fn no_answer_meant_to_harm_is_read() {
    let plain = documents::grant(REFERENCE, "");
    assert_eq!(statut(&plain), Ok(Statut::Accordee), "without a trick each of them is a grant");
    for (what, make) in documents::HOSTILES {
        let document = make(REFERENCE);
        assert!(lire::answer(&document, &reference()).is_err(), "{what}");
        let as_ack = |bytes: &[u8]| -> Vec<u8> {
            let text = String::from_utf8_lossy(bytes).replace("OPAMCRSP", "OPAMCADV").replace("<Statut>ACCORDEE</Statut>", "<Resultat>ANNULEE</Resultat>");
            text.into_bytes()
        };
        assert!(lire::ack(&document, &reference()).is_err(), "{what}");
        // What is wrong with an amount, a delay, a line or a status does not concern an acknowledgement, which has none.
        let of_a_grant = ["statut", "montant", "ligne", "délai", "année", "mal formé", "substitut codé", "trop long pour"];
        if !of_a_grant.iter().any(|word| what.contains(word)) {
            assert!(lire::ack(&as_ack(&document), &reference()).is_err(), "{what}, as an acknowledgement");
        }
    }
    let ack = documents::grant(REFERENCE, "").replace("OPAMCRSP", "OPAMCADV").replace("<Statut>ACCORDEE</Statut>", "<Resultat>ANNULEE</Resultat>");
    assert!(lire::ack(ack.as_bytes(), &reference()).is_ok(), "without a trick each of them is an acknowledgement");
}

#[test]
fn size_and_depth_bound_the_work_before_anything_is_made_of_an_answer() {
    let sized = |octets: usize| {
        let empty = documents::grant(REFERENCE, "<!---->").len();
        documents::grant(REFERENCE, &format!("<!--{}-->", "a".repeat(octets - empty)))
    };
    assert_eq!(sized(256 * 1024).len(), 256 * 1024);
    assert_eq!(statut(&sized(256 * 1024)), Ok(Statut::Accordee));
    assert_eq!(statut(&sized(256 * 1024 + 1)), Err(Illisible("elle est trop longue")));
    // Bytes that are no XML at all are refused for their number first.
    assert_eq!(lire::answer(&vec![0; 256 * 1024 + 1], &reference()).err(), Some(Illisible("elle est trop longue")));
    // Root, reference and status count too.
    assert!(read(&format!("<Statut>ACCORDEE</Statut>{}", "<a/>".repeat(9_997))).is_ok());
    assert_eq!(read(&format!("<Statut>ACCORDEE</Statut>{}", "<a/>".repeat(9_998))).err(), Some(Illisible("elle a trop d'éléments")));
    let attributes = |n: usize| (0..n).map(|i| format!(" a{i}=''")).collect::<String>();
    assert!(read(&format!("<Statut>ACCORDEE</Statut><a{}/>", attributes(100))).is_ok());
    assert_eq!(read(&format!("<Statut>ACCORDEE</Statut><a{}/>", attributes(101))).err(), Some(Illisible("un élément a trop d'attributs")));
    assert_eq!(read(&format!("<Statut>ACCORDEE</Statut>{}", "<a>".repeat(40_000))).err(), Some(Illisible("elle est trop profonde")));
}

#[test]
fn an_acknowledgement_is_read() {
    let adv = |inside: &str| format!(r#"<OPAMCADV xmlns="urn:optopec:opamc:1" version="1"><Reference>{REFERENCE}</Reference>{inside}</OPAMCADV>"#);
    let read = |inside: &str| lire::ack(adv(inside).as_bytes(), &reference());
    assert_eq!(
        read(r#"<Resultat>REFUSEE</Resultat><Message code="MUT-20">Déjà facturée</Message>"#),
        Ok(Avis { resultat: Resultat::Refusee, code: Some("MUT-20".into()), message: Some("Déjà facturée".into()) })
    );
    assert_eq!(read("<Resultat> ANNULEE </Resultat>"), Ok(Avis { resultat: Resultat::Annulee, code: None, message: None }));
    assert_eq!(read("<Resultat>EN_ATTENTE</Resultat>").map(|a| a.resultat), Ok(Resultat::EnAttente));
    for inside in ["", "<Resultat/>", "<Resultat>PEUT_ETRE</Resultat>", "<Resultat>ANNULEE</Resultat><Resultat>REFUSEE</Resultat>"] {
        assert!(read(inside).is_err(), "{inside}");
    }
    assert!(lire::ack(adv("<Resultat>ANNULEE</Resultat>").replace(REFERENCE, COTATION).as_bytes(), &reference()).is_err());
    assert!(lire::ack(rsp("<Statut>ANNULEE</Statut>").as_bytes(), &reference()).is_err());
}

#[test]
fn what_is_written_is_also_well_formed_for_a_plain_reader() {
    let message = ecrire::request(&reference(), &full(), emission(), "0.1.0");
    let mut reader = Reader::from_str(&message);
    while !matches!(reader.read_event().unwrap(), Event::Eof) {}
    assert!(!message.to_lowercase().contains("sphere") && !message.to_lowercase().contains("axe"));
}
