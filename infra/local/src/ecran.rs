//! The web client, as S3 and CloudFront give it: files of one folder, and its start page for every address that is one of its own.
//!
//! What must hold: an address that may be the API's (`/v1`, a version to come, `/local`) is never a page, so that a program is told what it
//! asked for; nothing outside the folder is read, whatever the address or a link in it says, and no hidden file; a name that carries its
//! contents' hash is kept for ever, everything else is asked for again; a folder that is built anew while we run is served as it is now.
//!
//! Deliberately absent: compression and ranges (the caller is on this machine), listings, and any rule of the product.

use crate::{
    gateway::{self, Gateway},
    page::{escape, harden, page},
};
use axum::{
    extract::Request,
    http::{Method, StatusCode, header},
    response::{IntoResponse, Response},
};
use std::path::{Path, PathBuf};

/// What the web client may do; printed documents are shown from memory (`blob:`).
const POLICY: &str = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; object-src 'none'; frame-src 'self' blob:; frame-ancestors 'none'; base-uri 'none'; form-action 'self'; connect-src 'self'";

/// The file that starts the client.
const START: &str = "index.html";

/// No address of a file or of a screen is longer.
const PATH_BYTES_MAX: usize = 1_024;

/// Before the front door: what a browser asks for.
#[derive(Clone)]
pub struct Ecran {
    /// Answers everything else.
    pub gateway: Gateway,
    /// Folder of the built client.
    pub folder: Option<PathBuf>,
}

/// What an address stands for.
#[derive(Debug, PartialEq, Eq)]
enum Cible {
    /// A file under this relative path, or nothing.
    Fichier(String),
    /// A file under this relative path, else a screen of the client.
    Adresse(String),
    /// Nothing of the client's.
    Autre,
}

/// What is missing for the web client to be served, in one line.
#[must_use]
pub fn missing(folder: &Path) -> Option<String> {
    (!folder.join(START).is_file()).then(|| format!("absent ({} manque) : installez Node 20 ou plus récent, puis « make run »", folder.join(START).display()))
}

impl Ecran {
    /// Answers one request.
    pub async fn answer(&self, request: Request) -> Response {
        let target = match *request.method() {
            Method::GET | Method::HEAD => target(request.uri().path()),
            _ => Cible::Autre,
        };
        let (Cible::Fichier(path) | Cible::Adresse(path)) = &target else { return gateway::handle(&self.gateway, request).await };
        if let Some(contents) = self.read(path.clone()).await {
            return file(path, contents);
        }
        if let Cible::Adresse(_) = target {
            return match self.read(START.to_owned()).await {
                Some(contents) => file(START, contents),
                None => self.absent(),
            };
        }
        let mut response = gateway::handle(&self.gateway, request).await;
        harden(&mut response, POLICY);
        response
    }

    /// A file of the folder, where it lies within once every link is followed.
    async fn read(&self, path: String) -> Option<Vec<u8>> {
        let folder = self.folder.clone()?;
        let read = move || {
            let folder = folder.canonicalize().ok()?;
            let file = folder.join(path).canonicalize().ok()?;
            let hidden = |part: &std::ffi::OsStr| part.as_encoded_bytes().starts_with(b".");
            let within = !file.strip_prefix(&folder).ok()?.iter().any(hidden);
            // A pipe would be waited for, for ever.
            (within && file.is_file()).then(|| std::fs::read(file).ok())?
        };
        tokio::task::spawn_blocking(read).await.ok()?
    }

    fn absent(&self) -> Response {
        let folder = self.folder.as_ref().map_or_else(|| "aucun".to_owned(), |folder| folder.display().to_string());
        let body = format!(
            "<section>\n<p>L’API fonctionne, mais l’écran n’est pas construit&nbsp;: le dossier <code>{}</code> ne contient pas de fichier <code>{START}</code>.</p>\n\
             <p>Installez Node 20 ou plus récent (avec npm), arrêtez optopec, puis relancez <code>make run</code>.</p>\n</section>\n\
             <p class=\"doux\">La description de l’API est à l’adresse <a href=\"/v1/openapi.json\">/v1/openapi.json</a>.</p>\n",
            escape(&folder)
        );
        page(StatusCode::SERVICE_UNAVAILABLE, "L’écran n’est pas là", &body, "'none'")
    }
}

/// Only names that need no decoding are looked at: two readers cannot read them differently.
fn target(path: &str) -> Cible {
    let Some(path) = path.strip_prefix('/').filter(|path| path.len() < PATH_BYTES_MAX) else { return Cible::Autre };
    let path = path.strip_suffix('/').unwrap_or(path);
    if path.is_empty() {
        return Cible::Adresse(START.to_owned());
    }
    let segments: Vec<&str> = path.split('/').collect();
    let plain = |segment: &&str| {
        let known = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte);
        !segment.is_empty() && !segment.starts_with('.') && segment.bytes().all(known)
    };
    match (segments.first(), segments.last()) {
        (Some(first), Some(last)) if !of_the_api(first) && segments.iter().all(plain) => {
            if last.contains('.') {
                Cible::Fichier(path.to_owned())
            } else {
                Cible::Adresse(path.to_owned())
            }
        }
        _ => Cible::Autre,
    }
}

/// `v1`, any other version that somebody may try, and what only the local runner has.
fn of_the_api(first: &str) -> bool {
    let version = |digits: &str| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    first.eq_ignore_ascii_case("local") || first.strip_prefix(['v', 'V']).is_some_and(version)
}

fn file(path: &str, contents: Vec<u8>) -> Response {
    let kept = if path.starts_with("assets/") { "public, max-age=31536000, immutable" } else { "no-cache" };
    let mut response = ([(header::CONTENT_TYPE, content_type(path)), (header::CACHE_CONTROL, kept)], contents).into_response();
    harden(&mut response, POLICY);
    response
}

/// Whatever a client is built of; a browser guesses nothing (`nosniff`).
fn content_type(path: &str) -> &'static str {
    match path.rsplit_once('.').map_or("", |(_, extension)| extension) {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "webp" => "image/webp",
        "avif" => "image/avif",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "wasm" => "application/wasm",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_of_the_api_or_one_that_is_read_in_two_ways_is_never_a_page() {
        for path in [
            "/v1",
            "/v1/",
            "/v1/x",
            "/V1/x",
            "/v2/magasin",
            "/v10",
            "/local",
            "/local/",
            "/LOCAL/x",
            "/local/oidc/x",
            "//v1/magasin",
            "/./v1",
            "/../etc/passwd",
            "/assets/../../x.js",
            "/assets//x.js",
            "/.env",
            "/assets/.x.js",
            "/.git/config",
            "/%2e%2e/x",
            "/v1%2fmagasin",
            "/a%00.js",
            "/a\\b",
            "/v1;a/magasin",
            "/é",
            "/a b",
            "*",
            "",
            "autre",
        ] {
            assert_eq!(target(path), Cible::Autre, "{path}");
        }
        assert_eq!(target(&format!("/{}", "a".repeat(2_000))), Cible::Autre);
    }

    #[test]
    fn a_name_with_an_extension_is_a_file_and_any_other_may_be_a_screen() {
        for path in ["/assets/index-Bx_3.js", "/favicon.svg", "/index.html", "/a/b.c/d.e"] {
            assert_eq!(target(path), Cible::Fichier(path[1..].to_owned()), "{path}");
        }
        for path in ["/dossiers", "/dossiers/dos_01ARZ3NDEKTSV4RRFFQ69G5FAV", "/connexion/retour", "/vue", "/v", "/localisation", "/a.b/c"] {
            assert_eq!(target(path), Cible::Adresse(path[1..].to_owned()), "{path}");
        }
        assert_eq!(target("/dossiers/"), Cible::Adresse("dossiers".to_owned()));
        assert_eq!(target("/"), Cible::Adresse("index.html".to_owned()));
    }
}
