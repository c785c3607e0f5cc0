//! The transport against small servers that behave badly.

use super::{Concentrateur, Conventions, ConventionsErreur, Delais, Reglages};
use crate::dialecte::Dialecte;
use optopec_domain::{
    ids::DemandeId,
    reponse::{Issue, Reponse, Resultat, Statut},
};
use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::Mutex,
};

const REFERENCE: &str = "dem_01ARZ3NDEKTSV4RRFFQ69G5FAV";
const GRANTED: &str = r#"<OPAMCRSP xmlns="urn:optopec:opamc:1" version="1"><Reference>dem_01ARZ3NDEKTSV4RRFFQ69G5FAV</Reference><Statut>ACCORDEE</Statut><MontantGlobal>1.00</MontantGlobal></OPAMCRSP>"#;

/// What a server does with a connection once it has read the request.
#[derive(Clone)]
enum Manner {
    /// Writes this, then closes.
    Says(Vec<u8>),
    /// Writes this, then says nothing more and keeps the connection.
    Hangs(Vec<u8>),
    /// Writes this for ever.
    Repeats(Vec<u8>),
    /// Closes without reading.
    ClosesAtOnce,
}

struct Server {
    url: String,
    connections: Arc<AtomicUsize>,
    requests: Arc<Mutex<Vec<String>>>,
}

async fn server(manner: Manner) -> Server {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let (connections, requests) = (Arc::new(AtomicUsize::new(0)), Arc::new(Mutex::new(vec![])));
    let server = Server { url, connections: connections.clone(), requests: requests.clone() };
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            connections.fetch_add(1, Ordering::SeqCst);
            tokio::spawn(serve(stream, manner.clone(), requests.clone()));
        }
    });
    server
}

async fn serve(mut stream: TcpStream, manner: Manner, requests: Arc<Mutex<Vec<String>>>) {
    if let Manner::ClosesAtOnce = manner {
        return;
    }
    let mut read = vec![];
    let mut buffer = [0; 4096];
    while !complete(&read) {
        match stream.read(&mut buffer).await {
            Ok(n) if n > 0 => read.extend_from_slice(&buffer[..n]),
            _ => return,
        }
    }
    requests.lock().await.push(String::from_utf8_lossy(&read).into_owned());
    match manner {
        Manner::Says(bytes) => stream.write_all(&bytes).await.unwrap_or_default(),
        Manner::Hangs(bytes) => {
            stream.write_all(&bytes).await.unwrap_or_default();
            std::future::pending::<()>().await;
        }
        Manner::Repeats(bytes) => while stream.write_all(&bytes).await.is_ok() {},
        Manner::ClosesAtOnce => {}
    }
}

/// Whether head and announced body are there; a TLS greeting counts as complete.
fn complete(read: &[u8]) -> bool {
    if read.first() == Some(&0x16) {
        return true;
    }
    let text = String::from_utf8_lossy(read);
    let Some((head, body)) = text.split_once("\r\n\r\n") else { return false };
    let announced = head.lines().find_map(|l| l.to_lowercase().strip_prefix("content-length: ").and_then(|n| n.parse::<usize>().ok()));
    body.len() >= announced.unwrap_or(0)
}

fn http(status: &str, headers: &str, body: &str) -> Vec<u8> {
    format!("HTTP/1.1 {status}\r\n{headers}Content-Length: {}\r\n\r\n{body}", body.len()).into_bytes()
}

fn reglages(url: &str) -> Reglages {
    let short = Duration::from_millis(300);
    Reglages {
        url: url.to_owned(),
        jeton: "secret-1".into(),
        dialecte: Dialecte::Opamc1,
        version: "0.1.0".into(),
        delais: Delais { connexion: Duration::from_secs(3), reponse: short, conventions: short },
    }
}

fn client(url: &str) -> Concentrateur {
    Concentrateur::new(&reglages(url)).unwrap()
}

/// A client that waits long enough for a machine under load.
fn patient(url: &str) -> Concentrateur {
    Concentrateur::new(&Reglages { delais: Delais::default(), ..reglages(url) }).unwrap()
}

fn reference() -> DemandeId {
    REFERENCE.parse().unwrap()
}

fn kind<R>(issue: &Issue<R>) -> &'static str {
    match issue {
        Issue::Repondu(_) => "answered",
        Issue::NonRecu { .. } => "not received",
        Issue::SansReponse { .. } => "unknown",
    }
}

fn cause<R>(issue: Issue<R>) -> String {
    match issue {
        Issue::Repondu(_) => String::new(),
        Issue::NonRecu { cause } | Issue::SansReponse { cause } => cause,
    }
}

async fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port()
}

#[tokio::test]
async fn an_answer_is_read_and_every_call_carries_the_secret() {
    let server = server(Manner::Says(http("200 OK", "Content-Type: application/xml\r\n", GRANTED))).await;
    let client = patient(&format!("{}/v1/", server.url));
    let issue = client.state(&reference()).await.issue;
    assert!(matches!(issue, Issue::Repondu(Reponse { statut: Statut::Accordee, .. })), "{issue:?}");
    let request = server.requests.lock().await[0].clone();
    assert!(request.starts_with("POST /v1/opamc HTTP/1.1\r\n"), "{request}");
    for line in ["content-type: application/xml; charset=utf-8", "authorization: bearer secret-1"] {
        assert!(request.to_lowercase().contains(&format!("\r\n{line}\r\n")), "{request}");
    }
    assert!(request.ends_with(&format!("<Reference>{REFERENCE}</Reference></OPAMCGET>")), "{request}");
}

#[tokio::test]
async fn a_cancellation_is_acknowledged() {
    let body = format!(r#"<OPAMCADV xmlns="urn:optopec:opamc:1" version="1"><Reference>{REFERENCE}</Reference><Resultat>EN_ATTENTE</Resultat></OPAMCADV>"#);
    let server = server(Manner::Says(http("200 OK", "", &body))).await;
    let issue = patient(&server.url).cancel(&reference(), Some("26-1"), "erreur").await.issue;
    assert!(matches!(&issue, Issue::Repondu(avis) if avis.resultat == Resultat::EnAttente), "{issue:?}");
    assert!(server.requests.lock().await[0].contains("<NumeroPec>26-1</NumeroPec><Motif>erreur</Motif>"));
}

#[tokio::test]
async fn no_connection_is_not_received() {
    let refused = client(&format!("http://127.0.0.1:{}", free_port().await)).state(&reference()).await.issue;
    assert_eq!(kind(&refused), "not received");
    // A server that speaks no TLS: the handshake fails before the first byte of the request.
    let server = server(Manner::Says(http("400 Bad Request", "", ""))).await;
    let no_tls = patient(&server.url.replace("http:", "https:")).state(&reference()).await.issue;
    assert_eq!(kind(&no_tls), "not received");
    let greeting = server.requests.lock().await[0].clone();
    assert!(!greeting.contains(REFERENCE) && !greeting.contains("secret-1"));
}

#[tokio::test]
async fn a_tls_connection_that_never_stands_is_not_received() {
    let server = server(Manner::Hangs(vec![])).await;
    let mut reglages = reglages(&server.url.replace("http:", "https:"));
    reglages.delais = Delais { connexion: Duration::from_millis(200), ..Delais::default() };
    let issue = Concentrateur::new(&reglages).unwrap().state(&reference()).await.issue;
    assert_eq!(kind(&issue), "not received");
}

#[tokio::test]
async fn a_status_that_says_not_taken_is_not_received_and_any_other_is_unknown() {
    for (status, expected) in [
        ("401 Unauthorized", "not received"),
        ("403 Forbidden", "not received"),
        ("429 Too Many Requests", "not received"),
        ("200 OK", "answered"),
        ("201 Created", "unknown"),
        ("204 No Content", "unknown"),
        ("302 Found", "unknown"),
        ("307 Temporary Redirect", "unknown"),
        ("400 Bad Request", "unknown"),
        ("404 Not Found", "unknown"),
        ("408 Request Timeout", "unknown"),
        ("500 Internal Server Error", "unknown"),
        ("503 Service Unavailable", "unknown"),
    ] {
        let server = server(Manner::Says(http(status, "Location: /opamc\r\nRetry-After: 0\r\n", GRANTED))).await;
        let issue = patient(&server.url).state(&reference()).await.issue;
        assert_eq!(kind(&issue), expected, "{status}");
        assert_eq!(server.connections.load(Ordering::SeqCst), 1, "{status}: nothing is repeated or followed");
    }
}

#[tokio::test]
async fn whatever_happens_after_the_connection_is_unknown() {
    let head = |length: usize| format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n").into_bytes();
    for (what, manner) in [
        ("closed at once", Manner::ClosesAtOnce),
        ("closed without a word", Manner::Says(vec![])),
        ("half a head", Manner::Says(b"HTTP/1.1 200 O".to_vec())),
        ("not HTTP", Manner::Says(b"220 smtp.example ESMTP\r\n".to_vec())),
        ("half an answer", Manner::Says([head(GRANTED.len()), GRANTED.as_bytes()[..60].to_vec()].concat())),
        ("half an answer, then silence", Manner::Hangs([head(GRANTED.len()), GRANTED.as_bytes()[..60].to_vec()].concat())),
        ("silence", Manner::Hangs(vec![])),
        ("an endless answer", Manner::Repeats([b"HTTP/1.1 200 OK\r\n\r\n".to_vec(), vec![b'a'; 60_000]].concat())),
        ("an endless head", Manner::Repeats(b"HTTP/1.1 200 OK\r\nX: y\r\n".to_vec())),
        ("a long answer", Manner::Says(http("200 OK", "", &"a".repeat(300_000)))),
        ("an HTML page", Manner::Says(http("200 OK", "Content-Type: text/html\r\n", "<html><body>Bienvenue</body></html>"))),
        ("an empty answer", Manner::Says(http("200 OK", "", ""))),
        ("somebody else's answer", Manner::Says(http("200 OK", "", &GRANTED.replace("5FAV", "5FAA")))),
    ] {
        let server = server(manner).await;
        let issue = client(&server.url).state(&reference()).await.issue;
        assert_eq!(kind(&issue), "unknown", "{what}: {issue:?}");
        assert_eq!(server.connections.load(Ordering::SeqCst), 1, "{what}");
        let cause = cause(issue);
        assert!(cause.ends_with('.') && !cause.contains("secret-1") && !cause.contains("127.0.0.1"), "{what}: {cause}");
    }
}

#[tokio::test]
async fn each_call_has_a_connection_of_its_own() {
    let server = server(Manner::Hangs(http("200 OK", "Connection: keep-alive\r\n", GRANTED))).await;
    let client = patient(&server.url);
    for _ in 0..3 {
        assert_eq!(kind(&client.state(&reference()).await.issue), "answered");
    }
    assert_eq!(server.connections.load(Ordering::SeqCst), 3);
}

#[tokio::test]
async fn conventions_are_fetched_or_said_unchanged() {
    let list = server(Manner::Says(http("200 OK", "ETag: \"v1\"\r\n", "nom;plateau\n"))).await;
    let fetched = patient(&list.url).conventions(None).await;
    assert_eq!(fetched, Ok(Conventions::List { etag: Some("\"v1\"".into()), csv: b"nom;plateau\n".to_vec() }));
    let request = list.requests.lock().await[0].to_lowercase();
    assert!(request.starts_with("get /conventions http/1.1\r\n") && request.contains("authorization: bearer secret-1") && !request.contains("if-none-match"));

    let unchanged = server(Manner::Says(b"HTTP/1.1 304 Not Modified\r\n\r\n".to_vec())).await;
    assert_eq!(patient(&unchanged.url).conventions(Some("\"v1\"")).await, Ok(Conventions::NotModified));
    assert!(unchanged.requests.lock().await[0].to_lowercase().contains("if-none-match: \"v1\""));
    assert!(matches!(patient(&unchanged.url).conventions(None).await, Err(ConventionsErreur::Injoignable(_))));
}

#[tokio::test]
async fn a_convention_list_may_be_long_but_not_endless() {
    let long = server(Manner::Says(http("200 OK", "", &"a".repeat(4 * 1024 * 1024)))).await;
    assert!(matches!(patient(&long.url).conventions(None).await, Ok(Conventions::List { csv, .. }) if csv.len() == 4 * 1024 * 1024));
    let longer = server(Manner::Says(http("200 OK", "", &"a".repeat(4 * 1024 * 1024 + 1)))).await;
    assert!(matches!(patient(&longer.url).conventions(None).await, Err(ConventionsErreur::Inutilisable(_))));
    let denied = server(Manner::Says(http("401 Unauthorized", "", ""))).await;
    assert!(matches!(patient(&denied.url).conventions(None).await, Err(ConventionsErreur::Inutilisable(_))));
    let down = server(Manner::Says(http("500 Internal Server Error", "", ""))).await;
    assert!(matches!(patient(&down.url).conventions(None).await, Err(ConventionsErreur::Injoignable(_))));
}

#[test]
fn only_this_machine_is_spoken_to_without_tls() {
    for url in
        ["https://concentrateur.example", "https://concentrateur.example:8443/v1/", "http://127.0.0.1:9000", "http://localhost:9000/x", "http://[::1]:9000"]
    {
        assert!(Concentrateur::new(&reglages(url)).is_ok(), "{url}");
    }
    for url in [
        "",
        "concentrateur.example",
        "http://concentrateur.example",
        "http://127.0.0.1.example",
        "http://10.0.0.1",
        "ftp://127.0.0.1",
        "https://u:p@concentrateur.example",
        "https://concentrateur.example/?cle=1",
        "https://concentrateur.example/#a",
    ] {
        assert!(Concentrateur::new(&reglages(url)).is_err(), "{url}");
    }
    for jeton in ["", "  ", "a\nb"] {
        assert!(Concentrateur::new(&Reglages { jeton: jeton.into(), ..reglages("https://concentrateur.example") }).is_err());
    }
    assert!(!format!("{:?}", client("https://concentrateur.example")).contains("secret-1"));
}
