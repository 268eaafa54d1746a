//! The pages under `schemas/` that are made of the code: a test compares, and writes them under `WEIGHBRIDGE_BLESS=1`.
#![expect(clippy::unwrap_used, reason = "a test says what it expects by unwrapping")]

mod api;
mod audits;
mod compile;
mod complaints;
mod egress;
mod findings;
mod folders;
mod keys;
mod manifest;
mod metrics;
mod package;
mod pull;
mod refusals;
mod rotation;
mod wit;

use std::path::{Path, PathBuf};

fn file(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path)
}

/// Compares a file with what it must be, or writes it where that is asked for.
#[track_caller]
pub fn check(path: &str, wanted: &str) {
    if std::env::var_os("WEIGHBRIDGE_BLESS").is_some_and(|value| value == "1") {
        std::fs::write(file(path), wanted).unwrap();
    }
    let found = std::fs::read_to_string(file(path)).unwrap_or_default();
    let differs = found.lines().zip(wanted.lines()).find(|(found, wanted)| found != wanted);
    let bless = "write it anew by WEIGHBRIDGE_BLESS=1 cargo test -p weighbridge-cli --test tests contracts";
    assert!(found == wanted, "{path} is not what the code says; {bless}\n{differs:#?}");
}

/// What stands in such a page.
pub fn kept(path: &str) -> String {
    std::fs::read_to_string(file(path)).unwrap()
}

/// All texts in a source that begin so: `"egress.`.
fn texts_in<'a>(source: &'a str, start: &'a str) -> Vec<&'a str> {
    let texts = source.split('"').skip(1).step_by(2);
    texts.filter(|text| text.starts_with(start)).collect()
}
