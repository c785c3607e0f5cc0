//! `optopec` starts the system; `optopec demo` runs the main job against one of its own; `optopec openapi` prints the API's description,
//! `optopec droits` the table of who may call what, `optopec tables` what the tables must look like; `optopec cle` rotates the master key of the data.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a command speaks to its terminal")]

use optopec_lambda::{
    config::{ConcentrateurConfig, local_settings},
    matrice,
};
use optopec_local::{
    demo, ecran, openapi, seed,
    system::{Options, StartError, System, forget_old_keys, new_master_key},
    tables,
};
use std::{process::ExitCode, time::Duration};
use tokio::signal::unix::{Signal, SignalKind, signal};

#[tokio::main]
async fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.first().map(String::as_str) {
        None => run().await,
        Some("demo") => match local_settings() {
            Ok(settings) => demo::run(&settings.donnees.join("documents")).await,
            Err(error) => {
                eprintln!("La démonstration ne démarre pas : {error}");
                ExitCode::FAILURE
            }
        },
        Some("openapi") => {
            print!("{}", openapi::document());
            ExitCode::SUCCESS
        }
        Some("droits") => {
            print!("{}", matrice::table_markdown());
            ExitCode::SUCCESS
        }
        Some("tables") => {
            println!("{:#}", tables::described());
            ExitCode::SUCCESS
        }
        Some("cle") => cle(&arguments[1..]).await,
        Some(other) => {
            eprintln!(
                "Commande inconnue : {other}. Commandes : (rien) démarre le système, « demo » déroule la démonstration, « openapi » imprime la description de l'API, « droits » la table de qui peut appeler quoi, « tables » la forme des tables, « cle nouvelle » et « cle oublier » changent la clé maîtresse des données."
            );
            ExitCode::FAILURE
        }
    }
}

/// The two local parts of a rotation of the master key.
async fn cle(steps: &[String]) -> ExitCode {
    let settings = match local_settings() {
        Ok(settings) => settings,
        Err(error) => return not_changed(&error.to_string()),
    };
    match steps {
        [step] if step == "nouvelle" => match new_master_key(&settings.donnees).await {
            Ok(id) => {
                println!("Nouvelle clé maîtresse : {id}");
                println!("Les anciennes restent, pour lire ce qu'elles protègent. Pour finir le changement :");
                println!("  1. démarrez optopec, qui ne lit les clés qu'à son démarrage ;");
                println!("  2. appelez POST /v1/operateur/cles/rotation jusqu'à ce qu'il ne reste rien à rechiffrer ;");
                println!("  3. arrêtez optopec et lancez « optopec cle oublier », quand plus aucune sauvegarde d'avant ne sert.");
                ExitCode::SUCCESS
            }
            Err(error) => not_changed(&in_words(&error)),
        },
        [step] if step == "oublier" => match forget_old_keys(&settings.donnees).await {
            Ok(gone) => {
                println!("Anciennes clés oubliées : {gone}. Tout est protégé par la clé actuelle ; une sauvegarde d'avant le changement ne se lit plus.");
                ExitCode::SUCCESS
            }
            Err(error) => not_changed(&in_words(&error)),
        },
        _ => not_changed("« cle nouvelle » ajoute une clé maîtresse ; « cle oublier » rechiffre ce qui doit l'être et efface les anciennes."),
    }
}

fn not_changed(why: &str) -> ExitCode {
    eprintln!("La clé maîtresse n'est pas changée : {why}");
    ExitCode::FAILURE
}

/// An error and what it came from.
fn in_words(error: &StartError) -> String {
    let cause = std::error::Error::source(error).map(|s| format!(" ({s})")).unwrap_or_default();
    format!("{error}{cause}")
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
        web: Some(settings.web.clone()),
        reel,
        limits: settings.limites,
        debit: settings.debit,
        plafond_lectures: settings.plafond_lectures,
        conservation: settings.conservation,
        session: settings.session,
        // A counter's computer has other things to do than ask every second; a moved clock wakes the schedules at once.
        tick: Duration::from_secs(5),
        ..Options::default()
    };
    let system = match System::start(options).await {
        Ok(system) => system,
        Err(error) => {
            eprintln!("optopec ne démarre pas : {}", in_words(&error));
            return ExitCode::FAILURE;
        }
    };
    let url = &system.url;
    println!("optopec écoute sur {url}");
    match ecran::missing(&settings.web) {
        None => println!("  écran          : {url}/"),
        Some(missing) => println!("  écran          : {missing}"),
    }
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
