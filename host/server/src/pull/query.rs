//! What is asked for in the query: `cursor`, `limit` and `since`.

use url::form_urlencoded;
use weighbridge::PullRequest;
use weighbridge::model::problem::ProblemCode;

use super::problem::Refusing;

/// Reads it; what is unknown, or comes twice, is refused, since it would not do what was meant.
pub(super) fn read(endpoint: String, query: &str) -> Result<PullRequest, Refusing> {
    let mut request = PullRequest { endpoint, ..PullRequest::default() };
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        let is_again = match name.as_ref() {
            "cursor" => request.cursor.replace(value.into_owned()).is_some(),
            "since" => request.since.replace(value.into_owned()).is_some(),
            "limit" => {
                let limit = value.parse().map_err(|_| weighbridge::PullError::LimitOutOfRange { max: 10_000 })?;
                request.limit.replace(limit).is_some()
            }
            _ => true,
        };
        if is_again {
            return Err(ProblemCode::Malformed.into());
        }
    }
    // An empty cursor is what a loop begins with.
    request.cursor = request.cursor.filter(|cursor| !cursor.is_empty());
    Ok(request)
}
