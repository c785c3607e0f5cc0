//! How a router becomes a Lambda function: in the cloud, and in the process of the local runner.

use axum::{
    Router,
    http::{Uri, header},
};
use lambda_http::{Adapter, LambdaEvent, Service, request::LambdaRequest, service_fn};
use serde::Serialize;
use std::{convert::Infallible, future::Future};

/// Answers the events of the Lambda runtime until it ends.
///
/// # Errors
/// The runtime does not answer.
pub async fn serve(router: Router) -> Result<(), lambda_http::Error> {
    lambda_http::lambda_runtime::run(service_fn(move |event| Adapter::from(router.clone()).call(disarmed(event)))).await
}

/// What [`serve`] runs, for whoever has events of its own (API Gateway, HTTP API, payload version 2.0).
pub fn service(
    router: Router,
) -> impl Service<
    LambdaEvent<LambdaRequest>,
    Response = impl Serialize + Send + 'static,
    Error = Infallible,
    Future = impl Future<Output = Result<impl Serialize + Send + 'static, Infallible>> + Send + 'static,
> + Clone
+ Send
+ 'static {
    // The adapter is not `Send`; the future that it makes is. A router is always ready.
    service_fn(move |event| Adapter::from(router.clone()).call(disarmed(event)))
}

/// The adapter panics over a host or an address that is none, and follows the dots of an address before any route sees it; a caller may
/// send any. No route asks for the host, and an address that would not reach the routes as it was sent becomes one that none of them has.
fn disarmed(mut event: LambdaEvent<LambdaRequest>) -> LambdaEvent<LambdaRequest> {
    if let LambdaRequest::ApiGatewayV2(request) = &mut event.payload {
        request.headers.remove(header::HOST);
        request.request_context.domain_name = None;
        let (path, query) = (request.raw_path.as_deref().unwrap_or_default(), request.raw_query_string.as_deref().unwrap_or_default());
        if !plain(path) || format!("{path}?{query}").parse::<Uri>().is_err() {
            (request.raw_path, request.raw_query_string) = (Some("/".to_owned()), None);
        }
    }
    event
}

/// Whether a path has only characters that mean themselves, and no segment of dots (RFC 3986, 3.3 and 5.2.4).
fn plain(path: &str) -> bool {
    let dots = |segment: &str| matches!(segment.to_ascii_lowercase().replace("%2e", ".").as_str(), "." | "..");
    path.starts_with('/') && path.bytes().all(|b| b.is_ascii_alphanumeric() || b"/-._~%:@!$&'()*+,;=".contains(&b)) && !path.split('/').any(dots)
}
