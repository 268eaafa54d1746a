//! Sentences that the engine made, in the words of whoever reads them: patterns with places, in `locales/*.said`.

use std::sync::LazyLock;

use weighbridge::model::gate::RefusalCode;
use weighbridge::model::problem::ProblemCode;

use super::parts::sentence;
use super::texts::Language;

/// A place, in a sentence and in what is shown of it.
const PLACE: &str = "{}";

/// A sentence with places, and what is shown in its stead.
struct Pattern {
    says: &'static str,
    shown: &'static str,
}

impl Language {
    /// A sentence that the engine made, in this language; one that no pattern fits stays as it is.
    pub(crate) fn said(self, text: &str) -> String {
        self.translated(text).or_else(|| self.after_its_name(text)).unwrap_or_else(|| text.to_owned())
    }

    /// What stands behind a name: `Shop: The platform no longer accepts the stored sign-in.`
    fn after_its_name(self, text: &str) -> Option<String> {
        let (name, rest) = text.split_once(": ")?;
        Some(format!("{name}: {}", self.translated(rest)?))
    }

    fn translated(self, text: &str) -> Option<String> {
        let fitting = |one: &Pattern| Some(put(one.shown, &places(one.says, text)?));
        self.patterns().iter().find_map(fitting).or_else(|| self.of_a_code(text))
    }

    /// A code's own sentence, which stands elsewhere.
    fn of_a_code(self, text: &str) -> Option<String> {
        let problems = ProblemCode::ALL.iter().map(|code| (code.as_str(), code.sentence()));
        let refusals = RefusalCode::ALL.iter().map(|code| (code.as_str(), code.sentence()));
        let (code, _) = refusals.chain(problems).find(|(_, says)| *says == text)?;
        Some(sentence(self, code))
    }

    fn patterns(self) -> &'static [Pattern] {
        static ENGLISH: LazyLock<Vec<Pattern>> = LazyLock::new(|| read(include_str!("../../locales/en.said")));
        static POLISH: LazyLock<Vec<Pattern>> = LazyLock::new(|| read(include_str!("../../locales/pl.said")));
        match self {
            Self::English => &ENGLISH,
            Self::Polish => &POLISH,
        }
    }
}

/// A sentence on a line, and on the next one, after a tab, what is shown.
fn read(file: &'static str) -> Vec<Pattern> {
    let lines: Vec<_> = file.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).collect();
    let pairs = lines.windows(2).filter_map(|pair| match pair {
        [says, shown] if !says.starts_with('\t') => Some(Pattern { says, shown: shown.strip_prefix('\t')? }),
        _ => None,
    });
    pairs.collect()
}

/// What stands in the places of a sentence, if it is this one.
fn places<'a>(says: &str, text: &'a str) -> Option<Vec<&'a str>> {
    let mut parts = says.split(PLACE);
    let mut rest = text.strip_prefix(parts.next()?)?;
    let mut found = Vec::new();
    let parts: Vec<_> = parts.collect();
    for (at, part) in parts.iter().enumerate() {
        let is_last = at + 1 == parts.len();
        let end = match (is_last, part.is_empty()) {
            (true, true) => rest.len(),
            (true, false) => rest.strip_suffix(part)?.len(),
            (false, _) => rest.find(part)?,
        };
        found.push(&rest[..end]);
        rest = &rest[end + part.len()..];
    }
    rest.is_empty().then_some(found)
}

/// What is shown, with what stands in the places: the next one, or the one that is named by its number.
fn put(shown: &str, found: &[&str]) -> String {
    let mut text = String::new();
    let mut next = found.iter();
    let mut parts = shown.split('{');
    text.push_str(parts.next().unwrap_or_default());
    for part in parts {
        let (number, rest) = part.split_once('}').unwrap_or(("", part));
        let place = match number.parse::<usize>() {
            Ok(number) => number.checked_sub(1).and_then(|at| found.get(at)),
            Err(_) => next.next(),
        };
        text.push_str(place.copied().unwrap_or_default());
        text.push_str(rest);
    }
    text
}

#[cfg(test)]
#[path = "../../tests/console/said.rs"]
mod tests;
