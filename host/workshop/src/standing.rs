//! What a host would say of a package before anything of it runs, and what the way out would say of its requests.

use serde_json::{Map, Value};
use weighbridge_egress::Denial;
use weighbridge_model::package::{Caps, Difference, Manifest, PackageRefusal, TrustStore, UnverifiedPackage};
use weighbridge_model::time::Timestamp;

use crate::cassette::Exchange;
use crate::live::reach;

/// How a package stands with a host.
#[derive(Debug)]
pub struct Standing {
    /// Why it would not be installed, where it would not.
    pub refusal: Option<PackageRefusal>,
    /// All that it asks for.
    pub difference: Difference,
    /// What it asks for beyond what an operator gives without being asked.
    pub capped: Option<Capped>,
    /// The places that it may reach under this configuration.
    pub hosts: Vec<String>,
    /// Requests that the way out refuses, whatever a recording answers.
    pub denied: Vec<(String, Denial)>,
}

/// The most that a host gives any connector by default.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Capped {
    /// Memory in total, in MiB.
    pub memory_mib: u32,
    /// Wall time of one call, in milliseconds.
    pub call_ms: u32,
}

impl Standing {
    /// Judges a package under what a host trusts, and the requests it made under one configuration.
    pub fn of(
        package: Vec<u8>,
        manifest: &Manifest,
        (trust, now): (&TrustStore, Timestamp),
        (configuration, exchanges): (&Map<String, Value>, &[Exchange]),
    ) -> Self {
        let (caps, limits) = (Caps::default(), &manifest.limits);
        let capped = Capped { memory_mib: caps.memory_mib, call_ms: caps.call_ms };
        let reach = reach(manifest, &manifest.with_defaults(configuration));
        let urls = exchanges.iter().map(|exchange| &exchange.request.url);
        let denied = urls.filter_map(|url| Some((url.clone(), reach.admit_url(url).err()?))).collect();
        Self {
            refusal: UnverifiedPackage::new(package).verify(trust, now).err(),
            difference: Difference::between(None, manifest),
            capped: (!caps.admit(limits)).then_some(capped),
            hosts: reach.manifest.iter().map(ToString::to_string).collect(),
            denied,
        }
    }
}
