//! Answers meant to harm: one list for the benchmark, the dialect's tests and the scenarios against the whole system.
//!
//! What must hold: apart from its one trick every document is a complete and valid grant about the reference asked, so that a reader that
//! overlooks the trick would grant. Sources: OWASP « XML Security Cheat Sheet », XML 1.0 (fifth edition) and Namespaces in XML 1.0.

/// Makes a document about a reference.
pub type Document = fn(&str) -> Vec<u8>;

/// Size of the documents that are too long: bytes.
const DIX_MO: usize = 10_000_000;
/// Size that a whole answer may have (docs/concentrateur.md, 256 KiB), with room for the grant around the trick: bytes.
const PRESQUE: usize = 255 * 1024;

const DECLARATION: &str = r#"<?xml version="1.0" encoding="UTF-8"?>"#;

/// A grant that is right in every way, with something between its fields and its end.
pub fn grant(reference: &str, inside: &str) -> String {
    format!(
        r#"<OPAMCRSP xmlns="urn:optopec:opamc:1" version="1"><Reference>{reference}</Reference><Statut>ACCORDEE</Statut><NumeroPec>26-1</NumeroPec><MontantGlobal>1.00</MontantGlobal>{inside}</OPAMCRSP>"#
    )
}

/// The same behind a document type declaration.
fn doctype(reference: &str, declarations: &str, inside: &str) -> Vec<u8> {
    format!("{DECLARATION}<!DOCTYPE OPAMCRSP {declarations}>{}", grant(reference, inside)).into_bytes()
}

fn inside(reference: &str, inside: &str) -> Vec<u8> {
    grant(reference, inside).into_bytes()
}

/// The grant with one part of it replaced.
fn instead(reference: &str, part: &str, by: &str) -> Vec<u8> {
    let grant = grant(reference, "");
    assert!(grant.contains(part), "{part}");
    grant.replacen(part, by, 1).into_bytes()
}

fn encoded(declared: &str, reference: &str) -> Vec<u8> {
    format!(r#"<?xml version="1.0" encoding="{declared}"?>{}"#, grant(reference, "")).into_bytes()
}

fn utf16(reference: &str, big: bool, mark: bool, declared: bool) -> Vec<u8> {
    let text =
        format!("{}{}{}", if mark { "\u{FEFF}" } else { "" }, if declared { r#"<?xml version="1.0" encoding="UTF-16"?>"# } else { "" }, grant(reference, ""));
    text.encode_utf16().flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect()
}

fn nested(levels: usize) -> String {
    format!("{}{}", "<a>".repeat(levels), "</a>".repeat(levels))
}

fn attributes(bytes: usize) -> String {
    let mut text = String::with_capacity(bytes);
    let mut n = 0;
    while text.len() < bytes {
        text.push_str(&format!(" a{n}=''"));
        n += 1;
    }
    text
}

/// Ten entities, each ten of the one before.
fn laughs(first: &str) -> String {
    let mut text = format!("[<!ENTITY l0 '{first}'>");
    for n in 1..10 {
        text.push_str(&format!("<!ENTITY l{n} '{}'>", format!("&l{};", n - 1).repeat(10)));
    }
    text + "]"
}

/// Every document, with what it tries. None may be read.
pub const HOSTILES: &[(&str, Document)] = &[
    ("un DOCTYPE nu", |r| doctype(r, "", "")),
    ("un DOCTYPE vide", |r| doctype(r, "[]", "")),
    ("un DOCTYPE qui se déclare public", |r| doctype(r, "PUBLIC \"-//W3C//DTD XHTML 1.0//EN\" \"http://127.0.0.1:9/x.dtd\"", "")),
    ("un DOCTYPE en minuscules", |r| format!("<!doctype x>{}", grant(r, "")).into_bytes()),
    ("un DOCTYPE derrière un commentaire", |r| format!("<!-- a --><!DOCTYPE x>{}", grant(r, "")).into_bytes()),
    ("un DOCTYPE dans la racine", |r| inside(r, "<!DOCTYPE x>")),
    ("un DOCTYPE après la racine", |r| format!("{}<!DOCTYPE x>", grant(r, "")).into_bytes()),
    ("une entité interne", |r| doctype(r, "[<!ENTITY e 'oui'>]", "<Message>&e;</Message>")),
    ("une entité interne dont personne ne se sert", |r| doctype(r, "[<!ENTITY e 'oui'>]", "")),
    ("une entité sans DOCTYPE", |r| inside(r, "<Message>&e;</Message>")),
    ("une entité de HTML", |r| inside(r, "<Message>refus&eacute;e</Message>")),
    ("une entité dans un attribut", |r| doctype(r, "[<!ENTITY e 'oui'>]", "<Message code='&e;'>a</Message>")),
    ("un fichier de la machine", |r| doctype(r, "[<!ENTITY e SYSTEM 'file:///etc/passwd'>]", "<Message>&e;</Message>")),
    ("une adresse du réseau", |r| doctype(r, "[<!ENTITY e SYSTEM 'http://169.254.169.254/latest/meta-data/'>]", "<Message>&e;</Message>")),
    ("une entité de paramètre", |r| doctype(r, "[<!ENTITY % p SYSTEM 'http://127.0.0.1:9/x.dtd'>%p;]", "")),
    ("un attribut par défaut", |r| doctype(r, "[<!ATTLIST Message code CDATA 'MUT-01'>]", "<Message>a</Message>")),
    ("une entité qui se contient", |r| doctype(r, "[<!ENTITY a '&b;'><!ENTITY b '&a;'>]", "<Message>&a;</Message>")),
    ("un milliard de rires", |r| doctype(r, &laughs("ha"), "<Message>&l9;</Message>")),
    ("une explosion quadratique", |r| doctype(r, &format!("[<!ENTITY e '{}'>]", "a".repeat(100_000)), &format!("<Message>{}</Message>", "&e;".repeat(40_000)))),
    ("10 000 niveaux", |r| inside(r, &nested(10_000))),
    ("10 000 niveaux jamais fermés", |r| inside(r, &"<a>".repeat(10_000))),
    ("33 niveaux", |r| inside(r, &nested(32))),
    ("70 000 niveaux", |r| inside(r, &nested(70_000))),
    ("10 Mo dans un élément", |r| inside(r, &format!("<Message>{}</Message>", "a".repeat(DIX_MO)))),
    ("10 Mo d'attributs", |r| inside(r, &format!("<Message{}>a</Message>", attributes(DIX_MO)))),
    ("10 Mo d'éléments", |r| inside(r, &"<a/>".repeat(DIX_MO / 4))),
    ("10 Mo dans un attribut", |r| inside(r, &format!("<Message code='{}'>a</Message>", "a".repeat(DIX_MO)))),
    ("10 Mo de commentaire", |r| inside(r, &format!("<!--{}-->", "a".repeat(DIX_MO)))),
    ("10 Mo d'espaces avant la racine", |r| format!("{}{}", " ".repeat(DIX_MO), grant(r, "")).into_bytes()),
    ("la taille permise, tout en attributs, le dernier double", |r| inside(r, &format!("<Message{} a0=''>a</Message>", attributes(PRESQUE)))),
    ("la taille permise, tout en éléments, le dernier jamais fermé", |r| inside(r, &format!("{}<a>", "<a/>".repeat(PRESQUE / 4)))),
    ("la taille permise, tout en références, la dernière interdite", |r| inside(r, &format!("<Message>{}&#0;</Message>", "&#97;".repeat(PRESQUE / 5)))),
    ("la taille permise, tout en espaces de noms", |r| {
        inside(r, &format!("<x{}/>", (0..PRESQUE / 16).map(|n| format!(" xmlns:a{n}='u'")).collect::<String>()))
    }),
    ("la taille permise, des préfixes cherchés loin, le dernier inconnu", |r| {
        let bindings: String = (0..250).map(|n| format!(" xmlns:a{n}='u'")).collect();
        inside(r, &format!("<x{bindings}>{}<inconnu:a/></x>", "<a0:b/>".repeat((PRESQUE - bindings.len()) / 8)))
    }),
    ("la taille permise, tout en marques combinées, une entité à la fin", |r| {
        inside(r, &format!("<Message>a{}&e;</Message>", "\u{0316}\u{0301}".repeat(PRESQUE / 4)))
    }),
    ("la taille permise, une déclaration jamais fermée", |r| format!("<?xml {}{}", "a".repeat(PRESQUE), grant(r, "")).into_bytes()),
    ("un octet nul dans un texte", |r| inside(r, "<Message>a\0b</Message>")),
    ("un octet nul dans un nom", |r| inside(r, "<Mes\0sage>a</Mes\0sage>")),
    ("un octet nul dans un attribut", |r| inside(r, "<Message code='\0'>a</Message>")),
    ("un octet nul à la fin", |r| [inside(r, ""), vec![0]].concat()),
    ("un octet nul dans un commentaire", |r| inside(r, "<!--\0-->")),
    ("UTF-16 petit-boutien", |r| utf16(r, false, true, true)),
    ("UTF-16 gros-boutien", |r| utf16(r, true, true, true)),
    ("UTF-16 sans marque ni déclaration", |r| utf16(r, false, false, false)),
    ("UTF-32", |r| [0xFF, 0xFE, 0, 0].into_iter().chain(grant(r, "").chars().flat_map(|c| u32::from(c).to_le_bytes())).collect()),
    ("UTF-8 qui se dit UTF-16", |r| encoded("UTF-16", r)),
    ("UTF-7 déclaré", |r| encoded("UTF-7", r)),
    ("UTF-7", |r| format!("<?xml version=\"1.0\" encoding=\"UTF-7\"?>{}", grant(r, "").replace('<', "+ADw-").replace('>', "+AD4-")).into_bytes()),
    ("EBCDIC déclaré", |r| encoded("IBM037", r)),
    ("Shift_JIS déclaré", |r| encoded("Shift_JIS", r)),
    ("un encodage inconnu", |r| encoded("tout-ce-que-vous-voudrez", r)),
    ("un encodage vide", |r| encoded("", r)),
    ("de l'UTF-8 mal formé", |r| [inside(r, "<Message>")[..].strip_suffix(b"</OPAMCRSP>").unwrap_or_default(), b"\xC3\x28</Message></OPAMCRSP>"].concat()),
    ("de l'UTF-8 trop long pour un point", |r| [b"<!--\xC0\xAE-->".as_slice(), &inside(r, "")].concat()),
    ("un substitut codé en UTF-8", |r| [b"<!--\xED\xA0\x80-->".as_slice(), &inside(r, "")].concat()),
    ("un caractère que XML interdit", |r| inside(r, "<Message>\u{FFFE}</Message>")),
    ("une référence à rien", |r| inside(r, "<Message>&#0;</Message>")),
    ("une référence à un substitut", |r| inside(r, "<Message>&#xD800;</Message>")),
    ("une référence au-delà d'Unicode", |r| inside(r, "<Message>&#x110000;</Message>")),
    ("une référence qui déborde", |r| inside(r, "<Message>&#99999999999999999999999999;</Message>")),
    ("une référence de 200 000 chiffres", |r| inside(r, &format!("<Message>&#{}1;</Message>", "9".repeat(200_000)))),
    ("une référence signée", |r| inside(r, "<Message>&#+97;</Message>")),
    ("une référence sans fin", |r| inside(r, "<Message>&#97</Message>")),
    ("une référence dans un attribut", |r| inside(r, "<Message code='&#0;'>a</Message>")),
    ("une déclaration au milieu", |r| inside(r, DECLARATION)),
    ("deux déclarations", |r| format!("{DECLARATION}{DECLARATION}{}", grant(r, "")).into_bytes()),
    ("une instruction sans fin", |r| inside(r, "<?php echo 1;")),
    ("une section CDATA sans fin", |r| inside(r, "<Message><![CDATA[a</Message>")),
    ("un commentaire sans fin", |r| inside(r, "<!-- a")),
    ("une section CDATA hors de la racine", |r| format!("{}<![CDATA[ ]]>", grant(r, "")).into_bytes()),
    ("la racine d'un autre espace", |r| instead(r, "urn:optopec:opamc:1", "urn:optopec:opamc:2")),
    ("la racine sans espace", |r| instead(r, " xmlns=\"urn:optopec:opamc:1\"", "")),
    ("la racine d'un espace qui ressemble", |r| instead(r, "urn:optopec:opamc:1", "urn:optopec:op\u{0430}mc:1")),
    ("la racine d'un espace suivi d'un blanc", |r| instead(r, "urn:optopec:opamc:1", "urn:optopec:opamc:1 ")),
    ("un préfixe que personne ne déclare", |r| inside(r, "<p:Message>a</p:Message>")),
    ("un préfixe déclaré après coup", |r| inside(r, "<p:a/><x xmlns:p='u'/>")),
    ("le statut d'un autre espace", |r| instead(r, "<Statut>", "<Statut xmlns=\"urn:autre\">")),
    ("la référence d'un autre espace", |r| instead(r, "<Reference>", "<Reference xmlns=\"\">")),
    ("le préfixe xmlns détourné", |r| inside(r, "<x xmlns:xmlns='u'/>")),
    ("le préfixe xml détourné", |r| inside(r, "<x xmlns:xml='u'/>")),
    ("la version d'un autre espace", |r| instead(r, " version=\"1\"", " xmlns:p=\"u\" p:version=\"1\"")),
    ("deux versions", |r| instead(r, " version=\"1\"", " version=\"1\" version=\"1\"")),
    ("deux racines", |r| grant(r, "").repeat(2).into_bytes()),
    ("une enveloppe", |r| {
        format!("<soap:Envelope xmlns:soap=\"http://schemas.xmlsoap.org/soap/envelope/\"><soap:Body>{}</soap:Body></soap:Envelope>", grant(r, "")).into_bytes()
    }),
    ("deux statuts, l'un par un CDATA", |r| inside(r, "<Statut><![CDATA[REFUSEE]]></Statut>")),
    ("un montant en chiffres d'ailleurs", |r| instead(r, "1.00", "\u{0661}.00")),
    ("un montant immense", |r| instead(r, "1.00", &"9".repeat(100_000))),
    ("une ligne au numéro immense", |r| inside(r, &format!("<Ligne numero=\"{}\"><MontantRC>1.00</MontantRC></Ligne>", "9".repeat(1_000)))),
    ("un délai immense", |r| inside(r, "<DelaiHeures>99999999999999999999</DelaiHeures>")),
    ("une année immense", |r| inside(r, "<Expiration>+999999-12-31</Expiration>")),
];
