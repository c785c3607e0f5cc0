//! What every answer must look like, whatever the route: the form of a refusal, and pages of a list.
//!
//! The rules are those of docs/api.md, « Conventions ».

use crate::app::{Answer, User};
use reqwest::Method;
use serde_json::{Value, json};
use std::collections::BTreeSet;

impl Answer {
    /// A refusal as RFC 9457 and the contract want it: all five members, and every error with its place, code and sentence.
    #[track_caller]
    pub fn problem(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.text);
        self.refusal()
    }

    /// The same for any of these statuses.
    #[track_caller]
    pub fn problem_one_of(self, statuses: &[u16]) -> Self {
        assert!(statuses.contains(&self.status), "{} {}", self.status, self.text);
        self.refusal()
    }

    /// A refusal of any status, well formed and never a failure of ours.
    #[track_caller]
    pub fn refusal(self) -> Self {
        assert!((400..500).contains(&self.status) || self.status == 503, "a refusal was expected: {} {}", self.status, self.text);
        let form = self.headers.get("content-type").and_then(|v| v.to_str().ok()).unwrap_or_default();
        assert!(form.starts_with("application/problem+json"), "{form}: {} {}", self.status, self.text);
        assert_eq!(self.body["status"], self.status, "{}", self.text);
        assert!(self.kind().starts_with("/problemes/"), "{}", self.text);
        for member in ["title", "detail", "instance"] {
            assert!(self.body[member].as_str().is_some_and(|t| !t.trim().is_empty()), "{member} is missing: {}", self.text);
        }
        if let Some(erreurs) = self.body.get("erreurs") {
            for erreur in erreurs.as_array().expect("erreurs is a list") {
                let champ = erreur["champ"].as_str().expect("a place");
                assert!(champ.is_empty() || champ.starts_with('/'), "{champ} is no JSON pointer");
                let code = erreur["code"].as_str().expect("a code");
                assert!(!code.is_empty() && code.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_'), "{code}");
                assert!(erreur["message"].as_str().is_some_and(|m| !m.is_empty()), "a sentence");
            }
        }
        self
    }

    /// The places of the errors, sorted.
    pub fn champs(&self) -> Vec<String> {
        let mut champs: Vec<String> = self.erreurs().map(|(champ, _)| champ).collect();
        champs.sort();
        champs
    }

    /// The errors: place and code.
    pub fn erreurs(&self) -> impl Iterator<Item = (String, String)> {
        let text = |e: &Value, name: &str| e[name].as_str().unwrap_or_default().to_owned();
        self.body["erreurs"].as_array().into_iter().flatten().map(move |e| (text(e, "champ"), text(e, "code")))
    }

    /// What a problem says, without what is different each time.
    pub fn said(&self) -> (u16, Value) {
        let mut body = self.body.clone();
        if let Some(fields) = body.as_object_mut() {
            fields.remove("instance");
        }
        (self.status, body)
    }
}

impl User {
    /// All pages of a list, one after the other: no page too long, no element twice.
    pub async fn walk(&self, path: &str, plural: &str, limite: usize) -> Vec<Value> {
        self.pages(Method::GET, path, None, plural, limite).await
    }

    /// All pages of a search.
    pub async fn search(&self, path: &str, q: &str, plural: &str, limite: usize) -> Vec<Value> {
        self.pages(Method::POST, path, Some(json!({"q": q})), plural, limite).await
    }

    async fn pages(&self, method: Method, path: &str, body: Option<Value>, plural: &str, limite: usize) -> Vec<Value> {
        let sign = if path.contains('?') { '&' } else { '?' };
        let first = format!("{path}{sign}limite={limite}");
        let (mut url, mut all) = (first.clone(), Vec::new());
        for _ in 0..1_000 {
            let page = self.send(method.clone(), &url, &[], body.clone()).await.expect(200).body;
            let elements = page[plural].as_array().unwrap_or_else(|| panic!("no {plural} in {page}"));
            assert!(elements.len() <= limite, "{} on a page of {limite}", elements.len());
            all.extend(elements.iter().cloned());
            let Some(next) = page.get("suivant").expect("suivant is always there").as_str() else {
                let names: BTreeSet<String> = all.iter().map(|e| e.get("id").or(e.get("numero")).expect("a name").to_string()).collect();
                assert_eq!(names.len(), all.len(), "{path}: an element came twice");
                return all;
            };
            assert!(next.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.~".contains(&b)), "{next} is not URL-safe");
            url = format!("{first}&suivant={next}");
        }
        panic!("{path}: the list has no end");
    }
}

/// The ids of things.
pub fn ids(things: &[Value]) -> Vec<String> {
    things.iter().map(|t| t["id"].as_str().expect("an id").to_owned()).collect()
}

/// A well-formed id that nothing has.
pub fn nobody(prefix: &str) -> String {
    format!("{prefix}_01ARZ3NDEKTSV4RRFFQ69G5FAV")
}
