//! What comes in from outside and means harm: answers of a concentrator, files, bodies, headers, addresses.
//!
//! What must hold: nothing of it moves a credit, grants or refuses a demande; every answer to a client is a refusal of hers or the answer
//! that she would have got anyway, never a failure of ours; the log tells of no failure, and the system works afterwards.
//! How long a refusal takes is a benchmark's matter (`make bench`, `hostile`); here is what bounds the work. The dialect alone is tested
//! where it lives, with the same documents.

#[path = "../../shared/concentrateur/benches/documents/mod.rs"]
mod documents;

use crate::{
    app::{Answer, App, Setup, Shop, User, dossier, key},
    contrat::conventions::HEADER,
    journal::{Ear, Journal},
    partenaire::{CONVENTIONS, Partenaire, Reply, granted},
};
use documents::{HOSTILES, grant};
use flate2::{Compression, write::GzEncoder};
use reqwest::Method;
use serde_json::{Value, json};
use std::{io::Write, time::Duration};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// A system whose log is listened to.
struct Scene {
    app: App,
    journal: Journal,
    _guard: Ear,
}

impl Scene {
    async fn start(setup: Setup) -> Self {
        let journal = Journal::default();
        let guard = journal.start();
        Self { app: App::with(setup).await, journal, _guard: guard }
    }

    /// The system works, and nobody failed or panicked on the way.
    async fn end(self, user: &User) {
        user.get("/v1/magasin").await.expect(200);
        let made = user.post("/v1/clients", json!({"nom": "APRÈS"})).await.expect(201).id();
        user.get(&format!("/v1/clients/{made}")).await.expect(200);
        let text = self.journal.text();
        let failures: Vec<&str> = text.lines().filter(|l| l.contains("\"level\":\"ERROR\"") || l.contains("panique") || l.contains("\"statut\":5")).collect();
        assert!(failures.is_empty(), "{failures:#?}");
        self.app.system.stop().await;
    }
}

// Answers of a concentrator

/// A demande whose outcome is not known, and nothing else of it either.
#[track_caller]
fn untouched(seen: &Value, what: &str) {
    assert_eq!((&seen["etat"], &seen["credit"]), (&json!("SANS_REPONSE"), &json!("RESERVE")), "{what}: {seen:#}");
    for field in ["numero_pec", "montant_global_centimes", "message_mutuelle", "message_plateforme", "code_rejet", "repondue_le"] {
        assert_eq!(seen[field], Value::Null, "{what}: {field}");
    }
}

async fn pec(shop: &Shop) -> String {
    let dossier = shop.dossier_at("81000001", "A-1").await;
    shop.ask(&dossier, "PEC").await
}

/// A dossier with as many equipments as one may have.
async fn dossier_of_six(shop: &Shop) -> String {
    let mutuelle = shop.mutuelle("81000001").await["id"].as_str().unwrap().to_owned();
    let mut body = dossier(&mutuelle, "A-1");
    let equipement = body["equipements"][0].clone();
    body["equipements"] = (1..=6)
        .map(|numero| {
            let mut equipement = equipement.clone();
            equipement["numero"] = numero.into();
            equipement
        })
        .collect();
    let id = shop.post("/v1/dossiers", body).await.expect(201).id();
    shop.sign(&id).await;
    id
}

/// Waits until a question about a demande came to an end: the next one is at another time.
async fn asked_again(shop: &Shop, id: &str, before: &Value) -> Value {
    for _ in 0..3_000 {
        let seen = shop.get(&format!("/v1/demandes/{id}")).await.expect(200).body;
        if seen["prochaine_actualisation"] != *before {
            return seen;
        }
    }
    panic!("nobody asked about {id}");
}

#[tokio::test]
async fn a_document_meant_to_harm_neither_grants_nor_refuses() {
    let partenaire = Partenaire::start().await;
    let scene = Scene::start(Setup { reel: Some(partenaire.url.clone()), ..Setup::default() }).await;
    let shop = scene.app.reel_shop("test", 200).await;
    let n = i64::try_from(HOSTILES.len()).unwrap();
    let mut asked = Vec::new();
    let mut dossier = String::new();
    for (i, (what, make)) in HOSTILES.iter().enumerate() {
        partenaire.on("OPAMCREQ", [Reply::Made(*make)]);
        let equipement = i % 6 + 1;
        if equipement == 1 {
            dossier = dossier_of_six(&shop).await;
        }
        let id = shop.post(&format!("/v1/dossiers/{dossier}/demandes"), json!({"nature": "PEC", "equipement": equipement})).await.expect(201).id();
        let seen = shop.until(&id, &["SANS_REPONSE"]).await;
        untouched(&seen, what);
        asked.push((what, id, seen["prochaine_actualisation"].clone()));
    }
    assert_eq!(shop.credits().await, [200 - n, n, 0]);
    // The same documents as answers to the question what became of it.
    partenaire.on("OPAMCGET", HOSTILES.iter().map(|(_, make)| Reply::Made(*make)));
    scene.app.advance(91).await;
    partenaire.called("OPAMCGET", HOSTILES.len()).await;
    for (what, id, before) in &asked {
        untouched(&asked_again(&shop, id, before).await, what);
    }
    assert_eq!(shop.credits().await, [200 - n, n, 0]);
    // An honest answer ends them all.
    partenaire.on("OPAMCGET", [granted("300.00")]);
    scene.app.advance(1_000).await;
    for (_, id, _) in &asked {
        shop.until(id, &["ACCORDEE"]).await;
    }
    assert_eq!(shop.credits().await, [200 - n, 0, n]);
    assert_eq!(partenaire.calls("OPAMCREQ").len(), HOSTILES.len(), "nothing is sent twice");
    scene.end(&shop).await;
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn head(lines: &str) -> Vec<u8> {
    format!("HTTP/1.1 200 OK\r\n{lines}\r\n").into_bytes()
}

fn compressed(body: &[u8]) -> Reply {
    Reply::Bytes([head(&format!("content-encoding: gzip\r\ncontent-length: {}\r\n", body.len())), body.to_vec()].concat())
}

#[tokio::test]
async fn a_connection_that_never_ends_ends_at_its_limit_of_time_or_size() {
    let (partenaire, elsewhere) = (Partenaire::start().await, Partenaire::start().await);
    elsewhere.on("OPAMCREQ", [granted("300.00")]);
    elsewhere.on("OPAMCGET", [granted("300.00")]);
    let whole = grant("dem_01ARZ3NDEKTSV4RRFFQ69G5FAV", "");
    let block = vec![b'a'; 64 * 1024];
    let redirect = |status: &str| {
        Reply::Bytes(
            format!("HTTP/1.1 {status}\r\nlocation: {}/opamc\r\nrefresh: 0; url={}/opamc\r\ncontent-length: 0\r\n\r\n", elsewhere.url, elsewhere.url)
                .into_bytes(),
        )
    };
    let cases: Vec<(&str, Reply)> = vec![
        ("an answer that comes a byte at a time", Reply::Drip([head(&format!("content-length: {}\r\n", whole.len())), whole.clone().into_bytes()].concat())),
        ("a head that comes a byte at a time", Reply::Drip(head(&"x: y\r\n".repeat(50)))),
        ("an endless body", Reply::Endless(head(""), block.clone())),
        ("an endless body in chunks", Reply::Endless(head("transfer-encoding: chunked\r\n"), [b"10000\r\n".as_slice(), &block, b"\r\n"].concat())),
        ("endless chunks of one byte", Reply::Endless(head("transfer-encoding: chunked\r\n"), b"1\r\na\r\n".repeat(1_000))),
        ("an endless extension of a chunk", Reply::Endless(head("transfer-encoding: chunked\r\n1;"), block.clone())),
        ("endless trailers", Reply::Endless([head("transfer-encoding: chunked\r\n"), b"0\r\n".to_vec()].concat(), b"x: y\r\n".repeat(1_000))),
        ("a chunk without a possible size", Reply::Bytes([head("transfer-encoding: chunked\r\n"), b"FFFFFFFFFFFFFFFFFF\r\na".to_vec()].concat())),
        ("endless headers", Reply::Endless(b"HTTP/1.1 200 OK\r\n".to_vec(), b"x: y\r\n".repeat(1_000))),
        ("one endless header", Reply::Endless(b"HTTP/1.1 200 OK\r\nx: ".to_vec(), block.clone())),
        ("an endless status line", Reply::Endless(b"HTTP/1.1 200 ".to_vec(), block.clone())),
        ("endless provisional answers", Reply::Endless(Vec::new(), b"HTTP/1.1 100 Continue\r\n\r\n".repeat(100))),
        ("2 GB announced and begun", Reply::Endless(head("content-length: 2147483648\r\n"), block.clone())),
        ("2 GB announced, a grant sent", Reply::Bytes([head("content-length: 2147483648\r\n"), whole.clone().into_bytes()].concat())),
        ("more announced than can be counted", Reply::Bytes([head("content-length: 99999999999999999999999\r\n"), whole.clone().into_bytes()].concat())),
        ("two lengths", Reply::Bytes([head(&format!("content-length: {}\r\ncontent-length: 10\r\n", whole.len())), whole.clone().into_bytes()].concat())),
        ("less than nothing announced", Reply::Bytes([head("content-length: -1\r\n"), whole.into_bytes()].concat())),
        ("a bomb in gzip", compressed(&gzip(&vec![0; 20_000_000]))),
        ("a bomb in gzip in gzip", compressed(&gzip(&gzip(&vec![0; 20_000_000])))),
        ("a redirect elsewhere that keeps the method", redirect("307 Temporary Redirect")),
        ("a lasting redirect elsewhere", redirect("308 Permanent Redirect")),
        ("a redirect elsewhere to look at", redirect("303 See Other")),
        ("another protocol", Reply::Bytes(b"HTTP/1.1 101 Switching Protocols\r\nupgrade: h2c\r\nconnection: upgrade\r\n\r\n".to_vec())),
        ("HTTP/2 out of nothing", Reply::Bytes(b"\0\0\x12\x04\0\0\0\0\0\0\x03\0\0\0\x64\0\x04\x40\0\0\0\0\x02\0\0\0\0".to_vec())),
    ];
    let setup = Setup { reel: Some(partenaire.url.clone()), answer_timeout: Some(Duration::from_millis(400)), ..Setup::default() };
    let scene = Scene::start(setup).await;
    let shop = scene.app.reel_shop("test", 100).await;
    let n = i64::try_from(cases.len()).unwrap();
    for (what, reply) in cases {
        partenaire.on("OPAMCREQ", [reply]);
        let before = partenaire.pushed();
        let id = pec(&shop).await;
        untouched(&shop.until(&id, &["SANS_REPONSE"]).await, what);
        // What is taken is what the limits let in (a quarter of a MiB of body, as much of head) and what waits in the sockets, however long
        // the answer would go on. What is thrown away as it comes (provisional answers) only ends in time.
        let pushed = partenaire.pushed() - before;
        assert!(pushed < 64 * 1024 * 1024, "{what}: {pushed} bytes");
    }
    assert_eq!(shop.credits().await, [100 - n, n, 0]);
    assert!(["OPAMCREQ", "OPAMCGET", "OPAMCDEL", "CONVENTIONS"].iter().all(|kind| elsewhere.calls(kind).is_empty()), "no redirect is followed");
    scene.end(&shop).await;
}

/// A grant of the demande itself, but in gzip, which nobody asked for.
fn grant_in_gzip(reference: &str) -> Vec<u8> {
    gzip(grant(reference, "").as_bytes())
}

#[tokio::test]
async fn a_list_of_conventions_meant_to_harm_changes_nothing() {
    let partenaire = Partenaire::start().await;
    let scene = Scene::start(Setup { reel: Some(partenaire.url.clone()), ..Setup::default() }).await;
    let shop = scene.app.reel_shop("test", 10).await;
    let before = shop.walk("/v1/mutuelles", "mutuelles", 100).await;
    let row = "Mutuelle Delta;81000004;81000004;OPT_LEN;oui;;;;;;;;;;;;;non;non;non\n";
    let cases: Vec<(&str, Reply)> = vec![
        ("an endless list", Reply::Endless(head("content-type: text/csv\r\n"), row.repeat(1_000).into_bytes())),
        ("2 GB announced", Reply::Endless(head("content-length: 2147483648\r\n"), row.repeat(1_000).into_bytes())),
        ("20,001 rows", Reply::Xml(format!("{HEADER}{}", "A;;;NON;;;;;;;;;;;;;;;;\n".repeat(20_001)))),
        ("100,000 columns", Reply::Xml(format!("{};{}", HEADER.trim_end(), (0..100_000).map(|n| format!("c{n};")).collect::<String>()))),
        ("only line ends", Reply::Xml("\n".repeat(4 * 1024 * 1024))),
        ("only separators", Reply::Xml(format!("{HEADER}{}", ";".repeat(4_000_000)))),
        ("one quote", Reply::Xml(format!("{HEADER}\"{}", row.repeat(1_000)))),
        ("in gzip", compressed(&gzip(format!("{HEADER}{row}").as_bytes()))),
        ("in UTF-16", Reply::Bytes([head(""), format!("\u{feff}{HEADER}{row}").encode_utf16().flat_map(u16::to_le_bytes).collect()].concat())),
        ("NUL bytes", Reply::Bytes([head(""), vec![0; 1_000_000]].concat())),
        ("a page", Reply::Xml("<!DOCTYPE html><html><body>Bienvenue</body></html>".into())),
        ("a grant in gzip", Reply::Made(grant_in_gzip)),
    ];
    for (what, reply) in cases {
        partenaire.on("CONVENTIONS", [reply]);
        let answer = shop.post("/v1/mutuelles/telechargement", json!({})).await;
        assert_eq!((answer.status, answer.kind()), (502, "/problemes/concentrateur-injoignable"), "{what}: {}", answer.text);
        assert_eq!(shop.walk("/v1/mutuelles", "mutuelles", 100).await, before, "{what}");
    }
    assert!(partenaire.pushed() < 128 * 1024 * 1024, "{} bytes", partenaire.pushed());
    partenaire.on("CONVENTIONS", [Reply::Xml(format!("{CONVENTIONS}{row}"))]);
    assert_eq!(shop.post("/v1/mutuelles/telechargement", json!({})).await.expect(200).body["ajoutees"], 1);
    // A bad gateway is told as an error of its own; nothing of ours failed.
    let text = scene.journal.text();
    assert!(!text.contains("panique") && !text.contains("\"statut\":500"));
    scene.app.system.stop().await;
}

// Files

async fn import(user: &User, path: &str, file: impl Into<reqwest::Body>) -> Answer {
    let key = key();
    user.raw(Method::POST, path, &[("content-type", "text/csv"), ("idempotency-key", &key)], file).await
}

#[tokio::test]
async fn a_formula_goes_through_a_file_without_ever_being_one() {
    let scene = Scene::start(Setup::default()).await;
    let shop = scene.app.demo_shop("demo").await;
    let signs = ["=", "+", "-", "@", "\t", "\r", "\n", "\t=", "\r\n=", " =", "\u{a0}=", "\u{feff}=", "＝", "＋", "－", "＠", "'=", "''＝", "\0=", "\u{202e}="];
    let rest = "1+1|cmd' /C calc'!A0";
    let file: String = signs.iter().enumerate().fold(HEADER.to_owned(), |file, (i, sign)| {
        // Once as it stands, once behind the name, which has to be somebody's own.
        file + &format!("\"{sign}{rest} {i}\";;;NON;non;;;;;;;;;;;\"{sign}{rest}\";\"{sign}HYPERLINK(A1)\";non;non;non\n")
    });
    let report = import(&shop, "/v1/mutuelles/import", file).await.expect(200).body;
    assert_eq!((report["ajoutees"].as_u64(), &report["rejetees"]), (Some(signs.len() as u64), &json!([])));
    let kept = shop.walk("/v1/mutuelles", "mutuelles", 100).await;
    let exported = shop.get("/v1/mutuelles/export").await.expect(200).text;
    for line in exported.lines().skip(1) {
        for cell in line.split(';').map(|c| c.strip_prefix('"').unwrap_or(c)) {
            assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠']), "{cell} in {line}");
        }
    }
    for sign in ["=", "+", "-", "@", "＝", "＋", "－", "＠"] {
        assert!(kept.iter().any(|m| m["remarque"] == format!("{sign}HYPERLINK(A1)")), "{sign} is kept as it was meant");
        assert!(exported.contains(&format!("'{sign}HYPERLINK(A1)")), "{sign} is guarded");
    }
    let report = import(&shop, "/v1/mutuelles/import", exported.clone()).await.expect(200).body;
    assert_eq!((&report["ajoutees"], &report["modifiees"], &report["rejetees"]), (&json!(0), &json!(0), &json!([])));
    assert_eq!(shop.walk("/v1/mutuelles", "mutuelles", 100).await, kept);
    assert_eq!(shop.get("/v1/mutuelles/export").await.expect(200).text, exported);
    scene.end(&shop).await;
}

#[tokio::test]
async fn a_file_meant_to_harm_is_refused_or_its_rows_are() {
    let scene = Scene::start(Setup::default()).await;
    let shop = scene.app.demo_shop("demo").await;
    let operateur = scene.app.user("demo", "OPERATEUR").await;
    let row = |name: &str| format!("{name};;;NON;non;;;;;;;;;;;;;non;non;non\n");
    let path = "/v1/mutuelles/import?essai=true";
    let cells = |count: usize| (0..count).map(|n| format!("colonne{n};")).collect::<String>();

    import(&shop, path, format!("{HEADER}\"{}\"", "x".repeat(10_000_000))).await.problem(413);
    let report = import(&shop, path, format!("{HEADER}{}{}", row("Avant"), row(&"x".repeat(4_000_000)))).await.expect(200);
    assert_eq!((&report.body["ajoutees"], report.body["rejetees"].as_array().map(Vec::len)), (&json!(1), Some(1)));
    assert!(report.text.len() < 1_000, "the cell is not repeated");
    let report = import(&shop, path, format!("{HEADER}{}\"Sans fin;{}", row("Avant"), row("Après").repeat(1_000))).await.expect(200);
    assert_eq!((&report.body["ajoutees"], report.body["rejetees"].as_array().map(Vec::len)), (&json!(1), Some(1)));
    for columns in [cells(101), cells(100_000), ";".repeat(4_000_000)] {
        let refused = import(&shop, path, format!("{};{columns}\n{}", HEADER.trim_end(), row("A"))).await.problem(422);
        assert!(refused.body["detail"].as_str().unwrap().contains("100 colonnes"), "{}", refused.text);
        operateur
            .raw(Method::PUT, "/v1/referentiel/lpp", &[("content-type", "text/csv")], format!("code;libelle;classe;valide_du;valide_au;tarif;{columns}"))
            .await
            .refusal();
    }
    let report = import(&shop, path, format!("{HEADER}{}", row(&format!("A{}", ";".repeat(3_000_000))))).await.expect(200);
    assert_eq!(report.body["rejetees"].as_array().map(Vec::len), Some(1), "a row of three million cells is one bad row");
    let report = import(&shop, path, format!("{HEADER}{}", row("Nul\0Nul"))).await.expect(200);
    assert_eq!(report.body["ajoutees"], 1, "a control character is removed at entry");
    import(&shop, path, format!("nom\0{}", HEADER.strip_prefix("nom").unwrap())).await.refusal();
    let rows = |count: usize| format!("{HEADER}{}", (0..count).map(|n| row(&format!("M{n}"))).collect::<String>());
    assert_eq!(import(&shop, path, rows(20_000)).await.expect(200).body["ajoutees"], 20_000);
    let refused = import(&shop, path, rows(20_001)).await.problem(413);
    assert!(refused.body["detail"].as_str().unwrap().contains("20000"), "{}", refused.text);

    let mib = 4 * 1024 * 1024;
    for bytes in [vec![b'\n'; mib], vec![b'"'; mib], vec![b';'; mib], vec![0xFF; mib], b"a\n".repeat(mib / 2)] {
        let shown = String::from_utf8_lossy(&bytes[..4]).into_owned();
        let answer = import(&shop, path, [HEADER.as_bytes(), &bytes[..mib - 1_000]].concat()).await;
        assert!(answer.status < 500 && answer.text.len() < 1_000_000, "{shown:?}: {} {}", answer.status, answer.text.len());
        let file = [b"code;libelle;classe;valide_du;valide_au;tarif\n".as_slice(), &bytes[..mib - 100]].concat();
        let answer = operateur.raw(Method::PUT, "/v1/referentiel/lpp", &[("content-type", "text/csv")], file).await.refusal();
        assert!(answer.text.len() < 1_000_000, "{}", answer.text.len());
    }
    scene.end(&shop).await;
}

// Bodies

#[tokio::test]
async fn a_json_body_meant_to_harm_is_refused_in_a_few_words() {
    let scene = Scene::start(Setup::default()).await;
    let shop = scene.app.demo_shop("demo").await;
    let json = |body: Vec<u8>| async { shop.raw(Method::POST, "/v1/clients", &[("content-type", "application/json")], body).await };
    for levels in [33, 100, 100_000] {
        for (open, close) in [("[", "]"), ("{\"a\":", "}"), ("[{\"a\":", "}]")] {
            let levels = if open.len() * levels > 250_000 { 250_000 / open.len() } else { levels };
            for text in [
                format!("{}1{}", open.repeat(levels), close.repeat(levels)),
                open.repeat(levels),
                format!("{{\"nom\":{}1{}}}", open.repeat(levels), close.repeat(levels)),
            ] {
                let refused = json(text.into_bytes()).await;
                assert!(refused.status == 413 || refused.status == 400, "{}", refused.text);
                assert!(refused.status == 413 || refused.body["detail"].as_str().unwrap().contains("32 niveaux"), "{}", refused.text);
                refused.refusal();
            }
        }
    }
    for text in [
        r#"{"nom":"A","rang_gemellaire":1e400}"#,
        r#"{"nom":"\ud800"}"#,
        r#"{"nom":"\udc00\ud800"}"#,
        r#"{"nom":"\u00"}"#,
        r#"{"nom":"A",}"#,
        r#"{"nom":01}"#,
        r#"{"nom":+1}"#,
        r#"{"nom":Infinity}"#,
        "{\"nom\":\"a\nb\"}",
        "{\"nom\":\"A\"}\0",
        "\u{feff}{\"nom\":\"A\"}",
        "/* */{\"nom\":\"A\"}",
    ] {
        json(text.into()).await.problem(400);
    }
    for bytes in
        [b"{\"nom\":\"\xE9\"}".to_vec(), b"{\"nom\":\"\xC0\xAF\"}".to_vec(), b"{\"nom\":\"\xED\xA0\x80\"}".to_vec(), b"\xFF\xFE{\0}\0".to_vec(), vec![0; 1_000]]
    {
        json(bytes).await.problem(400);
    }
    // As API Gateway hands on the first of them.
    json("{\"nom\":\"\u{FFFD}\"}".into()).await.problem(400);
    // A key given twice counts once, the last time.
    let twice = json(br#"{"nom":"PREMIER","nom":"SECOND"}"#.to_vec()).await.expect(201).body;
    assert_eq!(twice["nom"], "SECOND");

    // An amount is an integer of centimes that fits, and nothing else.
    let amount = |text: &str| format!(r#"{{"nom":"M","pec":"NON","forfaits":[{{"libelle":"F","type":"FIXE","montant_centimes":{text}}}]}}"#);
    for text in [
        "99999999999999999999",
        "-1",
        "1.5",
        "1e2",
        "18446744073709551616",
        "-9223372036854775809",
        "\"100\"",
        "true",
        "[1]",
        "100000001",
        "0.1e1",
        "9".repeat(10_000).as_str(),
    ] {
        let answer = shop.raw(Method::POST, "/v1/mutuelles", &[("content-type", "application/json")], amount(text)).await;
        assert!([400, 422].contains(&answer.status), "{text}: {} {}", answer.status, answer.text);
        answer.refusal();
    }
    shop.raw(Method::POST, "/v1/mutuelles", &[("content-type", "application/json")], amount("100000000")).await.expect(201);

    // JSON has one limit, whatever it says it is.
    for form in [
        "application/json",
        "text/csv",
        "text/csv; charset=utf-8",
        "text/plain",
        "multipart/form-data; boundary=x",
        "application/x-www-form-urlencoded",
        "*/*",
        ";;;",
        "",
    ] {
        for (bytes, expected) in [(300 * 1024, 413), (256 * 1024 + 1, 413), (1_000, 201)] {
            let body = format!(r#"{{"nom":"A","inconnu":"{}"}}"#, "x".repeat(bytes - 24));
            let answer = shop.raw(Method::POST, "/v1/clients", &[("content-type", form)], body).await;
            assert_eq!(answer.status, expected, "{form} {bytes}: {}", answer.text);
        }
    }

    // Long lists of what is wrong are not answered with lists as long.
    let list = |item: &str| format!("[{}]", vec![item; 240_000 / (item.len() + 1)].join(","));
    let operateur = scene.app.user("demo", "OPERATEUR").await;
    let ready = shop.dossier("DEMO-ACCORD").await;
    for item in ["0", "{}", "[]", "\"\"", "null"] {
        let list = list(item);
        for (user, method, path, body) in [
            (&*shop, Method::POST, "/v1/mutuelles".to_owned(), format!(r#"{{"nom":"M","pec":"NON","regimes":{list}}}"#)),
            (&*shop, Method::POST, "/v1/mutuelles".to_owned(), format!(r#"{{"nom":"M","pec":"NON","forfaits":{list}}}"#)),
            (&*shop, Method::POST, "/v1/mutuelles".to_owned(), format!(r#"{{"nom":"M","pec":"NON","champs_requis":{list}}}"#)),
            (&*shop, Method::POST, "/v1/clients".to_owned(), format!(r#"{{"nom":"A","mutuelles":{list}}}"#)),
            (&*shop, Method::POST, "/v1/dossiers".to_owned(), format!(r#"{{"equipements":{list}}}"#)),
            (&*shop, Method::POST, "/v1/dossiers".to_owned(), format!(r#"{{"equipements":[{{"numero":1,"type":"OPT","lignes":{list}}}]}}"#)),
            (
                &*shop,
                Method::POST,
                "/v1/dossiers".to_owned(),
                format!(r#"{{"equipements":[{{"numero":1,"type":"OPT","lignes":[{{"numero":1,"traitements":{list}}}]}}]}}"#),
            ),
            (&*shop, Method::POST, format!("/v1/dossiers/{ready}/demandes"), list.clone()),
            (&operateur, Method::PUT, "/v1/referentiel/taux".to_owned(), list.clone()),
        ] {
            let key = key();
            let answer = user.raw(method, &path, &[("content-type", "application/json"), ("idempotency-key", &key)], body).await.refusal();
            assert!(answer.text.len() < 100_000, "{path} {item}: {} bytes", answer.text.len());
        }
    }
    scene.end(&shop).await;
}

// Headers, addresses, requests

/// Everything that the front door answers to these bytes before it closes the connection.
async fn say(app: &App, bytes: &[u8]) -> String {
    let mut stream = TcpStream::connect(app.system.url.trim_start_matches("http://")).await.unwrap();
    let mut answer = Vec::new();
    // The door may close while we still speak, and resets what it did not read.
    let _ = stream.write_all(bytes).await;
    tokio::time::timeout(Duration::from_secs(10), async { while matches!(stream.read_buf(&mut answer).await, Ok(n) if n > 0) {} })
        .await
        .unwrap_or_else(|_| panic!("the door keeps waiting after {:?}", String::from_utf8_lossy(&bytes[..bytes.len().min(300)])));
    String::from_utf8_lossy(&answer).into_owned()
}

/// The statuses of the answers on one connection. None: it was closed without one.
fn statuses(answer: &str) -> Vec<u16> {
    answer.split("HTTP/1.1 ").skip(1).map(|rest| rest[..3].parse().unwrap()).collect()
}

/// Everything at fault of many cases, told at once.
#[derive(Default)]
struct Faults(Vec<String>);

impl Faults {
    fn expect(&mut self, holds: bool, what: impl std::fmt::Display) {
        if !holds {
            self.0.push(format!("{what:.400}"));
        }
    }

    #[track_caller]
    fn none(self) {
        assert!(self.0.is_empty(), "{} at fault:\n{}", self.0.len(), self.0.join("\n----\n"));
    }
}

/// A request with a token, and then whatever a case adds.
fn request(line: &str, jeton: &str, lines: &str) -> Vec<u8> {
    format!("{line}\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {jeton}\r\nConnection: close\r\n{lines}\r\n").into_bytes()
}

#[tokio::test]
async fn headers_meant_to_harm_are_refused_or_mean_nothing() {
    let scene = Scene::start(Setup::default()).await;
    let mut faults = Faults::default();
    let shop = scene.app.demo_shop("demo").await;
    let (app, jeton, other) = (&scene.app, shop.jeton.clone(), scene.app.user("demo2", "GERANT").await.jeton);
    let line = "GET /v1/magasin HTTP/1.1";
    let plain = say(app, &request(line, &jeton, "")).await;
    assert_eq!(statuses(&plain), [200]);
    let magasin = shop.magasin.clone();
    for (what, lines, expected) in [
        ("100 KB in one header", format!("X-A: {}\r\n", "a".repeat(100_000)), vec![431]),
        ("100 KB in many headers", (0..99).map(|n| format!("X-{n}: {}\r\n", "a".repeat(1_000))).collect(), vec![431]),
        ("500 KB in one header", format!("X-A: {}\r\n", "a".repeat(500_000)), vec![431]),
        ("500 headers", (0..500).map(|n| format!("X-{n}: a\r\n")).collect(), vec![431]),
        ("a name of 20 KB", format!("{}: a\r\n", "X".repeat(20_000)), vec![431]),
        ("a cookie of 20 KB", format!("Cookie: {}\r\n", "a=b; ".repeat(4_000)), vec![431]),
        ("two tokens, the second another's", format!("Authorization: Bearer {other}\r\n"), vec![401]),
        ("the same token twice", format!("Authorization: Bearer {jeton}\r\n"), vec![401]),
        ("no token but that one", "Authorization:\r\n".into(), vec![401]),
        ("a header without a name", ": a\r\n".into(), vec![400]),
        ("a header without a colon", "abc\r\n".into(), vec![400]),
        ("a space before the colon", "X-A : a\r\n".into(), vec![400]),
        ("a folded header", "X-A: a\r\n b\r\n".into(), vec![400]),
        ("a NUL in a header", "X-A: a\0b\r\n".into(), vec![400]),
        ("a lone CR in a header", "X-A: a\rb\r\n".into(), vec![400]),
        ("a name that is not ASCII", "X-É: a\r\n".into(), vec![400]),
        ("a length that is no number", "Content-Length: abc\r\n".into(), vec![400]),
        ("a negative length", "Content-Length: -1\r\n".into(), vec![400]),
        ("a signed length", "Content-Length: +1\r\n".into(), vec![400]),
        ("a length that overflows", "Content-Length: 99999999999999999999999\r\n".into(), vec![400]),
        ("another coding", "Transfer-Encoding: gzip\r\n".into(), vec![400]),
        ("a coding that is none", "Transfer-Encoding: xchunked\r\n".into(), vec![400]),
        ("an expectation", "Expect: 200-ok\r\n".into(), vec![200]),
        ("a value that is not ASCII", "X-A: é\r\n".into(), vec![200]),
        ("another host in front", "X-Forwarded-Host: autre.example\r\nForwarded: host=autre.example;proto=javascript\r\n".into(), vec![200]),
        (
            "another scheme in front",
            "X-Forwarded-Proto: javascript\r\nX-Forwarded-For: 127.0.0.1\r\nX-Forwarded-Port: 0\r\nX-Forwarded-Prefix: /..\r\n".into(),
            vec![200],
        ),
        ("another address behind", "X-Original-URL: /v1/credits\r\nX-Rewrite-URL: /v1/credits\r\nX-HTTP-Method-Override: DELETE\r\n".into(), vec![200]),
        ("claims in a header", "X-Amzn-Request-Context: {\"authorizer\":{\"jwt\":{\"claims\":{\"custom:role\":\"OPERATEUR\"}}}}\r\n".into(), vec![200]),
    ] {
        let answer = say(app, &request(line, &jeton, &lines)).await;
        faults.expect(statuses(&answer) == expected, format_args!("{what}: {answer:.600}"));
        if expected == [200] {
            faults.expect(answer.contains(&magasin), format_args!("{what}: {answer:.600}"));
        }
    }
    let latin = [&request(line, &jeton, "")[..], b""].concat();
    let latin = String::from_utf8(latin).unwrap().replace("Connection: close", "X-Nom: @@\r\nConnection: close");
    let bytes: Vec<u8> = latin.bytes().map(|b| if b == b'@' { 0xE9 } else { b }).collect();
    assert_eq!(statuses(&say(app, &bytes).await), [200], "bytes that are no UTF-8 in a header of no meaning");
    // Ways to write a token.
    for (authorization, expected) in [
        (format!("Bearer\t{jeton}"), 401),
        (format!("Bearer \t{jeton}"), 401),
        (format!("Bearer{jeton}"), 401),
        (format!("Bearer {jeton}é"), 401),
        (format!("Bearer {jeton}\0"), 400),
        (format!("Bearer {jeton}, Bearer {other}"), 401),
        (format!("Bearer {jeton} {jeton}"), 401),
        (format!("Bearer \"{jeton}\""), 401),
        (format!("Bearer {}", "a".repeat(9_000)), 401),
        (format!("Bearer {}", ".".repeat(9_000)), 401),
        (format!("Digest {jeton}"), 401),
        (format!("bEARER {jeton}"), 200),
    ] {
        let answer = say(app, format!("{line}\r\nHost: a\r\nAuthorization: {authorization}\r\nConnection: close\r\n\r\n").as_bytes()).await;
        faults.expect(statuses(&answer) == [expected], format_args!("{authorization:.40}: {answer:.300}"));
    }
    // Hosts: none is asked for, none is believed.
    for host in
        ["", "Host:\r\n", "Host: a b\r\n", "Host: [::1\r\n", "Host: é\r\n", "Host: a/../b?c#d\r\n", "Host: autre.example:99999\r\n", "Host: a\r\nHost: b\r\n"]
    {
        let answer = say(app, format!("{line}\r\n{host}Authorization: Bearer {jeton}\r\nConnection: close\r\n\r\n").as_bytes()).await;
        faults.expect([vec![200], vec![400]].contains(&statuses(&answer)), format_args!("{host}: {answer:.300}"));
        faults.expect(!answer.contains("autre.example"), format_args!("{host}"));
    }
    // Of two keys one is made, as API Gateway does: a key with a comma. It is one key, and it remembers.
    let body = "{\"nom\":\"DEUX\"}";
    let post =
        |keys: &str| request("POST /v1/clients HTTP/1.1", &jeton, &format!("{keys}Content-Type: application/json\r\nContent-Length: {}\r\n", body.len()));
    let twice = [post("Idempotency-Key: a\r\nIdempotency-Key: b\r\n"), body.into()].concat();
    assert_eq!(statuses(&say(app, &twice).await), [201]);
    assert_eq!(statuses(&say(app, &twice).await), [201]);
    assert_eq!(shop.search("/v1/clients/recherche", "deux", "clients", 10).await.len(), 1);
    for key in ["a\tb", "\u{1}", &"é".repeat(65), &"x".repeat(65), ""] {
        let answer = say(app, &[post(&format!("Idempotency-Key: {key}\r\n")), body.into()].concat()).await;
        faults.expect(statuses(&answer) == [400], format_args!("{key:?}: {answer:.300}"));
    }
    for (name, value) in [("If-Match", "é"), ("If-Match", "\"a\", , \"b"), ("If-Match", "W/"), ("If-None-Match", "\"\"\"")] {
        let answer = say(app, &request("PUT /v1/magasin HTTP/1.1", &jeton, &format!("{name}: {value}\r\nContent-Length: 0\r\n"))).await;
        faults.expect(matches!(statuses(&answer)[..], [400 | 412 | 422 | 428]), format_args!("{name} {value}: {answer:.300}"));
    }
    faults.none();
    scene.end(&shop).await;
}

#[tokio::test]
async fn addresses_meant_to_harm_are_not_found_or_mean_nothing() {
    let scene = Scene::start(Setup::default()).await;
    let mut faults = Faults::default();
    let shop = scene.app.demo_shop("demo").await;
    let (app, jeton) = (&scene.app, shop.jeton.clone());
    let client = shop.post("/v1/clients", json!({"nom": "MONTFORT"})).await.expect(201).id();
    for target in [
        "/v1/clients/../magasin",
        "/v1/clients/..",
        "/v1/dossiers/../demandes",
        "/v1/dossiers/%2e%2e/demandes",
        "/v1/dossiers/%2E./demandes",
        "/v1/dossiers/.%2e%2fdemandes",
        "/v1/dossiers/%252e%252e/demandes",
        "/v1/dossiers/..;/demandes",
        "/v1/dossiers/..\\demandes",
        "/v1/clients/..\\magasin",
        "/v1/clients/x\\..\\..\\magasin",
        "/v1/clients/../../local/horloge",
        "/v1/../local/horloge",
        "/v1//magasin",
        "//v1/magasin",
        "//autre.example/v1/magasin",
        "/v1/magasin/",
        "/v1/magasin;a=b",
        "/v1;a/magasin",
        "/v1/magasin%00",
        "/v1/magasin%20",
        "/v1/magasin%0d%0aX-A:%20b",
        "/v1/magasin%2f",
        "/v1%2fmagasin",
        "/V1/MAGASIN",
        "/v1/m%61gasin",
        "/v1/magasin.json",
        "/./v1/magasin",
        "/v1/clients/%00",
        "/v1/clients/%FF",
        "/v1/clients/%",
        "/v1/clients/%zz",
        "/v1/clients/%u0041",
        "/v1/clients/%C0%AE%C0%AE",
        "/v1/clients/{id}",
        "/v1/clients/\"",
        "/v1/clients/é",
        "/v1/clients/<script>",
        &format!("/v1/clients/{client}%2f"),
        &format!("/v1/clients/{client}%00"),
        &format!("/v1/clients/{client};x"),
        &format!("/v1/clients/%2e%2e%2fclients%2f{client}"),
        &format!("/v1/clients/{client}/"),
        &format!("/v1/clients/{client}/../{client}"),
        &format!("/v1/clients/{client}."),
        &format!("/v1/clients/{}", "a".repeat(9_000)),
        &format!("/v1/clients/{}", "{".repeat(9_000)),
        &format!("/v1/clients{}", "/a".repeat(4_000)),
        &format!("/v1/clients/{}", "..%2f".repeat(1_000)),
    ] {
        let answer = say(app, &request(&format!("GET {target} HTTP/1.1"), &jeton, "")).await;
        faults.expect(matches!(statuses(&answer)[..], [400 | 404 | 405]), format_args!("{target:.80}: {answer:.300}"));
        faults.expect(!answer.contains("MONTFORT") && !answer.contains("script"), format_args!("{target:.80}"));
    }
    for target in [
        format!("/v1/clients/{}", "a".repeat(20_000)),
        format!("/v1/clients/{}", "a".repeat(70_000)),
        format!("/v1/clients/{}", "{".repeat(30_000)),
        format!("/v1/demandes?{}", "a=b&".repeat(10_000)),
    ] {
        let answer = say(app, &request(&format!("GET {target} HTTP/1.1"), &jeton, "")).await;
        faults.expect(matches!(statuses(&answer)[..], [414 | 431]), format_args!("{} bytes: {answer:.300}", target.len()));
    }
    // A query has values that are refused by name, and names that nobody knows.
    for value in
        ["99999999999", "4294967296", "18446744073709551616", "-1", "0", "101", "1e1", "0x10", "%2B5", "٥", "1.0", "%00", "%FF", "é", "NaN", "1;2", "1,2"]
    {
        for list in ["/v1/demandes", "/v1/clients", "/v1/dossiers", "/v1/credits/mouvements", "/v1/mutuelles"] {
            let method = if list == "/v1/clients" { "POST /v1/clients/recherche" } else { &format!("GET {list}") };
            let answer = say(app, &request(&format!("{method}?limite={value} HTTP/1.1"), &jeton, "Content-Length: 0\r\n")).await;
            faults.expect(matches!(statuses(&answer)[..], [400 | 422]), format_args!("{method} {value}: {answer:.300}"));
        }
    }
    for (query, expected) in [
        ("suivant=%00", vec![400, 422]),
        ("suivant=../../x", vec![400, 422]),
        ("suivant=r18446744073709551616", vec![400, 422]),
        ("suivant=r18446744073709551615", vec![200, 400, 422]),
        ("suivant=r0&suivant=x", vec![200]),
        ("q=%", vec![200]),
        ("q=%FF%FE&q=x", vec![200]),
        ("q=%00", vec![200]),
        ("&&&;;;==&=&q", vec![200]),
        ("a%3Db[]=1&__proto__=1&limite[]=5", vec![200]),
    ] {
        let answer = say(app, &request(&format!("GET /v1/mutuelles?{query} HTTP/1.1"), &jeton, "")).await;
        faults.expect(statuses(&answer).len() == 1 && expected.contains(&statuses(&answer)[0]), format_args!("{query}: {answer:.300}"));
    }
    let many = (0..1_000).map(|n| format!("p{n}=1&")).collect::<String>();
    assert_eq!(statuses(&say(app, &request(&format!("GET /v1/mutuelles?{many}limite=1 HTTP/1.1"), &jeton, "")).await), [200]);
    faults.none();
    scene.end(&shop).await;
}

#[tokio::test]
async fn requests_that_two_readers_would_read_differently_have_one_meaning() {
    let scene = Scene::start(Setup::default()).await;
    let mut faults = Faults::default();
    let shop = scene.app.demo_shop("demo").await;
    let (app, jeton) = (&scene.app, shop.jeton.clone());
    let hidden = {
        let body = "{\"nom\":\"CONTREBANDE\"}";
        format!("POST /v1/clients HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {jeton}\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{body}", body.len())
    };
    let post = |lines: &str, body: &str| {
        format!("POST /v1/clients/recherche HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {jeton}\r\nContent-Type: application/json\r\n{lines}\r\n{body}")
            .into_bytes()
    };
    let q = "{\"q\":\"mont\"}";
    let chunked = format!("{:x}\r\n{q}\r\n0\r\n\r\n", q.len());
    for (what, bytes) in [
        (
            "a length and chunks",
            post(&format!("Content-Length: {}\r\nTransfer-Encoding: chunked\r\n", chunked.len() + hidden.len()), &format!("{chunked}{hidden}")),
        ),
        ("chunks and a length", post(&format!("Transfer-Encoding: chunked\r\nContent-Length: {}\r\n", q.len()), &format!("{chunked}{hidden}"))),
        ("no chunks and a length", post(&format!("Content-Length: {}\r\nTransfer-Encoding: chunked\r\n", hidden.len() + 5), &format!("0\r\n\r\n{hidden}"))),
        ("two lengths", post(&format!("Content-Length: {}\r\nContent-Length: {}\r\n", q.len(), q.len() + hidden.len()), &format!("{q}{hidden}"))),
        ("a list of lengths", post(&format!("Content-Length: {}, {}\r\n", q.len(), q.len() + hidden.len()), &format!("{q}{hidden}"))),
        ("a length with a sign", post(&format!("Content-Length: +{}\r\n", q.len()), &format!("{q}{hidden}"))),
        ("a length in hexadecimal", post("Content-Length: 0x0\r\n", &hidden)),
        ("chunks, then not", post("Transfer-Encoding: chunked, identity\r\n", &format!("{chunked}{hidden}"))),
        ("not, then chunks", post("Transfer-Encoding: identity, chunked, x\r\n", &format!("{chunked}{hidden}"))),
        ("a coding that looks like it", post("Transfer-Encoding: \u{b}chunked\r\n", &format!("{chunked}{hidden}"))),
        ("a space before the colon", post(&format!("Transfer-Encoding : chunked\r\nContent-Length: {}\r\n", q.len()), &format!("{q}{hidden}"))),
        ("a folded coding", post("Transfer-Encoding:\r\n chunked\r\n", &format!("{chunked}{hidden}"))),
        ("a chunk that overflows", post("Transfer-Encoding: chunked\r\n", &format!("FFFFFFFFFFFFFFFFF\r\n{q}\r\n0\r\n\r\n{hidden}"))),
        ("a negative chunk", post("Transfer-Encoding: chunked\r\n", &format!("-1\r\n{q}\r\n0\r\n\r\n{hidden}"))),
        ("a chunk without its end", post("Transfer-Encoding: chunked\r\n", &format!("2\r\n{q}\r\n0\r\n\r\n{hidden}"))),
        ("a chunk with a long extension", post("Transfer-Encoding: chunked\r\n", &format!("c;{}\r\n{q}\r\n0\r\n\r\n{hidden}", "x".repeat(100_000)))),
        ("many trailers", post("Transfer-Encoding: chunked\r\n", &format!("{:x}\r\n{q}\r\n0\r\n{}\r\n{hidden}", q.len(), "X: y\r\n".repeat(5_000)))),
        ("no version", format!("GET /v1/magasin\r\n\r\n{hidden}").into_bytes()),
        ("a version to come", format!("GET /v1/magasin HTTP/9.9\r\nHost: a\r\n\r\n{hidden}").into_bytes()),
        ("a line with four words", format!("GET /v1/magasin HTTP/1.1 HTTP/1.1\r\nHost: a\r\n\r\n{hidden}").into_bytes()),
        ("HTTP/2", format!("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n{hidden}").into_bytes()),
        ("TLS", [b"\x16\x03\x01\x02\0\x01\0\x01\xFC\x03\x03".as_slice(), &[7; 600], hidden.as_bytes()].concat()),
        ("NUL bytes", [&[0; 10_000], hidden.as_bytes()].concat()),
    ] {
        let answer = say(app, &bytes).await;
        let statuses = statuses(&answer);
        // Chunks win over a length, and nothing behind them is read (RFC 9112, 6.3).
        let refused =
            statuses.iter().all(|s| (400..500).contains(s) || *s == 505) || (what.contains("chunks and a length") || what.contains("length and chunks"));
        faults.expect(statuses.len() <= 1 && refused, format_args!("{what}: {answer:.600}"));
        assert_eq!(shop.search("/v1/clients/recherche", "contrebande", "clients", 10).await, Vec::<Value>::new(), "{what}");
    }
    // Methods that mean nothing here, and forms of a target.
    for (line, expected) in [
        ("get /v1/magasin HTTP/1.1", vec![404, 405]),
        ("FOO /v1/magasin HTTP/1.1", vec![404, 405]),
        ("PATCH /v1/magasin HTTP/1.1", vec![404, 405]),
        ("DELETE /v1/magasin HTTP/1.1", vec![404, 405]),
        ("TRACE /v1/magasin HTTP/1.1", vec![404, 405]),
        ("TRACK /v1/magasin HTTP/1.1", vec![404, 405]),
        ("PROPFIND /v1/magasin HTTP/1.1", vec![404, 405]),
        ("OPTIONS /v1/magasin HTTP/1.1", vec![404, 405]),
        ("OPTIONS * HTTP/1.1", vec![400, 404]),
        ("CONNECT autre.example:443 HTTP/1.1", vec![400, 404, 405]),
        ("CONNECT /v1/magasin HTTP/1.1", vec![400, 404, 405]),
        ("G\0T /v1/magasin HTTP/1.1", vec![400]),
        ("GÉT /v1/magasin HTTP/1.1", vec![400]),
        ("GET v1/magasin HTTP/1.1", vec![400, 404]),
        ("GET @autre.example/v1/magasin HTTP/1.1", vec![400, 404]),
        ("GET http://autre.example/v1/magasin HTTP/1.1", vec![200]),
        ("GET http://u:p@autre.example:99999/v1/magasin HTTP/1.1", vec![200, 400]),
        ("GET file:///etc/passwd HTTP/1.1", vec![400, 404]),
        ("GET http:///v1/magasin HTTP/1.1", vec![400, 404]),
        ("GET  /v1/magasin HTTP/1.1", vec![400]),
        ("GET /v1/magasin#x HTTP/1.1", vec![200, 400]),
        ("HEAD /v1/magasin HTTP/1.1", vec![200, 404, 405]),
    ] {
        let answer = say(app, &request(line, &jeton, "")).await;
        let statuses = statuses(&answer);
        faults.expect(statuses.len() == 1 && expected.contains(&statuses[0]), format_args!("{line}: {answer:.300}"));
        faults.expect(!answer.contains(&jeton) && !answer.contains("autre.example") && !answer.contains("root:"), format_args!("{line}: nothing is echoed"));
    }
    let answer = say(app, &request(&format!("{} /v1/magasin HTTP/1.1", "A".repeat(20_000)), &jeton, "")).await;
    faults.expect(statuses(&answer).iter().all(|s| (400..500).contains(s)), format_args!("{answer:.300}"));
    // Requests that are begun and never ended keep nobody waiting.
    let mut waiting = Vec::new();
    for i in 0..100 {
        let mut stream = TcpStream::connect(app.system.url.trim_start_matches("http://")).await.unwrap();
        let begun = [b"GET /v1".to_vec(), b"POST /v1/clients HTTP/1.1\r\nX-A: b\r\n".to_vec(), post("Content-Length: 1000\r\n", "{")][i % 3].clone();
        stream.write_all(&begun).await.unwrap();
        waiting.push(stream);
    }
    shop.get("/v1/magasin").await.expect(200);
    drop(waiting);
    faults.none();
    scene.end(&shop).await;
}
