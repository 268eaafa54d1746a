//! What is not done, as RFC 9457 says it.

use http::{HeaderValue, Response, StatusCode, header};
use http_body_util::Full;
use hyper::body::Bytes;
use serde_json::{Map, Value, json};
use weighbridge::model::problem::{Problem, ProblemKind};

/// The status of each kind of no.
pub(crate) const fn status(kind: ProblemKind) -> StatusCode {
    match kind {
        ProblemKind::Malformed => StatusCode::BAD_REQUEST,
        ProblemKind::Unauthenticated => StatusCode::UNAUTHORIZED,
        ProblemKind::Forbidden => StatusCode::FORBIDDEN,
        ProblemKind::Missing => StatusCode::NOT_FOUND,
        ProblemKind::Conflict => StatusCode::CONFLICT,
        ProblemKind::Gone => StatusCode::GONE,
        ProblemKind::Stale => StatusCode::PRECONDITION_FAILED,
        ProblemKind::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
        ProblemKind::TooMany => StatusCode::TOO_MANY_REQUESTS,
        ProblemKind::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        ProblemKind::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        ProblemKind::Elsewhere => StatusCode::BAD_GATEWAY,
        ProblemKind::Fault => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// The body: the same bytes for the same problem, whoever asked and whatever for.
pub(crate) fn body(problem: &Problem) -> Value {
    let code = problem.code;
    let mut body = Map::new();
    body.insert("type".into(), format!("urn:weighbridge:problem:{}", code.as_str()).into());
    body.insert("code".into(), code.as_str().into());
    body.insert("status".into(), status(code.kind()).as_u16().into());
    body.insert("title".into(), code.sentence().into());
    body.insert("next_step".into(), code.next_step().into());
    if !problem.errors.is_empty() {
        let errors = problem.errors.iter().map(|wrong| json!({ "at": wrong.at, "what": wrong.what }));
        body.insert("errors".into(), errors.collect());
    }
    for (name, what) in &problem.particulars {
        body.insert((*name).into(), what.iter().cloned().map(Value::from).collect());
    }
    Value::Object(body)
}

pub(crate) fn answer(problem: &Problem) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(Bytes::from(body(problem).to_string())));
    let status = status(problem.code.kind());
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    if status == StatusCode::UNAUTHORIZED {
        headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    response
}
