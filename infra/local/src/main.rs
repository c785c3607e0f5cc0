//! `optopec` starts the system; `optopec demo` runs the main job against one of its own; `optopec openapi` prints the API's description,
//! `optopec droits` the table of who may call what.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a command speaks to its terminal")]

use optopec_lambda::{
    config::{ConcentrateurConfig, local_settings},
    matrice,
};
use optopec_local::{
    demo, openapi, seed,
    system::{Options, System},
};
use std::process::ExitCode;
use tokio::signal::unix::{Signal, SignalKind, signal};

#[tokio::main]
async fn main() -> ExitCode {
    let command = std::env::args().nth(1);
    match command.as_deref() {
        None => run().await,
        Some("demo") => demo::run().await,
        Some("openapi") => {
            print!("{}", openapi::document());
            ExitCode::SUCCESS
        }
        Some("droits") => {
            print!("{}", matrice::table_markdown());
            ExitCode::SUCCESS
        }
        Some(other) => {
            eprintln!(
                "Commande inconnue : {other}. Commandes : (rien) démarre le système, « demo » déroule la démonstration, « openapi » imprime la description de l'API, « droits » la table de qui peut appeler quoi."
            );
            ExitCode::FAILURE
        }
    }
}

async fn run() -> ExitCode {
    optopec_lambda::telemetry::init_tracing_without(&["dynoxide"]);
    let settings = match local_settings() {
        Ok(settings) => settings,
        Err(error) => {
            eprintln!("optopec ne démarre pas : {error}");
            return ExitCode::FAILURE;
        }
    };
    let reel = settings.concentrateur.map(|(url, jeton)| ConcentrateurConfig { url, jeton, timeout: Options::default().answer_timeout });
    let data = settings.donnees.clone();
    // Before the door opens: whoever sees it open may already ask the system to stop.
    let stop = stop_signal();
    let options = Options {
        port: settings.port,
        data: Some(data.clone()),
        reel,
        limits: settings.limites,
        debit: settings.debit,
        session: settings.session,
        ..Options::default()
    };
    let system = match System::start(options).await {
        Ok(system) => system,
        Err(error) => {
            let cause = std::error::Error::source(&error).map(|s| format!(" ({s})")).unwrap_or_default();
            eprintln!("optopec ne démarre pas : {error}{cause}");
            return ExitCode::FAILURE;
        }
    };
    let url = &system.url;
    println!("optopec écoute sur {url}");
    println!("  données        : {}", data.display());
    println!("  magasins       : {} (mode démonstration, avec crédits)", seed::names().join(", "));
    println!("  jeton          : curl -s -X POST {url}/local/jeton -d '{{\"magasin\":\"demo\",\"role\":\"GERANT\"}}'");
    println!("  description    : {url}/v1/openapi.json");
    println!("  horloge        : {url}/local/horloge   files : {url}/local/files");
    println!("  concentrateur  : {} (démonstration)", system.demo_url);
    println!("Arrêt : Ctrl+C");
    stop.await;
    println!("Arrêt en cours…");
    system.stop().await;
    ExitCode::SUCCESS
}

/// Listens to Ctrl+C and SIGTERM from now on; the future ends with the first of them.
fn stop_signal() -> impl Future<Output = ()> {
    let (term, interrupt) = (signal(SignalKind::terminate()), signal(SignalKind::interrupt()));
    async {
        tokio::select! {
            () = received(term) => {}
            () = received(interrupt) => {}
        }
    }
}

async fn received(signal: std::io::Result<Signal>) {
    match signal {
        Ok(mut signal) => {
            signal.recv().await;
        }
        Err(_) => std::future::pending().await,
    }
}
