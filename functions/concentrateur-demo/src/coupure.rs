//! Connections that break on purpose: no answer, or half of one.
//!
//! What must hold: served by `axum::serve`, a broken answer leaves no more bytes than meant and its connection is closed. It works
//! through the body: hyper closes the connection when a body fails, and a body that fails before it ever waited takes the head,
//! still in the buffer, with it.
//! Behind a gateway nothing can be cut: there a broken answer is an HTTP 500 ([`without_cuts`]).

use axum::{
    body::{Body, Bytes},
    extract::Request,
    http::{StatusCode, header::CONTENT_LENGTH},
    middleware::Next,
    response::{IntoResponse, Response},
};
use futures::stream;
use std::{io, time::Duration};

/// How long a gateway lets a call last, less a margin: a call that lasts longer is answered 500 behind it.
const PASSERELLE: Duration = Duration::from_secs(20);

/// Marks an answer that breaks.
#[derive(Debug, Clone, Copy)]
struct Coupee;

fn broken() -> io::Error {
    io::Error::new(io::ErrorKind::ConnectionAborted, "cut on purpose")
}

/// The connection is closed without a byte of an answer.
pub fn no_answer() -> Response {
    cut(stream::once(async { Err::<Bytes, _>(broken()) }), 1)
}

/// The connection is closed half-way through the body.
pub fn half(body: &str) -> Response {
    let bytes = Bytes::from(body.to_owned());
    let first = bytes.slice(..bytes.len() / 2);
    let parts = stream::unfold(Some(first), |first| async move {
        match first {
            Some(first) if !first.is_empty() => Some((Ok(first), Some(Bytes::new()))),
            Some(_) => {
                // Waiting once lets the first half leave the buffer.
                tokio::task::yield_now().await;
                Some((Err(broken()), None))
            }
            None => None,
        }
    });
    cut(parts, bytes.len())
}

fn cut(parts: impl stream::Stream<Item = Result<Bytes, io::Error>> + Send + 'static, announced: usize) -> Response {
    let mut response = ([(CONTENT_LENGTH, announced)], Body::from_stream(parts)).into_response();
    response.extensions_mut().insert(Coupee);
    response
}

/// Answers 500 where the connection would break, or where the gateway would give up.
pub async fn without_cuts(request: Request, next: Next) -> Response {
    match tokio::time::timeout(PASSERELLE, next.run(request)).await {
        Ok(response) if response.extensions().get::<Coupee>().is_none() => response,
        Ok(_) | Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::{Router, middleware::from_fn, routing::get};
    use tokio::{
        io::{AsyncReadExt, AsyncWriteExt},
        net::{TcpListener, TcpStream},
    };
    use tower::ServiceExt;

    fn router() -> Router {
        Router::new()
            .route("/rien", get(|| async { no_answer() }))
            .route("/moitie", get(|| async { half("0123456789abcdefghij") }))
            .route("/entier", get(|| async { "entier" }))
    }

    /// All that the server writes before it closes.
    async fn raw(path: &str) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move { axum::serve(listener, router()).await });
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(format!("GET {path} HTTP/1.1\r\nHost: x\r\n\r\n").as_bytes()).await.unwrap();
        let mut read = Vec::new();
        let _ = stream.read_to_end(&mut read).await;
        String::from_utf8(read).unwrap()
    }

    #[tokio::test]
    async fn no_answer_is_not_a_byte() {
        assert_eq!(raw("/rien").await, "");
    }

    #[tokio::test]
    async fn half_an_answer_announces_the_whole() {
        let text = raw("/moitie").await;
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        assert!(head.starts_with("HTTP/1.1 200 OK") && head.to_lowercase().contains("content-length: 20"), "{head}");
        assert_eq!(body, "0123456789");
    }

    #[tokio::test]
    async fn behind_a_gateway_a_cut_is_a_500() {
        let router = router().layer(from_fn(without_cuts));
        for (path, expected) in [("/rien", 500), ("/moitie", 500), ("/entier", 200)] {
            let response = router.clone().oneshot(Request::get(path).body(Body::empty()).unwrap()).await.unwrap();
            assert_eq!(response.status(), expected, "{path}");
        }
    }
}
