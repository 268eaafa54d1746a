//! The authors' book is whole, short, and what stands in its blocks is taken by whoever reads it: Rust by the SDK's own tests.

use serde_json::Value;
use weighbridge_model::package::Manifest;

use super::markdown::Page;
use super::sessions::of_another_kind;
use super::{BOOK, LINES_MAX, authors, check, page, root};

/// The contents, as mdBook reads them.
const CONTENTS: &str = "SUMMARY.md";
/// What is made of the code, and as long as that.
const MADE: [&str; 2] = ["contract.md", "manifest.md"];

fn name(page: &Page) -> &str {
    page.path.rsplit('/').next().unwrap()
}

#[test]
fn the_contents_name_every_page_and_each_is_short_and_begins_with_its_title() {
    let contents = page(&format!("{BOOK}/{CONTENTS}"));
    let mut faults = Vec::new();
    for one in authors() {
        if name(&one) != CONTENTS && !contents.links.iter().any(|link| link.target == name(&one)) {
            faults.push(format!("{}: the contents do not name it", one.path));
        }
        if !one.text.starts_with("# ") {
            faults.push(format!("{}:1: a page begins with its title", one.path));
        }
        let typed: usize = one.blocks.iter().map(|block| block.lines.len() + 2).sum();
        let length = one.text.lines().count() - typed;
        if !MADE.contains(&name(&one)) && length > LINES_MAX {
            faults.push(format!("{}: {length} lines beside what is typed, over {LINES_MAX}", one.path));
        }
    }
    check(&faults);
}

#[test]
fn every_block_of_the_book_says_who_tries_it() {
    let kinds = ["sh", "sh stays", "toml", "json", "rust", "text", "wit"];
    check(&authors().iter().flat_map(|page| of_another_kind(page, &kinds)).collect::<Vec<_>>());
}

/// What is wrong with a part of a description, put into one that is whole.
fn fault_of_description(text: &str) -> Option<String> {
    let read = |text: &str| text.parse::<toml::Table>();
    let part = match read(text) {
        Ok(part) => part,
        Err(error) => return Some(error.to_string()),
    };
    let example = std::fs::read_to_string(root().join("examples/languages/rust/connector.toml")).unwrap();
    let mut whole = read(&example).unwrap();
    whole.extend(part);
    whole.entry("version").or_insert("0.1.0".into());
    whole.entry("contract").or_insert("0.1.0".into());
    let text = serde_json::to_string(&whole).unwrap();
    Manifest::parse(text.as_bytes()).err().map(|error| error.to_string())
}

#[test]
fn every_description_and_every_document_of_the_book_is_taken() {
    let (mut faults, mut count) = (Vec::new(), 0);
    for page in authors() {
        for block in &page.blocks {
            let fault = match block.info.as_str() {
                "toml" => fault_of_description(&block.text()),
                "json" => serde_json::from_str::<Value>(&block.text()).err().map(|error| error.to_string()),
                _ => continue,
            };
            count += 1;
            faults.extend(fault.map(|fault| page.fault(block.line, fault)));
        }
    }
    assert!(count > 3, "hardly any was found");
    check(&faults);
}

#[test]
fn a_part_of_a_description_that_no_host_takes_is_said() {
    assert!(fault_of_description("hosts = [\"{base_url}\", \"cdn.example.com\"]\n").is_none());
    for wrong in ["host = []\n", "[[capabilities]]\nstream = \"a\"\n", "hosts = [\n"] {
        assert!(fault_of_description(wrong).is_some(), "{wrong}");
    }
}
