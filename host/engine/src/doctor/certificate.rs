//! Whether the certificate that this host shows is good, and for how long.

use super::{Finding, validity};
use crate::options::Options;

const ABOUT: &str = "certificate of the host";

pub(super) fn check(options: &Options) -> Vec<Finding> {
    let Some(file) = &options.conduct.shown_certificate else { return Vec::new() };
    match std::fs::read(file) {
        Ok(pem) => validity::check(ABOUT, &pem, options.clock.now()),
        Err(error) => {
            let found = Finding::failed("doctor.certificate", ABOUT, format!("{}: {error}", file.display()));
            vec![found.next("name the file of the chain with `tls_certificate` in the configuration")]
        }
    }
}
