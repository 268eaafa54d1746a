//! Tries whether a place can be reached, without saying anything there.

use std::net::IpAddr;

use tokio::time::Instant;

use crate::client::Client;
use crate::refusal::Refusal;
use crate::target::Target;

/// How a place was reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Probed {
    /// Whether by the proxy, which alone knows the addresses then.
    pub by_proxy: bool,
    /// The addresses of the name, allowed and not.
    pub addresses: Vec<IpAddr>,
}

impl Client {
    /// Opens a connection as a request to this URL would, the handshake of `https` included, and closes it again. No
    /// request is made and no credential is sent.
    pub async fn probe(&self, url: &str) -> Result<Probed, Refusal> {
        let target = Target::parse(url)?;
        let route = self.0.exchange.route();
        let dialer = &route.dialer;
        dialer.reach.admit(&target)?;
        let by_proxy = dialer.proxy_to(&target).is_some();
        dialer.dial(&target, Instant::now() + dialer.limits.connect).await?;
        let addresses = if by_proxy { Vec::new() } else { dialer.addresses(&target).await.unwrap_or_default() };
        Ok(Probed { by_proxy, addresses })
    }
}
