//! The front door: what API Gateway does before a Lambda runs, done the same way here.
//!
//! It checks the token (signature, issuer, audience, expiry on the system's clock) and answers 401 before any handler code runs; it finds the
//! function by the route tables that the functions themselves publish (their OpenAPI documents), and hands it a version 2.0 event through
//! `lambda_http`, so the code behind sees exactly what it will see when deployed. Deliberately absent: any rule of the product.

use crate::{clock::Clock, issuer::Issuer};
use axum::{
    Router,
    body::{Body, to_bytes},
    extract::Request,
    http::{HeaderMap, HeaderValue, Response, StatusCode, header, request::Parts},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use lambda_http::request::LambdaRequest;
use lambda_runtime::LambdaEvent;
use optopec_lambda::{deps::Ids, matrice};
use serde_json::{Map, Value, json};
use std::{collections::BTreeMap, future::Future, pin::Pin, sync::Arc};

/// API Gateway takes no larger payload (10 MB); the product's own limits are tighter and answered by the handlers.
const PAYLOAD_BYTES_MAX: usize = 10 * 1024 * 1024;

/// API Gateway takes no longer request line and headers together (quotas of HTTP APIs: 10,240 bytes).
const HEAD_BYTES_MAX: usize = 10_240;

type Answer = Pin<Box<dyn Future<Output = Result<Value, String>> + Send>>;

/// A function behind the gateway: takes a version 2.0 event, gives a version 2.0 response, both as JSON.
#[derive(Clone)]
pub struct Function(Arc<dyn Fn(Value, String) -> Answer + Send + Sync>);

impl Function {
    /// Wraps the router of a function as `lambda_http` would run it.
    pub fn new(router: Router) -> Self {
        Self(Arc::new(move |event, request_id| {
            let service = optopec_lambda::serve::service(router.clone());
            Box::pin(async move {
                let request: LambdaRequest = serde_json::from_value(event).map_err(|e| e.to_string())?;
                let mut context = lambda_runtime::Context::default();
                context.request_id = request_id;
                let response = tower::ServiceExt::oneshot(service, LambdaEvent::new(request, context)).await.map_err(|e| e.to_string())?;
                serde_json::to_value(response).map_err(|e| e.to_string())
            })
        }))
    }
}

/// Which function answers which route.
#[derive(Clone, Default)]
pub struct Routes(Vec<Route>);

#[derive(Clone)]
struct Route {
    /// `None` stands for one path parameter.
    segments: Vec<Option<String>>,
    template: String,
    methods: Vec<String>,
    function: Function,
}

impl Routes {
    /// Adds the routes that a function's OpenAPI document lists.
    pub fn add(&mut self, document: &Value, function: &Function) {
        let empty = Map::new();
        for (template, item) in document["paths"].as_object().unwrap_or(&empty) {
            let segments = template.split('/').map(|s| (!s.starts_with('{')).then(|| s.to_owned())).collect();
            let methods = item.as_object().unwrap_or(&empty).keys().map(|m| m.to_uppercase()).collect();
            self.0.push(Route { segments, template: template.clone(), methods, function: function.clone() });
        }
    }

    /// The route of a path, fixed segments before parameters.
    fn find(&self, method: &str, path: &str) -> Option<&Route> {
        let segments: Vec<&str> = path.split('/').collect();
        let fits = |r: &&Route| {
            r.segments.len() == segments.len()
                && r.segments.iter().zip(&segments).all(|(t, s)| t.as_deref().is_none_or(|t| t == *s) && (t.is_some() || !s.is_empty()))
        };
        let mut candidates: Vec<&Route> = self.0.iter().filter(fits).collect();
        candidates.sort_by_key(|r| r.segments.iter().filter(|s| s.is_none()).count());
        // A known path with another method goes to its function too, which answers 405 in the contract's form.
        candidates.iter().find(|r| r.methods.iter().any(|m| m == method)).or(candidates.first()).copied()
    }
}

/// The gateway's state.
#[derive(Clone)]
pub struct Gateway {
    /// Which function answers what.
    pub routes: Arc<Routes>,
    /// Who signs the tokens.
    pub issuer: Arc<Issuer>,
    /// The system's clock.
    pub clock: Clock,
    /// Where request ids come from.
    pub ids: Ids,
}

/// Answers one request as API Gateway would; `Date` is the system's clock, like everything else that tells the time here.
pub async fn handle(gateway: &Gateway, request: Request) -> Response<Body> {
    let now = gateway.clock.now();
    let mut response = route(gateway, request, now).await;
    if let Ok(date) = HeaderValue::from_str(&jiff::fmt::rfc2822::DateTimePrinter::new().timestamp_to_rfc9110_string(&now).unwrap_or_default()) {
        response.headers_mut().insert(header::DATE, date);
    }
    response
}

async fn route(gateway: &Gateway, request: Request, now: jiff::Timestamp) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let path = parts.uri.path().to_owned();
    let request_id = gateway.ids.requete(now);
    if head_bytes(&parts) > HEAD_BYTES_MAX {
        let detail = "L'adresse et les en-têtes de la requête dépassent 10 Kio.";
        return problem(StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE, "trop-grand", "Trop grand", detail, &request_id);
    }
    let Some(route) = gateway.routes.find(parts.method.as_str(), &path) else {
        return problem(StatusCode::NOT_FOUND, "introuvable", "Introuvable", "Cette adresse n'existe pas.", &request_id);
    };
    let claims = if matrice::chemin_ouvert(&route.template) {
        None
    } else {
        match bearer(&parts.headers).map(|token| gateway.issuer.verify(token, now)) {
            Some(Ok(claims)) => Some(claims),
            Some(Err(_)) | None => {
                let mut answer = problem(
                    StatusCode::UNAUTHORIZED,
                    "non-authentifie",
                    "Non authentifié",
                    "Le jeton est absent, expiré ou n'est pas le nôtre : reconnectez-vous.",
                    &request_id,
                );
                answer.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
                return answer;
            }
        }
    };
    let Ok(body) = to_bytes(body, PAYLOAD_BYTES_MAX).await else {
        return problem(StatusCode::PAYLOAD_TOO_LARGE, "trop-grand", "Trop grand", "Le corps de la requête dépasse 10 Mo.", &request_id);
    };
    let event = event(&parts, &body, route, claims, &request_id, now);
    match (route.function.0)(event, request_id.clone()).await.and_then(respond) {
        Ok(answer) => answer,
        Err(cause) => {
            tracing::error!(request_id, cause, "the function failed");
            problem(StatusCode::INTERNAL_SERVER_ERROR, "interne", "Erreur interne", "Une erreur interne est survenue.", &request_id)
        }
    }
}

fn head_bytes(parts: &Parts) -> usize {
    let address = parts.uri.path_and_query().map_or(0, |address| address.as_str().len());
    parts.method.as_str().len() + address + parts.headers.iter().map(|(name, value)| name.as_str().len() + value.len()).sum::<usize>()
}

/// The token of the only `Authorization` header: which of two would count is nothing that a caller should find out.
fn bearer(headers: &HeaderMap) -> Option<&str> {
    let mut values = headers.get_all(header::AUTHORIZATION).iter();
    let (value, None) = (values.next()?, values.next()) else { return None };
    let (scheme, token) = value.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token.trim_matches(' '))
}

/// The version 2.0 event, field by field as AWS documents it ("Working with AWS Lambda proxy integrations for HTTP APIs").
fn event(parts: &Parts, body: &[u8], route: &Route, claims: Option<Map<String, Value>>, request_id: &str, now: jiff::Timestamp) -> Value {
    let mut headers: BTreeMap<String, String> = BTreeMap::new();
    let mut cookies = Vec::new();
    for (name, value) in &parts.headers {
        let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
        if name == header::COOKIE {
            cookies.extend(value.split("; ").map(str::to_owned));
        } else {
            headers.entry(name.as_str().to_owned()).and_modify(|v| *v = format!("{v},{value}")).or_insert(value);
        }
    }
    let path = parts.uri.path();
    let method = parts.method.as_str();
    let query = parts.uri.query().unwrap_or_default();
    let parameters: Map<String, Value> =
        route.template.split('/').zip(path.split('/')).filter_map(|(t, s)| Some((t.strip_prefix('{')?.strip_suffix('}')?.to_owned(), s.into()))).collect();
    let route_key = format!("{method} {}", route.template);
    // Claims reach a Lambda as strings, whatever they were in the token.
    let authorizer = claims.map(|claims| {
        let claims: Map<String, Value> = claims.into_iter().map(|(k, v)| (k, v.as_str().map_or_else(|| v.to_string(), str::to_owned).into())).collect();
        json!({"jwt": {"claims": claims, "scopes": null}})
    });
    let (body, encoded) = match std::str::from_utf8(body) {
        Ok("") => (Value::Null, false),
        Ok(text) => (text.into(), false),
        Err(_) => (STANDARD.encode(body).into(), true),
    };
    let mut event = json!({
        "version": "2.0",
        "routeKey": route_key,
        "rawPath": path,
        "rawQueryString": query,
        "headers": headers,
        "requestContext": {
            "accountId": "000000000000",
            "apiId": "local",
            "domainName": headers.get("host").cloned().unwrap_or_default(),
            "domainPrefix": "local",
            "http": {"method": method, "path": path, "protocol": "HTTP/1.1", "sourceIp": "127.0.0.1", "userAgent": headers.get("user-agent").cloned().unwrap_or_default()},
            "requestId": request_id,
            "routeKey": route_key,
            "stage": "$default",
            "time": now.strftime("%d/%b/%Y:%H:%M:%S +0000").to_string(),
            "timeEpoch": now.as_millisecond(),
        },
        "isBase64Encoded": encoded,
    });
    if let Some(fields) = event.as_object_mut() {
        let mut set = |name: &str, value: Value, empty: bool| {
            if !empty {
                fields.insert(name.to_owned(), value);
            }
        };
        set("cookies", json!(cookies), cookies.is_empty());
        set("pathParameters", Value::Object(parameters.clone()), parameters.is_empty());
        set("body", body.clone(), body.is_null());
    }
    if let Some(authorizer) = authorizer {
        event["requestContext"]["authorizer"] = authorizer;
    }
    event
}

/// Turns the function's version 2.0 response into HTTP.
fn respond(response: Value) -> Result<Response<Body>, String> {
    let status = response["statusCode"].as_u64().and_then(|s| u16::try_from(s).ok()).unwrap_or(200);
    let mut builder = Response::builder().status(status);
    let empty = Map::new();
    for (name, value) in response["headers"].as_object().unwrap_or(&empty) {
        builder = builder.header(name, value.as_str().unwrap_or_default());
    }
    for (name, values) in response["multiValueHeaders"].as_object().unwrap_or(&empty) {
        let single = response["headers"].get(name).is_some();
        for value in values.as_array().into_iter().flatten().filter(|_| !single) {
            builder = builder.header(name, value.as_str().unwrap_or_default());
        }
    }
    let text = response["body"].as_str().unwrap_or_default();
    let body = if response["isBase64Encoded"].as_bool() == Some(true) { STANDARD.decode(text).map_err(|e| e.to_string())? } else { text.as_bytes().to_vec() };
    builder.body(Body::from(body)).map_err(|e| e.to_string())
}

fn problem(status: StatusCode, kind: &str, title: &str, detail: &str, request_id: &str) -> Response<Body> {
    let body =
        json!({"type": format!("/problemes/{kind}"), "title": title, "status": status.as_u16(), "detail": detail, "instance": request_id, "erreurs": []});
    let mut response = Response::new(Body::from(body.to_string()));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    response
}
