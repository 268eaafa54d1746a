//! The words of a page in another language. Stories are written in English; in front of a Polish page each of their texts is
//! looked up among the console's own, and what its keys say in Polish is expected there.

use std::sync::LazyLock;

/// A text of the console in English and in another language, each cut at what is put into it.
struct Pair {
    english: Pattern,
    other: Pattern,
}

/// Texts and the names of what stands between them: one text more than names.
struct Pattern {
    texts: Vec<String>,
    names: Vec<String>,
}

static POLISH: LazyLock<Vec<Pair>> = LazyLock::new(|| {
    let (english, other) =
        (include_str!("../../../host/server/locales/en.ftl"), include_str!("../../../host/server/locales/pl.ftl"));
    let other: Vec<_> = lines(other).collect();
    let of = |key: &str| other.iter().find(|(other, _)| *other == key).map(|(_, text)| *text);
    let pairs = lines(english).filter_map(|(key, english)| Some((english, of(key)?)));
    let said = include_str!("../../../host/server/locales/pl.said");
    let tables = [include_str!("../../../schemas/problems.md"), include_str!("../../../schemas/refusals.md")];
    let codes = tables.into_iter().flat_map(codes).filter_map(|(key, english)| Some((english, of(&key)?)));
    pairs
        .chain(sentences(said))
        .chain(codes)
        .map(|(english, other)| Pair { english: Pattern::cut(english), other: Pattern::cut(other) })
        .collect()
});

/// Messages of one line; those with variants are found by what they are put into.
fn lines(file: &str) -> impl Iterator<Item = (&str, &str)> {
    let lines = file.lines().filter(|line| line.starts_with(|first: char| first.is_ascii_lowercase()));
    lines.filter_map(|line| line.split_once(" = "))
}

/// What codes mean and what to do next, by the keys of their texts.
fn codes(table: &str) -> impl Iterator<Item = (String, &str)> {
    let rows = table.lines().filter_map(|line| line.strip_prefix("| `")?.strip_suffix(" |")?.split_once("` | "));
    rows.flat_map(|(code, rest)| {
        let key = format!("code-{}", code.replace(['.', '_'], "-"));
        let (before, next) = rest.rsplit_once(" | ").unwrap_or_default();
        let means = before.rsplit_once(" | ").map_or(before, |(_, means)| means);
        [(format!("{key}-next"), next), (key, means)]
    })
}

/// What connectors and the engine say: a line, and below it the same in the other language.
fn sentences(file: &str) -> impl Iterator<Item = (&str, &str)> {
    let lines = file.lines().zip(file.lines().skip(1));
    lines.filter_map(|(line, next)| Some((line, next.strip_prefix('\t')?))).filter(|(line, _)| !line.starts_with('\t'))
}

/// What may stand on a page where it would be this in English.
pub(super) fn said(language: &str, text: &str) -> Vec<String> {
    if language == "en" {
        return vec![text.to_owned()];
    }
    let mut found: Vec<_> = POLISH.iter().filter_map(|pair| pair.other.filled(&pair.english.found_in(text)?)).collect();
    if found.is_empty() {
        found = POLISH.iter().filter_map(|pair| pair.part(text)).collect();
    }
    found.push(inside(text));
    found.sort();
    found.dedup();
    found
}

impl Pair {
    /// A beginning or a part of a text: of the other language, its longest piece that nothing is put into.
    fn part(&self, text: &str) -> Option<String> {
        let has_it = self.english.texts.iter().any(|piece| text.len() > 8 && piece.contains(text));
        let longest = self.other.texts.iter().max_by_key(|piece| piece.len());
        longest.filter(|_| has_it).map(|piece| piece.trim().to_owned())
    }
}

impl Pattern {
    fn cut(text: &str) -> Self {
        let (mut texts, mut names, mut rest) = (Vec::new(), Vec::new(), text);
        while let Some((before, after)) = rest.split_once("{ $") {
            let Some((name, after)) = after.split_once(" }") else { break };
            texts.push(before.to_owned());
            names.push(name.to_owned());
            rest = after;
        }
        texts.push(rest.to_owned());
        Self { texts, names }
    }

    /// What is put in where, if a whole text is this one.
    fn found_in<'a>(&'a self, text: &str) -> Option<Vec<(&'a str, String)>> {
        let mut rest = text.strip_prefix(self.texts.first()?.as_str())?;
        let mut found = Vec::new();
        for (number, name) in self.names.iter().enumerate() {
            let piece = self.texts.get(number + 1)?.as_str();
            let is_last = number + 1 == self.names.len();
            let end =
                if is_last { rest.len() - rest.strip_suffix(piece).map(|_| piece.len())? } else { rest.find(piece)? };
            if end == 0 {
                return None;
            }
            found.push((name.as_str(), inside(&rest[..end])));
            rest = &rest[end + piece.len()..];
        }
        // A text that is nothing but what is put into it says nothing.
        let says = self.texts.iter().any(|piece| piece.trim().len() > 1);
        (rest.is_empty() && says).then_some(found)
    }

    fn filled(&self, with: &[(&str, String)]) -> Option<String> {
        let mut text = self.texts.first()?.clone();
        for (name, after) in self.names.iter().zip(&self.texts[1..]) {
            text.push_str(with.iter().find(|(other, _)| other == name).map(|(_, value)| value.as_str())?);
            text.push_str(after);
        }
        Some(text)
    }
}

/// What somebody typed stands as it is; months, and a word of ours in brackets or by itself, do not.
fn inside(text: &str) -> String {
    let whole = POLISH.iter().find(|pair| pair.english.names.is_empty() && pair.english.texts[0] == text);
    if let Some(whole) = whole {
        return whole.other.texts[0].clone();
    }
    if let Some((before, word)) = text.strip_suffix(')').and_then(|text| text.rsplit_once('(')) {
        return format!("{before}({})", inside(word));
    }
    let months =
        lines(include_str!("../../../host/server/locales/en.ftl")).filter(|(key, _)| key.starts_with("month-"));
    months.fold(text.to_owned(), |text, (_, month)| match text.split_once(&format!(" {month} ")) {
        Some((before, after)) => format!("{before} {} {after}", inside(month)),
        None => text,
    })
}

#[test]
fn a_text_is_found_in_the_other_language_with_what_is_put_into_it() {
    assert!(said("pl", "Save").contains(&"Zapisz".to_owned()));
    assert!(said("pl", "1 January 2031").contains(&"1 stycznia 2031".to_owned()));
    let headed = said("pl", "Access for Acme");
    assert!(headed.iter().any(|text| text.contains("Acme") && text != "Access for Acme"), "{headed:?}");
}

#[test]
fn what_somebody_typed_stays_as_it_is() {
    assert_eq!(said("pl", "Nordwind ERP 7"), ["Nordwind ERP 7"]);
    assert_eq!(said("en", "Save"), ["Save"]);
}
