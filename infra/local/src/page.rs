//! The pages that the runner writes itself: the sign-in page, and what is said where the web client is missing.
//!
//! What must hold: they are read without a script, a picture or a font, in light and in dark, at 200 % and on a narrow screen (WCAG 2.2 AA), and
//! their policy lets nothing else run. Whatever comes from a request goes through [`escape`]. Deliberately absent: a template engine, for two pages.

use axum::{
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use base64::{Engine, engine::general_purpose::STANDARD};

/// What every answer of a browser's concern carries beside its own policy of contents.
pub(crate) const HARDENING: [(HeaderName, &str); 4] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (HeaderName::from_static("permissions-policy"), "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
];

/// Text and grounds are at least 4.5 : 1 apart in both schemes, edges of fields 3 : 1; targets are 44 px high.
const STYLE: &str = "
:root{color-scheme:light dark;--fond:#f3f5f8;--carte:#fff;--texte:#1a2330;--doux:#4a5768;--trait:#6b7686;--accent:#174a86;--sur-accent:#fff;--alerte:#a3131a}
@media (prefers-color-scheme:dark){:root{--fond:#11161d;--carte:#1b222c;--texte:#e9eef5;--doux:#b3bfce;--trait:#8995a5;--accent:#9cc4f2;--sur-accent:#0c1b2c;--alerte:#ffb0ac}}
*{box-sizing:border-box}
body{margin:0;background:var(--fond);color:var(--texte);font:1rem/1.5 system-ui,sans-serif}
main{max-width:44rem;margin:0 auto;padding:2rem 1rem}
h1{font-size:1.75rem;line-height:1.2;margin:0 0 .5rem}
h2{font-size:1.125rem;line-height:1.3;margin:0 0 .75rem}
p{margin:0 0 1rem}
a{color:var(--accent)}
code{font:inherit;font-family:ui-monospace,monospace;overflow-wrap:anywhere}
.marque{font-weight:700;color:var(--accent);margin:0 0 1.5rem}
.doux{color:var(--doux)}
section{background:var(--carte);border-radius:.75rem;padding:1.25rem;margin:0 0 1rem;box-shadow:0 1px 3px rgb(0 0 0/.18)}
section>:last-child{margin-bottom:0}
.choix{display:grid;gap:.75rem;grid-template-columns:repeat(auto-fit,minmax(min(9rem,100%),1fr))}
.champs{display:grid;gap:.75rem;align-items:end;grid-template-columns:repeat(auto-fit,minmax(min(12rem,100%),1fr))}
label{display:block;font-weight:600;margin:0 0 .25rem}
button,input,select{font:inherit;width:100%;min-height:2.75rem;border-radius:.5rem;padding:.5rem .75rem}
button{border:2px solid var(--accent);background:var(--accent);color:var(--sur-accent);font-weight:600;cursor:pointer}
button:hover{text-decoration:underline}
input,select{border:1px solid var(--trait);background:var(--carte);color:var(--texte)}
:focus-visible{outline:3px solid var(--accent);outline-offset:3px}
.alerte{color:var(--alerte);font-weight:600}
";

/// Text as a page may hold it, in a text or in an attribute between double quotes.
pub(crate) fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            other => safe.push(other),
        }
    }
    safe
}

/// A page with a title, kept by nobody. `form_action` is where its forms may lead, redirects included.
pub(crate) fn page(status: StatusCode, title: &str, body: &str, form_action: &str) -> Response {
    let html = format!(
        "<!DOCTYPE html>\n<html lang=\"fr\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{title} — optopec</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n<p class=\"marque\">optopec</p>\n<h1>{title}</h1>\n{body}</main>\n</body>\n</html>\n",
        title = escape(title),
    );
    let style = STANDARD.encode(aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, STYLE.as_bytes()));
    let policy = format!("default-src 'none'; style-src 'sha256-{style}'; form-action {form_action}; frame-ancestors 'none'; base-uri 'none'");
    let mut response = (status, [(header::CONTENT_TYPE, "text/html; charset=utf-8"), (header::CACHE_CONTROL, "no-store")], html).into_response();
    harden(&mut response, &policy);
    response
}

/// Puts the policy and [`HARDENING`] on an answer.
pub(crate) fn harden(response: &mut Response, policy: &str) {
    let headers = response.headers_mut();
    for (name, value) in HARDENING {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if let Ok(policy) = HeaderValue::from_str(policy) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_came_in_cannot_end_a_text_or_an_attribute() {
        assert_eq!(escape("<b a=\"1\" c='2'>&é"), "&lt;b a=&quot;1&quot; c=&#39;2&#39;&gt;&amp;é");
    }
}
