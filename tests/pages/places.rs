//! A path of the repository that a page names in backticks is there.

use super::markdown::Page;
use super::{check, root, written};

/// The folders of the repository that pages speak of.
const ROOMS: [&str; 6] = ["host/", "tests/", "schemas/", "plugins/", "sdk/", "examples/"];

fn faults(page: &Page) -> Vec<String> {
    let named = page.spans.iter().filter(|span| ROOMS.iter().any(|room| span.text.starts_with(room)));
    let plain = named.filter(|span| !span.text.contains([' ', '*', '…']));
    let gone = plain.filter(|span| !root().join(&span.text).exists());
    gone.map(|span| page.fault(span.line, format_args!("{} is not in the repository", span.text))).collect()
}

#[test]
fn every_path_of_the_repository_that_is_named_is_there() {
    check(&written().iter().flat_map(faults).collect::<Vec<_>>());
}

#[test]
fn a_path_that_is_gone_is_said() {
    let found = faults(&Page::of("a.md", "`tests/crash` and\n`tests/gone/mod.rs`, `tests of all`\n"));
    assert_eq!(found, ["a.md:2: tests/gone/mod.rs is not in the repository"]);
}
