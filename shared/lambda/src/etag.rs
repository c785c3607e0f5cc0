//! Versions as entity tags (RFC 9110, chapters 8.8.3 and 13.1).
//!
//! A tag is `"<version>-<8 hex of the representation>"`. The version is what a write must not overwrite unseen; the hash makes a tag
//! change when a representation does although nobody wrote the thing (a tariff, a switch, a caller who sees less).
//! What must hold: `If-Match` compares the version only, so that a caller who saw a thing masked may still write it.

use crate::{dto::client::mask_nirs, probleme::Probleme, reponse::Reponse};
use axum::http::{HeaderMap, HeaderName, header};
use optopec_domain::empreinte::sha256;
use serde::Serialize;
use serde_json::Value;

/// The tag of a version and of what is shown of it. Leave out of `montre` what must not change the tag (a printing).
pub fn etag(version: u64, montre: &impl Serialize) -> String {
    let empreinte = sha256(&serde_json::to_vec(montre).unwrap_or_default());
    format!("\"{version}-{}\"", &empreinte[..8])
}

/// The tag of something that may show a NIR: made of what everybody may see of it and of whether this caller sees more, so that nobody can
/// find a number by trying which one makes the tag. A changed number is a changed version.
pub fn personal(version: u64, mut montre: Value) -> String {
    let clear = mask_nirs(&mut montre);
    etag(version, &(clear, montre))
}

/// The tags of a header, weak marks taken off; `None` without the header.
fn tags(headers: &HeaderMap, name: HeaderName) -> Option<Vec<&str>> {
    let mut found = None;
    for value in headers.get_all(name) {
        let list = found.get_or_insert_with(Vec::new);
        // No tag of ours holds a comma; a header that is not ASCII holds no tag of ours.
        list.extend(value.to_str().unwrap_or_default().split(',').map(|t| t.trim().trim_start_matches("W/")));
    }
    found
}

/// Whether a write may go on: the caller saw this version (`*`: whatever there is).
pub fn if_match(headers: &HeaderMap, version: u64) -> Result<(), Probleme> {
    let Some(tags) = tags(headers, header::IF_MATCH) else { return Err(Probleme::precondition_requise()) };
    let saw = |tag: &str| {
        tag == "*" || tag.strip_prefix('"').and_then(|t| t.strip_suffix('"')).and_then(|t| t.split_once('-')).is_some_and(|(v, _)| v == version.to_string())
    };
    if tags.iter().any(|tag| saw(tag)) { Ok(()) } else { Err(Probleme::version_perimee()) }
}

/// 200 with the thing and its tag, or 304 when the caller has it.
pub fn respond(headers: &HeaderMap, tag: String, corps: &impl Serialize) -> Reponse {
    let known = tags(headers, header::IF_NONE_MATCH).is_some_and(|tags| tags.iter().any(|t| *t == "*" || *t == tag));
    if known { Reponse::not_modified(tag) } else { Reponse::ok(corps).etag(tag) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::{http::StatusCode, response::IntoResponse};
    use serde_json::json;

    fn headers(name: HeaderName, values: &[&str]) -> HeaderMap {
        values.iter().map(|v| (name.clone(), v.parse().unwrap())).collect()
    }

    fn status(outcome: Result<(), Probleme>) -> u16 {
        outcome.map_or_else(|p| p.into_response().status().as_u16(), |()| 200)
    }

    #[test]
    fn a_tag_holds_the_version_and_changes_with_what_is_shown() {
        // SHA-256 of `{"a":1}` begins with 015abd7f (sha256sum).
        assert_eq!(etag(3, &json!({"a": 1})), "\"3-015abd7f\"");
        assert_ne!(etag(3, &json!({"a": 2})), etag(3, &json!({"a": 1})));
    }

    #[test]
    fn a_tag_does_not_tell_a_number() {
        let shown = |nir: &str| personal(3, json!({"nom": "X", "assure": [{"nir": nir}]}));
        // Alike but for what the mask hides.
        assert_eq!(shown("278052A00412358"), shown("278059912345609"));
        assert_ne!(shown("278052A00412358"), shown("2 78 05 ** *** *** **"));
        assert_ne!(shown("278052A00412358"), shown("255081416802538"));
    }

    #[test]
    fn a_write_needs_the_version_that_is_there() {
        for (given, expected) in [
            (vec!["\"3-015abd7f\""], 200),
            (vec!["\"3-ffffffff\""], 200),
            (vec!["W/\"3-015abd7f\""], 200),
            (vec!["*"], 200),
            (vec!["\"2-aa\", \"3-bb\""], 200),
            (vec!["\"2-aa\"", "\"3-bb\""], 200),
            (vec!["\"2-015abd7f\""], 412),
            (vec!["\"33-015abd7f\""], 412),
            (vec!["3"], 412),
            (vec!["\"3\""], 412),
            (vec!["3-015abd7f"], 412),
            (vec![""], 412),
            (vec![], 428),
        ] {
            assert_eq!(status(if_match(&headers(header::IF_MATCH, &given), 3)), expected, "{given:?}");
        }
    }

    #[test]
    fn what_the_caller_has_is_not_sent_again() {
        let (body, tag) = (json!({"a": 1}), "\"3-015abd7f\"");
        for (given, expected) in [(vec![tag], 304), (vec!["*"], 304), (vec!["\"1-x\", W/\"3-015abd7f\""], 304), (vec!["\"3-ffffffff\""], 200), (vec![], 200)] {
            let response = respond(&headers(header::IF_NONE_MATCH, &given), tag.to_owned(), &body).into_response();
            assert_eq!(response.status(), StatusCode::from_u16(expected).unwrap(), "{given:?}");
            assert_eq!(response.headers()[header::ETAG], tag);
        }
    }
}
