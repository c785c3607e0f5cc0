//! The settings of a function, read once at start. The only place of the product that reads the environment.
//!
//! What must hold: a missing or unreadable setting names its variable and stops the start, so that nothing runs half configured.
//! Deliberately absent: defaults for anything that differs between two installations.

use crate::debit::Debit;
use jiff::SignedDuration;
use optopec_domain::{
    conservation::Conservation,
    limites::{self, SESSION_HEURES_MAX},
};
use optopec_store::Tables;
use std::{fmt, path::PathBuf, str::FromStr, time::Duration};

/// How to reach a concentrator.
#[derive(Clone, PartialEq, Eq)]
pub struct ConcentrateurConfig {
    /// Base of its addresses, without a trailing slash.
    pub url: String,
    /// The secret that it knows us by.
    pub jeton: String,
    /// How long a whole answer may take.
    pub timeout: Duration,
}

/// How long a concentrator may take for a whole answer, where nothing else is configured (contract of the concentrator: 60 s).
const DELAI_REPONSE: Duration = Duration::from_secs(60);

impl fmt::Debug for ConcentrateurConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ConcentrateurConfig").field("url", &self.url).field("jeton", &"***").field("timeout", &self.timeout).finish()
    }
}

/// The settings of a function.
#[derive(Debug, Clone)]
pub struct Config {
    /// Names of the tables.
    pub tables: Tables,
    /// The KMS key that wraps the shops' data keys: id, ARN or alias.
    pub cle_kms: String,
    /// How long personal data is kept.
    pub conservation: Conservation,
    /// Answers with a NIR in clear that a user may be given in a day, where callers are held back.
    pub plafond_lectures: u32,
    /// Queue of the demandes that a person waits for.
    pub transmission_queue_url: String,
    /// Queue of the demandes whose turn has come again.
    pub refresh_queue_url: String,
    /// The concentrator of shops in mode `REEL`; none configured: they are told so.
    pub concentrateur_reel: Option<ConcentrateurConfig>,
    /// The concentrator of shops in mode `DEMONSTRATION`.
    pub concentrateur_demo: ConcentrateurConfig,
    /// Whether callers are held back.
    pub limites: bool,
    /// How far each may go where they are.
    pub debit: Debit,
    /// How long a session of a person who signed in may last.
    pub session: SignedDuration,
    /// Version of the software.
    pub version: &'static str,
}

/// Why a function cannot start.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum ConfigError {
    /// A setting is missing.
    #[error("la variable d'environnement {0} manque")]
    Missing(&'static str),
    /// A setting is not what it should be. Its value is not shown: it may be a secret.
    #[error("la variable d'environnement {variable} est illisible : {attendu}")]
    Unreadable {
        /// Which one.
        variable: &'static str,
        /// What it should be.
        attendu: &'static str,
    },
}

impl Config {
    /// Version of the software: one for the whole workspace.
    pub const VERSION: &'static str = env!("CARGO_PKG_VERSION");

    /// The settings of this process.
    pub fn from_env() -> Result<Self, ConfigError> {
        Self::read(&variable)
    }

    fn read(get: &dyn Fn(&'static str) -> Option<String>) -> Result<Self, ConfigError> {
        let need = |name| get(name).ok_or(ConfigError::Missing(name));
        check_journal(get)?;
        Ok(Self {
            tables: Tables { mutuelles: need("OPTOPEC_TABLE_MUTUELLES")?, dossiers: need("OPTOPEC_TABLE_DOSSIERS")?, credits: need("OPTOPEC_TABLE_CREDITS")? },
            cle_kms: need("OPTOPEC_CLE_KMS")?,
            conservation: conservation(get)?,
            plafond_lectures: plafond(get)?,
            transmission_queue_url: need("OPTOPEC_FILE_TRANSMISSION")?,
            refresh_queue_url: need("OPTOPEC_FILE_ACTUALISATION")?,
            concentrateur_reel: real(get)?.map(|(url, jeton)| ConcentrateurConfig { url, jeton, timeout: DELAI_REPONSE }),
            concentrateur_demo: ConcentrateurConfig {
                url: base(need("OPTOPEC_CONCENTRATEUR_DEMO_URL")?),
                jeton: need("OPTOPEC_CONCENTRATEUR_DEMO_JETON")?,
                timeout: DELAI_REPONSE,
            },
            limites: {
                // A deployment that forgets it would have neither limits nor ceiling.
                need("OPTOPEC_LIMITES")?;
                switch(get, "OPTOPEC_LIMITES")?
            },
            debit: debit(get)?,
            session: session(get)?,
            version: Self::VERSION,
        })
    }
}

/// The settings of the local runner: where it listens and keeps its data. Everything else it makes itself.
#[derive(Debug, Clone)]
pub struct LocalSettings {
    /// Port of the gateway.
    pub port: u16,
    /// Folder of its data.
    pub donnees: PathBuf,
    /// Folder of the built web client.
    pub web: PathBuf,
    /// A concentrator for shops in mode `REEL`: its address and its secret.
    pub concentrateur: Option<(String, String)>,
    /// Whether callers are held back.
    pub limites: bool,
    /// How far each may go where they are.
    pub debit: Debit,
    /// How long personal data is kept.
    pub conservation: Conservation,
    /// Answers with a NIR in clear that a user may be given in a day, where callers are held back.
    pub plafond_lectures: u32,
    /// How long a session of a person who signed in may last.
    pub session: SignedDuration,
}

/// The settings of the local runner of this process.
pub fn local_settings() -> Result<LocalSettings, ConfigError> {
    read_local(&variable)
}

fn read_local(get: &dyn Fn(&'static str) -> Option<String>) -> Result<LocalSettings, ConfigError> {
    check_journal(get)?;
    let port = match get("OPTOPEC_PORT") {
        Some(text) => text.parse().map_err(|_| ConfigError::Unreadable { variable: "OPTOPEC_PORT", attendu: "un numéro de port" })?,
        None => 3000,
    };
    Ok(LocalSettings {
        port,
        donnees: get("OPTOPEC_DONNEES").unwrap_or_else(|| ".optopec".to_owned()).into(),
        web: get("OPTOPEC_WEB").unwrap_or_else(|| "web/dist".to_owned()).into(),
        concentrateur: real(get)?,
        limites: switch(get, "OPTOPEC_LIMITES")?,
        debit: debit(get)?,
        conservation: conservation(get)?,
        plafond_lectures: plafond(get)?,
        session: session(get)?,
    })
}

/// How much of our own log is written: `error`, `warn`, `info`, `debug` or `trace`.
pub fn journal() -> Option<String> {
    variable("OPTOPEC_JOURNAL")
}

/// A log that starts with the usual level because the one that was asked for is misspelt would be missed when it is needed.
fn check_journal(get: &dyn Fn(&'static str) -> Option<String>) -> Result<(), ConfigError> {
    match get("OPTOPEC_JOURNAL").map(|text| text.parse::<tracing::level_filters::LevelFilter>()) {
        None | Some(Ok(_)) => Ok(()),
        Some(Err(_)) => Err(ConfigError::Unreadable { variable: "OPTOPEC_JOURNAL", attendu: "error, warn, info, debug ou trace" }),
    }
}

#[expect(clippy::disallowed_methods, reason = "the one place of the product that reads the environment")]
fn variable(name: &'static str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

fn base(url: String) -> String {
    url.trim_end_matches('/').to_owned()
}

fn switch(get: &dyn Fn(&'static str) -> Option<String>, variable: &'static str) -> Result<bool, ConfigError> {
    match get(variable).as_deref() {
        None | Some("0") => Ok(false),
        Some("1") => Ok(true),
        Some(_) => Err(ConfigError::Unreadable { variable, attendu: "0 ou 1" }),
    }
}

/// A count. None at all would lock everybody out, or forget at once, which nobody means.
fn count<T: FromStr + Default + PartialOrd>(
    get: &dyn Fn(&'static str) -> Option<String>,
    variable: &'static str,
    usual: T,
    attendu: &'static str,
) -> Result<T, ConfigError> {
    match get(variable) {
        None => Ok(usual),
        Some(text) => text.parse().ok().filter(|n| *n > T::default()).ok_or(ConfigError::Unreadable { variable, attendu }),
    }
}

fn debit(get: &dyn Fn(&'static str) -> Option<String>) -> Result<Debit, ConfigError> {
    let (usual, attendu) = (Debit::PRODUIT, "un nombre entier de requêtes, au moins 1");
    Ok(Debit {
        rafale: count(get, "OPTOPEC_LIMITE_RAFALE", usual.rafale, attendu)?,
        par_minute: count(get, "OPTOPEC_LIMITE_PAR_MINUTE", usual.par_minute, attendu)?,
    })
}

fn plafond(get: &dyn Fn(&'static str) -> Option<String>) -> Result<u32, ConfigError> {
    count(get, "OPTOPEC_PLAFOND_LECTURES", limites::LECTURES_EN_CLAIR_PAR_JOUR, "un nombre entier de lectures, au moins 1")
}

fn conservation(get: &dyn Fn(&'static str) -> Option<String>) -> Result<Conservation, ConfigError> {
    let (usual, annees) = (Conservation::PRODUIT, "un nombre entier d'années, au moins 1");
    Ok(Conservation {
        dossier_annees: count(get, "OPTOPEC_CONSERVATION_DOSSIER_ANNEES", usual.dossier_annees, annees)?,
        preuve_annees: count(get, "OPTOPEC_CONSERVATION_PREUVE_ANNEES", usual.preuve_annees, annees)?,
        acces_annees: count(get, "OPTOPEC_CONSERVATION_ACCES_ANNEES", usual.acces_annees, annees)?,
        brut_jours: count(get, "OPTOPEC_CONSERVATION_BRUT_JOURS", usual.brut_jours, "un nombre entier de jours, au moins 1")?,
    })
}

fn session(get: &dyn Fn(&'static str) -> Option<String>) -> Result<SignedDuration, ConfigError> {
    let heures = count(get, "OPTOPEC_SESSION_HEURES", SESSION_HEURES_MAX, "un nombre entier d'heures, au moins 1")?;
    Ok(SignedDuration::from_hours(i64::from(heures)))
}

/// The concentrator of shops in mode `REEL`: an address without its secret would be found out by the first shop only.
fn real(get: &dyn Fn(&'static str) -> Option<String>) -> Result<Option<(String, String)>, ConfigError> {
    let Some(url) = get("CONCENTRATEUR_URL") else { return Ok(None) };
    let jeton = get("CONCENTRATEUR_JETON").ok_or(ConfigError::Missing("CONCENTRATEUR_JETON"))?;
    Ok(Some((base(url), jeton)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: &[(&str, &str)] = &[
        ("OPTOPEC_TABLE_MUTUELLES", "mutuelles"),
        ("OPTOPEC_TABLE_DOSSIERS", "dossiers"),
        ("OPTOPEC_TABLE_CREDITS", "credits"),
        ("OPTOPEC_CLE_KMS", "alias/optopec"),
        ("OPTOPEC_LIMITES", "0"),
        ("OPTOPEC_FILE_TRANSMISSION", "http://files/transmission"),
        ("OPTOPEC_FILE_ACTUALISATION", "http://files/actualisation"),
        ("OPTOPEC_CONCENTRATEUR_DEMO_URL", "http://demo/"),
        ("OPTOPEC_CONCENTRATEUR_DEMO_JETON", "secret-demo"),
    ];

    fn read(changes: &[(&'static str, Option<&str>)]) -> Result<Config, ConfigError> {
        Config::read(&|name| match changes.iter().find(|(n, _)| *n == name) {
            Some((_, value)) => value.map(str::to_owned),
            None => ALL.iter().find(|(n, _)| *n == name).map(|(_, v)| (*v).to_owned()),
        })
    }

    #[test]
    fn a_missing_setting_is_named() {
        for (name, _) in ALL {
            assert_eq!(read(&[(name, None)]).err(), Some(ConfigError::Missing(name)));
        }
        assert_eq!(read(&[("CONCENTRATEUR_URL", Some("https://c"))]).err(), Some(ConfigError::Missing("CONCENTRATEUR_JETON")));
    }

    #[test]
    fn limits_are_off_unless_switched_on() {
        let config = read(&[]).unwrap();
        assert!(!config.limites);
        assert_eq!(config.concentrateur_demo.url, "http://demo");
        assert_eq!(config.concentrateur_reel, None);
        assert!(read(&[("OPTOPEC_LIMITES", Some("1"))]).unwrap().limites);
        assert!(read(&[("OPTOPEC_LIMITES", Some("oui"))]).is_err());
    }

    #[test]
    fn how_far_a_caller_may_go_is_a_setting() {
        assert_eq!(read(&[]).unwrap().debit, Debit { rafale: 60, par_minute: 600 });
        let set = [("OPTOPEC_LIMITE_RAFALE", Some("5")), ("OPTOPEC_LIMITE_PAR_MINUTE", Some("30"))];
        assert_eq!(read(&set).unwrap().debit, Debit { rafale: 5, par_minute: 30 });
        for (variable, text) in [("OPTOPEC_LIMITE_RAFALE", "0"), ("OPTOPEC_LIMITE_PAR_MINUTE", "-1"), ("OPTOPEC_LIMITE_PAR_MINUTE", "beaucoup")] {
            assert!(matches!(read(&[(variable, Some(text))]), Err(ConfigError::Unreadable { variable: named, .. }) if named == variable), "{text}");
        }
    }

    #[test]
    fn a_session_lasts_a_working_day_unless_told_otherwise() {
        assert_eq!(read(&[]).unwrap().session, SignedDuration::from_hours(12));
        assert_eq!(read(&[("OPTOPEC_SESSION_HEURES", Some("4"))]).unwrap().session, SignedDuration::from_hours(4));
        for text in ["0", "-1", "1.5", "douze", "99999999"] {
            let expected = Some("OPTOPEC_SESSION_HEURES");
            let named = match read(&[("OPTOPEC_SESSION_HEURES", Some(text))]) {
                Err(ConfigError::Unreadable { variable, .. }) => Some(variable),
                _ => None,
            };
            assert_eq!(named, expected, "{text}");
        }
    }

    #[test]
    fn the_local_runner_needs_no_setting() {
        let local = read_local(&|_| None).unwrap();
        assert_eq!((local.port, local.limites, local.concentrateur), (3000, false, None));
        assert_eq!(local.web, PathBuf::from("web/dist"));
        assert!(read_local(&|name| (name == "OPTOPEC_PORT").then(|| "quatre-vingts".into())).is_err());
    }

    #[test]
    fn a_secret_does_not_show_itself() {
        let shown = format!("{:?}", read(&[]).unwrap());
        assert!(!shown.contains("secret-demo"), "{shown}");
    }
}
