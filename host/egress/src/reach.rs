//! Where a connection may reach: what the manifest asks for, as far as it was granted.

use ipnet::IpNet;
use weighbridge_model::package::HostRule;

use crate::address;
use crate::refusal::Denial;
use crate::target::Target;

/// Nothing is reachable that is not in here.
#[derive(Clone, Debug, Default)]
pub struct Reach {
    /// The hosts of the signed manifest, filled in with the connection's configuration.
    pub manifest: Vec<HostRule>,
    /// The hosts that the integration grants of those; `None` grants them all.
    pub granted: Option<Vec<HostRule>>,
    /// Networks beyond the open internet that an operator allowed, loopback included.
    pub networks: Vec<IpNet>,
}

impl Reach {
    /// One endpoint that the host itself asks, such as one for tokens: over `https`, or on this machine where `networks`
    /// has its address.
    pub fn endpoint(url: &str, networks: Vec<IpNet>) -> Result<Self, Denial> {
        let target = Target::parse(url)?;
        if !target.is_encrypted() && !target.is_this_machine() {
            return Err(Denial::Url { reason: "what is secret is sent over `https`, or to this machine" });
        }
        let rule = HostRule::of_url(url).map_err(|reason| Denial::Url { reason })?;
        Ok(Self { manifest: vec![rule], granted: None, networks })
    }

    /// Whether a request to this URL would be let out, before any name is looked up.
    pub fn admit_url(&self, url: &str) -> Result<(), Denial> {
        self.admit(&Target::parse(url)?)
    }

    pub(crate) fn admit(&self, target: &Target) -> Result<(), Denial> {
        let place = || target.place();
        if !admits(&self.manifest, target) {
            return Err(Denial::NotInManifest { place: place() });
        }
        if self.granted.as_ref().is_some_and(|granted| !admits(granted, target)) {
            return Err(Denial::NotGranted { place: place() });
        }
        // No resolver is asked about an address that stands in the URL itself, so it is checked here.
        match target.address() {
            Some(literal) => self.admit_address(target, literal),
            None => Ok(()),
        }
    }

    pub(crate) fn admit_address(&self, target: &Target, address: std::net::IpAddr) -> Result<(), Denial> {
        if address::is_allowed(address, &self.networks) {
            return Ok(());
        }
        Err(Denial::Address { host: target.host().to_owned(), address })
    }
}

pub(crate) fn admits(rules: &[HostRule], target: &Target) -> bool {
    rules.iter().any(|rule| rule.admits(target.scheme(), target.host(), target.port()))
}
