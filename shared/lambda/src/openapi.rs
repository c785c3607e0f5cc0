//! What every function's part of the OpenAPI document has in common, written once.
//!
//! What must hold: what the surroundings of a route answer (401, 403, 404, 413, 422, 429, 503 …) is in the document without any route
//! saying so; who may call a route is the table's ([`matrice`]); every limit that an error can name is in the description; parts join into the same document in any order of functions.

use crate::{
    config::Config,
    matrice::{self, Regle},
    probleme::{ErreurDto, ProblemeDto},
};
use optopec_domain::limites;
use utoipa::{
    IntoParams, PartialSchema,
    openapi::{
        Components, Content, ContentBuilder, HeaderBuilder, Info, License, ObjectBuilder, OpenApi, Paths, Ref, RefOr, Required, Response, ResponseBuilder,
        Type,
        path::{Operation, Parameter, ParameterBuilder, ParameterIn, PathItem},
        security::{HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme},
    },
};

const JETON: &str = "jeton";

/// Answers that are problems: name of the component, status, description, and whether it says when to try again.
const REPONSES: [(&str, &str, &str, bool); 12] = [
    ("Illisible", "400", "La requête, ou son corps, est illisible.", false),
    ("NonAuthentifie", "401", "Le jeton manque ou n'est plus valable (`non-authentifie`), ou la session est terminée (`session-terminee`).", false),
    ("Interdit", "403", "Le rôle du jeton ne permet pas cette opération.", false),
    ("Introuvable", "404", "Il n'y a rien de tel dans ce magasin.", false),
    ("Conflit", "409", "L'état présent s'y oppose ; le type du problème dit pourquoi.", true),
    ("VersionPerimee", "412", "Quelqu'un l'a modifié entre-temps.", false),
    ("TropGrand", "413", "Une limite de taille est dépassée ; le détail dit laquelle.", false),
    ("Invalide", "422", "Des champs sont à corriger ; tous sont nommés.", false),
    ("PreconditionRequise", "428", "L'en-tête If-Match manque.", false),
    ("TropDeRequetes", "429", "Trop de requêtes en peu de temps.", true),
    ("Interne", "500", "Une erreur interne.", false),
    ("Indisponible", "503", "Le service ne peut pas répondre maintenant.", true),
];

/// What every answer to a caller who is counted carries: name of the header, description, example.
const DEBITS: [(&str, &str, &str); 2] = [
    (
        "RateLimit-Policy",
        "Le débit permis à un utilisateur (draft-ietf-httpapi-ratelimit-headers-10) : `q` requêtes à la suite, de nouveau toutes disponibles après `w` secondes. \
         Absent quand les limites ne sont pas en service.",
        "\"utilisateur\";q=60;w=6",
    ),
    (
        "RateLimit",
        "Ce qui en reste : `r` requêtes maintenant, une de plus dans `t` secondes. Absent quand les limites ne sont pas en service.",
        "\"utilisateur\";r=59;t=1",
    ),
];

/// `If-Match` of a PUT: the `ETag` of the GET before.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
#[allow(dead_code, reason = "only described")]
pub struct IfMatch {
    /// L'`ETag` donné par le dernier GET, ou `*`.
    #[param(rename = "If-Match")]
    pub if_match: String,
}

/// `If-None-Match` of a GET: the `ETag` that the caller has.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
#[allow(dead_code, reason = "only described")]
pub struct IfNoneMatch {
    /// L'`ETag` de ce que l'appelant a déjà : 304 si c'est encore juste.
    #[param(rename = "If-None-Match", nullable = false)]
    pub if_none_match: Option<String>,
}

/// `Idempotency-Key` of a POST that cannot do without. (Every other POST is described with an optional one by itself.)
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
#[allow(dead_code, reason = "only described")]
pub struct CleRequise {
    /// Fabriquée par le poste à l'ouverture de son formulaire ; la même clé redonne la même réponse.
    #[param(rename = "Idempotency-Key", min_length = 1, max_length = 64)]
    pub idempotency_key: String,
}

/// A function's part of the document: what is common is added to what its routes say.
pub fn complete(mut api: OpenApi) -> OpenApi {
    api.info = info();
    api.security = Some(vec![SecurityRequirement::new::<_, [&str; 0], &str>(JETON, [])]);
    let components = api.components.get_or_insert_with(Components::new);
    common(components);
    for (path, item) in &mut api.paths.paths {
        complete_path(path, item);
    }
    api
}

/// The parts of several functions as one document, paths in alphabetical order.
pub fn merge(parts: impl IntoIterator<Item = OpenApi>) -> OpenApi {
    let mut whole = complete(OpenApi::default());
    let mut paths: Vec<(String, PathItem)> = Vec::new();
    for part in parts {
        paths.extend(part.paths.paths);
        if let (Some(all), Some(more)) = (&mut whole.components, part.components) {
            all.schemas.extend(more.schemas);
            all.responses.extend(more.responses);
        }
    }
    paths.sort_by(|(a, _), (b, _)| a.cmp(b));
    whole.paths = Paths::new();
    whole.paths.paths.extend(paths);
    whole
}

fn info() -> Info {
    let mut info = Info::new("optopec", Config::VERSION);
    info.description = Some(description());
    info.license = Some(License::new("Apache-2.0"));
    info
}

fn description() -> String {
    let rows = [
        ("Corps `text/csv`", limites::CORPS_CSV_OCTETS_MAX, "octets"),
        ("Tout autre corps", limites::CORPS_OCTETS_MAX, "octets"),
        ("Profondeur d'un corps JSON", limites::JSON_PROFONDEUR_MAX, "niveaux"),
        ("Lignes d'un fichier importé", limites::LIGNES_IMPORT_MAX, "lignes"),
        ("Noms", limites::NOM_CARACTERES_MAX, "caractères"),
        ("Nom d'une mutuelle", limites::NOM_MUTUELLE_CARACTERES_MAX, "caractères"),
        ("Numéros, références, codes", limites::COURT_CARACTERES_MAX, "caractères"),
        ("`designation`", limites::DESIGNATION_CARACTERES_MAX, "caractères"),
        ("`remarque`, `motif`", limites::REMARQUE_CARACTERES_MAX, "caractères"),
        ("Texte recherché", limites::RECHERCHE_CARACTERES_MAX, "caractères"),
        ("Lignes d'un équipement", limites::LIGNES_PAR_EQUIPEMENT_MAX, "lignes"),
        ("Équipements d'un dossier", limites::EQUIPEMENTS_PAR_DOSSIER_MAX, "équipements"),
        ("Traitements d'une ligne", limites::TRAITEMENTS_PAR_LIGNE_MAX, "traitements"),
        ("Mutuelles d'un client", limites::MUTUELLES_PAR_CLIENT_MAX, "mutuelles"),
        ("Régimes d'une mutuelle", limites::REGIMES_PAR_MUTUELLE_MAX, "régimes"),
        ("Forfaits d'une mutuelle", limites::FORFAITS_PAR_MUTUELLE_MAX, "forfaits"),
        ("Colonnes d'un fichier CSV", limites::COLONNES_CSV_MAX, "colonnes"),
        ("Lignes rejetées nommées dans un rapport d'import", limites::REJETS_IMPORT_MAX, "lignes"),
        ("Lignes rejetées gardées d'une liste de conventions", limites::REJETS_CONVENTION_MAX, "lignes"),
        ("Demandes d'un export", limites::EXPORT_DEMANDES_MAX, "demandes"),
        ("Demandes d'une période de statistiques", limites::STATISTIQUES_DEMANDES_MAX, "demandes"),
        ("`Idempotency-Key`", limites::CLE_IDEMPOTENCE_CARACTERES_MAX, "caractères"),
    ];
    let mut text = String::from(
        "Demandes de prise en charge optique : mutuelles, dossiers, demandes, crédits.\n\n\
         Les montants sont des centimes entiers ; un montant inconnu est `null`. Les erreurs sont des `application/problem+json` (RFC 9457) qui nomment \
         tous les champs fautifs à la fois. Les listes se lisent par pages (`limite`, `suivant`).\n\n\
         | Limite | Maximum | Unité |\n|---|---|---|\n",
    );
    for (what, max, unit) in rows {
        text.push_str(&format!("| {what} | {max} | {unit} |\n"));
    }
    text.push_str(&format!("| Éléments d'une page (par défaut {}) | {} | éléments |\n", limites::LISTE_DEFAUT, limites::LISTE_MAX));
    text.push_str(&format!("| Plus grand numéro d'un équipement | {} | par dossier |\n", limites::NUMERO_EQUIPEMENT_MAX));
    text.push_str(&format!("| Forfait en pourcentage du tarif | {} | % |\n", limites::POURCENTAGE_DU_TARIF_MAX));
    text.push_str(&format!("| Crédits d'une recharge | {} | crédits |\n", limites::RECHARGE_CREDITS_MAX));
    text.push_str(&format!("| Requêtes d'un utilisateur à la suite | {} | requêtes |\n", limites::DEBIT_RAFALE_REQUETES));
    text.push_str(&format!("| Durée d'une session depuis la connexion (`auth_time`) | {} | heures |\n", limites::SESSION_HEURES_MAX));
    text.push_str(&format!("| NIR montrés en clair à un utilisateur | {} | réponses par jour |\n", limites::LECTURES_EN_CLAIR_PAR_JOUR));
    text.push_str(&format!("| Requêtes d'un utilisateur dans la durée | {} | requêtes par minute |\n", limites::DEBIT_REQUETES_PAR_MINUTE));
    text
}

fn common(components: &mut Components) {
    let bearer = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .bearer_format("JWT")
        .description(Some("Revendications : `custom:magasin`, `custom:role` ; `auth_time` borne la durée d'une session."))
        .build();
    components.security_schemes.insert(JETON.into(), RefOr::T(SecurityScheme::Http(bearer)));
    components.schemas.insert("Probleme".into(), ProblemeDto::schema());
    components.schemas.insert("ErreurDto".into(), ErreurDto::schema());
    for (name, status, description, again) in REPONSES {
        let mut response = ResponseBuilder::new().description(description).content("application/problem+json", problem_content());
        if again {
            let seconds = HeaderBuilder::new()
                .schema(Some(ObjectBuilder::new().schema_type(Type::Integer)))
                .description(Some("Secondes à attendre avant de réessayer."))
                .build();
            response = response.header("Retry-After", seconds);
        }
        let mut response = response.build();
        tell_what_is_left(status, &mut response);
        components.responses.insert(name.into(), RefOr::T(response));
    }
    for (name, description, example) in DEBITS {
        let schema = ObjectBuilder::new().schema_type(Type::String).examples([example]);
        components.headers.insert(name.into(), HeaderBuilder::new().schema(Some(schema)).description(Some(description)).build().into());
    }
}

/// Nobody is counted before it is known who calls.
fn tell_what_is_left(status: &str, response: &mut Response) {
    if status != "401" {
        for (name, ..) in DEBITS {
            response.headers.insert(name.to_owned(), RefOr::Ref(Ref::new(format!("#/components/headers/{name}"))));
        }
    }
}

fn problem_content() -> Content {
    ContentBuilder::new().schema(Some(Ref::from_schema_name("Probleme"))).build()
}

fn complete_path(path: &str, item: &mut PathItem) {
    let with_id = path.contains('{');
    for (method, operation) in [("get", &mut item.get), ("put", &mut item.put), ("post", &mut item.post), ("delete", &mut item.delete)] {
        let Some(operation) = operation else { continue };
        let regle = matrice::regle_de(&method.to_uppercase(), path);
        let public = regle.is_some_and(Regle::ouverte);
        if public {
            operation.security = Some(Vec::new());
        }
        operation.extensions.get_or_insert_default().insert("x-roles".to_owned(), regle.map(Regle::roles).unwrap_or_default().into());
        let body = operation.request_body.is_some();
        let mut statuses = vec!["500", "503"];
        if !public {
            statuses.extend(["401", "403", "429"]);
        }
        if with_id {
            statuses.push("404");
        }
        if body {
            statuses.extend(["413", "422"]);
        }
        if has_query(operation) {
            statuses.push("422");
        }
        if body || method == "post" {
            statuses.push("400");
        }
        if method == "post" && !public {
            statuses.extend(["409", "422"]);
            describe_key(operation);
        }
        if has_parameter(operation, "If-Match") {
            statuses.extend(["412", "428"]);
        }
        if has_parameter(operation, "If-None-Match") {
            operation
                .responses
                .responses
                .entry("304".to_owned())
                .or_insert_with(|| RefOr::T(ResponseBuilder::new().description("Ce que l'appelant a est encore juste.").build()));
        }
        for (name, status, ..) in REPONSES.into_iter().filter(|r| statuses.contains(&r.1)) {
            operation.responses.responses.entry(status.to_owned()).or_insert_with(|| RefOr::Ref(Ref::from_response_name(name)));
        }
        for (status, response) in &mut operation.responses.responses {
            let RefOr::T(response) = response else { continue };
            if status.starts_with(['4', '5']) && response.content.is_empty() {
                response.content.insert("application/problem+json".into(), problem_content().into());
            }
            if !public {
                tell_what_is_left(status, response);
            }
        }
    }
}

fn parameter(parameter: &RefOr<Parameter>) -> Option<&str> {
    match parameter {
        RefOr::T(parameter) => Some(&parameter.name),
        RefOr::Ref(_) => None,
    }
}

fn has_parameter(operation: &Operation, name: &str) -> bool {
    operation.parameters.iter().flatten().filter_map(parameter).any(|n| n == name)
}

fn has_query(operation: &Operation) -> bool {
    operation.parameters.iter().flatten().any(|p| matches!(p, RefOr::T(parameter) if parameter.parameter_in == ParameterIn::Query))
}

fn describe_key(operation: &mut Operation) {
    if has_parameter(operation, "Idempotency-Key") {
        return;
    }
    let text = ObjectBuilder::new().schema_type(Type::String).min_length(Some(1)).max_length(Some(limites::CLE_IDEMPOTENCE_CARACTERES_MAX));
    let key = ParameterBuilder::new()
        .name("Idempotency-Key")
        .parameter_in(ParameterIn::Header)
        .required(Required::False)
        .description(Some("La même clé, avec la même requête, donne la même réponse."))
        .schema(Some(text))
        .build();
    operation.parameters.get_or_insert_with(Vec::new).push(RefOr::T(key));
}
