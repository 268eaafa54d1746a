//! Webhooks: `/hooks/v1/…`. Whoever knows an address may call it, and learns nothing of whose it is; what they send is never logged.

use std::net::IpAddr;

use axum::body::Body;
use http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode, header};
use http_body_util::{BodyExt as _, Limited};
use hyper::body::{Bytes, Incoming};
use weighbridge::model::problem::{Problem, ProblemCode};
use weighbridge::{Engine, HookCall, HookReply};

use crate::api::problem_answer;
use crate::pace::{Left, Pace};

/// Where all of them stand.
pub(crate) const BASE: &str = "/hooks/v1/";

/// The most bytes of a body.
const BYTES_MAX: usize = 1 << 20;

/// After so many seconds a platform may send again what is not taken at the moment.
const RETRY_SECONDS: u64 = 60;

/// One call, one answer; no answer is kept by anybody on the way.
pub(crate) async fn answer(engine: &Engine, pace: &Pace, from: IpAddr, request: Request<Incoming>) -> Response<Body> {
    let path = request.uri().path().strip_prefix(BASE).unwrap_or_default();
    let (address, rest) = path.find('/').map_or((path, ""), |at| path.split_at(at));
    let (address, mut rest) = (address.to_owned(), rest.to_owned());
    if let Some(query) = request.uri().query() {
        rest = format!("{rest}?{query}");
    }
    let left = pace.hook(&address);
    let taken = if left.is_over() {
        Err(ProblemCode::TooManyRequests.into())
    } else {
        take(engine, &address, rest, request).await
    };
    let mut response = match taken {
        Ok(reply) => replied(reply),
        Err(problem) => refused(pace, (from, left), &problem),
    };
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

async fn take(engine: &Engine, address: &str, path: String, request: Request<Incoming>) -> Result<HookReply, Problem> {
    if !matches!(*request.method(), Method::POST | Method::PUT | Method::GET) {
        return Err(ProblemCode::UnknownOperation.into());
    }
    let method = request.method().as_str().to_owned();
    let headers = lines(request.headers());
    let body = body(request).await?;
    engine.receive(address, HookCall { method, path, headers, body }).await
}

/// Headers as they came; what is no text is of no use to anybody who checks a signature.
fn lines(headers: &HeaderMap) -> Vec<(String, String)> {
    let text = |value: &HeaderValue| value.to_str().ok().map(str::to_owned);
    headers.iter().filter_map(|(name, value)| Some((name.as_str().to_owned(), text(value)?))).collect()
}

async fn body(request: Request<Incoming>) -> Result<Bytes, Problem> {
    match Limited::new(request.into_body(), BYTES_MAX).collect().await {
        Ok(body) => Ok(body.to_bytes()),
        Err(error) if error.is::<http_body_util::LengthLimitError>() => Err(ProblemCode::TooLarge.into()),
        Err(_) => Err(ProblemCode::Malformed.into()),
    }
}

/// What the connector has answered. It says no type, so JSON is called that, and anything else is plain text.
fn replied(reply: HookReply) -> Response<Body> {
    let is_json = serde_json::from_slice::<serde::de::IgnoredAny>(&reply.body).is_ok();
    let kind = if is_json { "application/json" } else { "text/plain; charset=utf-8" };
    let mut response = Response::new(Body::from(reply.body));
    *response.status_mut() = StatusCode::from_u16(reply.status).unwrap_or(StatusCode::BAD_GATEWAY);
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    response
}

/// Whoever tries addresses is slowed down by where they ask from.
fn refused(pace: &Pace, (from, left): (IpAddr, Left), problem: &Problem) -> Response<Body> {
    if let Some(cause) = &problem.cause {
        tracing::error!(code = problem.code.as_str(), %cause, "a webhook could not be taken");
    }
    let (problem, left) = match problem.code {
        ProblemCode::NotThere => {
            let left = pace.stranger(from);
            let over = || Problem::from(ProblemCode::TooManyRequests);
            (if left.is_over() { over() } else { problem.clone() }, left)
        }
        _ => (problem.clone(), left),
    };
    let mut response = problem_answer(&problem).map(Body::new);
    if left.is_over() {
        left.write(response.headers_mut());
    } else if response.status() == StatusCode::SERVICE_UNAVAILABLE {
        response.headers_mut().insert(header::RETRY_AFTER, RETRY_SECONDS.into());
    }
    response
}
