//! The operator's pages, the authors' book and what a reader of the repository reads first: what they tell people to type is typed, and
//! what they name is there.
#![expect(clippy::unwrap_used, reason = "a test says what it expects by unwrapping")]

mod authors;
mod book;
mod codes;
mod links;
mod markdown;
mod places;
mod sessions;
mod settings;
mod typed;
mod words;

use self::markdown::Page;
use crate::tidy::root;

/// Where the operator's pages lie, in the repository.
const FOLDER: &str = "host/pages";

/// Where the authors' book lies.
const BOOK: &str = "sdk/docs/src";

/// One page, by its path from the root of the repository.
fn page(path: &str) -> Page {
    Page::of(path, &std::fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}")))
}

/// The pages of a folder, by name.
fn folder(of: &str) -> Vec<Page> {
    let mut names: Vec<String> = std::fs::read_dir(root().join(of))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.ends_with(".md"))
        .collect();
    names.sort();
    names.iter().map(|name| page(&format!("{of}/{name}"))).collect()
}

/// The operator's pages.
fn operators() -> Vec<Page> {
    folder(FOLDER)
}

/// The authors' book.
fn authors() -> Vec<Page> {
    folder(BOOK)
}

/// Everything that names commands of ours, and paths.
fn written() -> Vec<Page> {
    read_by_operators().into_iter().chain(authors()).collect()
}

/// What operators read: their pages, and the two of the repository that go with every release.
fn read_by_operators() -> Vec<Page> {
    operators().into_iter().chain(["README.md", "SECURITY.md"].map(page)).collect()
}

/// Fails with all faults at once, each by its page and line.
#[track_caller]
fn check(faults: &[String]) {
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}

#[test]
fn the_index_names_every_page_and_each_is_short_and_begins_with_its_title() {
    let index = page("host/pages/index.md");
    let mut faults = Vec::new();
    for one in operators() {
        let name = one.path.rsplit('/').next().unwrap();
        if name != "index.md" && !index.links.iter().any(|link| link.target == name) {
            faults.push(format!("{}: the index does not name it", one.path));
        }
        if !one.text.starts_with("# ") {
            faults.push(format!("{}:1: a page begins with its title", one.path));
        }
        let typed: usize = one.blocks.iter().map(|block| block.lines.len() + 2).sum();
        let length = one.text.lines().count() - typed;
        if length > LINES_MAX {
            faults.push(format!("{}: {length} lines beside what is typed, over {LINES_MAX}", one.path));
        }
    }
    check(&faults);
}

/// What somebody reads who has other things to do.
const LINES_MAX: usize = 100;
