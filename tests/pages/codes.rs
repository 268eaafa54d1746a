//! A code in backticks is one that somebody can meet.

use std::collections::BTreeSet;
use std::path::Path;

use super::markdown::Page;
use super::{check, page, read_by_operators, root};

/// Files and settings look like codes, too.
const ENDINGS: [&str; 21] = [
    "toml", "yml", "json", "jsonl", "md", "rs", "key", "pem", "pub", "sock", "redb", "burned", "lock", "txt", "log",
    "csv", "wbc", "service", "export", "secret", "blobs",
];

/// `store.newer`: two words or more of small letters, with points between them.
fn looks_like_a_code(text: &str) -> bool {
    let parts: Vec<&str> = text.split('.').collect();
    let is_word = |part: &&str| {
        part.starts_with(|letter: char| letter.is_ascii_lowercase())
            && part.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
    };
    parts.len() > 1 && parts.iter().all(is_word) && !ENDINGS.contains(parts.last().unwrap())
}

/// The codes of the generated pages, and those that only the command line says, which are in no table.
fn known() -> BTreeSet<String> {
    let pages = ["problems", "refusals", "findings"].map(|name| page(&format!("schemas/{name}.md")));
    let listed = pages.iter().flat_map(|page| page.text.lines());
    let mut known: BTreeSet<String> =
        listed.filter_map(|line| Some(line.strip_prefix("| `")?.split_once('`')?.0.to_owned())).collect();
    for room in ["cli", "engine", "store", "vault"] {
        said_in(&root().join("host").join(room).join("src"), &mut known);
    }
    known
}

/// Codes at the beginning of a text in a source.
fn said_in(folder: &Path, known: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            said_in(&path, known);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            let text = std::fs::read_to_string(&path).unwrap();
            let starts = text.split('"').map(|part| part.split(':').next().unwrap_or_default());
            known.extend(starts.filter(|start| looks_like_a_code(start)).map(str::to_owned));
        }
    }
}

/// The settings of a host, some of which stand in a table of their own: `egress.ca`.
fn settings() -> BTreeSet<String> {
    let mut table = String::new();
    let mut found = BTreeSet::new();
    let text = std::fs::read_to_string(root().join("schemas/weighbridge.toml")).unwrap();
    for line in text.lines().filter_map(|line| line.strip_prefix('#')) {
        if let Some(name) = line.strip_prefix('[') {
            table = name.replace(']', ".");
        } else if let Some((name, _)) = line.split_once(" = ").filter(|(name, _)| !name.contains(' ')) {
            found.insert(format!("{table}{name}"));
        }
    }
    found
}

fn faults(page: &Page, known: &BTreeSet<String>) -> Vec<String> {
    let codes = page.spans.iter().filter(|span| looks_like_a_code(&span.text));
    let strange = codes.filter(|span| !known.contains(&span.text));
    strange.map(|span| page.fault(span.line, format_args!("nothing says the code {}", span.text))).collect()
}

#[test]
fn every_code_that_is_named_is_one_that_somebody_can_meet() {
    let known: BTreeSet<String> = known().into_iter().chain(settings()).collect();
    check(&read_by_operators().iter().flat_map(|page| faults(page, &known)).collect::<Vec<_>>());
}

#[test]
fn codes_of_all_kinds_are_known_and_a_code_that_is_none_is_said() {
    let known = known();
    for code in ["store.newer", "customer.inactive", "doctor.clock_back", "backup.not_configured", "keys.wrong_master"]
    {
        assert!(known.contains(code), "{code}");
    }
    assert!(settings().contains("egress.ca") && settings().contains("listen"));
    let found = faults(&Page::of("a.md", "`store.newer`, `store.gone`, `keys.json` and `a b.c`\n"), &known);
    assert_eq!(found, ["a.md:1: nothing says the code store.gone"]);
}
