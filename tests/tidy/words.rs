//! Words that no text of this repository has.

use super::{Source, check, check_bites, sources};

/// In Rust: an exception gives its reason by `expect`, and nothing is left for later. Each in two parts, so that this
/// file does not have it.
const CODE: [(&str, &str); 5] =
    [("#[", "allow("), ("#![", "allow("), ("to", "do!"), ("unimple", "mented!"), ("db", "g!(")];

/// Folders of one machine.
const PATHS: [(&str, &str); 4] = [("/wo", "rk/"), ("/ro", "ot/"), ("/t", "mp/"), ("/ho", "me/")];

fn faults_of(source: &Source, words: &[(&str, &str)], why: &str) -> Vec<String> {
    let words: Vec<String> = words.iter().map(|(start, end)| format!("{start}{end}")).collect();
    let found = source.lines().filter_map(|(number, line)| {
        let word = words.iter().find(|word| line.contains(word.as_str()))?;
        Some(source.fault(number, &format!("`{word}` {why}")))
    });
    found.collect()
}

fn unfinished(source: &Source) -> Vec<String> {
    faults_of(source, &CODE, "has no place here")
}

fn machine_paths(source: &Source) -> Vec<String> {
    faults_of(source, &PATHS, "is a folder of one machine")
}

#[test]
fn code_is_finished_and_excuses_nothing_without_a_reason() {
    check(&sources(&[".rs"]), unfinished);
}

#[test]
fn texts_name_no_folder_of_a_machine() {
    check(&sources(&[".rs", ".md", ".toml", ".txt", ".wit"]), machine_paths);
}

#[test]
fn unfinished_code_is_caught() {
    for (start, end) in CODE {
        let text = format!("fn go() {{\n    {start}{end}\n}}\n");
        check_bites(unfinished, "a.rs", &text, &[&format!("a.rs:2: `{start}{end}` has no place here")]);
    }
    check_bites(unfinished, "a.rs", "#[expect(x, reason = \"allowed\")]\nfn todo() {}\n", &[]);
}

#[test]
fn a_folder_of_a_machine_is_caught() {
    for (start, end) in PATHS {
        let text = format!("see {start}{end}notes\n");
        check_bites(machine_paths, "A.md", &text, &[&format!("A.md:1: `{start}{end}` is a folder of one machine")]);
    }
    check_bites(machine_paths, "A.md", "the work/ folder, and var/tmp\n", &[]);
}
