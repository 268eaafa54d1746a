//! How long a platform wants to be left alone, as its answers say it.
//!
//! - `Retry-After` of a 429 or 503, in seconds or as a date (RFC 9110 §10.2.3).
//! - `RateLimit`, in its structured form (`"default";r=0;t=30`) and the earlier one (`limit=10, remaining=0, reset=30`), and
//!   the earliest three headers `RateLimit-Limit`, `-Remaining` and `-Reset` of the same IETF draft.
//! - `X-RateLimit-Remaining` and `-Reset`, which many platforms have; the latter is a number of seconds, or the instant in
//!   seconds or milliseconds since 1970.
//!
//! Where nothing remains, nobody asks again until more is given. Whatever a platform says, it is asked again after
//! [`HOLD_MAX`].

use std::time::Duration;

use http::{HeaderMap, StatusCode};
use weighbridge_model::time::Timestamp;

/// A platform that says more than this is asked again all the same.
pub(crate) const HOLD_MAX: Duration = Duration::from_secs(6 * 60 * 60);

/// Numbers beyond these are instants rather than lengths of time.
const SECONDS_OF_AN_INSTANT: u64 = 1_000_000_000;
const MILLIS_OF_AN_INSTANT: u64 = 1_000_000_000_000;

/// How long nothing is to be sent, if the answer says so.
pub(crate) fn hold(status: StatusCode, headers: &HeaderMap, now: Timestamp) -> Option<Duration> {
    let asked = is_refusal(status).then(|| retry_after(text(headers, "retry-after")?, now)).flatten();
    let spent = [
        structured(headers),
        plain(headers, ["ratelimit-remaining", "ratelimit-reset"], now),
        plain(headers, ["x-ratelimit-remaining", "x-ratelimit-reset"], now),
    ];
    let longest = spent.into_iter().flatten().chain(asked).max();
    longest.filter(|hold| !hold.is_zero()).map(|hold| hold.min(HOLD_MAX))
}

fn is_refusal(status: StatusCode) -> bool {
    status == StatusCode::TOO_MANY_REQUESTS || status == StatusCode::SERVICE_UNAVAILABLE
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok().map(str::trim)
}

/// How long a `Retry-After` asks to wait: seconds, or until a date.
pub fn retry_after(value: &str, now: Timestamp) -> Option<Duration> {
    if let Ok(seconds) = value.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let since_1970 = httpdate::parse_http_date(value).ok()?.duration_since(std::time::UNIX_EPOCH).ok()?;
    Some(since_1970.saturating_sub(since_1970_of(now)))
}

fn since_1970_of(now: Timestamp) -> Duration {
    Duration::from_millis(u64::try_from(now.as_millis()).unwrap_or(0))
}

fn plain(headers: &HeaderMap, names: [&str; 2], now: Timestamp) -> Option<Duration> {
    let [remaining, reset] = names.map(|name| text(headers, name));
    (remaining?.parse() == Ok(0_u64)).then(|| reset_in(reset?, now)).flatten()
}

fn reset_in(text: &str, now: Timestamp) -> Option<Duration> {
    // Some platforms write `12.5`; the whole seconds and one more are enough.
    let (whole, fraction) = text.split_once('.').map_or((text, false), |(whole, _)| (whole, true));
    let number = whole.parse::<u64>().ok()?.saturating_add(u64::from(fraction));
    Some(match number {
        MILLIS_OF_AN_INSTANT.. => Duration::from_millis(number).saturating_sub(since_1970_of(now)),
        SECONDS_OF_AN_INSTANT.. => Duration::from_secs(number).saturating_sub(since_1970_of(now)),
        seconds => Duration::from_secs(seconds),
    })
}

/// The longest wait of all policies of which nothing remains.
fn structured(headers: &HeaderMap) -> Option<Duration> {
    let values = headers.get_all("ratelimit").iter().filter_map(|value| value.to_str().ok());
    let members: Vec<Vec<&str>> = values.flat_map(|value| split(value, ',')).map(|member| split(member, ';')).collect();
    let is_dictionary = members.iter().any(|parts| number(parts, "remaining").is_some());
    let members = if is_dictionary { vec![members.concat()] } else { members };
    let spent = |parts: &Vec<&str>| {
        let (remaining, reset) = if is_dictionary { ("remaining", "reset") } else { ("r", "t") };
        (number(parts, remaining)? == 0).then(|| number(parts, reset)).flatten()
    };
    members.iter().filter_map(spent).max().map(Duration::from_secs)
}

fn number(parts: &[&str], name: &str) -> Option<u64> {
    let value = parts.iter().find_map(|part| part.trim().strip_prefix(name)?.trim_start().strip_prefix('='));
    value?.trim().parse().ok()
}

/// At each separator that does not stand in a quoted text.
fn split(text: &str, separator: char) -> Vec<&str> {
    let (mut is_quoted, mut is_escaped) = (false, false);
    let parts = text.split(move |letter: char| {
        let escapes = is_quoted && !is_escaped && letter == '\\';
        is_quoted ^= letter == '"' && !is_escaped;
        is_escaped = escapes;
        letter == separator && !is_quoted
    });
    parts.collect()
}
