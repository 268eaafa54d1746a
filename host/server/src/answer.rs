//! What is answered to whom.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use http::{Method, Request, Response, StatusCode, header};
use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::service::Service as _;
use hyper_util::service::TowerToHyperService;
use tokio::sync::watch;
use tokio::time::Instant;

use crate::api::{Streams, problem_answer, routes};
use crate::callback::{self, Callback};
use crate::console::{Console, Entrance, connect, is_console, over};
use crate::hooks;
use crate::pace::Pace;
use crate::pull::{self, Pulls};
use crate::rules::Rules;
use crate::wire;
use weighbridge::model::problem::ProblemCode;
use weighbridge::{Door, Engine};

/// All that answers.
#[derive(Clone)]
pub(crate) struct Front {
    engine: Engine,
    callback: Callback,
    api: TowerToHyperService<Router>,
    /// Of everybody who asks here, be it for a page or for an operation.
    pace: Arc<Pace>,
    pulls: Pulls,
    console: Console,
}

impl Front {
    pub(crate) fn new(engine: Engine, callback: Callback, rules: &Rules, stopped: watch::Receiver<bool>) -> Self {
        let pace = rules.pace();
        let streams = Streams::new(rules.now().connections_max / 2, stopped);
        let api = TowerToHyperService::new(routes(&engine, &pace, &streams));
        let console = Console { engine: engine.clone(), callback: callback.clone(), pace: Arc::clone(&pace), streams };
        Self { engine, callback, api, pace, pulls: Pulls::default(), console }
    }
}

/// One request, one answer, in its time.
pub(crate) async fn answer(front: &Front, from: IpAddr, time: Duration, request: Request<Incoming>) -> Response<Body> {
    let (door, begun) = (door(&request), Instant::now());
    let response = match tokio::time::timeout(time, dispatch(front, from, request)).await {
        Ok(response) => response,
        Err(_) => problem_answer(&ProblemCode::TooSlow.into()).map(Body::new),
    };
    front.engine.counters().answered(door, response.status().as_u16(), begun.elapsed());
    response
}

/// What is asked for, as it is counted.
fn door<B>(request: &Request<B>) -> Door {
    match request.uri().path() {
        path if wire::is_refused(path) => Door::Other,
        path if is_page(path) => Door::Link,
        path if path.starts_with("/api/") && matches!(*request.method(), Method::GET | Method::HEAD) => Door::ApiRead,
        path if path.starts_with("/api/") => Door::ApiChange,
        path if is_console(path) => Door::Console,
        path if path.starts_with(hooks::BASE) => Door::Webhook,
        path if path.starts_with(pull::BASE) => Door::Pull,
        _ => Door::Other,
    }
}

async fn dispatch(front: &Front, from: IpAddr, mut request: Request<Incoming>) -> Response<Body> {
    request.extensions_mut().insert(from);
    match request.uri().path() {
        path if wire::is_refused(path) => wire::refused(path),
        path if is_page(path) => enter(front, from, request).await,
        path if path.starts_with("/api/") => match front.api.call(request.map(Body::new)).await {
            Ok(response) => response,
            Err(never) => match never {},
        },
        path if is_console(path) => front.console.answer(from, request).await,
        path if path.starts_with(hooks::BASE) => hooks::answer(&front.engine, &front.pace, from, request).await,
        path if path.starts_with(pull::BASE) => front.pulls.answer(&front.engine, from, &request).await,
        _ => look(&front.engine, &request).map(Body::new),
    }
}

/// Whether something is entered there by whoever holds a link.
fn is_page(path: &str) -> bool {
    path == callback::PATH || path.starts_with(connect::PREFIX) || Entrance::at(path).is_some()
}

/// A page of whoever holds a link, no faster than an operation of strangers.
async fn enter(front: &Front, from: IpAddr, request: Request<Incoming>) -> Response<Body> {
    let (left, manner) = (front.pace.stranger(from), front.console.manner(request.headers()));
    if left.is_over() {
        let mut response = over(manner, &ProblemCode::TooManyRequests.into());
        left.write(response.headers_mut());
        return response;
    }
    let path = request.uri().path().to_owned();
    if path == callback::PATH {
        return front.callback.answer(&front.engine, manner, request).await;
    }
    if !front.callback.is_own(request.headers()) {
        return over(manner, &ProblemCode::NotThere.into());
    }
    match Entrance::at(&path) {
        Some((entrance, link)) => entrance.answer(&front.console, manner, link, request).await,
        None => connect::answer(&front.console, manner, request).await,
    }
}

/// Nothing here changes anything.
fn look<B>(engine: &Engine, request: &Request<B>) -> Response<Full<Bytes>> {
    if request.method() != Method::GET {
        return text(StatusCode::METHOD_NOT_ALLOWED, "only GET is answered here\n");
    }
    match request.uri().path() {
        "/healthz" => text(StatusCode::OK, "ok\n"),
        "/readyz" => ready(engine),
        _ => text(StatusCode::NOT_FOUND, "there is /healthz and /readyz\n"),
    }
}

/// Ready is a host whose store takes writes and that is not about to stop.
fn ready(engine: &Engine) -> Response<Full<Bytes>> {
    let stopped = engine.store_stopped().is_none_or(|stopped| *stopped.borrow());
    if stopped || engine.is_draining() {
        return text(StatusCode::SERVICE_UNAVAILABLE, "not ready\n");
    }
    text(StatusCode::OK, "ready\n")
}

fn text(status: StatusCode, body: &str) -> Response<Full<Bytes>> {
    with_type(status, body.to_owned(), "text/plain; charset=utf-8")
}

fn with_type(status: StatusCode, body: String, kind: &'static str) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(Bytes::from(body)));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, header::HeaderValue::from_static(kind));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_request_is_counted_at_one_door() {
        let door = |method: &str, path: &str| door(&Request::builder().method(method).uri(path).body(()).unwrap());
        for (method, path, wanted) in [
            ("GET", "/api/v1/customers", Door::ApiRead),
            ("POST", "/api/v1/customers", Door::ApiChange),
            ("GET", "/console/customers", Door::Console),
            ("POST", "/my/systems", Door::Console),
            ("GET", "/oauth/callback", Door::Link),
            ("POST", "/hooks/v1/abc", Door::Webhook),
            ("GET", "/readyz", Door::Other),
            ("GET", "/nothing", Door::Other),
        ] {
            assert_eq!(door(method, path), wanted, "{method} {path}");
        }
    }
}
