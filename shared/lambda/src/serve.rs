//! How a router becomes a Lambda function: in the cloud, and in the process of the local runner.

use axum::{Router, http::header};
use lambda_http::{Adapter, LambdaEvent, Service, request::LambdaRequest, service_fn};
use serde::Serialize;
use std::{convert::Infallible, future::Future};

/// Answers the events of the Lambda runtime until it ends.
///
/// # Errors
/// The runtime does not answer.
pub async fn serve(router: Router) -> Result<(), lambda_http::Error> {
    lambda_http::lambda_runtime::run(service_fn(move |event| Adapter::from(router.clone()).call(without_host(event)))).await
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
    service_fn(move |event| Adapter::from(router.clone()).call(without_host(event)))
}

/// The adapter panics over a host that is none, and a caller may send any. No route asks for it.
fn without_host(mut event: LambdaEvent<LambdaRequest>) -> LambdaEvent<LambdaRequest> {
    if let LambdaRequest::ApiGatewayV2(request) = &mut event.payload {
        request.headers.remove(header::HOST);
        request.request_context.domain_name = None;
    }
    event
}
