//! The way to a platform under its own name: a proxy on loopback behind which the platform itself speaks TLS, under a
//! certificate of an authority of its own.

use std::convert::Infallible;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::ServerConfig;
use rustls::pki_types::PrivateKeyDer;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Runtime;
use tokio_rustls::TlsAcceptor;

use crate::{Asked, Platform, Said};

/// Ends with its runtime.
pub struct Way<P> {
    _runtime: Runtime,
    /// The proxy, such as `http://127.0.0.1:4000`.
    pub proxy: String,
    /// The authority, PEM.
    pub authority: String,
    platform: Arc<Mutex<P>>,
}

impl<P: Platform> Way<P> {
    /// Makes the platform reachable under a name; a wildcard stands for one label.
    pub fn to(name: &str, platform: P) -> Self {
        let (authority, acceptor) = certified(name);
        let (runtime, platform) = (Runtime::new().unwrap(), Arc::new(Mutex::new(platform)));
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
        let proxy = format!("http://{}", listener.local_addr().unwrap());
        let (behind, ending) = (Arc::clone(&platform), name.trim_start_matches('*').to_owned());
        runtime.spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (platform, acceptor, ending) = (Arc::clone(&behind), acceptor.clone(), ending.clone());
                tokio::spawn(async move { converse(stream, &ending, acceptor, platform).await });
            }
        });
        Self { _runtime: runtime, proxy, authority, platform }
    }

    /// Looks at the platform, or changes it.
    pub fn with<T>(&self, look: impl FnOnce(&mut P) -> T) -> T {
        look(&mut self.platform.lock().unwrap())
    }
}

fn certified(name: &str) -> (String, TlsAcceptor) {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let issuer = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
    let key = KeyPair::generate().unwrap();
    let certificate = CertificateParams::new(vec![name.to_owned()]).unwrap().signed_by(&key, &issuer).unwrap();
    let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let config = config.with_no_client_auth().with_single_cert(vec![certificate.der().clone()], key).unwrap();
    (issuer.pem(), TlsAcceptor::from(Arc::new(config)))
}

/// A client that goes away, or wants another place, ends its own conversation only.
async fn converse(
    mut stream: TcpStream,
    ending: &str,
    acceptor: TlsAcceptor,
    platform: Arc<Mutex<impl Platform>>,
) -> Option<()> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.ok()?);
    }
    let place = String::from_utf8(head).ok()?;
    let place = place.strip_prefix("CONNECT ")?.split(' ').next()?.to_owned();
    if !place.strip_suffix(":443")?.ends_with(ending) {
        stream.write_all(b"HTTP/1.1 502 Bad Gateway\r\n\r\n").await.ok()?;
        return None;
    }
    stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await.ok()?;
    let stream = acceptor.accept(stream).await.ok()?;
    let service = service_fn(move |request| respond(Arc::clone(&platform), request));
    http1::Builder::new().serve_connection(TokioIo::new(stream), service).await.ok()
}

async fn respond(
    platform: Arc<Mutex<impl Platform>>,
    request: Request<Incoming>,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let (head, body) = request.into_parts();
    let text = |value: &hyper::header::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    let headers = head.headers.iter().map(|(name, value)| (name.to_string(), text(value))).collect();
    let body = body.collect().await.map(|body| body.to_bytes().to_vec()).unwrap_or_default();
    let asked = Asked { method: head.method.to_string(), path: head.uri.to_string(), headers, body };
    let Said { status, headers, body } = platform.lock().unwrap().answer(&asked);
    let mut response = Response::builder().status(status);
    for (name, value) in headers {
        response = response.header(name, value);
    }
    Ok(response.body(Full::new(Bytes::from(body))).unwrap())
}
