//! Wiring.

use optopec_lambda::{deps::Deps, serve, telemetry};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    telemetry::init_tracing();
    let (router, _) = optopec_dossiers::api(Deps::from_env().await?);
    serve::serve(router).await
}
