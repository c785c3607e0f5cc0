//! The body of a request.
//!
//! What must hold: an unknown id is told before the body is looked at, so reading is done when the handler asks; a body beyond its limit
//! is never read to the end; JSON is refused for its depth before it is parsed.

use crate::{dto::lecture::Objet, probleme::Probleme};
use axum::{
    body::Body,
    extract::{FromRequest, Request},
    http::header,
};
use bytes::Bytes;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use optopec_domain::{erreur::ErreurChamp, limites};
use serde_json::Value;

/// A body, or why it was not taken.
pub struct Corps(Result<Bytes, Refuse>);

/// What a file calls itself. API Gateway reads a `text/*` body as UTF-8 and puts `�` wherever it is not; it hands on the bytes of the other as they are.
const FICHIERS: [&str; 2] = ["text/csv", "application/octet-stream"];

/// What stands where a character was lost on the way.
const PERDU: &[u8] = "\u{FFFD}".as_bytes();

#[derive(Clone, Copy)]
enum Refuse {
    TropGrand { csv: bool },
    Interrompu,
}

impl From<Refuse> for Probleme {
    fn from(refuse: Refuse) -> Self {
        match refuse {
            Refuse::TropGrand { csv: true } => Self::trop_grand(format!("Un fichier CSV ne dépasse pas {} Mio.", limites::CORPS_CSV_OCTETS_MAX / 1024 / 1024)),
            Refuse::TropGrand { csv: false } => Self::trop_grand(format!("Le corps d'une requête ne dépasse pas {} Kio.", limites::CORPS_OCTETS_MAX / 1024)),
            Refuse::Interrompu => Self::requete_illisible().detail("Le corps de la requête s'est interrompu."),
        }
    }
}

impl<S: Send + Sync> FromRequest<S> for Corps {
    type Rejection = Probleme;
    async fn from_request(request: Request, _: &S) -> Result<Self, Probleme> {
        let csv = request
            .headers()
            .get(header::CONTENT_TYPE)
            .and_then(|t| t.to_str().ok())
            .is_some_and(|t| FICHIERS.iter().any(|fichier| t.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case(fichier)));
        Ok(Self(read(request.into_body(), csv).await))
    }
}

async fn read(body: Body, csv: bool) -> Result<Bytes, Refuse> {
    match Limited::new(body, limit(csv)).collect().await {
        Ok(collected) => Ok(collected.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => Err(Refuse::TropGrand { csv }),
        Err(_) => Err(Refuse::Interrompu),
    }
}

const fn limit(csv: bool) -> usize {
    if csv { limites::CORPS_CSV_OCTETS_MAX } else { limites::CORPS_OCTETS_MAX }
}

impl Corps {
    /// The bytes.
    pub fn octets(&self) -> Result<&Bytes, Probleme> {
        self.0.as_ref().map_err(|refuse| (*refuse).into())
    }

    /// The bytes of a file: 422 when characters of it were lost on the way, which no guess brings back.
    pub fn fichier(&self) -> Result<&Bytes, Probleme> {
        let octets = self.octets()?;
        if perdu(octets) {
            return Err(Probleme::csv_illisible(
                "Des caractères du fichier ont été perdus en route. S'il n'est pas en UTF-8, envoyez-le avec le type « application/octet-stream ».",
            ));
        }
        Ok(octets)
    }

    /// The JSON value: 400 when it is none. Its limit is its own, whatever the body calls itself.
    pub fn valeur(&self) -> Result<Value, Probleme> {
        let octets = self.octets()?;
        if octets.len() > limites::CORPS_OCTETS_MAX {
            return Err(Refuse::TropGrand { csv: false }.into());
        }
        if perdu(octets) {
            return Err(Probleme::json_illisible("Le corps n'est pas en UTF-8."));
        }
        check_depth(octets)?;
        serde_json::from_slice(octets).map_err(|e| not_json(&e))
    }

    /// What `read` makes of the JSON object, or 422 with everything at fault.
    pub fn read<T>(&self, read: impl FnOnce(&Objet<'_>, &mut Vec<ErreurChamp>) -> Option<T>) -> Result<T, Probleme> {
        let valeur = self.valeur()?;
        let mut erreurs = Vec::new();
        let lu = Objet::racine(&valeur, &mut erreurs).and_then(|racine| read(&racine, &mut erreurs));
        match lu {
            Some(lu) if erreurs.is_empty() => Ok(lu),
            Some(_) | None => Err(Probleme::champs_invalides(erreurs)),
        }
    }
}

fn perdu(octets: &[u8]) -> bool {
    octets.windows(PERDU.len()).any(|some| some == PERDU)
}

fn not_json(error: &serde_json::Error) -> Probleme {
    Probleme::json_illisible(format!("Le corps n'est pas du JSON lisible (ligne {}, colonne {}).", error.line(), error.column()))
}

/// Counts brackets outside of texts; whether they match is the parser's business.
fn check_depth(octets: &[u8]) -> Result<(), Probleme> {
    let (mut depth, mut in_text, mut escaped) = (0_usize, false, false);
    for byte in octets {
        match (in_text, byte) {
            (true, _) if escaped => escaped = false,
            (true, b'\\') => escaped = true,
            (_, b'"') => in_text = !in_text,
            (false, b'{' | b'[') => depth += 1,
            (false, b'}' | b']') => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > limites::JSON_PROFONDEUR_MAX {
            return Err(Probleme::json_illisible(format!("Le JSON ne dépasse pas {} niveaux de profondeur.", limites::JSON_PROFONDEUR_MAX)));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn corps(text: &str) -> Corps {
        Corps(Ok(Bytes::copy_from_slice(text.as_bytes())))
    }

    fn refusal<T>(outcome: Result<T, Probleme>) -> Value {
        match outcome {
            Err(Probleme::Refus(refus)) => refus.to_json("r"),
            Err(Probleme::Rejouer(_)) => panic!("a refusal was expected"),
            Ok(_) => Value::Null,
        }
    }

    #[test]
    fn what_is_not_json_is_told_with_its_place() {
        for text in ["", "{", "{'a':1}", "nope", "{\"a\":1}x", "\u{feff}{}", "{\"a\":1e999}"] {
            let refusal = refusal(corps(text).valeur());
            assert_eq!((&refusal["type"], &refusal["status"]), (&json!("/problemes/json-illisible"), &json!(400)), "{text}");
        }
        assert!(Corps(Ok(Bytes::from_static(b"{\"a\":\"\xff\"}"))).valeur().is_err());
    }

    #[test]
    fn everything_at_fault_is_told_at_once() {
        let outcome = corps(r#"{"nom":3,"prix":"x"}"#).read(|o, e| {
            let (nom, prix) = (o.texte("nom", 60, e), o.centimes("prix", e));
            Some((nom, prix))
        });
        let refusal = refusal(outcome);
        assert_eq!(refusal["erreurs"].as_array().unwrap().iter().map(|e| e["champ"].as_str().unwrap()).collect::<Vec<_>>(), ["/nom", "/prix"]);
    }

    #[test]
    fn json_in_a_file_is_no_longer_than_any_other() {
        let sized = |octets: usize| corps(&format!("\"{}\"", "a".repeat(octets - 2)));
        assert!(sized(256 * 1024).valeur().is_ok());
        let refusal = refusal(sized(256 * 1024 + 1).valeur());
        assert_eq!((&refusal["status"], refusal["detail"].as_str().unwrap().contains("256")), (&json!(413), true));
    }

    #[test]
    fn depth_is_counted_outside_of_texts() {
        let nested = |n: usize| format!("{}{}", "[".repeat(n), "]".repeat(n));
        assert!(corps(&nested(32)).valeur().is_ok());
        assert!(refusal(corps(&nested(33)).valeur())["detail"].as_str().unwrap().contains("32"));
        assert!(corps(&format!("[\"{}\\\"{}\"]", "[".repeat(100), "{".repeat(100))).valeur().is_ok());
        assert!(corps(&format!("[{}]", vec!["[]"; 100].join(","))).valeur().is_ok());
    }
}
