//! The authors' page of the contract: what stands in `schemas/wit`, in the order in which one reads it.

use std::fmt::Write as _;

use super::{check, kept};

const PAGE: &str = "sdk/docs/src/contract.md";
const FOLDER: &str = "schemas/wit";

const HEAD: &str = "# Contract reference

The whole of what crosses the border between a host and a connector: a component of the world `connector`, in [WIT](https://component-model.bytecodealliance.org/design/wit.html).
The SDKs say the same in the words of their language; whoever uses none builds against these files. A host calls what the manifest lists, and nothing else. What it
does not offer itself (files of the machine, sockets, an environment) no connector has, whatever language it is written in.

This page is made of `schemas/wit` by a test, and never edited by hand:

    WEIGHBRIDGE_BLESS=1 cargo test -p weighbridge-cli --test tests contracts
";

/// What a connector is asked, then what it asks for, each in the order of the world.
fn interfaces(world: &str) -> Vec<(&str, &str)> {
    let listed = |word: &'static str| {
        let lines = world.lines().filter_map(move |line| line.trim().strip_prefix(word)?.trim().strip_suffix(';'));
        lines.map(move |name| (word.trim(), name)).collect::<Vec<_>>()
    };
    [listed("export "), listed("import ")].concat()
}

/// The sentences before an interface, and the interface itself.
fn split(text: &str) -> (String, &str) {
    let (_, rest) = text.split_once(";\n").expect("a file begins with its package");
    let lines: Vec<&str> = rest.lines().skip_while(|line| line.is_empty()).collect();
    let about: Vec<&str> = lines.iter().map_while(|line| line.strip_prefix("///")).map(str::trim).collect();
    let body = rest.find("\ninterface ").or_else(|| rest.find("\nworld ")).map_or(rest, |at| &rest[at + 1..]);
    (about.join(" "), body)
}

fn page() -> String {
    let text = |name: &str| kept(&format!("{FOLDER}/{name}.wit"));
    let world = text("world");
    let mut page = HEAD.to_owned();
    let mut add = |title: &str, name: &str| {
        let text = text(name);
        let (about, body) = split(&text);
        let _ = write!(page, "\n## {title}\n\n{about}\n\n```wit\n{body}```\n");
    };
    add("The world", "world");
    add("What all share: `types`", "types");
    for (word, name) in interfaces(&world) {
        let who = if word == "export" { "What a connector is asked" } else { "What it may ask for" };
        add(&format!("{who}: `{name}`"), name);
    }
    page
}

#[test]
fn the_page_of_the_contract_has_every_interface_of_it() {
    let page = page();
    let files = std::fs::read_dir(super::file(FOLDER)).unwrap().count();
    assert_eq!(page.matches("```wit").count(), files);
    check(PAGE, &page);
}

#[test]
fn an_interface_is_split_from_what_is_said_of_it() {
    let text = "package a:b@0.1.0;\n\n/// One\n/// two.\ninterface c {\n  /// Three.\n  d: func();\n}\n";
    assert_eq!(split(text), ("One two.".into(), "interface c {\n  /// Three.\n  d: func();\n}\n"));
    assert_eq!(interfaces("world a {\n  import b;\n\n  export c;\n}\n"), [("export", "c"), ("import", "b")]);
}
