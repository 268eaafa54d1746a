//! What an operator says of how this host listens.

use std::net::{IpAddr, SocketAddr};
use std::num::NonZeroU32;
use std::time::Duration;

use ipnet::IpNet;

use crate::metrics::MetricsKey;
use crate::tls::Tls;

/// How this host listens, and how much it takes.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Requests in a minute of one person or token.
    pub requests_per_minute: NonZeroU32,
    /// Requests in a minute from one address of whoever is not signed in.
    pub stranger_requests_per_minute: NonZeroU32,
    /// Webhooks in a minute that one connected system sends.
    pub hook_calls_per_minute: NonZeroU32,
    /// Connections at once.
    pub connections_max: usize,
    /// How long a request may take until its answer begins.
    pub request_time: Duration,
    /// Proxies in front of this host: what they say of where a request comes from is believed.
    pub behind_proxy: Vec<IpNet>,
    /// The certificate it shows; none is plain HTTP.
    pub tls: Option<Tls>,
    /// What whoever reads figures shows; nothing is asked for where it is left out.
    pub metrics_key: Option<MetricsKey>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            requests_per_minute: NonZeroU32::MIN.saturating_add(599),
            stranger_requests_per_minute: NonZeroU32::MIN.saturating_add(59),
            hook_calls_per_minute: NonZeroU32::MIN.saturating_add(599),
            connections_max: 512,
            request_time: Duration::from_secs(120),
            behind_proxy: Vec::new(),
            tls: None,
            metrics_key: None,
        }
    }
}

/// Passwords and keys would go over a network in the clear.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "listen.unprotected: {0} can be reached from elsewhere, and what is sent there could be read on the way; set `tls_certificate` and `tls_key`, or `behind_proxy` to the networks of the proxy that does TLS for this host, or listen on 127.0.0.1"
)]
pub struct Unprotected(SocketAddr);

impl Settings {
    /// Whether an address may be listened on.
    pub fn protects(&self, address: SocketAddr) -> Result<(), Unprotected> {
        let is_protected = address.ip().is_loopback() || self.tls.is_some() || !self.behind_proxy.is_empty();
        if is_protected { Ok(()) } else { Err(Unprotected(address)) }
    }

    /// Where a request comes from: the last address on its way that is none of our proxies'.
    pub(crate) fn origin(&self, peer: IpAddr, headers: &http::HeaderMap) -> IpAddr {
        let peer = peer.to_canonical();
        let is_ours = |address: &IpAddr| self.behind_proxy.iter().any(|network| network.contains(address));
        if !is_ours(&peer) {
            return peer;
        }
        let said = headers.get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok());
        let hops: Vec<&str> = said.flat_map(|value| value.split(',')).map(str::trim).collect();
        let mut origin = peer;
        for hop in hops.iter().rev() {
            // What is no address ends what can be believed.
            let Ok(address) = hop.parse::<IpAddr>() else { return origin };
            origin = address.to_canonical();
            if !is_ours(&origin) {
                return origin;
            }
        }
        origin
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderMap;

    use super::Settings;

    fn origin(peer: &str, said: &[&str]) -> String {
        let behind_proxy = vec!["10.0.0.0/8".parse().unwrap()];
        let mut headers = HeaderMap::new();
        for one in said {
            headers.append("x-forwarded-for", one.parse().unwrap());
        }
        Settings { behind_proxy, ..Settings::default() }.origin(peer.parse().unwrap(), &headers).to_string()
    }

    #[test]
    fn only_our_own_proxies_are_believed() {
        assert_eq!(origin("203.0.113.1", &["198.51.100.7"]), "203.0.113.1");
        assert_eq!(origin("10.0.0.1", &["198.51.100.7"]), "198.51.100.7");
        assert_eq!(origin("::ffff:10.0.0.1", &["198.51.100.7"]), "198.51.100.7");
        assert_eq!(origin("10.0.0.1", &["1.2.3.4, 198.51.100.7, 10.0.0.2"]), "198.51.100.7");
        assert_eq!(origin("10.0.0.1", &["1.2.3.4", "198.51.100.7"]), "198.51.100.7");
        assert_eq!(origin("10.0.0.1", &["1.2.3.4, unknown"]), "10.0.0.1");
        assert_eq!(origin("10.0.0.1", &[]), "10.0.0.1");
    }

    #[test]
    fn an_address_that_others_reach_needs_protection() {
        let plain = Settings::default();
        assert!(plain.protects("127.0.0.1:80".parse().unwrap()).is_ok());
        assert!(plain.protects("[::1]:80".parse().unwrap()).is_ok());
        for address in ["0.0.0.0:80", "192.168.1.4:80", "[::]:80"] {
            let refused = plain.protects(address.parse().unwrap()).unwrap_err();
            assert!(refused.to_string().starts_with("listen.unprotected: "));
        }
        let behind = Settings { behind_proxy: vec!["10.0.0.0/8".parse().unwrap()], ..plain };
        assert!(behind.protects("0.0.0.0:80".parse().unwrap()).is_ok());
    }
}
