//! How the two platforms answer.

use http_body_util::Full;
use hyper::body::Bytes;
use hyper::{Request, Response, StatusCode};
use serde_json::{Value, json};

pub(super) fn json(status: u16, value: &Value) -> Response<Full<Bytes>> {
    bytes(status, value.to_string().into())
}

pub(super) fn bytes(status: u16, body: Bytes) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(body));
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    response.headers_mut().insert("content-type", http::HeaderValue::from_static("application/json"));
    response
}

pub(super) fn error(status: u16, message: &str) -> Response<Full<Bytes>> {
    json(status, &json!({ "error": message }))
}

/// A parameter of the address, as it stands there.
pub(super) fn parameter<'a>(request: &'a Request<()>, name: &str) -> Option<&'a str> {
    let pairs = request.uri().query()?.split('&').filter_map(|pair| pair.split_once('='));
    pairs.into_iter().find(|(key, _)| *key == name).map(|(_, value)| value)
}
