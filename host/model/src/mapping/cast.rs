//! Values turned into another type, by their text: no number passes through a float.

use serde_json::value::RawValue;

use super::apply::write_string;
use super::rules::Cast;

/// Appends the value as the type wanted, or names that type.
pub(super) fn cast(value: &RawValue, wanted: Option<Cast>, out: &mut Vec<u8>) -> Result<(), &'static str> {
    let raw = value.get();
    match (wanted, Kind::of(raw)) {
        (None, _) | (Some(_), Kind::Null) => out.extend_from_slice(raw.as_bytes()),
        (Some(Cast::String), Kind::Text) => out.extend_from_slice(raw.as_bytes()),
        (Some(Cast::String), Kind::Number | Kind::Boolean) => write_string(out, raw),
        (Some(Cast::String), Kind::Compound) => return Err("a string"),
        (Some(Cast::Integer), kind) => {
            let text = plain(raw, kind).filter(|text| is_integer(text)).ok_or("a whole number")?;
            out.extend_from_slice(text.as_bytes());
        }
        (Some(Cast::Number), kind) => {
            let text = plain(raw, kind).filter(|text| is_number(text)).ok_or("a number")?;
            out.extend_from_slice(text.as_bytes());
        }
        (Some(Cast::Boolean), kind) => {
            let text = plain(raw, kind).and_then(|text| boolean(&text)).ok_or("a boolean")?;
            out.extend_from_slice(text.as_bytes());
        }
    }
    Ok(())
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Null,
    Boolean,
    Number,
    Text,
    Compound,
}

impl Kind {
    fn of(raw: &str) -> Self {
        match raw.as_bytes().first() {
            Some(b'n') => Self::Null,
            Some(b't' | b'f') => Self::Boolean,
            Some(b'"') => Self::Text,
            Some(b'{' | b'[') => Self::Compound,
            _ => Self::Number,
        }
    }
}

/// The text of a scalar, without quotes and outer spaces.
fn plain(raw: &str, kind: Kind) -> Option<String> {
    match kind {
        Kind::Text => serde_json::from_str::<String>(raw).ok().map(|text| text.trim().to_owned()),
        Kind::Number | Kind::Boolean => Some(raw.to_owned()),
        Kind::Null | Kind::Compound => None,
    }
}

fn is_integer(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    !digits.is_empty()
        && digits.bytes().all(|byte| byte.is_ascii_digit())
        && (digits == "0" || !digits.starts_with('0'))
}

/// The grammar of RFC 8259 §6, so that a number is moved and never rounded.
fn is_number(text: &str) -> bool {
    serde_json::from_str::<&RawValue>(text).is_ok_and(|value| Kind::of(value.get()) == Kind::Number)
}

fn boolean(text: &str) -> Option<&'static str> {
    match text {
        "true" | "1" => Some("true"),
        "false" | "0" => Some("false"),
        _ => None,
    }
}
