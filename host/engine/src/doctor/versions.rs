//! Which versions of what are at work, so that nobody has to ask: of this program, of its rows, of the connectors' contract,
//! of the zone data, and of the kernel.

use weighbridge_model::package::CONTRACT;
use weighbridge_model::time::zone_data;
use weighbridge_store::FORMAT;

use super::Finding;

/// What is said where the system does not say it.
const UNKNOWN: &str = "unknown";

/// The versions that are at work, each under its name.
pub(crate) fn all() -> [(&'static str, String); 5] {
    [
        ("weighbridge", env!("CARGO_PKG_VERSION").to_owned()),
        ("store_format", FORMAT.to_string()),
        ("connector_contract", CONTRACT.to_owned()),
        ("zone_data", zone_data().to_owned()),
        ("kernel", kernel()),
    ]
}

pub(super) fn check() -> Finding {
    let [program, format, contract, zones, kernel] = all().map(|(_, version)| version);
    let sentence = format!(
        "Weighbridge {program}, store format {format}, connector contract {contract}, zone data {zones}, kernel {kernel}"
    );
    Finding::ok("doctor.versions", "versions", sentence)
}

fn kernel() -> String {
    let release = std::fs::read_to_string("/proc/sys/kernel/osrelease");
    release.map_or_else(|_| UNKNOWN.to_owned(), |release| release.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_version_is_known_and_said() {
        let said = check().sentence;
        for (name, version) in all() {
            assert!(!version.is_empty() && version != UNKNOWN, "{name}");
            assert!(said.contains(&version), "{name}: {said}");
        }
    }
}
