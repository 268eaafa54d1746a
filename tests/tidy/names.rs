//! No middle words: what is named so has no name yet.

use super::{Source, check_bites, check_rust};

const TYPES: [&str; 7] = ["Manager", "Helper", "Util", "Utils", "Controller", "Service", "Common"];
const FILES: [&str; 8] = ["manager", "helper", "helpers", "util", "utils", "common", "imp", "misc"];

/// Words of the design that end so and are the nouns: a third party that pulls is an *external service*.
const NOUNS: [&str; 1] = ["ExternalService"];

/// The name that a line defines.
fn defined(line: &str) -> Option<&str> {
    let mut words = line.split_whitespace().skip_while(|word| word.starts_with("pub"));
    let keyword = words.next()?;
    let name = words.next().filter(|_| ["struct", "enum", "trait", "type", "union"].contains(&keyword))?;
    name.split(|letter: char| !letter.is_alphanumeric()).next()
}

fn faults(source: &Source) -> Vec<String> {
    let types = source.lines().filter_map(|(number, line)| {
        let name = defined(line).filter(|name| !NOUNS.contains(name))?;
        let word = TYPES.iter().find(|word| name.ends_with(**word))?;
        Some(source.fault(number, &format!("`{name}` ends in {word}: find the noun")))
    });
    let parts = source.path.split('/').map(|part| part.trim_end_matches(".rs"));
    let files =
        parts.filter(|part| FILES.contains(part)).map(|part| source.fault(1, &format!("`{part}` names nothing")));
    files.chain(types).collect()
}

#[test]
fn types_and_files_are_named_by_nouns() {
    check_rust(faults);
}

#[test]
fn a_middle_word_is_caught() {
    let text = "struct Batches;\npub(crate) struct BatchManager {\n    pub trait FindUtil<T>: Sized {}\n";
    let wanted = [
        "host/utils/common.rs:1: `utils` names nothing",
        "host/utils/common.rs:1: `common` names nothing",
        "host/utils/common.rs:2: `BatchManager` ends in Manager: find the noun",
        "host/utils/common.rs:3: `FindUtil` ends in Util: find the noun",
    ];
    check_bites(faults, "host/utils/common.rs", text, &wanted);
}

#[test]
fn a_word_inside_of_a_name_or_a_sentence_is_let_be() {
    check_bites(faults, "host/utility.rs", "/// struct Manager\nstruct ServiceName;\nuse x::Helper;\n", &[]);
    check_bites(faults, "host/service.rs", "pub struct ExternalService {\n", &[]);
}
