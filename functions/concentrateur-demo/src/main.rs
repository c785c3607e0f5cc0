//! Wiring. Behind API Gateway no connection can be cut or held: those scenarios answer HTTP 500 here.

use optopec_concentrateur_demo::{DemoDeps, router_behind_gateway};
use optopec_lambda::{deps::Deps, serve, telemetry};

#[tokio::main]
async fn main() -> Result<(), lambda_runtime::Error> {
    telemetry::init_tracing();
    let deps = Deps::from_env().await?;
    let demo = DemoDeps { store: deps.store, clock: deps.clock, jeton: deps.config.concentrateur_demo.jeton };
    serve::serve(router_behind_gateway(demo)).await
}
