//! The demo's document: a partner, one customer, two connected systems, and one transfer between them.

use crate::platforms::TOKEN;

const PARTNER: &str = include_str!("partner.toml");

/// The whole of it, for platforms at these addresses; the customer begins inactive.
pub(super) fn whole(shop: &str, warehouse: &str) -> String {
    PARTNER.replace("@SHOP@", shop).replace("@WAREHOUSE@", warehouse).replace("@TOKEN@", TOKEN)
}

/// One thing about the customer, and nothing else.
pub(super) fn status(status: &str) -> String {
    format!("[tenant]\nname = \"Partner\"\n\n[[customer]]\nname = \"acme\"\nstatus = \"{status}\"\n")
}
