//! How a request that is not read is answered.

use axum::body::Body;
use http::{HeaderValue, Response, StatusCode, header};
use weighbridge::model::problem::{Problem, ProblemCode};

use super::head::Fault;
use crate::api::problem_body;

/// Nothing else is answered here; whoever asks for it by themselves refuses themselves.
const PATH: &str = "/.refused/";

/// What stands for a request that is not read.
pub(super) fn request(fault: Fault) -> String {
    let status = match fault {
        Fault::Ambiguous => StatusCode::BAD_REQUEST,
        Fault::Address => StatusCode::URI_TOO_LONG,
        Fault::Fields => StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
    };
    format!("GET {PATH}{} HTTP/1.1\r\nhost: refused\r\nconnection: close\r\n\r\n", status.as_u16())
}

/// Whether an address stands for a request that is not read.
pub(crate) fn is_refused(path: &str) -> bool {
    path.starts_with(PATH)
}

/// The answer to it, after which the connection is closed.
pub(crate) fn refused(path: &str) -> Response<Body> {
    let status = match path.strip_prefix(PATH) {
        Some("414") => StatusCode::URI_TOO_LONG,
        Some("431") => StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
        _ => StatusCode::BAD_REQUEST,
    };
    let code = if status == StatusCode::BAD_REQUEST { ProblemCode::Ambiguous } else { ProblemCode::TooLarge };
    let mut body = problem_body(&Problem::new(code));
    body["status"] = status.as_u16().into();
    let mut response = Response::new(Body::from(body.to_string()));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
    response
}
