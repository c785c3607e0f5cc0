//! A demande: one request for a PEC or a cotation about one equipment, and all that became of it.

use crate::{
    centimes::Centimes,
    client::NomPrenom,
    credit::EtatCredit,
    enumeration,
    ids::{DemandeId, DossierId, MutuelleId},
    reponse::Origine,
    role::{Droit, Role},
};
use jiff::{Timestamp, civil::Date};
use std::fmt;

enumeration! {
    /// What is asked.
    pub enum Nature {
        /// A prise en charge: binds the mutuelle.
        Pec = "PEC",
        /// A quote: binds nobody, may be repeated.
        Cotation = "COTATION",
    }
}

/// The state a cancellation was asked from, and returns to when it is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AvantAnnulation {
    /// Pending.
    EnAttente,
    /// Granted.
    Accordee,
    /// Granted, documents to send.
    AccordeeSousReserve,
}

/// Why no certainty is to be had automatically. Decides which later evidence is still believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Doute {
    /// Never acknowledged: any clear answer ends the doubt.
    Muette,
    /// Acknowledged, then silence: a decision of the mutuelle ends it.
    Attente,
    /// A cancellation without an end: only its acknowledgement ends it.
    Annulation,
    /// Two answers contradict each other: only a person ends it.
    Contradiction,
}

/// Where a demande stands. What the contract calls `REFUSEE` is two states here, because their credits differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Etat {
    /// Accepted by us, not answered yet.
    EnTransmission,
    /// Sent, no usable answer: we are asking.
    SansReponse,
    /// The mutuelle needs time.
    EnAttente,
    /// Granted.
    Accordee,
    /// Granted, documents to send.
    AccordeeSousReserve,
    /// Refused by the concentrator.
    RefuseePlateforme,
    /// Refused by the mutuelle.
    RefuseeMutuelle,
    /// Proven not received.
    NonTransmise,
    /// A person decides.
    AVerifier(Doute),
    /// Cancel asked, not acknowledged yet.
    AnnulationEnCours(AvantAnnulation),
    /// Cancelled and acknowledged.
    Annulee,
    /// The agreement's validity is over.
    Expiree,
}

enumeration! {
    /// A state as the contract names it.
    pub enum EtatPublic {
        /// See [`Etat::EnTransmission`].
        EnTransmission = "EN_TRANSMISSION",
        /// See [`Etat::SansReponse`].
        SansReponse = "SANS_REPONSE",
        /// See [`Etat::EnAttente`].
        EnAttente = "EN_ATTENTE",
        /// See [`Etat::Accordee`].
        Accordee = "ACCORDEE",
        /// See [`Etat::AccordeeSousReserve`].
        AccordeeSousReserve = "ACCORDEE_SOUS_RESERVE",
        /// See [`Etat::RefuseePlateforme`] and [`Etat::RefuseeMutuelle`].
        Refusee = "REFUSEE",
        /// See [`Etat::NonTransmise`].
        NonTransmise = "NON_TRANSMISE",
        /// See [`Etat::AVerifier`].
        AVerifier = "A_VERIFIER",
        /// See [`Etat::AnnulationEnCours`].
        AnnulationEnCours = "ANNULATION_EN_COURS",
        /// See [`Etat::Annulee`].
        Annulee = "ANNULEE",
        /// See [`Etat::Expiree`].
        Expiree = "EXPIREE",
    }
}

impl From<AvantAnnulation> for Etat {
    fn from(avant: AvantAnnulation) -> Self {
        match avant {
            AvantAnnulation::EnAttente => Self::EnAttente,
            AvantAnnulation::Accordee => Self::Accordee,
            AvantAnnulation::AccordeeSousReserve => Self::AccordeeSousReserve,
        }
    }
}

impl Etat {
    /// As the contract names it.
    pub const fn public(self) -> EtatPublic {
        match self {
            Self::EnTransmission => EtatPublic::EnTransmission,
            Self::SansReponse => EtatPublic::SansReponse,
            Self::EnAttente => EtatPublic::EnAttente,
            Self::Accordee => EtatPublic::Accordee,
            Self::AccordeeSousReserve => EtatPublic::AccordeeSousReserve,
            Self::RefuseePlateforme | Self::RefuseeMutuelle => EtatPublic::Refusee,
            Self::NonTransmise => EtatPublic::NonTransmise,
            Self::AVerifier(_) => EtatPublic::AVerifier,
            Self::AnnulationEnCours(_) => EtatPublic::AnnulationEnCours,
            Self::Annulee => EtatPublic::Annulee,
            Self::Expiree => EtatPublic::Expiree,
        }
    }

    /// Whether it may still bind the mutuelle: a live PEC holds the guard of its equipment.
    pub const fn live(self) -> bool {
        match self {
            Self::EnTransmission
            | Self::SansReponse
            | Self::EnAttente
            | Self::Accordee
            | Self::AccordeeSousReserve
            | Self::AVerifier(_)
            | Self::AnnulationEnCours(_) => true,
            Self::RefuseePlateforme | Self::RefuseeMutuelle | Self::NonTransmise | Self::Annulee | Self::Expiree => false,
        }
    }

    /// Whether amounts were granted and still hold.
    pub const fn granted(self) -> bool {
        matches!(self, Self::Accordee | Self::AccordeeSousReserve)
    }

    /// Whether the outcome is still open: a cotation in this state keeps its equipment as it is, like a live PEC.
    pub const fn open(self) -> bool {
        matches!(self, Self::EnTransmission | Self::SansReponse | Self::EnAttente | Self::AVerifier(_) | Self::AnnulationEnCours(_))
    }
}

enumeration! {
    /// What may be done with a demande now.
    pub enum Action {
        /// Ask the concentrator soon.
        Actualiser = "ACTUALISER",
        /// Cancel.
        Annuler = "ANNULER",
        /// Write the granted amounts into the dossier.
        Transferer = "TRANSFERER",
        /// Make a PEC of a cotation.
        Transformer = "TRANSFORMER",
        /// Print the answer.
        ImprimerReponse = "IMPRIMER_REPONSE",
        /// End an `A_VERIFIER`.
        Decider = "DECIDER",
    }
}

impl Action {
    /// What it asks of the caller.
    pub const fn droit(self) -> Droit {
        match self {
            Self::ImprimerReponse => Droit::Lire,
            Self::Actualiser | Self::Annuler | Self::Transferer | Self::Transformer => Droit::Servir,
            Self::Decider => Droit::Gerer,
        }
    }
}

/// An asked cancellation.
#[derive(Clone, PartialEq, Eq)]
pub struct Annulation {
    /// Why, in the shop's words.
    pub motif: String,
    /// When it was asked.
    pub demandee_le: Timestamp,
    /// When its sending began; `None`: not sent, or proven not received.
    pub envoyee_le: Option<Timestamp>,
    /// Sendings proven not received so far.
    pub echecs: u8,
}

/// What a person typed may name another.
impl fmt::Debug for Annulation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { motif: _, demandee_le, envoyee_le, echecs } = self;
        f.debug_struct("Annulation").field("demandee_le", demandee_le).field("envoyee_le", envoyee_le).field("echecs", echecs).finish_non_exhaustive()
    }
}

/// What was answered, as the shop is shown it.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct ReponseRecue {
    /// « Référence dossier ».
    pub reference_dossier: Option<String>,
    /// « N° de PEC ».
    pub numero_pec: Option<String>,
    /// « Date de PEC ».
    pub date_pec: Option<Date>,
    /// Last day of validity.
    pub expire_le: Option<Date>,
    /// How long the mutuelle needs: hours.
    pub delai_heures: Option<u32>,
    /// « Message plateforme ».
    pub message_plateforme: Option<String>,
    /// « Message mutuelle ».
    pub message_mutuelle: Option<String>,
    /// Code of the message.
    pub code_rejet: Option<String>,
    /// Global amount.
    pub montant_global: Option<Centimes>,
    /// What the lines cannot hold of it.
    pub montant_non_reparti: Option<Centimes>,
    /// RC of every line that was sent, by number; `None` as long as nobody knows it.
    pub lignes: Vec<(u16, Option<Centimes>)>,
    /// Raw text of an answer nobody understands.
    pub texte_brut: Option<String>,
}

/// A message may name a person.
impl fmt::Debug for ReponseRecue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            reference_dossier,
            numero_pec,
            date_pec,
            expire_le,
            delai_heures,
            message_plateforme: _,
            message_mutuelle: _,
            code_rejet,
            montant_global,
            montant_non_reparti,
            lignes,
            texte_brut: _,
        } = self;
        f.debug_struct("ReponseRecue")
            .field("reference_dossier", reference_dossier)
            .field("numero_pec", numero_pec)
            .field("date_pec", date_pec)
            .field("expire_le", expire_le)
            .field("delai_heures", delai_heures)
            .field("code_rejet", code_rejet)
            .field("montant_global", montant_global)
            .field("montant_non_reparti", montant_non_reparti)
            .field("lignes", lignes)
            .finish_non_exhaustive()
    }
}

enumeration! {
    /// What happened, in the timeline of a demande.
    pub enum Quoi {
        /// Accepted by us.
        Creee = "CREEE",
        /// The concentrator was called.
        Transmise = "TRANSMISE",
        /// Proven not received; will be tried again.
        NonRecue = "NON_RECUE",
        /// No usable answer.
        SansReponse = "SANS_REPONSE",
        /// The mutuelle needs time.
        EnAttente = "EN_ATTENTE",
        /// Granted.
        Accordee = "ACCORDEE",
        /// Granted, documents to send.
        AccordeeSousReserve = "ACCORDEE_SOUS_RESERVE",
        /// Refused.
        Refusee = "REFUSEE",
        /// Proven not received, for good.
        NonTransmise = "NON_TRANSMISE",
        /// A person must decide.
        AVerifier = "A_VERIFIER",
        /// Somebody asked for news.
        ActualisationDemandee = "ACTUALISATION_DEMANDEE",
        /// The concentrator says it does not know the reference.
        Inconnue = "INCONNUE",
        /// Somebody asked to cancel.
        AnnulationDemandee = "ANNULATION_DEMANDEE",
        /// The cancellation was refused or could not be delivered.
        AnnulationRefusee = "ANNULATION_REFUSEE",
        /// Cancelled.
        Annulee = "ANNULEE",
        /// No longer valid.
        Expiree = "EXPIREE",
        /// The amounts went into the dossier.
        Transferee = "TRANSFEREE",
        /// A person decided.
        Decidee = "DECIDEE",
        /// The personal data of the demande went.
        Effacee = "EFFACEE",
        /// An answer that changed nothing, kept because it contradicts or repeats another.
        ReponseEcartee = "REPONSE_ECARTEE",
    }
}

/// One line of the timeline.
#[derive(Clone, PartialEq, Eq)]
pub struct Evenement {
    /// When.
    pub le: Timestamp,
    /// What.
    pub quoi: Quoi,
    /// Who: a user's id, or `optopec`.
    pub par: String,
    /// In words, without personal data but what a person typed as a reason.
    pub detail: Option<String>,
}

/// What a person typed, or a mutuelle answered, may name another.
impl fmt::Debug for Evenement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { le, quoi, par, detail: _ } = self;
        f.debug_struct("Evenement").field("le", le).field("quoi", quoi).field("par", par).finish_non_exhaustive()
    }
}

/// A demande, without what was sent ([`crate::envoi::Envoi`], kept beside it).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Demande {
    /// Its id, and its reference at the concentrator for ever.
    pub id: DemandeId,
    /// The dossier.
    pub dossier_id: DossierId,
    /// The equipment.
    pub equipement: u16,
    /// PEC or cotation.
    pub nature: Nature,
    /// The cotation that this PEC was made of.
    pub issue_de: Option<DemandeId>,
    /// Counts a shop's demandes from 1.
    pub numero: u64,
    /// Raised by every write.
    pub version: u64,
    /// To whom.
    pub mutuelle_id: MutuelleId,
    /// Its name when it was asked.
    pub mutuelle_nom: String,
    /// Whom it is about, as she was called when it was asked; `None`: erased, or asked before this was kept.
    pub beneficiaire: Option<NomPrenom>,
    /// Whether that mutuelle takes cancellations.
    pub annulable: bool,
    /// Where it stands.
    pub etat: Etat,
    /// Credits held or used.
    pub prix: u32,
    /// What became of them.
    pub credit: EtatCredit,
    /// When it was made.
    pub creee_le: Timestamp,
    /// When the sending began; `None`: not sent, or proven not received.
    pub envoyee_le: Option<Timestamp>,
    /// Sendings proven not received so far.
    pub echecs: u8,
    /// State queries since the outcome became uncertain or the wait began.
    pub consultations: u16,
    /// When the concentrator first said it does not know the reference.
    pub inconnue_depuis: Option<Timestamp>,
    /// When the mutuelle first said it needs time.
    pub attente_depuis: Option<Timestamp>,
    /// First usable answer.
    pub repondue_le: Option<Timestamp>,
    /// Last state query that was answered.
    pub derniere_actualisation: Option<Timestamp>,
    /// When it must be looked at again; `None`: never by itself.
    pub echeance: Option<Timestamp>,
    /// Until when one worker alone may work on it.
    pub bail: Option<Timestamp>,
    /// The asked cancellation.
    pub annulation: Option<Annulation>,
    /// What was answered.
    pub reponse: ReponseRecue,
    /// The timeline, oldest first.
    pub evenements: Vec<Evenement>,
    /// When what it held about a person was erased; nothing can be done with it since.
    pub effacee_le: Option<Timestamp>,
}

impl Demande {
    /// Who refused, if anybody did.
    pub const fn origine_refus(&self) -> Option<Origine> {
        match self.etat {
            Etat::RefuseePlateforme => Some(Origine::Plateforme),
            Etat::RefuseeMutuelle => Some(Origine::Mutuelle),
            _ => None,
        }
    }

    /// When it is asked about again by itself. Only while its outcome is open: elsewhere `echeance` is a worker's lease or the end of a validity.
    pub const fn next_query(&self) -> Option<Timestamp> {
        match self.etat {
            Etat::SansReponse | Etat::EnAttente | Etat::AnnulationEnCours(_) => self.echeance,
            Etat::EnTransmission
            | Etat::Accordee
            | Etat::AccordeeSousReserve
            | Etat::RefuseePlateforme
            | Etat::RefuseeMutuelle
            | Etat::NonTransmise
            | Etat::AVerifier(_)
            | Etat::Annulee
            | Etat::Expiree => None,
        }
    }

    /// What stays of it when a person is erased (art. 17 GDPR): states, amounts, days, credits and who did what when, so that the ledger
    /// and the statistics stay true; not her name, nor anything that a person typed, a mutuelle wrote, or a mutuelle knows her by.
    #[must_use]
    pub fn erased(&self, par: &str, now: Timestamp) -> Self {
        let reponse = ReponseRecue {
            reference_dossier: None,
            numero_pec: None,
            message_plateforme: None,
            message_mutuelle: None,
            texte_brut: None,
            ..self.reponse.clone()
        };
        let evenements = self.evenements.iter().map(|e| Evenement { detail: None, ..e.clone() }).collect();
        let annulation = self.annulation.clone().map(|a| Annulation { motif: String::new(), ..a });
        let mut erased = Self {
            version: self.version + 1,
            beneficiaire: None,
            echeance: None,
            bail: None,
            reponse,
            evenements,
            annulation,
            effacee_le: Some(now),
            ..self.clone()
        };
        erased.push_by(now, Quoi::Effacee, par, None);
        erased
    }

    /// What a role may do with it now; the same function decides what the routes accept.
    pub fn actions(&self, role: Role) -> Vec<Action> {
        Action::ALL.iter().copied().filter(|a| role.may(a.droit()) && self.allows(*a)).collect()
    }

    /// Whether its state allows an action.
    pub fn allows(&self, action: Action) -> bool {
        if self.effacee_le.is_some() {
            return false;
        }
        match action {
            Action::Actualiser => self.etat.live(),
            Action::Annuler => {
                self.nature == Nature::Pec && self.annulable && matches!(self.etat, Etat::Accordee | Etat::AccordeeSousReserve | Etat::EnAttente)
            }
            Action::Transferer => self.etat.granted(),
            Action::Transformer => self.nature == Nature::Cotation && self.etat.granted(),
            Action::ImprimerReponse => self.repondue_le.is_some(),
            Action::Decider => matches!(self.etat, Etat::AVerifier(_)),
        }
    }
}
