//! Real platforms, installed for the test. They need minutes and a network, so `WEIGHBRIDGE_PLATFORMS=1` turns them on.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a platform that does not start is a failed test, and a skipped test says so"
)]

pub(crate) mod debian;
pub(crate) mod mail;
pub(crate) mod oidc;
pub(crate) mod prometheus;
mod python;
mod schemathesis;
pub(crate) mod shopify;
mod systemd;
mod tryton;

/// Whether real platforms are wanted; where they are not, the test says that it was skipped.
pub fn wanted(platform: &str) -> bool {
    let wanted = std::env::var_os("WEIGHBRIDGE_PLATFORMS").is_some_and(|value| value == "1");
    if !wanted {
        println!("skipped: {platform} is installed and asked only under WEIGHBRIDGE_PLATFORMS=1");
    }
    wanted
}
