//! Wiring.
use optopec_lambda::{deps::Deps, serve::serve, telemetry::init_tracing};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    init_tracing();
    serve(optopec_printing::api(Deps::from_env().await?).0).await
}
