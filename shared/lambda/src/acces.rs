//! Answers with a NIR in clear: each is written down and counted before it leaves.
//!
//! What must hold: no answer in clear without its entry; a caller beyond the ceiling of the day reads nothing more in clear (429), but what
//! she writes is written and answered masked, so that the shop goes on working; the operator learns of it (alarm `plafond-lectures`).
//! Where it comes from: docs/api.md, « Client » (each such read is logged).

use crate::{
    contexte::Contexte,
    dto::client::{Nirs, mask_nirs},
    etag,
    idempotence::Idem,
    probleme::Probleme,
    reponse::Reponse,
};
use jiff::Timestamp;
use optopec_domain::{
    acces::{Acces, MotifAcces},
    client::{Assure, Beneficiaire},
    date,
    role::Role,
};
use optopec_store::{Idempotence, Objet, StoreError, Trace};
use serde::Serialize;
use serde_json::Value;

/// Entries written at once.
const LOT: usize = 50;

/// How an answer shows its NIRs, and the entry that this takes.
#[derive(Clone)]
pub struct Regard {
    /// In clear or masked.
    pub nirs: Nirs,
    /// What to write down with it; nothing where nothing is shown in clear.
    pub trace: Option<Trace>,
}

/// How one thing that a person asked for shows its NIRs to her.
const fn nirs_for(role: Role) -> Nirs {
    match role {
        Role::Opticien | Role::Gerant => Nirs::Clairs,
        Role::Lecture | Role::Operateur => Nirs::Masques,
    }
}

/// Whether there is a NIR to show.
pub fn holds_nir(personne: &Beneficiaire, assure: Option<&Assure>) -> bool {
    personne.nir.is_some() || assure.is_some_and(|a| a.nir.is_some())
}

impl Contexte {
    /// How the caller is answered about one thing.
    pub fn regard(&self, objet: Objet, motif: MotifAcces, holds_nir: bool) -> Regard {
        let nirs = nirs_for(self.appelant.role);
        let trace = (nirs == Nirs::Clairs && holds_nir).then(|| self.trace(objet, motif, true));
        Regard { nirs, trace }
    }

    /// Writes in the way of a regard, or once the ceiling is reached, which the operator is told, masked and without a trace; and which it was.
    /// `write`: one try, told how it is answered; what went wrong before it came to the table is its own.
    pub async fn write_seen<T, F: Future<Output = Result<Result<T, StoreError>, Probleme>>>(
        &self,
        regard: Regard,
        write: impl Fn(Regard) -> F,
    ) -> Result<Result<(T, Regard), StoreError>, Probleme> {
        match write(regard.clone()).await? {
            Err(StoreError::Plafond) => {
                self.alarm();
                let regard = Regard { nirs: Nirs::Masques, trace: None };
                Ok(write(regard.clone()).await?.map(|done| (done, regard)))
            }
            done => Ok(done.map(|done| (done, regard))),
        }
    }

    /// 200 with a thing that was only read, or 304: then nothing is shown, and nothing written down.
    pub async fn respond_seen(&self, tag: String, corps: &impl Serialize, regard: Regard) -> Result<Reponse, Probleme> {
        let reponse = etag::respond(&self.headers, tag, corps);
        if !reponse.is_not_modified() && !self.head_only() {
            self.note(regard.trace.into_iter().collect()).await?;
        }
        Ok(reponse)
    }

    /// Writes down answers in clear, or deeds, that go with no write; 429 when one too many.
    pub async fn note(&self, traces: Vec<Trace>) -> Result<(), Probleme> {
        for lot in traces.chunks(LOT) {
            self.store.note(lot).await.map_err(|error| self.refuse_seen(error))?;
        }
        traces.iter().for_each(|trace| self.log_nir(trace));
        Ok(())
    }

    /// The answer of a write that was done, and what of it is shown in clear is told to the log.
    pub fn seen(&self, reponse: Reponse, regard: &Regard) -> Reponse {
        regard.trace.iter().for_each(|trace| self.log_nir(trace));
        reponse
    }

    /// The entry of an answer or a deed; `compte`: whether it counts among the reads of the day.
    pub fn trace(&self, objet: Objet, motif: MotifAcces, compte: bool) -> Trace {
        let acces = Acces { le: self.now, utilisateur: self.appelant.utilisateur.clone(), role: self.appelant.role, motif };
        let plafond = (compte && self.deps.config.limites).then_some(self.deps.config.plafond_lectures);
        Trace { objet, acces, entree: self.deps.ids.entree(self.now), plafond }
    }

    /// What an `Idempotency-Key` remembers of an answer that may show a NIR.
    pub fn record_seen(&self, idem: &Idem, reponse: &Reponse, regard: &Regard) -> Option<Idempotence> {
        idem.record(reponse, self.now).map(|record| Idempotence { clair: regard.trace.is_some(), ..record })
    }

    /// The answer of a known key, given again: never about what is gone, and masked where the caller may see no more.
    pub(crate) async fn again(&self, known: Probleme) -> Probleme {
        let Probleme::Rejouer(mut record) = known else { return known };
        let Some(objet) = record.objet.as_deref().and_then(objet) else { return Probleme::Rejouer(record) };
        match self.is_there(&objet).await {
            Ok(true) => {}
            Ok(false) => return Probleme::introuvable(),
            Err(error) => return error.into(),
        }
        if record.clair {
            let trace = self.trace(objet, MotifAcces::Repetition, true);
            match self.store.note(std::slice::from_ref(&trace)).await {
                Ok(()) => self.log_nir(&trace),
                Err(StoreError::Plafond) => {
                    self.alarm();
                    record.corps = masked_text(&record.corps);
                }
                Err(error) => return error.into(),
            }
        }
        Probleme::Rejouer(record)
    }

    /// The problem of a write that failed, or that another request with its key was faster with.
    pub async fn refuse_again(&self, idem: &Idem, error: StoreError) -> Probleme {
        self.again(idem.refuse(error)).await
    }

    async fn is_there(&self, objet: &Objet) -> Result<bool, StoreError> {
        match objet {
            Objet::Client(id) => Ok(self.store.client(id).await?.is_some()),
            Objet::Dossier(id) => Ok(self.store.dossier(id).await?.is_some()),
        }
    }

    fn refuse_seen(&self, error: StoreError) -> Probleme {
        match error {
            StoreError::Plafond => {
                self.alarm();
                Probleme::plafond_lectures(seconds_left(self.now))
            }
            other => other.into(),
        }
    }

    fn alarm(&self) {
        tracing::error!(alarme = "plafond-lectures", utilisateur = self.appelant.utilisateur, magasin = %self.appelant.magasin, request_id = self.request_id);
    }

    fn log_nir(&self, trace: &Trace) {
        tracing::info!(
            evenement = "nir_en_clair",
            motif = trace.acces.motif.as_str(),
            utilisateur = self.appelant.utilisateur,
            magasin = %self.appelant.magasin,
            role = self.appelant.role.as_str(),
            objet = %trace.objet,
            request_id = self.request_id
        );
    }
}

/// A remembered body with its NIRs masked.
fn masked_text(corps: &str) -> String {
    let mut corps: Value = serde_json::from_str(corps).unwrap_or_default();
    mask_nirs(&mut corps);
    corps.to_string()
}

/// Seconds until the next day in Paris begins, rounded up: whoever waits that long is served.
fn seconds_left(now: Timestamp) -> u64 {
    let left = date::end_of_paris_day(date::paris_day(now)).duration_since(now).as_millis();
    u64::try_from(left).unwrap_or(0).div_ceil(1000).max(1)
}

fn objet(id: &str) -> Option<Objet> {
    id.parse().map(Objet::Dossier).or_else(|_| id.parse().map(Objet::Client)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_count_begins_again_with_the_next_day_in_paris() {
        for (now, seconds) in
            [("2026-06-30T21:59:59Z", 1), ("2026-06-30T21:59:58.001Z", 2), ("2026-06-30T22:00:00Z", 86_400), ("2026-12-31T12:00:00Z", 11 * 3600)]
        {
            assert_eq!(seconds_left(now.parse().unwrap()), seconds, "{now}");
        }
    }

    #[test]
    fn an_entry_is_about_a_client_or_a_dossier() {
        for (id, known) in
            [("dos_01ARZ3NDEKTSV4RRFFQ69G5FAV", true), ("cli_01ARZ3NDEKTSV4RRFFQ69G5FAV", true), ("dem_01ARZ3NDEKTSV4RRFFQ69G5FAV", false), ("", false)]
        {
            assert_eq!(objet(id).map(|o| o.to_string()), known.then(|| id.to_owned()), "{id}");
        }
    }
}
