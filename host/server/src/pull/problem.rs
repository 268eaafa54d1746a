//! Why there is no page, as RFC 9457 says it.

use std::time::Duration;

use axum::body::Body;
use http::{HeaderValue, Response, StatusCode, header};
use serde_json::{Value, json};
use weighbridge::PullError;
use weighbridge::model::gate::{Level, Refusal, RefusalCode};
use weighbridge::model::problem::ProblemCode;
use weighbridge::model::time::Timestamp;

use crate::api::status;

/// A no that is on its way.
pub(super) enum Refusing {
    /// From the engine.
    Pull(PullError),
    /// From this room, and when to come again.
    Code(ProblemCode, Option<Duration>),
    /// Of a parameter of the query, and what is wrong with it.
    Query(String, String),
}

impl Refusing {
    pub(super) const fn later(code: ProblemCode, wait: Duration) -> Self {
        Self::Code(code, Some(wait))
    }
}

impl From<PullError> for Refusing {
    fn from(error: PullError) -> Self {
        Self::Pull(error)
    }
}

impl From<ProblemCode> for Refusing {
    fn from(code: ProblemCode) -> Self {
        Self::Code(code, None)
    }
}

/// Whether somebody came with a key that nobody knows.
pub(super) const fn is_wrong_key(error: &PullError) -> bool {
    match error {
        PullError::Key(_) => true,
        PullError::Refused(refusal) => matches!(refusal.code, RefusalCode::ExternalServiceUnknown),
        _ => false,
    }
}

pub(super) fn answer(refusing: &Refusing, now: Timestamp) -> Response<Body> {
    let (status, wait, body) = match refusing {
        Refusing::Code(code, wait) => (status(code.kind()), *wait, told(*code)),
        Refusing::Query(at, what) => {
            let mut body = told(ProblemCode::Malformed);
            body["errors"] = json!([{ "at": at, "what": what }]);
            (status(ProblemCode::Malformed.kind()), None, body)
        }
        Refusing::Pull(error) => {
            if let PullError::Unavailable(cause) = error {
                tracing::error!(error = %cause, "a pull could not be answered");
            }
            (status_of(error), wait_of(error, now), said(error))
        }
    };
    let mut body = body;
    body["status"] = status.as_u16().into();
    let mut response = Response::new(Body::from(body.to_string()));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    if let Some(wait) = wait {
        let seconds = wait.as_millis().div_ceil(1_000).max(1);
        headers.insert(header::RETRY_AFTER, HeaderValue::from(u64::try_from(seconds).unwrap_or(60)));
    }
    if status == StatusCode::UNAUTHORIZED {
        let challenge = "Basic realm=\"Weighbridge: Connection ID and API key\", charset=\"UTF-8\"";
        headers.append(header::WWW_AUTHENTICATE, HeaderValue::from_static(challenge));
        headers.append(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    response
}

fn problem(code: &str, title: &str, next_step: &str) -> Value {
    json!({ "type": format!("urn:weighbridge:problem:{code}"), "code": code, "title": title, "next_step": next_step })
}

fn told(code: ProblemCode) -> Value {
    problem(code.as_str(), code.sentence(), code.next_step())
}

/// An error says `code: what; next step`; the gate has its own sentences.
fn said(error: &PullError) -> Value {
    if let PullError::Refused(Refusal { code, until, .. }) = error {
        let mut body = problem(code.as_str(), code.sentence(), next_step(*code));
        if let Some(until) = until {
            body["until"] = until.to_string().into();
        }
        return body;
    }
    let text = error.to_string();
    let (code, text) = text.split_once(": ").unwrap_or((error.code(), &text));
    let (what, next) = text.rsplit_once("; ").unwrap_or((text, "try again later"));
    problem(code, &sentence(what), &sentence(next))
}

/// Why access is closed, for whoever asks whether it is open.
pub(super) fn closed(refusal: &Refusal) -> Value {
    let Refusal { code, until, .. } = refusal;
    let until = until.map(|until| until.to_string());
    json!({ "code": code.as_str(), "title": code.sentence(), "next_step": next_step(*code), "until": until })
}

/// What lies behind their own access a third party cannot mend.
const fn next_step(code: RefusalCode) -> &'static str {
    match code.level() {
        Level::ExternalService => code.next_step(),
        _ => "Ask whoever gave you this access, or come again later: after `until`, where it is there.",
    }
}

fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}.", letters.as_str())
}

fn status_of(error: &PullError) -> StatusCode {
    match error {
        PullError::Key(_) => StatusCode::UNAUTHORIZED,
        PullError::Refused(refusal) => refused(refusal.code),
        PullError::CursorUnknown | PullError::SinceWithCursor | PullError::SinceMalformed => StatusCode::BAD_REQUEST,
        PullError::CursorExpired => StatusCode::GONE,
        PullError::LimitOutOfRange { .. } | PullError::LimitTooSmall | PullError::SinceUnusable => {
            StatusCode::UNPROCESSABLE_ENTITY
        }
        PullError::Busy => StatusCode::CONFLICT,
        PullError::Failed { .. } => StatusCode::BAD_GATEWAY,
        PullError::Stopping | PullError::Unavailable(_) => StatusCode::SERVICE_UNAVAILABLE,
    }
}

/// What the third party's own access says is a no for them; what somebody else has to mend passes.
const fn refused(code: RefusalCode) -> StatusCode {
    match (code, code.level()) {
        (RefusalCode::ExternalServiceUnknown, _) => StatusCode::UNAUTHORIZED,
        (RefusalCode::ExternalServiceRate, _) | (_, Level::Quota) => StatusCode::TOO_MANY_REQUESTS,
        (_, Level::ExternalService | Level::Tenant | Level::Customer | Level::CustomerWindow) => StatusCode::FORBIDDEN,
        _ => StatusCode::SERVICE_UNAVAILABLE,
    }
}

fn wait_of(error: &PullError, now: Timestamp) -> Option<Duration> {
    match error {
        PullError::Busy => Some(Duration::from_secs(5)),
        PullError::Stopping | PullError::Unavailable(_) => Some(Duration::from_secs(30)),
        PullError::Failed { retry_after, .. } => Some(retry_after.unwrap_or(Duration::from_secs(60))),
        PullError::Refused(refusal) if refused(refusal.code) != StatusCode::FORBIDDEN => match refusal.until {
            Some(until) => u64::try_from(until.as_millis() - now.as_millis()).ok().map(Duration::from_millis),
            None if refused(refusal.code) == StatusCode::UNAUTHORIZED => None,
            None => Some(Duration::from_secs(300)),
        },
        _ => None,
    }
}
