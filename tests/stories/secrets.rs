//! A credential goes where its scheme names, and nowhere else.

use std::fs;
use std::path::Path;

use crate::town::{Setting, Town};

const CANARY: &str = "canary-Zm9vYmFy-0123456789";

fn files_with(folder: &Path, needle: &[u8], found: &mut Vec<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files_with(&path, needle, found);
        } else if fs::read(&path).unwrap().windows(needle.len()).any(|window| window == needle) {
            found.push(path.display().to_string());
        }
    }
}

#[test]
fn a_wrong_credential_is_an_auth_failure_and_stands_in_no_file_and_no_message() {
    let town = Town::settled(5, &Setting { token: CANARY.into(), ..Setting::default() });
    let failed = town.fails(&["run", "acme/orders"], 1);
    assert_eq!(failed.json["failure"]["class"], "auth", "{failed:?}");
    assert!(!format!("{failed:?}").contains(CANARY));
    fs::remove_file(town.path("document.toml")).unwrap();
    let mut found = Vec::new();
    files_with(&town.path("data"), CANARY.as_bytes(), &mut found);
    files_with(&town.path("data"), b"Orders of the shop.", &mut found);
    assert!(found.is_empty(), "a secret or a text stands in the clear in {found:?}");
}
