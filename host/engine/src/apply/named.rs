//! What every named thing shares: a name that can be one, an id, and texts that are sealed anew only when they differ.

use serde::Serialize;
use serde::de::DeserializeOwned;
use weighbridge_model::sealed::Sealed;
use weighbridge_model::time::{Window, Zone};

use super::error::ApplyError;
use super::plan::ChangeKind;
use crate::chance;
use crate::document::WindowDocument;
use crate::texts::Texts;

/// Names stand in paths such as `acme/orders`.
pub(crate) fn check_name(name: &str, at: &str) -> Result<(), ApplyError> {
    if is_name(name) { Ok(()) } else { Err(ApplyError::at(format!("{at}.name"), no_name(name))) }
}

/// The most characters of a name.
const NAME_LETTERS_MAX: usize = 100;

/// Whether a text can be a name.
pub(crate) fn is_name(name: &str) -> bool {
    let fits = (1..=NAME_LETTERS_MAX).contains(&name.chars().count()) && name.trim() == name;
    fits && !name.contains(|letter: char| letter == '/' || letter.is_control() || is_unseen(letter))
}

/// Marks that nobody sees, with which one name looks like another. What joins letters belongs to the names of several languages,
/// and is none of them.
pub(crate) const fn is_unseen(letter: char) -> bool {
    matches!(letter, '\u{ad}' | '\u{61c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}' | '\u{2029}' | '\u{feff}')
        || turns(letter)
        || matches!(letter, '\u{2060}'..='\u{206f}')
}

/// Marks that turn what stands behind them around.
const fn turns(letter: char) -> bool {
    matches!(letter, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// What is wrong with a text that cannot be one.
pub(crate) fn no_name(name: &str) -> String {
    format!(
        "`{name}` cannot be a name: 1 to 100 characters are expected, without `/`, outer spaces, line breaks and marks that nobody sees"
    )
}

/// The most bytes of a text that somebody reads.
const TEXT_BYTES_MAX: usize = 2_000;

/// A text of a size that somebody reads, as it reads.
pub(crate) fn check_text(text: &str, at: impl Into<String>) -> Result<(), ApplyError> {
    if text.len() > TEXT_BYTES_MAX {
        return Err(ApplyError::at(at, format!("it has {} bytes; at most {TEXT_BYTES_MAX} are kept", text.len())));
    }
    if text.contains(|letter: char| turns(letter) || letter.is_control() && !matches!(letter, '\n' | '\r' | '\t')) {
        return Err(ApplyError::at(at, "it has a mark in it that nobody sees"));
    }
    Ok(())
}

/// Ten random bytes for an id.
pub(crate) fn random() -> Result<[u8; 10], ApplyError> {
    Ok(chance::bytes()?)
}

/// Seals a text, or keeps the sealed one that says the same.
pub(crate) fn seal_changed(
    texts: &Texts<'_>,
    field: &str,
    before: Option<&Sealed>,
    text: &[u8],
) -> Result<Sealed, ApplyError> {
    if let Some(before) = before
        && texts.open(field, before)?.as_slice() == text
    {
        return Ok(before.clone());
    }
    Ok(texts.seal(field, text)?)
}

/// The same for a value that is kept as JSON.
pub(crate) fn seal_json<T: Serialize + DeserializeOwned + PartialEq>(
    texts: &Texts<'_>,
    field: &str,
    before: Option<&Sealed>,
    value: &T,
) -> Result<Sealed, ApplyError> {
    let json = serde_json::to_vec(value).map_err(|error| ApplyError::at(field, error.to_string()))?;
    seal_changed(texts, field, before, &json)
}

/// Whether a row is new, another one, or the same.
pub(crate) fn kind_of<T: PartialEq>(before: Option<&T>, after: &T) -> ChangeKind {
    match before {
        None => ChangeKind::Created,
        Some(before) if before == after => ChangeKind::Unchanged,
        Some(_) => ChangeKind::Changed,
    }
}

/// Dates and instants of a window, in the tenant's zone.
pub(crate) fn window(document: &WindowDocument, zone: &Zone, at: &str) -> Result<Window, ApplyError> {
    let instant = |text: &Option<String>, side: &str| match text {
        None => Ok(None),
        Some(text) => zone.instant(text).map(Some).ok_or_else(|| {
            let what = format!("`{text}` is no date or instant; write one such as 2026-03-31 or 2026-03-31T08:00:00Z");
            ApplyError::at(format!("{at}.window.{side}"), what)
        }),
    };
    let window = Window { start: instant(&document.start, "start")?, end: instant(&document.end, "end")? };
    match (window.start, window.end) {
        (Some(start), Some(end)) if end <= start => {
            Err(ApplyError::at(format!("{at}.window"), "the end is not after the start, so nothing lies inside"))
        }
        _ => Ok(window),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_a_hundred_characters_in_whatever_script() {
        assert!(is_name(&"ł".repeat(100)));
        assert!(!is_name(&"ł".repeat(101)));
        assert!(is_name("Łąka i Synowie sp. z o.o.") && is_name("می\u{200c}خواهم"));
    }

    #[test]
    fn marks_that_nobody_sees_stand_in_no_name() {
        for mark in ['\u{202e}', '\u{2066}', '\u{200b}', '\u{feff}', '\0', '\n', '\u{85}'] {
            assert!(!is_name(&format!("Adam{mark}ant")), "{mark:?}");
        }
    }

    #[test]
    fn a_text_has_lines_and_is_not_turned_around() {
        assert!(check_text("One line,\n\tanother one", "reason").is_ok());
        for mark in ['\u{202e}', '\u{2068}', '\0', '\u{1b}'] {
            assert!(check_text(&format!("Adam{mark}ant"), "reason").is_err(), "{mark:?}");
        }
    }
}
