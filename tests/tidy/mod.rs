//! Style that a machine can hold: edges between crates, names, lengths, first sentences, and who may see what.
//!
//! Each rule looks at a [`Source`] and answers with its faults; beside it stands a small bad example that it must catch.
#![expect(clippy::unwrap_used, reason = "a test says what it expects by unwrapping")]

mod edges;
mod first_sentence;
mod lengths;
mod names;
mod rows;
mod scopes;
mod words;

use std::path::{Path, PathBuf};

/// A text file of this repository.
pub(crate) struct Source {
    /// From the root of the repository, with `/` between folders.
    pub(crate) path: String,
    pub(crate) text: String,
}

impl Source {
    /// An example for the test of a rule.
    fn example(path: &str, text: &str) -> Self {
        Self { path: path.to_owned(), text: text.to_owned() }
    }

    /// The lines with their numbers, for faults.
    fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        self.text.lines().enumerate().map(|(index, line)| (index + 1, line))
    }

    fn fault(&self, line: usize, what: &str) -> String {
        format!("{}:{line}: {what}", self.path)
    }
}

pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

/// Every file with one of these endings, outside of what is built and of hidden folders.
pub(crate) fn sources(endings: &[&str]) -> Vec<Source> {
    let mut found = Vec::new();
    gather(&root(), "", endings, &mut found);
    found.sort_by(|one, other| one.path.cmp(&other.path));
    assert!(found.len() > 10, "the walk lost its way");
    found
}

fn gather(folder: &Path, prefix: &str, endings: &[&str], found: &mut Vec<Source>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        let path = format!("{prefix}{name}");
        if entry.file_type().unwrap().is_dir() {
            if !["target", "node_modules", "dist"].contains(&&*name) && !name.starts_with('.') {
                gather(&entry.path(), &format!("{path}/"), endings, found);
            }
        } else if endings.iter().any(|ending| name.ends_with(ending)) {
            found.push(Source { path, text: std::fs::read_to_string(entry.path()).unwrap() });
        }
    }
}

/// Runs a rule over all Rust files.
#[track_caller]
fn check_rust(rule: impl Fn(&Source) -> Vec<String>) {
    check(&sources(&[".rs"]), rule);
}

#[track_caller]
fn check(sources: &[Source], rule: impl Fn(&Source) -> Vec<String>) {
    let faults: Vec<String> = sources.iter().flat_map(rule).collect();
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}

/// Shows that a rule catches an example, and says what it must say.
#[track_caller]
fn check_bites(rule: impl Fn(&Source) -> Vec<String>, path: &str, text: &str, wanted: &[&str]) {
    assert_eq!(rule(&Source::example(path, text)), wanted);
}
