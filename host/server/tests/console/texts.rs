//! Every text that a page asks for is there, in every language, and none that nobody asks for.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use fluent_bundle::FluentResource;

use super::*;

fn keys(language: Language) -> BTreeMap<String, BTreeSet<String>> {
    let resource = FluentResource::try_new(language.source().to_owned()).expect("the texts can be read");
    let texts = language.source();
    let mut found = BTreeMap::new();
    for at in 0.. {
        let Some(entry) = resource.get_entry(at) else { break };
        if let fluent_syntax::ast::Entry::Message(message) = entry {
            let key = message.id.name.to_owned();
            assert!(
                found.insert(key.clone(), placed(texts, &key)).is_none(),
                "`{key}` stands twice in {}",
                language.tag()
            );
        }
    }
    found
}

/// The names of what is put into a text.
fn placed(texts: &str, key: &str) -> BTreeSet<String> {
    let begins = format!("{key} =");
    let lines = texts.lines().skip_while(|line| !line.starts_with(&begins));
    let text: String = lines
        .enumerate()
        .take_while(|(at, line)| *at == 0 || line.starts_with([' ', '}']))
        .map(|(_, line)| line)
        .collect();
    text.split('$').skip(1).map(|part| part.chars().take_while(char::is_ascii_alphanumeric).collect()).collect()
}

fn sources(folder: &Path, texts: &mut String) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, texts);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            texts.push_str(&fs::read_to_string(path).unwrap());
        }
    }
}

#[test]
fn both_languages_have_the_same_texts_with_the_same_places() {
    let (mut english, mut polish) = (keys(Language::English), keys(Language::Polish));
    // English sentences of codes stand where the codes are made, and here only where a page says it in other words.
    for texts in [&mut english, &mut polish] {
        texts.retain(|key, _| !key.starts_with("code-"));
    }
    let (first, second): (BTreeSet<_>, BTreeSet<_>) = (english.keys().collect(), polish.keys().collect());
    assert_eq!(first.difference(&second).collect::<Vec<_>>(), Vec::<&&String>::new(), "only in English");
    assert_eq!(second.difference(&first).collect::<Vec<_>>(), Vec::<&&String>::new(), "only in Polish");
    for (key, places) in &english {
        assert_eq!(places, &polish[key], "`{key}`");
    }
}

#[test]
fn every_code_has_a_polish_sentence_and_a_next_step() {
    use weighbridge::model::gate::RefusalCode;
    use weighbridge::model::problem::ProblemCode;
    let polish = keys(Language::Polish);
    let codes =
        ProblemCode::ALL.iter().map(|code| code.as_str()).chain(RefusalCode::ALL.iter().map(|code| code.as_str()));
    for code in codes {
        let key = format!("code-{}", code.replace(['.', '_'], "-"));
        assert!(polish.contains_key(&key) && polish.contains_key(&format!("{key}-next")), "{key}");
    }
}

#[test]
fn what_pages_ask_for_is_there() {
    let mut source = String::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/console"), &mut source);
    let english = keys(Language::English);
    let asked = [".t(\"", "say(\"", "find(\""].iter().flat_map(|call| source.split(call).skip(1));
    for key in asked.filter_map(|rest| rest.split('"').next()).filter(|key| !key.is_empty()) {
        assert!(english.contains_key(key), "a page asks for `{key}`");
    }
    let literals: BTreeSet<&str> = source.split('"').collect();
    let kinds: Vec<&str> = source.split(".word(\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    let made: Vec<&str> = source
        .split("format!(\"")
        .skip(1)
        .filter_map(|rest| rest.split('{').next())
        .filter(|key| key.ends_with('-'))
        .collect();
    for key in english.keys() {
        let is_asked = literals.contains(key.as_str())
            || literals.contains(key.trim_start_matches("done-"))
            || literals.contains(key.trim_end_matches("-about"))
            || kinds.iter().any(|kind| key.starts_with(&format!("{kind}-")))
            || made.iter().any(|beginning| key.starts_with(beginning));
        assert!(is_asked, "nobody asks for `{key}`");
    }
}
