//! Opens connections, to checked addresses only.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout_at};

use crate::limits::Limits;
use crate::pool::Sender;
use crate::proxy::Proxy;
use crate::reach::Reach;
use crate::refusal::Refusal;
use crate::resolve::Resolve;
use crate::target::Target;
use crate::trusted::Trusted;

/// What is needed to open a connection.
#[derive(Clone)]
pub(crate) struct Dialer {
    pub(crate) reach: Reach,
    pub(crate) trusted: Trusted,
    pub(crate) resolver: Arc<dyn Resolve>,
    pub(crate) limits: Arc<Limits>,
    /// By which requests leave.
    pub(crate) proxy: Option<Proxy>,
}

/// What carries bytes both ways.
pub(crate) trait Stream: AsyncRead + AsyncWrite + Send + Unpin + 'static {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin + 'static> Stream for T {}

impl Dialer {
    /// A new connection to where the target leads at this moment.
    pub(crate) async fn dial(&self, target: &Target, deadline: Instant) -> Result<Sender, Refusal> {
        let deadline = deadline.min(Instant::now() + self.limits.connect);
        timeout_at(deadline, self.open(target)).await.unwrap_or(Err(Refusal::TimedOut))
    }

    async fn open(&self, target: &Target) -> Result<Sender, Refusal> {
        match self.proxy_to(target) {
            Some(proxy) => self.begin(target, self.tunnel(proxy, target).await?).await,
            None => self.begin(target, self.connect(target).await?).await,
        }
    }

    async fn begin(&self, target: &Target, stream: impl Stream) -> Result<Sender, Refusal> {
        if target.is_encrypted() { self.encrypt(target, stream).await } else { self.shake_hands(stream).await }
    }

    /// The first of the allowed addresses that answers. Those that are not allowed are never tried.
    async fn connect(&self, target: &Target) -> Result<TcpStream, Refusal> {
        let unreachable = |why: &dyn std::fmt::Display| {
            Refusal::Unreachable(format!("`{}` cannot be reached: {why}", target.place()))
        };
        let addresses = self.addresses(target).await.map_err(|error| unreachable(&error))?;
        let (mut denied, mut failed) = (None, None);
        for address in addresses {
            if let Err(denial) = self.reach.admit_address(target, address) {
                denied.get_or_insert(denial);
                continue;
            }
            match TcpStream::connect(SocketAddr::new(address, target.port())).await {
                Ok(stream) => {
                    // Without it small requests wait for acknowledgements; with an error nothing else changes.
                    stream.set_nodelay(true).ok();
                    return Ok(stream);
                }
                Err(error) => failed = Some(unreachable(&error)),
            }
        }
        let denied = denied.map(Refusal::from);
        Err(failed.or(denied).unwrap_or_else(|| unreachable(&"the name has no address")))
    }

    pub(crate) async fn addresses(&self, target: &Target) -> std::io::Result<Vec<IpAddr>> {
        match target.address() {
            Some(literal) => Ok(vec![literal]),
            None => self.resolver.resolve(target.host()).await,
        }
    }

    async fn encrypt(&self, target: &Target, stream: impl Stream) -> Result<Sender, Refusal> {
        let failed = |why: &dyn std::fmt::Display| {
            Refusal::Tls(format!("no trusted connection to `{}` came about: {why}", target.place()))
        };
        let name = match target.address() {
            Some(address) => ServerName::IpAddress(address.into()),
            None => ServerName::try_from(target.host().to_owned()).map_err(|error| failed(&error))?,
        };
        let stream = self.trusted.connector().connect(name, stream).await.map_err(|error| failed(&error))?;
        self.shake_hands(stream).await
    }

    async fn shake_hands(&self, stream: impl Stream) -> Result<Sender, Refusal> {
        let mut builder = http1::Builder::new();
        let header_bytes = self.limits.header_bytes.max(8192);
        builder.max_headers(self.limits.headers).max_header_size(header_bytes).max_buf_size(header_bytes);
        let (sender, connection) = builder
            .handshake(TokioIo::new(stream))
            .await
            .map_err(|error| Refusal::Unreachable(format!("no HTTP connection came about: {error}")))?;
        tokio::spawn(async move {
            // What breaks a connection is told to whoever waits on it.
            connection.await.ok();
        });
        Ok(sender)
    }
}
