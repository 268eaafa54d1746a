//! From a request to an operation, and back.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{RawPathParams, Request};
use axum::routing::{MethodFilter, on};
use data_encoding::BASE32HEX_NOPAD;
use http::{HeaderValue, Response, header};
use http_body_util::{BodyExt as _, Limited};
use hyper::body::Bytes;
use serde_json::{Map, Value};
use url::form_urlencoded;
use weighbridge::model::problem::{Problem, ProblemCode};
use weighbridge::{Engine, TurnedAway};

use super::asked::Asked;
use super::authenticate::{self, Known};
use super::export::{Export, export};
use super::follow::Streams;
use super::input::typed;
use super::once::{self, Given};
use super::operation::Operation;
use super::operations::operations;
use super::{openapi, problem};
use crate::pace::{Left, Pace};

/// Where the API stands.
const BASE: &str = "/api/v1";

/// All routes of the API.
pub(crate) fn routes(engine: &Engine, pace: &Arc<Pace>, streams: &Streams) -> Router {
    let mut router = Router::new();
    for operation in operations() {
        let Ok(filter) = MethodFilter::try_from(operation.method.clone()) else { continue };
        let (engine, pace, streams) = (engine.clone(), Arc::clone(pace), streams.clone());
        let work = move |path: RawPathParams, request: Request| async move {
            let (known, left) = who(&engine, &pace, operation, &request);
            let mut response = conclude(answer((&engine, &streams), operation, known, &path, request).await);
            left.write(response.headers_mut());
            response
        };
        router = router.route(&format!("{BASE}{}", operation.path), on(filter, work));
    }
    router.route(&format!("{BASE}/openapi.json"), axum::routing::get(async || axum::Json(openapi())))
}

/// Who asks, if not too fast, and what is left of their minute.
fn who(
    engine: &Engine,
    pace: &Pace,
    operation: &'static Operation,
    request: &Request,
) -> (Result<Known, Problem>, Left) {
    let known = authenticate::actor(engine, operation, request.headers());
    let left = match &known {
        Ok(known) if !operation.open => pace.actor(&known.actor),
        _ => pace.stranger(peer(request).unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED))),
    };
    let known = if left.is_over() { Err(ProblemCode::TooManyRequests.into()) } else { known };
    (known, left)
}

/// Carries a request out, and notes whom it was denied.
async fn answer(
    (engine, streams): (&Engine, &Streams),
    operation: &'static Operation,
    known: Result<Known, Problem>,
    path: &RawPathParams,
    request: Request,
) -> Result<Response<Body>, Problem> {
    let (address, actor) = (peer(&request), known.as_ref().ok().map(|known| known.actor.clone()));
    let answered = match known {
        Ok(known) => carry_out((engine, streams), operation, known, path, request).await,
        Err(problem) => Err(problem),
    };
    if let Err(problem) = &answered
        && problem.denied
    {
        let customer = path.iter().find(|(name, _)| *name == "customer").and_then(|(_, id)| id.parse().ok());
        let (actor, action, code) = (actor.as_ref(), operation.action, problem.code);
        engine.note_turned_away(TurnedAway { actor, address, action, customer, code }).await;
    }
    answered
}

/// Who is at the other end, or before the proxy that is believed.
fn peer(request: &Request) -> Option<IpAddr> {
    request.extensions().get().copied()
}

async fn carry_out(
    (engine, streams): (&Engine, &Streams),
    operation: &'static Operation,
    known: Known,
    path: &RawPathParams,
    request: Request,
) -> Result<Response<Body>, Problem> {
    let Known { actor, secret } = known;
    let seen = request.headers().get(header::IF_MATCH).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let key = once::key(operation, request.headers())?;
    let whole = Export::wanted(request.headers()).filter(|_| operation.is_list());
    let follows = operation.followed && wants_events(&request);
    let mut input = query(operation, request.uri().query().unwrap_or_default())?;
    for (name, value) in path {
        input.insert(name.to_owned(), value.into());
    }
    input.extend(body(operation, request).await?);
    let asked = Asked { actor, tenant: None, input, seen, secret };
    if follows {
        return streams.open(engine, operation, asked).await;
    }
    if let Some(form) = whole {
        return export(engine, operation, asked, form).await;
    }
    let given = match key {
        Some(key) => once::run(engine, operation, asked, &key).await?,
        None => Given::of(&operation.run(engine, asked).await?),
    };
    Ok(answered(operation, given))
}

fn answered(operation: &Operation, given: Given) -> Response<Body> {
    let etag = given.etag;
    let mut response = Response::new(Body::from(given.text));
    *response.status_mut() = operation.status;
    if given.replayed {
        response.headers_mut().insert("idempotency-replayed", HeaderValue::from_static("true"));
    }
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    if let Some(etag) = etag.and_then(|etag| HeaderValue::try_from(format!("\"{etag}\"")).ok()) {
        response.headers_mut().insert(header::ETAG, etag);
    }
    response
}

fn wants_events(request: &Request) -> bool {
    let accepted = request.headers().get(header::ACCEPT).and_then(|value| value.to_str().ok());
    accepted.is_some_and(|accepted| accepted.trim().starts_with("text/event-stream"))
}

fn query(operation: &Operation, text: &str) -> Result<Map<String, Value>, Problem> {
    let pairs: Vec<(String, String)> = form_urlencoded::parse(text.as_bytes()).into_owned().collect();
    if pairs.is_empty() {
        return Ok(Map::new());
    }
    let (mut input, parameters) = (Map::new(), operation.parameters());
    for (name, _) in &pairs {
        let known = parameters.iter().find(|one| one.name == *name && !one.in_path);
        if !input.contains_key(name) {
            let texts: Vec<_> = pairs.iter().filter(|(key, _)| key == name).map(|(_, text)| text.clone()).collect();
            // A stranger is refused after it is known who asks.
            let value = known.map_or_else(|| Ok(Value::Null), |parameter| typed(parameter, &texts))?;
            input.insert(name.clone(), value);
        }
    }
    Ok(input)
}

async fn body(operation: &Operation, request: Request) -> Result<Map<String, Value>, Problem> {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let is_json = kind.is_some_and(|kind| kind.split(';').next().is_some_and(|kind| kind.trim() == "application/json"));
    let bytes = collected(request, operation.body_max).await?;
    if bytes.is_empty() {
        return Ok(Map::new());
    }
    if !is_json {
        return Err(Problem::from(ProblemCode::Malformed).at("", "the body is JSON, and its Content-Type says so"));
    }
    let value = serde_json::from_slice(&bytes)
        .map_err(|error| Problem::from(ProblemCode::Malformed).at("", error.to_string()))?;
    match value {
        Value::Object(map) => {
            let in_path: Vec<_> = operation.path_parameters().collect();
            match map.keys().find(|key| in_path.contains(&key.as_str())) {
                Some(key) => Err(Problem::invalid(key, "this stands in the path, and not in the body too")),
                None => Ok(map),
            }
        }
        _ => Err(Problem::from(ProblemCode::Malformed).at("", "the body is a JSON object")),
    }
}

async fn collected(request: Request, bytes_max: usize) -> Result<Bytes, Problem> {
    match Limited::new(request.into_body(), bytes_max).collect().await {
        Ok(body) => Ok(body.to_bytes()),
        Err(error) if error.is::<http_body_util::LengthLimitError>() => Err(ProblemCode::TooLarge.into()),
        Err(_) => Err(Problem::from(ProblemCode::Malformed).at("", "the body ended early")),
    }
}

/// What every answer has.
fn conclude(answer: Result<Response<Body>, Problem>) -> Response<Body> {
    let id = request_id();
    let mut response = answer.unwrap_or_else(|found| {
        if let Some(cause) = &found.cause {
            tracing::error!(request = %id, code = found.code.as_str(), %cause, "a request failed");
        }
        problem::answer(&found).map(Body::new)
    });
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if let Ok(id) = HeaderValue::try_from(id) {
        headers.insert("x-request-id", id);
    }
    response
}

fn request_id() -> String {
    // Without randomness ids repeat; nothing hangs on them.
    let bytes = weighbridge::request_id().unwrap_or_default();
    BASE32HEX_NOPAD.encode(&bytes).to_ascii_lowercase()
}
