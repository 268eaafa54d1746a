//! What the engine says is shown in the words of whoever reads it, whole or not at all.

use std::fs;
use std::path::{Path, PathBuf};

use super::*;

#[test]
fn a_sentence_keeps_what_stands_in_its_places() {
    let polish = Language::Polish.said("there is a customer `A `b` {}`");
    assert_eq!(polish, "jest już klient `A `b` {}`");
    assert_eq!(Language::English.said("created connection Shop"), "connected system Shop made");
    assert_eq!(put("{2} przed {1}", &["a", "b"]), "b przed a");
}

#[test]
fn a_sentence_that_no_pattern_fits_whole_stays_as_it_is() {
    for text in ["something else", "", "there is a customer `A` and more", ": "] {
        assert_eq!(Language::Polish.said(text), text);
    }
}

#[test]
fn a_codes_sentence_behind_a_name_is_shown_in_polish() {
    let text = "Shop: The platform no longer accepts the stored sign-in.";
    assert_eq!(Language::Polish.said(text), "Shop: Platforma nie przyjmuje już zapisanego logowania.");
}

#[test]
fn every_line_has_its_pair_and_the_same_places() {
    for (name, language) in [("en", Language::English), ("pl", Language::Polish)] {
        let file = fs::read_to_string(here().join(format!("locales/{name}.said"))).unwrap();
        let lines = file.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).count();
        assert_eq!(lines, 2 * language.patterns().len(), "{name}: each sentence stands with what is shown of it");
        for one in language.patterns() {
            let (before, after) = (one.says.matches(PLACE).count(), one.shown.matches('{').count());
            assert_eq!(before, after, "{name}: {}", one.says);
            assert_eq!(places(one.says, one.says).map(|found| found.len()), Some(before), "{name}: {}", one.says);
        }
    }
}

#[test]
fn what_the_engine_tells_people_has_a_polish_line() {
    let mut missing = Vec::new();
    for (folder, begins) in SOURCES {
        for source in sources(&here().join(folder)) {
            let text = fs::read_to_string(&source).unwrap();
            let text = text.split("mod tests {").next().unwrap_or_default();
            for said in begins.iter().flat_map(|begin| literals(text, begin)) {
                let is_there = Language::Polish.patterns().iter().any(|one| one.says == said);
                if !is_there {
                    missing.push(format!("{}: {said}", source.display()));
                }
            }
        }
    }
    assert_eq!(missing, Vec::<String>::new());
}

/// Where sentences for people are made, and what they are made by.
const SOURCES: [(&str, &[&str]); 6] = [
    (
        "../engine/src/doctor",
        &["Finding::ok(", "Finding::warning(", "Finding::failed(", ".next(", "let sentence = format!("],
    ),
    ("../engine/src/account", &["Problem::invalid(", "missing.push("]),
    ("../engine/src/people", &["Problem::invalid("]),
    ("../engine/src/mail", &["Problem::invalid("]),
    ("../model/src/schedule/error.rs", &["#[error("]),
    ("../model/src/access/scopes.rs", &["#[error("]),
];

fn here() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

fn sources(place: &Path) -> Vec<PathBuf> {
    if place.is_file() {
        return vec![place.to_owned()];
    }
    let found = fs::read_dir(place).unwrap().map(|entry| entry.unwrap().path());
    found
        .filter(|path| path.is_dir() || path.extension().is_some_and(|end| end == "rs"))
        .flat_map(|path| sources(&path))
        .collect()
}

/// The sentences in the calls that begin so: texts with a space in them, their places empty.
fn literals(text: &str, begin: &str) -> Vec<String> {
    let quoted = text.split(begin).skip(1).flat_map(quoted);
    quoted.map(|literal| unplaced(&literal)).filter(|said| said.contains(' ') && said.len() > 8).collect()
}

/// The texts in what is left of a call, up to its end.
fn quoted(rest: &str) -> Vec<String> {
    let (mut found, mut depth) = (Vec::new(), 1);
    for (at, part) in rest.split('"').enumerate() {
        if at % 2 == 1 {
            found.push(part.to_owned());
            continue;
        }
        for one in part.chars() {
            depth += match one {
                '(' => 1,
                ')' => -1,
                _ => 0,
            };
            if depth == 0 {
                return found;
            }
        }
    }
    found
}

fn unplaced(literal: &str) -> String {
    let lines: Vec<_> = literal.split("\\\n").enumerate().collect();
    let literal: String = lines.into_iter().map(|(at, line)| if at == 0 { line } else { line.trim_start() }).collect();
    let mut parts = literal.split('{');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| format!("{text}{PLACE}{}", part.split_once('}').map_or(part, |(_, rest)| rest)))
}

#[test]
fn what_the_connectors_of_this_repository_say_of_themselves_has_a_polish_line() {
    let names = ["rest", "courier", "files", "postbox", "tryton"].map(|name| here().join("../../plugins").join(name));
    let files =
        names.iter().flat_map(|folder| ["connector.toml", "configuration.schema.json"].map(|file| folder.join(file)));
    let texts: Vec<String> = files.filter_map(|file| fs::read_to_string(file).ok()).collect();
    let begins = ["\nsummary = ", "\npurpose = ", "title = ", "\n      \"title\": ", "\n      \"description\": "];
    let first = |rest: &str| Some(rest.strip_prefix('"')?.split_once('"')?.0.to_owned());
    let shown =
        begins.iter().flat_map(|begin| texts.iter().flat_map(move |text| text.split(begin).skip(1).filter_map(first)));
    // A platform is called by its own name in every language.
    let names = ["REST API", "Courier", "Postbox", "Tryton"];
    let shown: Vec<String> = shown.collect();
    assert!(shown.len() > 40, "{}", shown.len());
    let missing: Vec<String> = shown
        .into_iter()
        .filter(|text| !names.contains(&text.as_str()))
        .filter(|text| !Language::Polish.patterns().iter().any(|one| one.says == *text))
        .collect();
    assert_eq!(missing, Vec::<String>::new());
}
