//! Who asks, by what they send.

use http::{HeaderMap, header};
use weighbridge::Engine;
use weighbridge::model::access::Actor;
use weighbridge::model::problem::{Problem, ProblemCode};

/// Who asks, by the token that they send; it never stands in an address.
pub(crate) fn actor(_engine: &Engine, headers: &HeaderMap) -> Result<Actor, Problem> {
    let sent = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let _token = sent.and_then(|sent| sent.strip_prefix("Bearer ")).ok_or(ProblemCode::NotSignedIn)?;
    Err(ProblemCode::NotSignedIn.into())
}
