//! Documentation for whoever holds the key, made from the schemas of what it may read.

mod fields;
mod html;
mod openapi;
mod style;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

pub(super) use html::page;
pub(super) use openapi::openapi;

/// What stays as it is in a part of an address.
const PART: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The path of an endpoint's records.
fn path_of(endpoint: &str) -> String {
    format!("{}{}/records", super::BASE, utf8_percent_encode(endpoint, PART))
}

/// Where this host is reached, as far as it knows.
fn address(engine: &weighbridge::Engine) -> &str {
    engine.public_address().unwrap_or_default()
}
