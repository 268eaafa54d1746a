//! Who may read the figures, at an address of their own: whoever reaches it, or whoever shows the operator's key.

use std::net::IpAddr;

use axum::body::Body;
use http::{HeaderMap, Method, Request, Response, StatusCode, header};
use hyper::body::Incoming;
use sha2::{Digest as _, Sha256};
use weighbridge::model::access::Action;
use weighbridge::model::problem::ProblemCode;
use weighbridge::{Engine, Figures, TurnedAway};

use super::table::METRICS;
use super::text::{TYPE, Text};

/// A key has at least so many characters.
pub const KEY_CHARS_MIN: usize = 16;

/// What Prometheus shows as `Authorization: Bearer …`; only its hash is kept.
#[derive(Clone)]
pub struct MetricsKey([u8; 32]);

impl std::fmt::Debug for MetricsKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("MetricsKey(…)")
    }
}

impl MetricsKey {
    /// None where it is short enough to be guessed.
    pub fn new(key: &str) -> Option<Self> {
        (key.chars().count() >= KEY_CHARS_MIN).then(|| Self(Sha256::digest(key).into()))
    }

    /// Whether these headers show it. Hashes are compared, so that the time it takes tells nothing of the key.
    fn is_shown(&self, headers: &HeaderMap) -> bool {
        let shown = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        let shown =
            shown.and_then(|value| value.split_once(' ')).filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
        shown.is_some_and(|(_, key)| <[u8; 32]>::from(Sha256::digest(key.trim())) == self.0)
    }
}

/// What answers there.
pub(crate) struct Desk {
    engine: Engine,
}

impl Desk {
    pub(crate) const fn new(engine: Engine) -> Self {
        Self { engine }
    }

    /// Where there is a key, only whoever shows it is answered.
    pub(crate) async fn answer(
        &self,
        from: IpAddr,
        key: Option<&MetricsKey>,
        request: &Request<Incoming>,
    ) -> Response<Body> {
        if key.is_some_and(|key| !key.is_shown(request.headers())) {
            self.note_stranger(from).await;
            let mut response = text(StatusCode::UNAUTHORIZED, "show the key of this host's figures\n".into());
            response.headers_mut().insert(header::WWW_AUTHENTICATE, header::HeaderValue::from_static("Bearer"));
            return response;
        }
        match (request.method(), request.uri().path()) {
            (&Method::GET, "/metrics") => self.figures().await,
            (&Method::GET, _) => text(StatusCode::NOT_FOUND, "there is /metrics\n".into()),
            _ => text(StatusCode::METHOD_NOT_ALLOWED, "only GET is answered here\n".into()),
        }
    }

    /// Strangers are counted by minute and address, as they are at every other door.
    async fn note_stranger(&self, from: IpAddr) {
        let (action, code) = (Action::HostRead, ProblemCode::NotSignedIn);
        let turned = TurnedAway { actor: None, address: Some(from), action, customer: None, code };
        self.engine.note_turned_away(turned).await;
    }

    /// The store is read on a thread that may wait for a disk.
    async fn figures(&self) -> Response<Body> {
        let engine = self.engine.clone();
        match tokio::task::spawn_blocking(move || engine.figures().map(|figures| page(&figures))).await {
            Ok(Ok(page)) => {
                let mut response = Response::new(Body::from(page));
                response.headers_mut().insert(header::CONTENT_TYPE, header::HeaderValue::from_static(TYPE));
                response
            }
            Ok(Err(error)) => failed(&error),
            Err(error) => failed(&error),
        }
    }
}

fn failed(error: &dyn std::error::Error) -> Response<Body> {
    tracing::error!(%error, "the figures of this host cannot be read");
    text(StatusCode::INTERNAL_SERVER_ERROR, "the figures cannot be read; the log says why\n".into())
}

fn text(status: StatusCode, body: String) -> Response<Body> {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    let kind = header::HeaderValue::from_static("text/plain; charset=utf-8");
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    response
}

/// The whole page.
pub(crate) fn page(figures: &Figures) -> String {
    let mut text = Text::default();
    for metric in METRICS {
        text.begin(metric.name, metric.kind, metric.help);
        (metric.write)(&mut text.values(metric.name), figures);
    }
    text.into_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_shown(said: &str) -> bool {
        let mut headers = HeaderMap::new();
        headers.insert(header::AUTHORIZATION, said.parse().unwrap());
        MetricsKey::new("0123456789abcdef").unwrap().is_shown(&headers)
    }

    #[test]
    fn a_key_is_shown_as_a_bearer_and_no_other_way() {
        assert!(is_shown("Bearer 0123456789abcdef") && is_shown("bearer 0123456789abcdef"));
        for said in ["Bearer 0123456789abcdeg", "Basic 0123456789abcdef", "0123456789abcdef", "Bearer "] {
            assert!(!is_shown(said), "{said}");
        }
        assert!(!MetricsKey::new("0123456789abcdef").unwrap().is_shown(&HeaderMap::new()));
    }

    #[test]
    fn a_short_key_is_none_and_no_key_is_in_a_log() {
        assert!(MetricsKey::new("0123456789abcde").is_none());
        assert_eq!(format!("{:?}", MetricsKey::new("0123456789abcdef")), "Some(MetricsKey(…))");
    }
}
