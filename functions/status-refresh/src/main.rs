//! Wiring.
use lambda_runtime::{Error, LambdaEvent, run, service_fn};
use optopec_lambda::{deps::Deps, telemetry::init_tracing};
use optopec_status_refresh::{concentrateurs, dispatch};
use serde_json::Value;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    init_tracing();
    let deps = &Deps::from_env().await?;
    let concentrateurs = &concentrateurs(&deps.config)?;
    run(service_fn(move |event: LambdaEvent<Value>| async move { dispatch(deps, concentrateurs, event.payload).await })).await
}
