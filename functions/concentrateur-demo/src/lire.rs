//! Reads the three messages that come in, as far as this concentrator needs them.
//!
//! What must hold: untrusted input; size, depth, root, namespace and version are checked, a DOCTYPE is refused, no entity is expanded.
//! Nothing that names a person is read: the lines, the reference and the member number are enough.
//! Deliberately absent: any sharing with the program's own dialect. This is the other side, and must be able to disagree with it.

use optopec_domain::{centimes::Centimes, limites, texte};
use quick_xml::{
    XmlVersion,
    events::Event,
    name::{Namespace, ResolveResult},
    reader::NsReader,
};
use std::collections::BTreeMap;

/// Namespace of every element.
pub const NAMESPACE: &str = "urn:optopec:opamc:1";
/// A reference: characters.
const REFERENCE_CARACTERES_MAX: usize = 60;

/// A message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Message {
    /// `OPAMCREQ`.
    Demande {
        /// The reference.
        reference: String,
        /// The member number.
        adherent: Option<String>,
        /// The lines.
        lignes: Vec<LigneRecue>,
    },
    /// `OPAMCGET`.
    Consultation {
        /// The reference.
        reference: String,
    },
    /// `OPAMCDEL`.
    Annulation {
        /// The reference.
        reference: String,
    },
}

/// A line of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LigneRecue {
    /// Its number.
    pub numero: u16,
    /// What it costs.
    pub valeur: Centimes,
    /// RO part, where it is known.
    pub ro: Option<Centimes>,
}

/// Why a message is refused, in a French sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Illisible(&'static str);

const MAL_FORME: Illisible = Illisible("Le message n'est pas du XML bien formé.");
const MONTANT: Illisible = Illisible("Un montant du message est illisible.");

/// Reads a message.
pub fn message(bytes: &[u8]) -> Result<Message, Illisible> {
    if bytes.len() > limites::REPONSE_OCTETS_MAX {
        return Err(Illisible("Le message est trop long."));
    }
    let text = std::str::from_utf8(bytes).map_err(|_| Illisible("Le message n'est pas en UTF-8."))?;
    let mut textes: BTreeMap<String, String> = BTreeMap::new();
    let mut lignes = Vec::new();
    let root = walk(text, |chemin, numero, texte| {
        match chemin.strip_prefix("Equipement/Ligne") {
            Some("") => lignes.push(ligne(numero, &mut textes)?),
            _ if textes.insert(chemin.to_owned(), texte).is_some() && KNOWN_ONCE.contains(&chemin) => {
                return Err(Illisible("Une donnée du message y figure deux fois."));
            }
            _ => {}
        }
        Ok(())
    })?;
    let mut text_of = |chemin: &str| textes.remove(chemin).map(|t| texte::clean(&t)).filter(|t| !t.is_empty());
    let reference_at = if root == "OPAMCREQ" { "Entete/Reference" } else { "Reference" };
    let reference = text_of(reference_at)
        .filter(|r| r.chars().count() <= REFERENCE_CARACTERES_MAX)
        .ok_or(Illisible("La référence du message manque ou est trop longue."))?;
    match root.as_str() {
        "OPAMCREQ" => Ok(Message::Demande { reference, adherent: text_of("Contrat/Adherent"), lignes }),
        "OPAMCGET" => Ok(Message::Consultation { reference }),
        "OPAMCDEL" => Ok(Message::Annulation { reference }),
        _ => Err(Illisible("Ce message n'est pas connu : OPAMCREQ, OPAMCGET ou OPAMCDEL est attendu.")),
    }
}

/// What decides, and must therefore not be said twice.
const KNOWN_ONCE: &[&str] = &["Reference", "Entete/Reference", "Contrat/Adherent", "Equipement/Ligne/Valeur", "Equipement/Ligne/MontantRO"];

/// A line, when it ends: its elements came just before.
fn ligne(numero: Option<&str>, textes: &mut BTreeMap<String, String>) -> Result<LigneRecue, Illisible> {
    let numero = numero.and_then(|n| n.parse::<u16>().ok()).filter(|n| *n > 0).ok_or(Illisible("Une ligne du message n'a pas de numéro."))?;
    let mut amount = |chemin: &str| textes.remove(chemin).map(|t| t.trim().parse::<Centimes>().map_err(|_| MONTANT)).transpose();
    Ok(LigneRecue { numero, valeur: amount("Equipement/Ligne/Valeur")?.ok_or(MONTANT)?, ro: amount("Equipement/Ligne/MontantRO")? })
}

/// Hands over every element below the root when it ends (path, attribute `numero`, text) and returns the name of the root.
fn walk(text: &str, mut take: impl FnMut(&str, Option<&str>, String) -> Result<(), Illisible>) -> Result<String, Illisible> {
    let mut reader = NsReader::from_str(text.trim_start_matches('\u{FEFF}').trim_start());
    reader.config_mut().expand_empty_elements = true;
    let mut open: Vec<(String, Option<String>, String)> = Vec::new();
    let mut root = None;
    loop {
        match reader.read_event().map_err(|_| MAL_FORME)? {
            Event::Start(start) => {
                if open.len() >= limites::XML_PROFONDEUR_MAX {
                    return Err(Illisible("Le message est trop profond."));
                }
                let ours = matches!(reader.resolver().resolve_element(start.name()).0, ResolveResult::Bound(Namespace(NAMESPACE)));
                let local = start.local_name().into_inner();
                let (mut version, mut numero) = (None, None);
                for attribute in start.attributes() {
                    let attribute = attribute.map_err(|_| MAL_FORME)?;
                    let value = attribute.normalized_value(XmlVersion::Implicit1_0).map_err(|_| MAL_FORME)?.into_owned();
                    match attribute.key.into_inner() {
                        "version" => version = Some(value),
                        "numero" => numero = Some(value),
                        _ => {}
                    }
                }
                let path = match open.last() {
                    None if root.is_some() => return Err(MAL_FORME),
                    None if !ours || version.as_deref() != Some("1") => return Err(Illisible("Le message n'est pas de la version 1 de urn:optopec:opamc.")),
                    None => {
                        root = Some(local.to_owned());
                        String::new()
                    }
                    // A name that no path of ours has, so that nothing below a foreign element is taken for ours.
                    Some(_) if !ours => "?".to_owned(),
                    Some((around, ..)) if around.is_empty() => local.to_owned(),
                    Some((around, ..)) => format!("{around}/{local}"),
                };
                open.push((path, numero, String::new()));
            }
            Event::End(_) => {
                let (path, numero, text) = open.pop().ok_or(MAL_FORME)?;
                if !open.is_empty() && !path.starts_with('?') {
                    take(&path, numero.as_deref(), text)?;
                }
            }
            Event::Text(part) => match open.last_mut() {
                Some((.., text)) => text.push_str(&part.xml10_content()),
                None if part.trim().is_empty() => {}
                None => return Err(MAL_FORME),
            },
            Event::CData(part) => open.last_mut().ok_or(MAL_FORME)?.2.push_str(&part.xml10_content()),
            Event::GeneralRef(entity) => {
                let text = &mut open.last_mut().ok_or(MAL_FORME)?.2;
                match entity.resolve_char_ref().map_err(|_| MAL_FORME)? {
                    Some(c) => text.push(c),
                    None => text.push_str(quick_xml::escape::resolve_predefined_entity(&entity).ok_or(Illisible("Le message contient une entité inconnue."))?),
                }
            }
            Event::DocType(_) => return Err(Illisible("Le message contient un DOCTYPE : il est refusé.")),
            Event::Comment(_) | Event::PI(_) | Event::Decl(_) | Event::Empty(_) => {}
            Event::Eof => break,
        }
    }
    match root {
        Some(root) if open.is_empty() => Ok(root),
        _ => Err(MAL_FORME),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const REQ: &str = r#"<?xml version="1.0"?><OPAMCREQ xmlns="urn:optopec:opamc:1" version="1">
  <Entete><Reference>dem_1</Reference><Nature>PEC</Nature><Logiciel nom="optopec" version="0.1.0"/></Entete>
  <Assure><Nom>M &amp; M</Nom></Assure>
  <Contrat><Adherent>DEMO-ACCORD</Adherent></Contrat>
  <x:Contrat xmlns:x="urn:autre"><Adherent>DEMO-MUET</Adherent></x:Contrat>
  <Equipement numero="1" type="OPT"><Risque>MALADIE</Risque>
    <Ligne numero="1"><Reference>1545116</Reference><Traitement>A</Traitement><Traitement>B</Traitement><Valeur>250.00</Valeur><MontantRO>1.37</MontantRO></Ligne>
    <Ligne numero="3"><Reference>99</Reference><Valeur>60.05</Valeur></Ligne>
  </Equipement></OPAMCREQ>"#;

    fn get(inside: &str) -> Result<Message, Illisible> {
        message(format!(r#"<OPAMCGET xmlns="urn:optopec:opamc:1" version="1">{inside}</OPAMCGET>"#).as_bytes())
    }

    #[test]
    fn a_request_is_read_as_far_as_needed() {
        let lignes = vec![
            LigneRecue { numero: 1, valeur: Centimes::of(25_000), ro: Some(Centimes::of(137)) },
            LigneRecue { numero: 3, valeur: Centimes::of(6_005), ro: None },
        ];
        assert_eq!(message(REQ.as_bytes()), Ok(Message::Demande { reference: "dem_1".into(), adherent: Some("DEMO-ACCORD".into()), lignes }));
    }

    #[test]
    fn a_question_and_a_cancellation_are_read() {
        assert_eq!(get("<Reference> dem_1 </Reference>"), Ok(Message::Consultation { reference: "dem_1".into() }));
        let prefixed = r#"<o:OPAMCDEL xmlns:o="urn:optopec:opamc:1" version="1"><o:Reference>dem_1</o:Reference><o:NumeroPec>26-1</o:NumeroPec><o:Motif>x</o:Motif></o:OPAMCDEL>"#;
        assert_eq!(message(prefixed.as_bytes()), Ok(Message::Annulation { reference: "dem_1".into() }));
    }

    #[test]
    fn what_is_hostile_or_broken_is_refused() {
        for text in [
            String::new(),
            "{}".into(),
            format!("<!DOCTYPE x>{REQ}"),
            format!("<!DOCTYPE x [<!ENTITY a \"b\">]>{}", REQ.replace("dem_1", "&a;")),
            REQ.replace("dem_1", "&a;"),
            REQ.replace("<Reference>dem_1</Reference>", ""),
            REQ.replace("dem_1", &"r".repeat(61)),
            REQ.replace("<Nature>", "<Reference>dem_2</Reference><Nature>"),
            REQ.replace("opamc:1", "opamc:2"),
            REQ.replace(r#"opamc:1" version="1""#, r#"opamc:1" version="2""#),
            REQ.replace("OPAMCREQ", "OPAMCRSP"),
            REQ.replace("250.00", "-250.00"),
            REQ.replace("<Valeur>60.05</Valeur>", ""),
            REQ.replace("<Ligne numero=\"3\">", "<Ligne>"),
            REQ[..REQ.len() - 3].to_owned(),
            format!("{REQ}{REQ}"),
            format!("{REQ}<!-- {} -->", "a".repeat(300_000)),
            REQ.replace("<Nature>", &"<a>".repeat(10_000)),
        ] {
            assert!(message(text.as_bytes()).is_err(), "{}", text.chars().take(150).collect::<String>());
        }
        assert!(message(b"\xFF\xFE<\x00").is_err());
    }
}
