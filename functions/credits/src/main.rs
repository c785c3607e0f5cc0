//! Wiring.
use lambda_runtime::{Error, LambdaEvent, run, service_fn};
use optopec_credits::{api, dispatch};
use optopec_lambda::{deps::Deps, telemetry::init_tracing};
use serde_json::Value;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    init_tracing();
    let deps = &Deps::from_env().await?;
    let (router, _) = api(deps.clone());
    run(service_fn(move |event: LambdaEvent<Value>| dispatch(deps, router.clone(), event))).await
}
