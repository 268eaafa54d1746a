//! What a status usually means.

use crate::{Failure, FailureClass};

/// The failure of an answer that is not 2xx.
///
/// 401, 403 → `auth`; 429, and 503 with `Retry-After` → `rate_limited`; 408, 425, 5xx → `transient`; 3xx, 404, 405, 410 →
/// `config` (the address in the settings is most likely wrong); any other → `system`.
pub fn failure_of(status: u16, headers: &[(String, String)], start_of_body: &[u8]) -> Failure {
    let retry_after_ms = retry_after_ms(headers);
    let class = match status {
        401 | 403 => FailureClass::Auth,
        429 => FailureClass::RateLimited,
        503 if retry_after_ms.is_some() => FailureClass::RateLimited,
        408 | 425 | 500..=599 => FailureClass::Transient,
        300..=399 | 404 | 405 | 410 => FailureClass::Config,
        _ => FailureClass::System,
    };
    let body: String = String::from_utf8_lossy(start_of_body).chars().filter(|c| !c.is_control()).take(200).collect();
    let message = if body.is_empty() {
        format!("the platform answered {status}")
    } else {
        format!("the platform answered {status}: {body}")
    };
    Failure::new(class, format!("http.{status}"), message).retry_after_ms(retry_after_ms)
}

/// `Retry-After` in its seconds form, as milliseconds.
pub fn retry_after_ms(headers: &[(String, String)]) -> Option<u64> {
    let (_, value) = headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("retry-after"))?;
    value.trim().parse::<u64>().ok().map(|seconds| seconds.saturating_mul(1000))
}
