//! Numbers, read in one way and written in another: exact decimals, never floats.

use rust_decimal::{Decimal, RoundingStrategy};

use super::apply::write_string;
use super::compile::MappingError;
use super::rules::{Digits, NumberFormat, Round};

/// The most decimals that a number can have.
const DECIMALS_MAX: u32 = 28;

/// A number format that was checked.
#[derive(Clone, Debug)]
pub(super) struct Number(NumberFormat);

impl Number {
    pub(super) fn compile(format: &NumberFormat, at: &str) -> Result<Self, MappingError> {
        check(&format.read, &format!("{at}/read"))?;
        if let Some(write) = &format.write {
            check(write, &format!("{at}/write"))?;
        }
        if format.decimals.is_some_and(|decimals| decimals > DECIMALS_MAX) {
            let what = format!("at most {DECIMALS_MAX} decimals can be written");
            return Err(MappingError::new(format!("{at}/decimals"), what));
        }
        Ok(Self(format.clone()))
    }

    /// Appends the number in its new form; nothing where the text is no number of the old one, or none that fits.
    pub(super) fn shape(&self, text: &str, is_text: bool, out: &mut Vec<u8>) -> Option<()> {
        let number = if is_text { read(text.trim(), &self.0.read)? } else { plain(text)? };
        let written = self.rounded(number)?.to_string();
        match &self.0.write {
            None => out.extend_from_slice(written.as_bytes()),
            Some(digits) => write_string(out, &grouped(&written, digits)),
        }
        Some(())
    }

    fn rounded(&self, number: Decimal) -> Option<Decimal> {
        let Some(decimals) = self.0.decimals else { return Some(unsigned_zero(number)) };
        let strategy = match self.0.round {
            Round::HalfUp => RoundingStrategy::MidpointAwayFromZero,
            Round::HalfEven => RoundingStrategy::MidpointNearestEven,
            Round::Down | Round::Reject => RoundingStrategy::ToZero,
        };
        let mut rounded = number.round_dp_with_strategy(decimals, strategy);
        if self.0.round == Round::Reject && rounded != number {
            return None;
        }
        rounded.rescale(decimals);
        // A number too long for so many decimals keeps fewer of them, which is not what was asked for.
        (rounded.scale() == decimals).then(|| unsigned_zero(rounded))
    }
}

fn unsigned_zero(mut number: Decimal) -> Decimal {
    if number.is_zero() {
        number.set_sign_positive(true);
    }
    number
}

fn check(digits: &Digits, at: &str) -> Result<(), MappingError> {
    let is_mark = |text: &str| {
        let mut letters = text.chars();
        letters.next().is_some_and(|first| !first.is_ascii_alphanumeric() && !"+-".contains(first))
            && letters.next().is_none()
    };
    if !is_mark(&digits.decimal) || !(digits.group.is_empty() || is_mark(&digits.group)) {
        return Err(MappingError::new(
            at,
            "`decimal` and `group` are one character each, and neither a letter, a digit nor a sign",
        ));
    }
    if digits.decimal == digits.group {
        return Err(MappingError::new(at, "`decimal` and `group` are the same, so that nobody could tell them apart"));
    }
    Ok(())
}

/// A text such as `-1.234,50`: the group mark stands between digits of the whole part only.
fn read(text: &str, digits: &Digits) -> Option<Decimal> {
    let (whole, decimals) = match text.split_once(&digits.decimal) {
        Some((whole, decimals)) => (whole, Some(decimals)),
        None => (text, None),
    };
    let (sign, whole) = match whole.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", whole.strip_prefix('+').unwrap_or(whole)),
    };
    let groups: Vec<&str> = if digits.group.is_empty() { vec![whole] } else { whole.split(&digits.group).collect() };
    let all_digits = |part: &&str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if !groups.iter().all(all_digits) || !decimals.is_none_or(|part| all_digits(&part)) {
        return None;
    }
    let joined =
        format!("{sign}{}{}{}", groups.concat(), if decimals.is_some() { "." } else { "" }, decimals.unwrap_or(""));
    Decimal::from_str_exact(&joined).ok()
}

/// A number as JSON writes it.
fn plain(text: &str) -> Option<Decimal> {
    let Some((base, _)) = text.split_once(['e', 'E']) else { return Decimal::from_str_exact(text).ok() };
    // The second step alone would round a base that is too long.
    Decimal::from_str_exact(base).and_then(|_| Decimal::from_scientific(text)).ok()
}

fn grouped(written: &str, digits: &Digits) -> String {
    let (sign, rest) = written.strip_prefix('-').map_or(("", written), |rest| ("-", rest));
    let (whole, decimals) = rest.split_once('.').unwrap_or((rest, ""));
    let mut text = String::from(sign);
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            text.push_str(&digits.group);
        }
        text.push(digit);
    }
    if !decimals.is_empty() {
        text.push_str(&digits.decimal);
        text.push_str(decimals);
    }
    text
}
