//! A platform on loopback that answers as a test tells it to.

use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use serde_json::Map;
use tokio::net::TcpListener;
use weighbridge_egress::{Client, Credential, Now, Parts, Reach, Resolve, Resolving, Trusted};
use weighbridge_model::package::{HostPattern, HostRule};
use weighbridge_model::time::Timestamp;

pub(crate) type Answer = Response<BoxBody<Bytes, std::io::Error>>;

/// A request as the platform saw it.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub(crate) path: String,
    pub(crate) headers: http::HeaderMap,
    pub(crate) body: Bytes,
}

pub(crate) struct Platform {
    pub(crate) address: SocketAddr,
    seen: Arc<Mutex<Vec<Seen>>>,
    connections: Arc<Mutex<usize>>,
    connections_closed: Arc<Mutex<usize>>,
}

pub(crate) fn full(status: u16, body: impl Into<Bytes>) -> Answer {
    let body = Full::new(body.into()).map_err(|never| match never {}).boxed();
    Response::builder().status(status).body(body).unwrap()
}

pub(crate) fn rule(pattern: &str) -> HostRule {
    HostPattern::parse(pattern).unwrap().expand(&Map::new()).unwrap()
}

/// A clock that stands still, at 2025-06-15T12:00:00Z.
pub(crate) fn now() -> Now {
    Arc::new(|| Timestamp::from_millis(1_749_988_800_000))
}

pub(crate) fn trusted() -> Trusted {
    Trusted::new(None).unwrap()
}

impl Platform {
    pub(crate) async fn start(answer: impl Fn(&Seen) -> Answer + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let platform =
            Self { address, seen: Arc::default(), connections: Arc::default(), connections_closed: Arc::default() };
        let (seen, connections, answer) = (platform.seen.clone(), platform.connections.clone(), Arc::new(answer));
        let closed = platform.connections_closed.clone();
        tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                *connections.lock().unwrap() += 1;
                let (seen, answer) = (seen.clone(), answer.clone());
                let service = service_fn(move |request| serve(request, seen.clone(), answer.clone()));
                let connection =
                    hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service);
                let closed = closed.clone();
                tokio::spawn(async move {
                    connection.await.ok();
                    *closed.lock().unwrap() += 1;
                });
            }
        });
        platform
    }

    /// A URL under a name that only [`Names`] knows.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://platform.test:{}{path}", self.address.port())
    }

    pub(crate) fn pattern(&self) -> String {
        format!("http://platform.test:{}", self.address.port())
    }

    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }

    pub(crate) fn connections(&self) -> usize {
        *self.connections.lock().unwrap()
    }

    pub(crate) fn connections_open(&self) -> usize {
        self.connections() - *self.connections_closed.lock().unwrap()
    }

    /// The usual parts of a client that may reach this platform, and it alone.
    pub(crate) fn parts(&self, credentials: Vec<Credential>) -> Parts {
        let reach = Reach {
            manifest: vec![rule(&self.pattern())],
            granted: None,
            networks: vec!["127.0.0.0/8".parse().unwrap()],
        };
        let resolver = Arc::new(Names(vec!["127.0.0.1".parse().unwrap()]));
        Parts { resolver, credentials, ..Parts::new(reach, trusted(), now()) }
    }

    pub(crate) fn client(&self, credentials: Vec<Credential>) -> Client {
        Client::new(self.parts(credentials))
    }
}

async fn serve(
    request: Request<Incoming>,
    seen: Arc<Mutex<Vec<Seen>>>,
    answer: Arc<impl Fn(&Seen) -> Answer>,
) -> Result<Answer, std::io::Error> {
    let (head, body) = request.into_parts();
    let body = body.collect().await.map_err(std::io::Error::other)?.to_bytes();
    let path = head.uri.path_and_query().unwrap().to_string();
    let request = Seen { path, headers: head.headers, body };
    seen.lock().unwrap().push(request.clone());
    Ok(answer(&request))
}

/// A resolver that knows these addresses for every name.
pub(crate) struct Names(pub(crate) Vec<IpAddr>);

impl Resolve for Names {
    fn resolve<'a>(&'a self, _: &'a str) -> Resolving<'a> {
        Box::pin(async { Ok(self.0.clone()) })
    }
}
