//! What the authors' book tells people to type is typed, by somebody who has our program and a Rust toolchain, and nothing of our sources.

use std::os::unix::fs::symlink;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use super::sessions::{self, Elsewhere, assert_are_typed, session, setup, substituted};
use super::{BOOK, authors, page};
use crate::town::BINARY;

/// Where the user's toolchain has its things.
fn tools(variable: &str, usual: &str) -> PathBuf {
    let home = || PathBuf::from(std::env::var_os("HOME").unwrap_or_default()).join(usual);
    std::env::var_os(variable).map_or_else(home, PathBuf::from)
}

/// What is compiled for one page is found again by the next one, as an author's own is.
fn types(name: &str) {
    let page = page(&format!("{BOOK}/{name}.md"));
    let home = tempfile::tempdir().unwrap();
    let (bin, work) = (home.path().join("bin"), home.path().join("work"));
    [&bin, &work].iter().for_each(|folder| std::fs::create_dir(folder).unwrap());
    symlink(BINARY, bin.join("weighbridge")).unwrap();
    let elsewhere = Elsewhere::of(false);
    let gets = |name: &str, text: &str| std::fs::write(home.path().join(name), elsewhere.typed(text)).unwrap();
    gets("begin.sh", &(setup("begin.sh") + &elsewhere.said()));
    gets("setup.sh", &setup(&format!("{name}.sh")));
    gets("after.sh", &setup(&format!("{name}.after.sh")));
    gets("session.sh", &substituted(&page, session(&page)));
    let path = std::env::var_os("PATH").unwrap_or_default();
    let said = Command::new("timeout")
        .args(["--kill-after", "5", "500", "bash", "-euo", "pipefail"])
        .arg(home.path().join("session.sh"))
        .current_dir(&work)
        .env_clear()
        .env("PATH", format!("{}:{}", bin.display(), path.display()))
        .env("HOME", home.path())
        .env("CARGO_HOME", tools("CARGO_HOME", ".cargo"))
        .env("RUSTUP_HOME", tools("RUSTUP_HOME", ".rustup"))
        .env("CARGO_TARGET_DIR", concat!(env!("CARGO_TARGET_TMPDIR"), "/book"))
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let text = [said.stdout, said.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).concat();
    assert!(said.status.success(), "{} does not do what it says: {}\n{text}", page.path, said.status);
}

/// Typed by whoever writes a connector.
const WRITTEN: [&str; 2] = ["first-connector", "operating"];
/// Typed by whoever has an archive and a host, and no toolchain.
const SERVED: [&str; 1] = ["pull"];

#[test]
fn the_first_connector_is_typed() {
    types("first-connector");
}

#[test]
fn the_guide_for_what_comes_after_is_typed() {
    types("operating");
}

#[test]
fn the_guide_for_third_parties_is_typed() {
    sessions::types(BOOK, "pull");
}

#[test]
fn every_page_of_the_book_with_something_to_type_has_its_session() {
    assert_are_typed(authors(), BOOK, &[&WRITTEN[..], &SERVED].concat());
}
