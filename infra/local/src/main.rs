//! `optopec` starts the system; `optopec demo` runs the main job against one of its own; `optopec openapi` prints the API's description,
//! `optopec droits` the table of who may call what; `optopec cle` rotates the master key of the data.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a command speaks to its terminal")]

use optopec_lambda::{
    config::{ConcentrateurConfig, local_settings},
    matrice,
};
use optopec_local::{
    demo,
    kms::{KEY_FILE, Keys},
    openapi, seed,
    system::{Options, System},
};
use std::{io, path::Path, process::ExitCode};
use tokio::signal::unix::{Signal, SignalKind, signal};

#[tokio::main]
async fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.first().map(String::as_str) {
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
        Some("cle") => cle(arguments.get(1).map(String::as_str)),
        Some(other) => {
            eprintln!(
                "Commande inconnue : {other}. Commandes : (rien) démarre le système, « demo » déroule la démonstration, « openapi » imprime la description de l'API, « droits » la table de qui peut appeler quoi, « cle nouvelle » et « cle oublier » changent la clé maîtresse des données."
            );
            ExitCode::FAILURE
        }
    }
}

/// The two ends of a rotation; what lies between is done by the running system.
fn cle(step: Option<&str>) -> ExitCode {
    let rotate: fn(&Path) -> io::Result<()> = match step {
        Some("nouvelle") => cle_nouvelle,
        Some("oublier") => cle_oublier,
        _ => {
            eprintln!(
                "Commande incomplète : « cle nouvelle » ajoute une clé maîtresse ; « cle oublier » efface les anciennes, et rend illisible ce qui n'a pas été rechiffré."
            );
            return ExitCode::FAILURE;
        }
    };
    let done = local_settings().map_err(|error| error.to_string()).and_then(|settings| rotate(&settings.donnees).map_err(|error| error.to_string()));
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("La clé maîtresse n'est pas changée : {error}");
            ExitCode::FAILURE
        }
    }
}

fn cle_nouvelle(folder: &Path) -> io::Result<()> {
    let id = Keys::add(folder)?;
    println!("Nouvelle clé maîtresse : {id}");
    println!("Les anciennes restent, pour lire ce qu'elles protègent. Pour finir le changement :");
    println!("  1. redémarrez optopec, qui ne lit les clés qu'à son démarrage ;");
    println!("  2. appelez POST /v1/operateur/cles/rotation jusqu'à ce qu'il ne reste rien à rechiffrer ;");
    println!("  3. alors seulement, lancez « optopec cle oublier » : ce qui n'aurait pas été rechiffré deviendrait illisible.");
    Ok(())
}

fn cle_oublier(folder: &Path) -> io::Result<()> {
    match Keys::retire(folder)? {
        0 => {
            println!("Aucune clé oubliée : il n'y a que la clé actuelle.");
            return Ok(());
        }
        1 => println!("1 ancienne clé oubliée."),
        gone => println!("{gone} anciennes clés oubliées."),
    }
    println!("Attention : ce qui n'a pas été rechiffré avec la clé actuelle est désormais illisible, sauf à remettre une sauvegarde de {KEY_FILE}.");
    println!("Un système en marche garde les anciennes clés en mémoire jusqu'à son redémarrage.");
    Ok(())
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
    let options = Options { port: settings.port, data: Some(data.clone()), reel, limits: settings.limites, debit: settings.debit, ..Options::default() };
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
