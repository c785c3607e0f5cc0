//! Reads the answers that come in: untrusted input.
//!
//! What must hold: nothing is made of an answer before its size, its characters, its depth, its root and its reference are right; a
//! doubt about the form (a field twice, an amount that is none) makes the whole answer unreadable, never a guess. Unknown elements
//! are skipped, so that a concentrator may add some. No entity is ever declared or expanded, the five of XML excepted.
//! Deliberately absent: whether an answer fits the request (`domain::reponse::unusable`).

use super::{NAMESPACE, VERSION, legal};
use crate::dialecte::Illisible;
use optopec_domain::{
    centimes::Centimes,
    date,
    ids::DemandeId,
    limites,
    reponse::{Avis, Details, Origine, Reponse, Resultat, Statut},
    texte,
};
use quick_xml::{
    XmlVersion,
    events::{BytesStart, Event},
    name::{Namespace, ResolveResult},
    reader::{NsReader, Reader},
};
use std::{borrow::Cow, collections::BTreeMap};

/// Message of an answer: characters.
const MESSAGE_CARACTERES_MAX: usize = 500;
/// Code of a message: characters.
const CODE_CARACTERES_MAX: usize = 30;
/// References and numbers of an answer: characters.
const NUMERO_CARACTERES_MAX: usize = 60;
/// Longest delay that is believed: hours.
const DELAI_HEURES_MAX: u32 = 100_000;

/// Elements of an `OPAMCRSP` that hold one text and come once at most.
const CHAMPS_RSP: &[&str] =
    &["Reference", "Statut", "Origine", "ReferenceDossier", "NumeroPec", "DatePec", "Expiration", "MontantGlobal", "Message", "DelaiHeures"];
/// The same of an `OPAMCADV`.
const CHAMPS_ADV: &[&str] = &["Reference", "Resultat", "Message"];

const MAL_FORMEE: Illisible = Illisible("ce n'est pas du XML bien formé");

/// `OPAMCRSP`.
pub fn answer(bytes: &[u8], reference: &DemandeId) -> Result<Reponse, Illisible> {
    let mut champs = Champs::default();
    let mut lignes = BTreeMap::new();
    let mut montant_rc: Option<Option<Centimes>> = None;
    walk(bytes, "OPAMCRSP", |chemin, element| {
        match chemin {
            [champ] if CHAMPS_RSP.contains(&champ.as_str()) => champs.keep(champ, element)?,
            [ligne, montant] if ligne == "Ligne" && montant == "MontantRC" => {
                let twice = montant_rc.replace(amount(&element.texte)?).is_some();
                if twice {
                    return Err(Illisible("deux montants pour la même ligne"));
                }
            }
            [ligne] if ligne == "Ligne" => {
                let numero = element.attribute("numero").and_then(digits).and_then(|n| u16::try_from(n).ok()).filter(|n| *n > 0);
                let numero = numero.ok_or(Illisible("une ligne sans numéro"))?;
                if lignes.insert(numero, montant_rc.take().flatten()).is_some() {
                    return Err(Illisible("deux fois la même ligne"));
                }
            }
            _ => {}
        }
        Ok(())
    })?;
    champs.check_reference(reference)?;
    let statut = match champs.cut("Statut", limites::TEXTE_BRUT_CARACTERES_MAX).ok_or(Illisible("le statut manque"))?.as_str() {
        "ACCORDEE" => Statut::Accordee,
        "ACCORDEE_SOUS_RESERVE" => Statut::AccordeeSousReserve,
        "EN_ATTENTE" => Statut::EnAttente,
        "REFUSEE" => {
            let origine = champs.text("Origine").and_then(|t| t.parse::<Origine>().ok());
            Statut::Refusee(origine.ok_or(Illisible("un refus sans origine"))?)
        }
        "ANNULEE" => Statut::Annulee,
        "EXPIREE" => Statut::Expiree,
        "INCONNUE" => Statut::Inconnue,
        raw => Statut::Nouveau(raw.to_owned()),
    };
    let day = |champ| champs.text(champ).map(|t| date::parse(&t).map_err(|_| Illisible("une date illisible"))).transpose();
    let delai = |t: String| digits(&t).filter(|h| *h <= DELAI_HEURES_MAX).ok_or(Illisible("un délai illisible"));
    let details = Details {
        reference_dossier: champs.cut("ReferenceDossier", NUMERO_CARACTERES_MAX),
        numero_pec: champs.cut("NumeroPec", NUMERO_CARACTERES_MAX),
        date_pec: day("DatePec")?,
        expiration: day("Expiration")?,
        montant_global: champs.raw("MontantGlobal").map_or(Ok(None), amount)?,
        lignes: lignes.into_iter().filter_map(|(numero, montant)| Some((numero, montant?))).collect(),
        code: champs.code(),
        message: champs.cut("Message", MESSAGE_CARACTERES_MAX),
        delai_heures: champs.text("DelaiHeures").map(delai).transpose()?,
    };
    Ok(Reponse { statut, details })
}

/// `OPAMCADV`.
pub fn ack(bytes: &[u8], reference: &DemandeId) -> Result<Avis, Illisible> {
    let mut champs = Champs::default();
    walk(bytes, "OPAMCADV", |chemin, element| match chemin {
        [champ] if CHAMPS_ADV.contains(&champ.as_str()) => champs.keep(champ, element),
        _ => Ok(()),
    })?;
    champs.check_reference(reference)?;
    let resultat = champs.text("Resultat").and_then(|t| t.parse::<Resultat>().ok()).ok_or(Illisible("un résultat d'annulation inconnu"))?;
    Ok(Avis { resultat, code: champs.code(), message: champs.cut("Message", MESSAGE_CARACTERES_MAX) })
}

/// The elements that hold one text, and the code of the message.
#[derive(Default)]
struct Champs {
    textes: BTreeMap<String, String>,
    code: Option<String>,
}

impl Champs {
    fn keep(&mut self, champ: &str, element: &Element) -> Result<(), Illisible> {
        if champ == "Message" {
            self.code = element.attribute("code").map(str::to_owned);
        }
        match self.textes.insert(champ.to_owned(), element.texte.clone()) {
            Some(_) => Err(Illisible("une donnée y figure deux fois")),
            None => Ok(()),
        }
    }

    fn raw(&self, champ: &str) -> Option<&str> {
        self.textes.get(champ).map(String::as_str)
    }

    fn text(&self, champ: &str) -> Option<String> {
        self.cut(champ, usize::MAX)
    }

    fn cut(&self, champ: &str, max: usize) -> Option<String> {
        cut(self.raw(champ)?, max)
    }

    fn code(&self) -> Option<String> {
        cut(self.code.as_deref()?, CODE_CARACTERES_MAX)
    }

    fn check_reference(&self, asked: &DemandeId) -> Result<(), Illisible> {
        match self.text("Reference") {
            None => Err(Illisible("la référence manque")),
            Some(found) if found == asked.as_str() => Ok(()),
            Some(_) => Err(Illisible("elle porte la référence d'une autre demande")),
        }
    }
}

/// One line of at most `max` characters; nothing where there is no text.
fn cut(text: &str, max: usize) -> Option<String> {
    let text = texte::clean(&text.split_ascii_whitespace().collect::<Vec<_>>().join(" "));
    let text: String = text.chars().take(max).collect();
    let text = text.trim_end();
    (!text.is_empty()).then(|| text.to_owned())
}

fn amount(text: &str) -> Result<Option<Centimes>, Illisible> {
    match text.trim() {
        "" => Ok(None),
        text => text.parse().map(Some).map_err(|_| Illisible("un montant illisible")),
    }
}

fn digits(text: &str) -> Option<u32> {
    let text = text.trim();
    (text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok()).flatten()
}

/// An element that was opened.
struct Element {
    /// Its name; `None` when it, or one around it, is not of our namespace.
    nom: Option<String>,
    attributs: Vec<(String, String)>,
    texte: String,
}

impl Element {
    fn attribute(&self, name: &str) -> Option<&str> {
        self.attributs.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }
}

/// Goes through a document once and hands over every element of our namespace below the root, with its path, when it ends.
fn walk(bytes: &[u8], root: &str, mut take: impl FnMut(&[String], &Element) -> Result<(), Illisible>) -> Result<(), Illisible> {
    let text = decode(bytes)?;
    let text = text.trim_start();
    let mut reader = NsReader::from_str(text);
    reader.config_mut().expand_empty_elements = true;
    let mut open: Vec<Element> = Vec::new();
    let mut path: Vec<String> = Vec::new();
    let mut begun = false;
    let mut first = true;
    let mut elements = 0;
    loop {
        match reader.read_event().map_err(|_| MAL_FORMEE)? {
            Event::Start(start) => {
                if open.len() >= limites::XML_PROFONDEUR_MAX {
                    return Err(Illisible("elle est trop profonde"));
                }
                elements += 1;
                if elements > limites::XML_ELEMENTS_MAX {
                    return Err(Illisible("elle a trop d'éléments"));
                }
                let ours = match reader.resolver().resolve_element(start.name()).0 {
                    ResolveResult::Bound(Namespace(ns)) => ns == NAMESPACE,
                    ResolveResult::Unbound => false,
                    ResolveResult::Unknown(_) => return Err(MAL_FORMEE),
                };
                let nom = start.local_name().into_inner().to_owned();
                let known = ours && open.iter().all(|e| e.nom.is_some());
                let element = Element { nom: known.then(|| nom.clone()), attributs: attributes(&start)?, texte: String::new() };
                if open.is_empty() {
                    if begun {
                        return Err(MAL_FORMEE);
                    }
                    if !ours || nom != root || element.attribute("version") != Some(VERSION) {
                        return Err(Illisible("ce n'est pas le message attendu"));
                    }
                    begun = true;
                } else if known {
                    path.push(nom);
                }
                open.push(element);
            }
            Event::End(_) => {
                let element = open.pop().ok_or(MAL_FORMEE)?;
                if element.nom.is_some() && !open.is_empty() {
                    take(&path, &element)?;
                    path.pop();
                }
            }
            Event::Text(text) => append(&mut open, &text.xml10_content())?,
            Event::CData(text) if !open.is_empty() => append(&mut open, &text.xml10_content())?,
            Event::GeneralRef(entity) if !open.is_empty() => append(&mut open, entity_text(&entity)?.encode_utf8(&mut [0; 4]))?,
            Event::Decl(_) if first => {}
            Event::Comment(_) | Event::PI(_) => {}
            Event::DocType(_) => return Err(Illisible("elle contient un DOCTYPE")),
            Event::CData(_) | Event::GeneralRef(_) | Event::Decl(_) | Event::Empty(_) => return Err(MAL_FORMEE),
            Event::Eof => break,
        }
        first = false;
    }
    if begun && open.is_empty() { Ok(()) } else { Err(MAL_FORMEE) }
}

fn append(open: &mut [Element], text: &str) -> Result<(), Illisible> {
    match open.last_mut() {
        Some(element) => {
            element.texte.push_str(text);
            Ok(())
        }
        None if text.trim().is_empty() => Ok(()),
        None => Err(MAL_FORMEE),
    }
}

fn attributes(start: &BytesStart<'_>) -> Result<Vec<(String, String)>, Illisible> {
    let mut read = Vec::new();
    for attribute in start.attributes() {
        let attribute = attribute.map_err(|_| MAL_FORMEE)?;
        if read.len() >= limites::XML_ATTRIBUTS_MAX {
            return Err(Illisible("un élément a trop d'attributs"));
        }
        let value = attribute.normalized_value(XmlVersion::Implicit1_0).map_err(|_| MAL_FORMEE)?;
        if !value.chars().all(legal) {
            return Err(MAL_FORMEE);
        }
        read.push((attribute.key.into_inner().to_owned(), value.into_owned()));
    }
    Ok(read)
}

/// The character that a reference stands for. Without a DOCTYPE there are no entities but these.
fn entity_text(entity: &quick_xml::events::BytesRef<'_>) -> Result<char, Illisible> {
    let c = match entity.resolve_char_ref().map_err(|_| MAL_FORMEE)? {
        Some(c) => c,
        None => match &**entity {
            "lt" => '<',
            "gt" => '>',
            "amp" => '&',
            "apos" => '\'',
            "quot" => '"',
            _ => return Err(Illisible("elle contient une entité inconnue")),
        },
    };
    if legal(c) { Ok(c) } else { Err(MAL_FORMEE) }
}

/// UTF-8, with or without a byte order mark, or the Latin 1 that a declaration may announce.
fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, Illisible> {
    if bytes.len() > limites::REPONSE_OCTETS_MAX {
        return Err(Illisible("elle est trop longue"));
    }
    let unmarked = bytes.strip_prefix(b"\xEF\xBB\xBF");
    let announced = if unmarked.is_some() { None } else { announced(bytes)? };
    let encoding = match announced.as_deref() {
        None => encoding_rs::UTF_8,
        Some(label) => encoding_rs::Encoding::for_label(label.as_bytes()).ok_or(MAL_FORMEE)?,
    };
    let text = if encoding == encoding_rs::UTF_8 {
        Cow::Borrowed(std::str::from_utf8(unmarked.unwrap_or(bytes)).map_err(|_| Illisible("elle n'est pas en UTF-8"))?)
    } else if encoding == encoding_rs::WINDOWS_1252 {
        encoding.decode_without_bom_handling(bytes).0
    } else {
        return Err(Illisible("son jeu de caractères n'est pas pris en charge"));
    };
    if text.chars().all(legal) { Ok(text) } else { Err(MAL_FORMEE) }
}

/// The encoding that the XML declaration announces.
fn announced(bytes: &[u8]) -> Result<Option<String>, Illisible> {
    let bytes = bytes.trim_ascii_start();
    if !bytes.starts_with(b"<?xml") {
        return Ok(None);
    }
    let end = bytes.windows(2).position(|pair| pair == b"?>").ok_or(MAL_FORMEE)?;
    let declaration = std::str::from_utf8(&bytes[..end + 2]).map_err(|_| MAL_FORMEE)?;
    match Reader::from_str(declaration).read_event().map_err(|_| MAL_FORMEE)? {
        Event::Decl(declaration) => declaration.encoding().transpose().map(|e| e.map(Cow::into_owned)).map_err(|_| MAL_FORMEE),
        _ => Ok(None),
    }
}
