//! What must hold for every input, however it came about: one function a kind of input, for the fuzzer and for the replay
//! of its corpus alike.

mod hosts;
mod lines;
mod mappings;
mod packages;
mod templates;

pub use hosts::host;
pub use lines::page;
pub use mappings::mapping;
pub use packages::{manifest, original, package, rotation, statement};
pub use templates::template;

/// A kind of input with its name, which is that of its folder in the corpus.
pub type Target = (&'static str, fn(&[u8]));

/// All of them.
pub const TARGETS: [Target; 7] = [
    ("host", host),
    ("manifest", manifest),
    ("mapping", mapping),
    ("package", package),
    ("page", page),
    ("rotation", rotation),
    ("template", template),
];

/// The text of an input, cut at its line feeds into so many pieces; the ones that are missing are empty.
fn pieces<const COUNT: usize>(bytes: &[u8]) -> Option<[&str; COUNT]> {
    let mut lines = std::str::from_utf8(bytes).ok()?.splitn(COUNT, '\n');
    Some(std::array::from_fn(|_| lines.next().unwrap_or_default()))
}
