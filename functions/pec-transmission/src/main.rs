//! Wiring.
use aws_lambda_events::sqs::SqsEvent;
use lambda_runtime::{Error, LambdaEvent, run, service_fn};
use optopec_lambda::{deps::Deps, telemetry::init_tracing};
use optopec_pec_transmission::{concentrateurs, handle};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    init_tracing();
    let deps = &Deps::from_env().await?;
    let concentrateurs = &concentrateurs(&deps.config)?;
    run(service_fn(move |event: LambdaEvent<SqsEvent>| async move { Ok::<_, Error>(handle(deps, concentrateurs, event.payload).await) })).await
}
