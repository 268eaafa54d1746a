//! Whether the host's own certificate authorities can be used.

use weighbridge_egress::Trusted;

use super::{Finding, validity};
use crate::options::Options;

const ABOUT: &str = "authorities of the host";

pub(super) fn of_host(options: &Options) -> Vec<Finding> {
    let Some(pem) = &options.conduct.outward.authorities else { return Vec::new() };
    match Trusted::new(Some(pem)) {
        Ok(_) => validity::check(ABOUT, pem, options.clock.now()),
        Err(error) => vec![Finding::of_error(error.code(), ABOUT, &error.to_string())],
    }
}
