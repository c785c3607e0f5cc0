//! Errors as `application/problem+json` (RFC 9457). The only place of our API's error status codes.
//!
//! What must hold: one constructor per problem type, each with one status and one title; `detail` is one French sentence that a counter
//! assistant understands and never repeats what was sent; a failure of ours is told as such and its cause goes to the log, once, with the
//! request id that the caller is shown as `instance` (the router's outermost layer does both, see [`crate::routeur`]).
//! Deliberately absent: a wildcard arm on the store's errors.

use crate::reponse::Reponse;
use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use optopec_domain::{credit::CreditInsuffisant, erreur::ErreurChamp, ids::DemandeId, limites};
use optopec_store::{Idempotence, StoreError};
use serde::Serialize;
use serde_json::{Map, Value, json};
use std::{error::Error, sync::Arc};
use utoipa::ToSchema;

/// Why there is no ordinary answer.
#[derive(Debug)]
pub enum Probleme {
    /// The request is refused, or failed.
    Refus(Box<Refus>),
    /// It had its effect before: the answer given then is given again.
    Rejouer(Box<Idempotence>),
}

/// A refusal or a failure.
#[derive(Debug, Clone)]
pub struct Refus {
    /// Last part of the problem's type.
    pub genre: &'static str,
    /// Status code.
    pub statut: StatusCode,
    /// Title, the same for every problem of the type.
    pub titre: &'static str,
    /// One French sentence.
    pub detail: String,
    /// Everything at fault.
    pub erreurs: Vec<ErreurChamp>,
    /// More fields of the answer.
    pub extra: Map<String, Value>,
    /// Seconds after which it may be tried again.
    pub retry_after: Option<u64>,
    /// Methods that the address takes.
    pub allow: Option<HeaderValue>,
    /// What happened, for the log only.
    pub cause: Option<Arc<dyn Error + Send + Sync>>,
}

/// Une donnée fautive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ErreurDto {
    /// Pointeur JSON dans le corps, le dossier ou (`/magasin/…`) le magasin.
    #[schema(example = "/equipements/0/lignes/1/code_lpp")]
    pub champ: String,
    /// Code stable.
    #[schema(example = "CHAMP_REQUIS")]
    pub code: &'static str,
    /// Une phrase en français.
    pub message: String,
}

impl From<&ErreurChamp> for ErreurDto {
    fn from(erreur: &ErreurChamp) -> Self {
        Self { champ: erreur.champ.clone(), code: erreur.code, message: erreur.message.clone() }
    }
}

/// Un problème, selon la RFC 9457.
#[derive(ToSchema)]
#[schema(as = Probleme)]
#[allow(dead_code, reason = "describes an answer that is written by hand")]
pub struct ProblemeDto {
    /// Chemin stable du genre de problème.
    #[schema(example = "/problemes/champs-invalides")]
    r#type: String,
    /// Le genre de problème en toutes lettres.
    title: String,
    /// Code de statut.
    status: u16,
    /// Ce qui ne va pas cette fois, en une phrase.
    detail: String,
    /// Identifiant de la requête.
    instance: String,
    /// Tout ce qui est fautif à la fois ; vide quand aucun champ ne l'est.
    erreurs: Vec<ErreurDto>,
    /// La demande qui fait obstacle (`pec-en-cours`, `equipement-engage`).
    #[schema(required = false)]
    demande_id: String,
    /// Crédits disponibles (`credit-insuffisant`).
    #[schema(required = false)]
    disponibles: u64,
    /// Crédits nécessaires (`credit-insuffisant`).
    #[schema(required = false)]
    necessaires: u64,
}

impl Refus {
    /// The answer's body.
    pub fn to_json(&self, instance: &str) -> Value {
        let mut body = json!({
            "type": format!("/problemes/{}", self.genre),
            "title": self.titre,
            "status": self.statut.as_u16(),
            "detail": self.detail,
            "instance": instance,
            "erreurs": self.erreurs.iter().map(ErreurDto::from).collect::<Vec<_>>(),
        });
        if let Some(fields) = body.as_object_mut() {
            fields.extend(self.extra.clone());
        }
        body
    }

    /// The answer.
    pub fn to_response(&self, instance: &str) -> Response {
        let mut response = (self.statut, self.to_json(instance).to_string()).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if self.statut == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if let Some(seconds) = self.retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if let Some(allow) = &self.allow {
            headers.insert(header::ALLOW, allow.clone());
        }
        response
    }
}

impl IntoResponse for Probleme {
    /// The refusal travels beside the answer, so that the outermost layer can write the request id into it and log it once.
    fn into_response(self) -> Response {
        match self {
            Self::Refus(refus) => {
                let mut response = refus.to_response("");
                response.extensions_mut().insert(Arc::new(*refus));
                response
            }
            Self::Rejouer(record) => Reponse::again(&record).into_response(),
        }
    }
}

fn problem(statut: StatusCode, genre: &'static str, titre: &'static str, detail: impl Into<String>) -> Probleme {
    Probleme::Refus(Box::new(Refus {
        genre,
        statut,
        titre,
        detail: detail.into(),
        erreurs: Vec::new(),
        extra: Map::new(),
        retry_after: None,
        allow: None,
        cause: None,
    }))
}

impl Probleme {
    fn change(mut self, change: impl FnOnce(&mut Refus)) -> Self {
        if let Self::Refus(refus) = &mut self {
            change(refus);
        }
        self
    }

    /// Last part of the problem's type; nothing for an answer that is given again.
    pub fn genre(&self) -> Option<&'static str> {
        match self {
            Self::Refus(refus) => Some(refus.genre),
            Self::Rejouer(_) => None,
        }
    }

    /// The same with another sentence.
    #[must_use]
    pub fn detail(self, detail: impl Into<String>) -> Self {
        self.change(|r| r.detail = detail.into())
    }

    /// The same with what is at fault.
    #[must_use]
    pub fn erreurs(self, erreurs: Vec<ErreurChamp>) -> Self {
        self.change(|r| r.erreurs = erreurs)
    }

    /// The same with one more field.
    #[must_use]
    pub fn with(self, champ: &'static str, valeur: impl Into<Value>) -> Self {
        self.change(|r| {
            r.extra.insert(champ.to_owned(), valeur.into());
        })
    }

    /// The same with the seconds after which it may be tried again.
    #[must_use]
    pub fn retry_after(self, seconds: u64) -> Self {
        self.change(|r| r.retry_after = Some(seconds))
    }

    /// The same with what happened, for the log.
    #[must_use]
    pub fn cause(self, cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        self.change(|r| r.cause = Some(Arc::from(cause.into())))
    }

    /// 400: the request cannot be read before its meaning is looked at.
    pub fn requete_illisible() -> Self {
        problem(StatusCode::BAD_REQUEST, "requete-illisible", "Requête illisible", "L'adresse ou les paramètres de la requête sont illisibles.")
    }

    /// 400: the body is not JSON.
    pub fn json_illisible(detail: impl Into<String>) -> Self {
        problem(StatusCode::BAD_REQUEST, "json-illisible", "JSON illisible", detail)
    }

    /// 400: the route needs an `Idempotency-Key`.
    pub fn cle_idempotence_requise() -> Self {
        problem(
            StatusCode::BAD_REQUEST,
            "cle-idempotence-requise",
            "Clé d'idempotence requise",
            "L'en-tête Idempotency-Key manque : il protège d'un double envoi.",
        )
    }

    /// 400: the `Idempotency-Key` is no key.
    pub fn cle_idempotence_invalide() -> Self {
        let detail = format!("L'en-tête Idempotency-Key compte de 1 à {} caractères imprimables.", limites::CLE_IDEMPOTENCE_CARACTERES_MAX);
        problem(StatusCode::BAD_REQUEST, "cle-idempotence-invalide", "Clé d'idempotence invalide", detail)
    }

    /// 401: nobody knows who calls.
    pub fn non_authentifie() -> Self {
        problem(StatusCode::UNAUTHORIZED, "non-authentifie", "Non authentifié", "La connexion est absente ou expirée : reconnectez-vous.")
    }

    /// 401: whoever signed in did so too long ago.
    pub fn session_terminee() -> Self {
        problem(StatusCode::UNAUTHORIZED, "session-terminee", "Session terminée", "La session est terminée : reconnectez-vous.")
    }

    /// 402: there is no credit left for this.
    pub fn credit_insuffisant(insuffisant: CreditInsuffisant) -> Self {
        problem(StatusCode::PAYMENT_REQUIRED, "credit-insuffisant", "Crédit insuffisant", insuffisant.to_string())
            .with("disponibles", insuffisant.disponibles)
            .with("necessaires", insuffisant.demandes)
    }

    /// 403: the caller may not.
    pub fn interdit() -> Self {
        problem(StatusCode::FORBIDDEN, "interdit", "Interdit", "Votre rôle ne permet pas cette opération.")
    }

    /// 403: the shop has not subscribed to PEC.
    pub fn option_inactive() -> Self {
        problem(
            StatusCode::FORBIDDEN,
            "option-inactive",
            "Option inactive",
            "L'option « Installation PEC » n'est pas active pour ce magasin : demandez-la à votre fournisseur.",
        )
    }

    /// 404: there is no such thing, or it is another shop's.
    pub fn introuvable() -> Self {
        problem(StatusCode::NOT_FOUND, "introuvable", "Introuvable", "Cet élément n'existe pas ou n'existe plus.")
    }

    /// 405: the address does not take this method.
    pub fn methode_interdite() -> Self {
        problem(StatusCode::METHOD_NOT_ALLOWED, "methode-interdite", "Méthode interdite", "Cette adresse n'accepte pas cette méthode.")
    }

    /// 409: the equipment has a live PEC.
    pub fn pec_en_cours(demande: &DemandeId) -> Self {
        problem(StatusCode::CONFLICT, "pec-en-cours", "PEC en cours", "Une prise en charge est déjà en cours pour cet équipement.")
            .with("demande_id", demande.as_str())
    }

    /// 409: the equipment has a live demande and stays as it is.
    pub fn equipement_engage(demande: &DemandeId) -> Self {
        problem(
            StatusCode::CONFLICT,
            "equipement-engage",
            "Équipement engagé",
            "Une demande est en cours pour cet équipement : il ne peut être ni modifié ni supprimé.",
        )
        .with("demande_id", demande.as_str())
    }

    /// 409: it cannot be done in this state.
    pub fn action_impossible(detail: impl Into<String>) -> Self {
        problem(StatusCode::CONFLICT, "action-impossible", "Action impossible", detail)
    }

    /// 409: this reference of a payment or a correction has had its effect.
    pub fn reference_connue() -> Self {
        problem(StatusCode::CONFLICT, "reference-connue", "Référence déjà enregistrée", "Cette référence a déjà été enregistrée : elle ne compte qu'une fois.")
    }

    /// 409: a request with this key is being answered.
    pub fn requete_en_cours() -> Self {
        problem(StatusCode::CONFLICT, "requete-en-cours", "Requête en cours", "La même requête est en cours de traitement : réessayez dans un instant.")
            .retry_after(1)
    }

    /// 412: somebody changed it in between.
    pub fn version_perimee() -> Self {
        problem(
            StatusCode::PRECONDITION_FAILED,
            "version-perimee",
            "Version périmée",
            "Cet élément a été modifié entre-temps : rechargez-le avant de le modifier.",
        )
    }

    /// 413: the body, or a part of it, is too large.
    pub fn trop_grand(detail: impl Into<String>) -> Self {
        problem(StatusCode::PAYLOAD_TOO_LARGE, "trop-grand", "Trop grand", detail)
    }

    /// 422: fields at fault, all of them.
    pub fn champs_invalides(erreurs: Vec<ErreurChamp>) -> Self {
        problem(StatusCode::UNPROCESSABLE_ENTITY, "champs-invalides", "Champs invalides", "Certains champs sont à corriger.").erreurs(erreurs)
    }

    /// 422: a demande is refused before anything is held.
    pub fn demande_incomplete(erreurs: Vec<ErreurChamp>) -> Self {
        problem(StatusCode::UNPROCESSABLE_ENTITY, "demande-incomplete", "Demande incomplète", "La demande ne peut pas partir : complétez ce qui est signalé.")
            .erreurs(erreurs)
    }

    /// 422: the key was used for something else.
    pub fn cle_reutilisee() -> Self {
        problem(StatusCode::UNPROCESSABLE_ENTITY, "cle-reutilisee", "Clé réutilisée", "Cette clé d'idempotence a déjà servi à une autre requête.")
    }

    /// 422: the file cannot be read as a whole.
    pub fn csv_illisible(detail: impl Into<String>) -> Self {
        problem(StatusCode::UNPROCESSABLE_ENTITY, "csv-illisible", "Fichier illisible", detail)
    }

    /// 428: the route needs an `If-Match`.
    pub fn precondition_requise() -> Self {
        problem(
            StatusCode::PRECONDITION_REQUIRED,
            "precondition-requise",
            "Précondition requise",
            "L'en-tête If-Match manque : il évite d'écraser la modification d'un autre.",
        )
    }

    /// 429: too fast.
    pub fn trop_de_requetes(seconds: u64) -> Self {
        problem(StatusCode::TOO_MANY_REQUESTS, "trop-de-requetes", "Trop de requêtes", "Trop de requêtes en peu de temps : réessayez dans un instant.")
            .retry_after(seconds)
    }

    /// 429: more in clear than one may see in a day.
    pub fn plafond_lectures(seconds: u64) -> Self {
        problem(
            StatusCode::TOO_MANY_REQUESTS,
            "plafond-lectures",
            "Plafond de lectures atteint",
            "Vous avez consulté trop de numéros de sécurité sociale en clair aujourd'hui : le reste de l'application continue de fonctionner, et ce plafond repart demain.",
        )
        .retry_after(seconds)
    }

    /// 500: our fault. The cause goes to the log, never to the caller.
    pub fn interne(cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        problem(
            StatusCode::INTERNAL_SERVER_ERROR,
            "interne",
            "Erreur interne",
            "Une erreur interne est survenue : réessayez, puis appelez l'assistance avec l'identifiant de la requête.",
        )
        .cause(cause)
    }

    /// 502: the concentrator gives no usable answer.
    pub fn concentrateur_injoignable() -> Self {
        problem(StatusCode::BAD_GATEWAY, "concentrateur-injoignable", "Concentrateur injoignable", "Le concentrateur ne répond pas : réessayez plus tard.")
    }

    /// 503: no concentrator is configured for this shop.
    pub fn concentrateur_absent() -> Self {
        problem(StatusCode::SERVICE_UNAVAILABLE, "concentrateur-absent", "Concentrateur absent", "Aucun concentrateur n'est configuré pour ce magasin.")
    }

    /// 503: too many at once for the same thing.
    pub fn occupe() -> Self {
        problem(StatusCode::SERVICE_UNAVAILABLE, "occupe", "Service occupé", "Le service est très sollicité : réessayez dans un instant.").retry_after(2)
    }

    /// 503: what we depend on does not answer.
    pub fn indisponible(cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        problem(
            StatusCode::SERVICE_UNAVAILABLE,
            "indisponible",
            "Service indisponible",
            "Le service est momentanément indisponible : réessayez dans un instant.",
        )
        .retry_after(5)
        .cause(cause)
    }

    /// 503: the key that seals personal data does not answer, or is not the right one. The operator is told by its `genre`: nobody works until
    /// it is mended.
    pub fn cle_indisponible(cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        problem(
            StatusCode::SERVICE_UNAVAILABLE,
            "cle-indisponible",
            "Clé indisponible",
            "Les données protégées sont momentanément inaccessibles : rien n'a été modifié, réessayez dans un instant.",
        )
        .retry_after(30)
        .cause(cause)
    }

    /// The problem of an answer that the framework refused by itself, in words of its own.
    pub(crate) fn of_status(statut: StatusCode) -> Self {
        match statut {
            StatusCode::NOT_FOUND => Self::introuvable().detail("Cette adresse n'existe pas."),
            StatusCode::METHOD_NOT_ALLOWED => Self::methode_interdite(),
            StatusCode::PAYLOAD_TOO_LARGE => Self::trop_grand("Le corps de la requête est trop grand."),
            statut if statut.is_client_error() => Self::requete_illisible(),
            statut => Self::interne(format!("réponse {statut} sans problème")),
        }
    }
}

impl From<StoreError> for Probleme {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::NotFound => Self::introuvable(),
            StoreError::Stale => Self::version_perimee(),
            StoreError::Busy => Self::occupe(),
            // Another request with the same key came first, this very moment; asked again, the key is looked up and tells the rest.
            StoreError::Deja(_) => Self::requete_en_cours(),
            StoreError::Engage(demande) => Self::equipement_engage(&demande),
            StoreError::Credit(insuffisant) => Self::credit_insuffisant(insuffisant),
            StoreError::ReferenceConnue => Self::reference_connue(),
            StoreError::Curseur => Self::champs_invalides(vec![ErreurChamp::new("/suivant", "CURSEUR", "Reprenez la liste au début.")]),
            // Where a clear answer could have been given, its handler has met it before.
            StoreError::Plafond => Self::plafond_lectures(3600),
            StoreError::Cle(_) => Self::cle_indisponible(error),
            StoreError::Unavailable(_) => Self::indisponible(error),
            StoreError::Corrupt { .. } => Self::interne(error),
        }
    }
}

/// Why a text of the log is one line: the error and what caused it.
pub(crate) fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text.push_str(" : ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refus(probleme: Probleme) -> Refus {
        match probleme {
            Probleme::Refus(refus) => *refus,
            Probleme::Rejouer(_) => panic!("a refusal was expected"),
        }
    }

    #[test]
    fn a_problem_tells_everything_in_the_fields_of_the_contract() {
        let erreurs = vec![
            ErreurChamp::new("/nom", "OBLIGATOIRE", "Cette donnée est obligatoire."),
            ErreurChamp::new("/tiers_payant/numero_adherent", "CHAMP_REQUIS", "Il manque."),
        ];
        assert_eq!(
            refus(Probleme::champs_invalides(erreurs)).to_json("req_1"),
            json!({
                "type": "/problemes/champs-invalides", "title": "Champs invalides", "status": 422, "detail": "Certains champs sont à corriger.", "instance": "req_1",
                "erreurs": [
                    {"champ": "/nom", "code": "OBLIGATOIRE", "message": "Cette donnée est obligatoire."},
                    {"champ": "/tiers_payant/numero_adherent", "code": "CHAMP_REQUIS", "message": "Il manque."},
                ],
            })
        );
    }

    #[test]
    fn a_problem_that_is_no_field_s_has_an_empty_list() {
        assert_eq!(refus(Probleme::introuvable()).to_json("req_1")["erreurs"], json!([]));
    }

    #[test]
    fn the_statuses_that_the_contract_fixes() {
        let demande: DemandeId = "dem_01ARZ3NDEKTSV4RRFFQ69G5FAV".parse().unwrap();
        for (probleme, statut, genre) in [
            (Probleme::session_terminee(), 401, "session-terminee"),
            (Probleme::option_inactive(), 403, "option-inactive"),
            (Probleme::credit_insuffisant(CreditInsuffisant { disponibles: 0, demandes: 1 }), 402, "credit-insuffisant"),
            (Probleme::pec_en_cours(&demande), 409, "pec-en-cours"),
            (Probleme::equipement_engage(&demande), 409, "equipement-engage"),
            (Probleme::demande_incomplete(Vec::new()), 422, "demande-incomplete"),
            (Probleme::concentrateur_absent(), 503, "concentrateur-absent"),
            (Probleme::cle_reutilisee(), 422, "cle-reutilisee"),
            (Probleme::cle_idempotence_requise(), 400, "cle-idempotence-requise"),
            (Probleme::precondition_requise(), 428, "precondition-requise"),
            (Probleme::version_perimee(), 412, "version-perimee"),
        ] {
            let refus = refus(probleme);
            assert_eq!((refus.statut.as_u16(), refus.genre), (statut, genre));
            assert!(refus.detail.ends_with('.'), "{}", refus.detail);
        }
        assert_eq!(refus(Probleme::pec_en_cours(&demande)).to_json("r")["demande_id"], demande.as_str());
    }

    #[test]
    fn what_may_be_tried_again_says_when() {
        for probleme in [Probleme::occupe(), Probleme::requete_en_cours(), Probleme::trop_de_requetes(7), StoreError::Busy.into()] {
            assert!(refus(probleme).to_response("r").headers().contains_key(header::RETRY_AFTER));
        }
    }

    #[test]
    fn our_own_failures_keep_their_cause_to_themselves() {
        let refus = refus(Probleme::interne("table « credits » : MONTFORT"));
        assert!(!refus.to_json("r").to_string().contains("MONTFORT"));
        assert_eq!(refus.cause.as_deref().map(|c| chain(c)), Some("table « credits » : MONTFORT".to_owned()));
    }
}
