//! What third parties ask for: `/pull/v1`. Who asks is looked at first, and what they send is never logged.

mod columns;
mod credentials;
mod guesses;
mod guide;
mod negotiate;
mod problem;
mod query;
mod records;
mod table;

use std::net::IpAddr;
use std::sync::Arc;

use axum::body::Body;
use http::{HeaderValue, Method, Request, Response, StatusCode, header};
use http_body_util::Full;
use hyper::body::Bytes;
use percent_encoding::percent_decode_str;
use serde_json::{Value, json};
use weighbridge::model::problem::ProblemCode;
use weighbridge::{Caller, Engine};

use guesses::Guesses;
pub(crate) use guesses::network;
use problem::Refusing;

/// Where all of it stands.
pub(crate) const BASE: &str = "/pull/v1/";

/// Answers third parties.
#[derive(Clone, Default)]
pub(crate) struct Pulls {
    guesses: Arc<Guesses>,
}

impl Pulls {
    /// One request, one answer; no answer is kept by anybody on the way.
    pub(crate) async fn answer<B>(&self, engine: &Engine, from: IpAddr, request: &Request<B>) -> Response<Body> {
        let answered = self.asked(engine, from, request).await;
        let mut response = answered.unwrap_or_else(|refusing| problem::answer(&refusing, engine.now()));
        let headers = response.headers_mut();
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
        response
    }

    async fn asked<B>(&self, engine: &Engine, from: IpAddr, request: &Request<B>) -> Result<Response<Body>, Refusing> {
        let caller = self.who(engine, from, request).await?;
        if request.method() != Method::GET {
            return Err(ProblemCode::UnknownOperation.into());
        }
        let path = request.uri().path().strip_prefix(BASE).unwrap_or_default();
        match path {
            "ping" => ping(engine, &caller).await,
            "docs" => Ok(guide::page(&engine.pull_guide(&caller).await?, engine)),
            "openapi.json" => Ok(json_of(&guide::openapi(&engine.pull_guide(&caller).await?, engine))),
            _ => match path.strip_suffix("/records").filter(|name| !name.contains('/')) {
                Some(name) => {
                    let name = percent_decode_str(name).decode_utf8_lossy().into_owned();
                    records::answer(engine, &caller, name, request).await
                }
                None => Err(ProblemCode::UnknownOperation.into()),
            },
        }
    }

    /// Whoever comes with the right key, at once; everybody else the more slowly the more often they come.
    async fn who<B>(&self, engine: &Engine, from: IpAddr, request: &Request<B>) -> Result<Caller, Refusing> {
        if credentials::stand_in_address(request.uri()) {
            return Err(ProblemCode::KeyInAddress.into());
        }
        let found = credentials::read(request.headers()).map(|sent| engine.authenticate(&sent.access_id, &sent.key));
        match found {
            Ok(Ok(caller)) => Ok(caller),
            Ok(Err(error)) if !problem::is_wrong_key(&error) => Err(error.into()),
            wrong => {
                self.guesses.wrong(from, engine.now()).await?;
                Err(wrong
                    .map_or_else(Refusing::from, |error| error.err().map_or(ProblemCode::Fault.into(), Into::into)))
            }
        }
    }
}

async fn ping(engine: &Engine, caller: &Caller) -> Result<Response<Body>, Refusing> {
    let ping = engine.ping(caller).await?;
    let access = match (&ping.begins, &ping.closed) {
        (Some(_), _) => "not_started",
        (None, Some(_)) => "closed",
        (None, None) => "open",
    };
    Ok(json_of(&json!({
        "access": access,
        "closed": ping.closed.as_ref().map(problem::closed),
        "begins": ping.begins.map(|at| at.to_string()),
        "ends": ping.ends.map(|at| at.to_string()),
        "endpoints": ping.endpoints,
    })))
}

fn json_of(value: &Value) -> Response<Body> {
    with_type(StatusCode::OK, value.to_string(), "application/json")
}

fn with_type(status: StatusCode, body: String, kind: &'static str) -> Response<Body> {
    let mut response = Response::new(Body::new(Full::new(Bytes::from(body))));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    response
}
