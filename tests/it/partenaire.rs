//! A concentrator that follows the contract, or misbehaves just as a test tells it to.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::watch,
};

/// What to do with one call.
#[derive(Clone, Debug)]
pub enum Reply {
    /// Status 200 with this body; `{reference}` stands for the reference asked about.
    Xml(String),
    /// This status with this body.
    Status(u16, String),
    /// These bytes, then the connection is closed.
    Bytes(Vec<u8>),
    /// Nothing: the connection is closed once the request was read.
    Cut,
    /// Nothing until [`Partenaire::release`], then status 200 with this body.
    Held(String),
    /// Status 200 with a body made about the reference asked about.
    Made(fn(&str) -> Vec<u8>),
    /// These bytes, one at a time, with a pause after each.
    Drip(Vec<u8>),
    /// The first bytes, then the others for ever.
    Endless(Vec<u8>, Vec<u8>),
    /// To a state query: granted if the request was ever received, unknown if not.
    Honest,
}

/// One call that arrived.
#[derive(Clone, Debug)]
pub struct Call {
    /// `OPAMCREQ`, `OPAMCGET`, `OPAMCDEL` or `CONVENTIONS`.
    pub kind: &'static str,
    pub reference: String,
    pub body: String,
    pub headers: String,
}

#[derive(Default)]
struct Book {
    calls: Vec<Call>,
    /// Replies by kind, first come first used; the last one stays.
    replies: BTreeMap<&'static str, VecDeque<Reply>>,
}

/// The running server.
pub struct Partenaire {
    pub url: String,
    book: Arc<Mutex<Book>>,
    release: watch::Sender<bool>,
    pushed: Arc<AtomicUsize>,
}

/// A convention list with one mutuelle per PEC capability, and one that cannot be cancelled.
pub const CONVENTIONS: &str = "nom;plateau;identifiant;pec;annulation;champs_requis;facultatifs_exiges;adresse1;adresse2;code_postal;localite;telephone;telephone2;fax;site_web;autre;remarque;top_mutualiste;sans_tiers_payant;tp_externalise\n\
Mutuelle Alpha;81000001;81000001;OPT_LEN;oui;;;;;;;;;;;;;non;non;non\n\
Mutuelle Beta;81000002;81000002;OPT;oui;;;;;;;;;;;;;non;non;non\n\
Mutuelle Gamma;81000003;81000003;OPT_LEN;non;;;;;;;;;;;;;non;non;non\n";

impl Partenaire {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let book = Arc::new(Mutex::new(Book::default()));
        let (release, released) = watch::channel(false);
        let pushed = Arc::new(AtomicUsize::new(0));
        let (shared, counted) = (book.clone(), pushed.clone());
        tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                tokio::spawn(serve(socket, shared.clone(), released.clone(), counted.clone()));
            }
        });
        Self { url, book, release, pushed }
    }

    /// What to do with the next calls of a kind; the last reply is repeated.
    pub fn on(&self, kind: &'static str, replies: impl IntoIterator<Item = Reply>) {
        self.book.lock().unwrap().replies.insert(kind, replies.into_iter().collect());
    }

    /// Bytes of endless answers that somebody took, or that wait in the system's buffers.
    pub fn pushed(&self) -> usize {
        self.pushed.load(Ordering::SeqCst)
    }

    /// Lets every held answer go.
    pub fn release(&self) {
        self.release.send_replace(true);
    }

    pub fn calls(&self, kind: &str) -> Vec<Call> {
        self.book.lock().unwrap().calls.iter().filter(|c| c.kind == kind).cloned().collect()
    }

    /// Waits until a call of a kind arrived `n` times.
    pub async fn called(&self, kind: &str, n: usize) {
        for _ in 0..200_000 {
            if self.calls(kind).len() >= n {
                return;
            }
            tokio::task::yield_now().await;
        }
        let mut ticks = tokio::time::interval(Duration::from_millis(5));
        for _ in 0..12_000 {
            if self.calls(kind).len() >= n {
                return;
            }
            ticks.tick().await;
        }
        panic!("{n} × {kind} expected, {} came", self.calls(kind).len());
    }
}

async fn serve(mut socket: TcpStream, book: Arc<Mutex<Book>>, mut released: watch::Receiver<bool>, pushed: Arc<AtomicUsize>) {
    let Some((head, body)) = read_request(&mut socket).await else { return };
    let kind = ["OPAMCREQ", "OPAMCGET", "OPAMCDEL"].into_iter().find(|k| body.contains(&format!("<{k}"))).unwrap_or("CONVENTIONS");
    let reference = body.split("<Reference>").nth(1).and_then(|r| r.split("</Reference>").next()).unwrap_or_default().to_owned();
    let reply = {
        let mut book = book.lock().unwrap();
        book.calls.push(Call { kind, reference: reference.clone(), body: body.clone(), headers: head });
        match book.replies.get_mut(kind) {
            Some(queue) if queue.len() > 1 => queue.pop_front().unwrap(),
            Some(queue) if !queue.is_empty() => queue[0].clone(),
            _ if kind == "CONVENTIONS" => Reply::Xml(CONVENTIONS.into()),
            _ => Reply::Status(500, String::new()),
        }
    };
    let received = book.lock().unwrap().calls.iter().any(|c| c.kind == "OPAMCREQ" && c.reference == reference);
    let whole = |status: u16, body: String| {
        let body = body.replace("{reference}", &reference);
        format!("HTTP/1.1 {status} X\r\ncontent-type: application/xml; charset=utf-8\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}", body.len())
            .into_bytes()
    };
    let bytes = match reply {
        Reply::Xml(body) => whole(200, body),
        Reply::Status(status, body) => whole(status, body),
        Reply::Bytes(bytes) => bytes,
        Reply::Made(make) => {
            let body = make(&reference);
            [format!("HTTP/1.1 200 X\r\ncontent-length: {}\r\nconnection: close\r\n\r\n", body.len()).into_bytes(), body].concat()
        }
        Reply::Drip(bytes) => {
            let mut pauses = tokio::time::interval(Duration::from_millis(20));
            for byte in bytes {
                pauses.tick().await;
                if socket.write_all(&[byte]).await.is_err() {
                    return;
                }
            }
            return;
        }
        Reply::Endless(first, then) => {
            let mut bytes = first;
            while socket.write_all(&bytes).await.is_ok() {
                pushed.fetch_add(bytes.len(), Ordering::SeqCst);
                bytes.clone_from(&then);
            }
            return;
        }
        Reply::Cut => return,
        Reply::Honest => match if received { granted("300.00") } else { status("INCONNUE") } {
            Reply::Xml(body) => whole(200, body),
            other => unreachable!("{other:?}"),
        },
        Reply::Held(body) => {
            let _ = released.wait_for(|r| *r).await;
            whole(200, body)
        }
    };
    let _ = socket.write_all(&bytes).await;
    let _ = socket.shutdown().await;
}

async fn read_request(socket: &mut TcpStream) -> Option<(String, String)> {
    let mut data = Vec::new();
    let mut buffer = [0u8; 8192];
    loop {
        let n = socket.read(&mut buffer).await.ok()?;
        if n == 0 {
            return None;
        }
        data.extend_from_slice(&buffer[..n]);
        let text = String::from_utf8_lossy(&data);
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head.lines().find_map(|l| l.to_lowercase().strip_prefix("content-length:").and_then(|v| v.trim().parse::<usize>().ok())).unwrap_or(0);
            if body.len() >= length {
                return Some((head.to_owned(), body.to_owned()));
            }
        }
    }
}

/// An `OPAMCRSP` about the reference asked.
pub fn answer(inner: &str) -> String {
    format!(r#"<?xml version="1.0" encoding="UTF-8"?><OPAMCRSP xmlns="urn:optopec:opamc:1" version="1"><Reference>{{reference}}</Reference>{inner}</OPAMCRSP>"#)
}

/// A grant of a global amount.
pub fn granted(euros: &str) -> Reply {
    Reply::Xml(answer(&format!(
        "<Statut>ACCORDEE</Statut><ReferenceDossier>RD-1</ReferenceDossier><NumeroPec>26-000001</NumeroPec><DatePec>2026-11-21</DatePec><MontantGlobal>{euros}</MontantGlobal>"
    )))
}

/// A refusal.
pub fn refused(origine: &str, code: &str, words: &str) -> Reply {
    Reply::Xml(answer(&format!("<Statut>REFUSEE</Statut><Origine>{origine}</Origine><Message code=\"{code}\">{words}</Message>")))
}

/// A bare status.
pub fn status(statut: &str) -> Reply {
    Reply::Xml(answer(&format!("<Statut>{statut}</Statut>")))
}

/// An `OPAMCADV` about the reference asked.
pub fn acknowledged(resultat: &str) -> Reply {
    Reply::Xml(format!(
        r#"<OPAMCADV xmlns="urn:optopec:opamc:1" version="1"><Reference>{{reference}}</Reference><Resultat>{resultat}</Resultat><Message code="X">message du concentrateur</Message></OPAMCADV>"#
    ))
}
