//! A tunnel through the proxy.

use bytes::Bytes;
use http::{HeaderValue, Method, Request, StatusCode, header};
use http_body_util::Empty;
use hyper::client::conn::http1;
use hyper::upgrade::Upgraded;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use crate::dial::Dialer;
use crate::proxy::{self, Proxy};
use crate::refusal::{Denial, ProxyRefusal, Refusal};
use crate::target::Target;

impl Dialer {
    /// The proxy that a request there goes by.
    pub(crate) fn proxy_to(&self, target: &Target) -> Option<&Proxy> {
        self.proxy.as_ref().filter(|proxy| proxy.carries(target))
    }

    /// Has the proxy connect to the target; from then on the bytes are the target's.
    pub(crate) async fn tunnel(&self, proxy: &Proxy, target: &Target) -> Result<TokioIo<Upgraded>, Refusal> {
        if target.address().is_none() && proxy::is_inside(target.host()) {
            return Err(Denial::InsideName { host: target.host().to_owned() }.into());
        }
        let stream = self.reach_proxy(proxy).await.map_err(|why| unreachable(&why))?;
        let mut builder = http1::Builder::new();
        builder.max_headers(self.limits.headers);
        let (mut sender, connection) =
            builder.handshake(TokioIo::new(stream)).await.map_err(|error| unreachable(&error))?;
        tokio::spawn(async move {
            // What breaks the connection is told to whoever waits on it.
            connection.with_upgrades().await.ok();
        });
        let answer = sender.send_request(request(proxy, target)?).await.map_err(|error| unreachable(&error))?;
        judge(answer.status())?;
        hyper::upgrade::on(answer).await.map(TokioIo::new).map_err(|error| unreachable(&error))
    }

    /// The operator named it, so that its address may be any.
    async fn reach_proxy(&self, proxy: &Proxy) -> std::io::Result<TcpStream> {
        let place = proxy.target();
        let mut failed = std::io::Error::other("its name has no address");
        for address in self.addresses(place).await? {
            match TcpStream::connect((address, place.port())).await {
                Ok(stream) => {
                    stream.set_nodelay(true).ok();
                    return Ok(stream);
                }
                Err(error) => failed = error,
            }
        }
        Err(failed)
    }
}

fn request(proxy: &Proxy, target: &Target) -> Result<Request<Empty<Bytes>>, Denial> {
    let authority = format!("{}:{}", target.host(), target.port());
    let refuse = |_| Denial::Url { reason: "its host is malformed" };
    let mut request = Request::new(Empty::new());
    *request.method_mut() = Method::CONNECT;
    *request.uri_mut() = authority.parse().map_err(refuse)?;
    let host = HeaderValue::from_str(&authority).map_err(|_| Denial::Url { reason: "its host is malformed" })?;
    request.headers_mut().insert(header::HOST, host);
    if let Some(mut value) = proxy.authorization().and_then(|text| HeaderValue::from_str(&text).ok()) {
        value.set_sensitive(true);
        request.headers_mut().insert(header::PROXY_AUTHORIZATION, value);
    }
    Ok(request)
}

fn judge(status: StatusCode) -> Result<(), ProxyRefusal> {
    match status {
        status if status.is_success() => Ok(()),
        StatusCode::PROXY_AUTHENTICATION_REQUIRED => Err(ProxyRefusal::SignIn),
        status if status.is_server_error() => Err(ProxyRefusal::Gateway { status: status.as_u16() }),
        status => Err(ProxyRefusal::Denied { status: status.as_u16() }),
    }
}

fn unreachable(why: &dyn std::fmt::Display) -> Refusal {
    ProxyRefusal::Unreachable { why: why.to_string() }.into()
}
