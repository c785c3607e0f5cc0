//! Downloads of conventions: from a concentrator into the table once, then into each shop's list.
//!
//! What must hold: a shop's mode decides its concentrator, always; a list that cannot be fetched or makes no sense changes nothing
//! anywhere; a download that changed nothing writes nothing; at night one shop's failure does not keep the others from theirs.
//! What a concentrator sends is untrusted: its rows pass the same rules as any file's. Transport and address: docs/concentrateur.md.

use crate::lignes;
use optopec_concentrateur::{Concentrateur, Conventions, ConventionsErreur, Delais, Dialecte, ReglageInvalide, Reglages};
use optopec_domain::{
    ids::MagasinId,
    limites::REJETS_CONVENTION_MAX,
    liste::{self, LigneRejetee, Rapport},
    magasin::{Magasin, Mode},
};
use optopec_lambda::{
    config::{ConcentrateurConfig, Config},
    deps::Deps,
};
use optopec_store::{ConventionHead, Idempotence, MagasinStore, R, RejetImport, Store, StoreError};

/// How often a list is read and decided on again when somebody changed it in between.
pub const ESSAIS_MAX: usize = 20;

/// Both concentrators, as the deployment configures them.
#[derive(Clone)]
pub struct Concentrateurs {
    demo: Result<Concentrateur, ReglageInvalide>,
    reel: Option<Result<Concentrateur, ReglageInvalide>>,
}

/// Why there is no list to adopt.
#[derive(Debug, thiserror::Error)]
pub enum Echec {
    /// No concentrator is configured for the mode.
    #[error("no concentrator is configured for this mode")]
    Absent,
    /// Its settings cannot be used: whoever deploys must mend them.
    #[error("the settings of the concentrator cannot be used")]
    Reglage(#[from] ReglageInvalide),
    /// It gave no usable list.
    #[error("the concentrator gave no usable list")]
    Concentrateur(#[from] ConventionsErreur),
    /// The table.
    #[error("the conventions were not read or written")]
    Store(#[from] StoreError),
}

impl Concentrateurs {
    /// As configured; calls nobody.
    pub fn new(config: &Config) -> Self {
        let one = |acces: &ConcentrateurConfig| {
            let reglages = Reglages {
                url: acces.url.clone(),
                jeton: acces.jeton.clone(),
                dialecte: Dialecte::Opamc1,
                version: config.version.to_owned(),
                delais: Delais::default(),
            };
            Concentrateur::new(&reglages)
        };
        Self { demo: one(&config.concentrateur_demo), reel: config.concentrateur_reel.as_ref().map(one) }
    }

    /// The one of a mode.
    pub fn of(&self, mode: Mode) -> Result<&Concentrateur, Echec> {
        match mode {
            Mode::Demonstration => Ok(self.demo.as_ref().map_err(|e| *e)?),
            Mode::Reel => Ok(self.reel.as_ref().ok_or(Echec::Absent)?.as_ref().map_err(|e| *e)?),
        }
    }
}

/// The newest list of a concentrator, fetched now and kept in the table when its content is another.
pub async fn refresh(store: &Store, mode: Mode, concentrateur: &Concentrateur) -> Result<ConventionHead, Echec> {
    let known = store.convention_head(mode.conventions()).await?;
    let csv = match (concentrateur.conventions(known.as_ref().and_then(|head| head.etag.as_deref())).await?, &known) {
        (Conventions::NotModified, Some(head)) => return Ok(head.clone()),
        (Conventions::NotModified, None) => {
            return Err(ConventionsErreur::Inutilisable("Le concentrateur dit inchangée une liste jamais envoyée.".into()).into());
        }
        (Conventions::List { etag, csv }, _) => (etag, csv),
    };
    let (etag, csv) = csv;
    let fichier = lignes::read(&csv).map_err(|refus| ConventionsErreur::Inutilisable(refus.to_string()))?;
    let (fiches, rejetees) = liste::read_rows(fichier.lignes);
    if fiches.is_empty() {
        return Err(ConventionsErreur::Inutilisable("La liste des conventions du concentrateur ne contient aucune ligne valable.".into()).into());
    }
    let version = liste::version_of(&fiches);
    let kept = |r: LigneRejetee| RejetImport { ligne: r.ligne, champ: r.champ, raison: r.raison };
    let rejetees: Vec<RejetImport> = rejetees.into_iter().take(REJETS_CONVENTION_MAX).map(kept).collect();
    // The rows that hold may be the same and the rejected ones others: the report would name those of another file.
    if let Some(head) = known.as_ref().filter(|head| head.version == version && head.rejetees == rejetees) {
        return Ok(head.clone());
    }
    let head = ConventionHead { version, etag, rejetees };
    match store.save_convention(mode.conventions(), &head, &fiches, known.as_ref().map(|head| head.version.as_str())).await {
        Ok(()) => Ok(head),
        // Another download was faster; what it kept is as new.
        Err(StoreError::Stale) => store.convention_head(mode.conventions()).await?.ok_or(Echec::Store(StoreError::NotFound)),
        Err(error) => Err(error.into()),
    }
}

/// Lays a list under what the shop wrote. `record`: what an `Idempotency-Key` is to remember of the report.
pub async fn adopt(store: &Store, magasin: &MagasinStore, mode: Mode, head: &ConventionHead, record: impl Fn(&Rapport) -> Option<Idempotence>) -> R<Rapport> {
    let new = store.convention(&head.version).await?;
    for _ in 0..ESSAIS_MAX {
        let seen = magasin.liste().await?;
        let old = match &seen.convention {
            Some(version) => Some(store.convention(version).await?),
            None => None,
        };
        let before = magasin.ajouts(&seen).await?;
        let (ajouts, mut rapport) = liste::adopt(old.as_deref().map(|c| c.fiches.as_slice()), &new.fiches, &before);
        rapport.rejetees = head.rejetees.iter().map(|r| LigneRejetee { ligne: r.ligne, champ: r.champ.clone(), raison: r.raison.clone() }).collect();
        let record = record(&rapport);
        if seen.convention.as_deref() == Some(&head.version) && seen.concentrateur.as_deref() == Some(mode.conventions()) && ajouts == before {
            if let Some(record) = &record {
                magasin.remember(record).await?;
            }
            return Ok(rapport);
        }
        match magasin.put_liste(&seen, Some((mode.conventions(), &head.version)), &ajouts, record.as_ref()).await {
            Ok(_) => return Ok(rapport),
            Err(StoreError::Stale) => {}
            Err(error) => return Err(error),
        }
    }
    Err(StoreError::Busy)
}

/// The mode of a shop; nobody has described a new one yet.
pub async fn mode(magasin: &MagasinStore) -> R<Mode> {
    let known = magasin.magasin().await?;
    Ok(known.unwrap_or_else(|| Magasin::empty(magasin.id().clone())).abonnement.mode)
}

/// What a night did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Nuit {
    /// Shops whose list follows the newest conventions.
    pub magasins: usize,
    /// Concentrators and shops that failed; the log names them.
    pub echecs: usize,
}

/// Some lists were not brought up to date; the next night, or the schedule's own retry, tries them again.
#[derive(Debug, thiserror::Error)]
#[error("{echecs} list(s) were not brought up to date")]
pub struct NuitIncomplete {
    /// How many.
    pub echecs: usize,
}

/// Every night: the conventions of each configured concentrator, then every shop that adopted them.
///
/// # Errors
/// Something failed, after everything was tried.
pub async fn nightly(deps: &Deps) -> Result<Nuit, NuitIncomplete> {
    let concentrateurs = Concentrateurs::new(&deps.config);
    let mut nuit = Nuit::default();
    for mode in Mode::ALL.iter().copied() {
        match night_of(&deps.store, &concentrateurs, mode, &mut nuit).await {
            Ok(()) | Err(Echec::Absent) => {}
            Err(echec) => {
                tracing::error!(concentrateur = mode.conventions(), error = &echec as &dyn std::error::Error, "the conventions were not brought up to date");
                nuit.echecs += 1;
            }
        }
    }
    tracing::info!(magasins = nuit.magasins, echecs = nuit.echecs, "conventions brought up to date");
    if nuit.echecs == 0 { Ok(nuit) } else { Err(NuitIncomplete { echecs: nuit.echecs }) }
}

async fn night_of(store: &Store, concentrateurs: &Concentrateurs, mode: Mode, nuit: &mut Nuit) -> Result<(), Echec> {
    let head = refresh(store, mode, concentrateurs.of(mode)?).await?;
    let mut after = None;
    loop {
        let (magasins, next) = store.adopters(mode.conventions(), after).await?;
        for id in magasins {
            match follow(store, &id, mode, &head).await {
                Ok(()) => nuit.magasins += 1,
                Err(error) => {
                    tracing::error!(magasin = %id, error = &error as &dyn std::error::Error, "a shop did not adopt the conventions");
                    nuit.echecs += 1;
                }
            }
        }
        match next {
            Some(next) => after = Some(next),
            None => return Ok(()),
        }
    }
}

/// A shop that has changed its mode since waits for its own download: its list is still the other concentrator's.
async fn follow(store: &Store, id: &MagasinId, wanted: Mode, head: &ConventionHead) -> R<()> {
    let magasin = store.for_magasin(id.clone());
    if mode(&magasin).await? == wanted {
        adopt(store, &magasin, wanted, head, |_| None).await?;
    }
    Ok(())
}
