//! A loopback server in the test's own process: requests in, answers out.

use std::convert::Infallible;
use std::sync::Arc;

use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::runtime::Runtime;

/// What a platform is asked.
pub(super) struct Asked {
    pub(super) method: String,
    /// The path, cut at its slashes, each step with its escapes undone.
    pub(super) steps: Vec<String>,
    query: Vec<(String, String)>,
    head: http::HeaderMap,
    pub(super) body: Vec<u8>,
}

impl Asked {
    pub(super) fn header(&self, name: &str) -> &str {
        self.head.get(name).map_or("", |value| value.to_str().unwrap())
    }

    pub(super) fn parameter(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    pub(super) fn number(&self, name: &str, otherwise: usize) -> usize {
        self.parameter(name).map_or(otherwise, |text| text.parse().unwrap())
    }

    pub(super) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }
}

/// A status and a JSON body.
pub(super) type Said = (u16, Value);

pub(super) fn refused(status: u16, why: &str) -> Said {
    (status, json!({ "error": why }))
}

/// Something that answers, on a thread where it may take its time.
pub(super) trait Platform: Send + Sync + 'static {
    fn answer(&self, asked: &Asked) -> Said;
}

/// Ends with its runtime.
pub(crate) struct Server {
    _runtime: Runtime,
    pub(crate) address: String,
}

impl Server {
    pub(super) fn start(platform: Arc<impl Platform>) -> Self {
        let runtime = Runtime::new().unwrap();
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        runtime.spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let platform = Arc::clone(&platform);
                tokio::spawn(async move {
                    let service = service_fn(move |request| converse(Arc::clone(&platform), request));
                    // A client that goes away is its own affair.
                    let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
                });
            }
        });
        Self { _runtime: runtime, address }
    }
}

async fn converse(
    platform: Arc<impl Platform>,
    request: Request<Incoming>,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let (head, body) = request.into_parts();
    let body = body.collect().await.unwrap().to_bytes().to_vec();
    let url = url::Url::parse(&format!("http://platform{}", head.uri)).unwrap();
    let step = |step: &str| percent(step);
    let asked = Asked {
        method: head.method.to_string(),
        steps: url.path_segments().unwrap().map(step).collect(),
        query: url.query_pairs().map(|(name, value)| (name.into_owned(), value.into_owned())).collect(),
        head: head.headers,
        body,
    };
    let (status, body) = tokio::task::spawn_blocking(move || platform.answer(&asked)).await.unwrap();
    let response = Response::builder().status(status).header("content-type", "application/json");
    Ok(response.body(Full::new(Bytes::from(body.to_string()))).unwrap())
}

/// A step of a path with its escapes undone.
fn percent(step: &str) -> String {
    let form = step.replace('+', "%2B");
    let pair = format!("x={}", form.replace('&', "%26").replace('=', "%3D"));
    url::form_urlencoded::parse(pair.as_bytes()).next().unwrap().1.into_owned()
}
