//! How far back the next walk begins, for records that a platform shows later than their own time says.

use jiff::fmt::temporal::{DateTimePrinter, Pieces, PiecesOffset};
use jiff::tz::Offset;
use jiff::{SignedDuration, Span};
use serde_json::{Number, Value};
use weighbridge_sdk::Failure;

/// What lies before the highest value of a walk: seconds where that is an instant, days where it is a date, else as much less of a
/// number. It is written as the platform wrote that one: with its digits, its separator and its offset. Fails where it is
/// nothing that something can be taken off.
pub(crate) fn before(high: &Value, overlap: u32) -> Result<Value, Failure> {
    if overlap == 0 {
        return Ok(high.clone());
    }
    let found = match high {
        Value::Number(number) => less(number, overlap).map(Value::Number),
        Value::String(text) => earlier(text, overlap).map(Value::String),
        _ => None,
    };
    let message = || format!("`overlap` needs instants, dates or numbers; `{high}` is none, so take the overlap away");
    found.ok_or_else(|| Failure::config("rest.overlap_unusable", message()))
}

fn less(number: &Number, overlap: u32) -> Option<Number> {
    match number.as_i128() {
        Some(whole) => Number::from_i128(whole - i128::from(overlap)),
        None => Number::from_f64(number.as_f64()? - f64::from(overlap)),
    }
}

fn earlier(text: &str, overlap: u32) -> Option<String> {
    let pieces = Pieces::parse(text).ok()?;
    let Some(time) = pieces.time() else {
        let day = pieces.date().checked_sub(Span::new().try_days(overlap).ok()?).ok()?;
        return pieces.offset().is_none().then(|| day.to_string());
    };
    let (at, overlap) = (pieces.date().to_datetime(time), SignedDuration::from_secs(overlap.into()));
    let printer = printer(text);
    Some(match pieces.offset() {
        None => printer.datetime_to_string(&at.checked_sub(overlap).ok()?),
        Some(PiecesOffset::Zulu) => {
            printer.timestamp_to_string(&Offset::UTC.to_timestamp(at).ok()?.checked_sub(overlap).ok()?)
        }
        Some(PiecesOffset::Numeric(offset)) => {
            let instant = offset.offset().to_timestamp(at).ok()?.checked_sub(overlap).ok()?;
            printer.timestamp_with_offset_to_string(&instant, offset.offset())
        }
        Some(_) => return None,
    })
}

/// Writes with the digits of the second, and the separator, that this text has.
fn printer(text: &str) -> DateTimePrinter {
    let digits = text.split_once('.').map_or(0, |(_, rest)| rest.bytes().take_while(u8::is_ascii_digit).count());
    let separator = if text.contains(' ') { b' ' } else { b'T' };
    DateTimePrinter::new().precision(u8::try_from(digits).ok()).separator(separator)
}
