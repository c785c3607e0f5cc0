//! Which concentrator a demande goes to.
//!
//! What must hold: what was frozen with the demande decides, never the shop's present mode, so that a demande is followed where it
//! was sent for its whole life.

use optopec_concentrateur::{Concentrateur, Delais, Dialecte, ReglageInvalide, Reglages};
use optopec_domain::envoi::Envoi;
use std::time::Duration;

/// Where a concentrator is, and the secret that it knows us by.
#[derive(Clone, Copy)]
pub struct Acces<'a> {
    /// Base of its addresses.
    pub url: &'a str,
    /// The secret.
    pub jeton: &'a str,
    /// How long a whole answer may take.
    pub delai_reponse: Duration,
}

/// The demonstration concentrator, and the real one where the deployment configures it. Made once per process.
#[derive(Clone)]
pub struct Concentrateurs {
    /// Every stage has it.
    pub demo: Concentrateur,
    /// None: a demande of a shop in real mode is never received by anybody.
    pub reel: Option<Concentrateur>,
}

impl Concentrateurs {
    /// Both, as a deployment configures them; `version` is ours, told in every request. Calls nobody.
    ///
    /// # Errors
    /// A setting cannot be used.
    pub fn new(version: &str, demo: Acces<'_>, reel: Option<Acces<'_>>) -> Result<Self, ReglageInvalide> {
        let one = |acces: Acces<'_>| {
            let delais = Delais { reponse: acces.delai_reponse, ..Delais::default() };
            Concentrateur::new(&Reglages {
                url: acces.url.to_owned(),
                jeton: acces.jeton.to_owned(),
                dialecte: Dialecte::Opamc1,
                version: version.to_owned(),
                delais,
            })
        };
        Ok(Self { demo: one(demo)?, reel: reel.map(one).transpose()? })
    }

    /// The one that a sending belongs to.
    pub const fn of(&self, envoi: &Envoi) -> Option<&Concentrateur> {
        if envoi.essai { Some(&self.demo) } else { self.reel.as_ref() }
    }
}
