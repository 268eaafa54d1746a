//! What is asked for in the query: `cursor`, `limit` and `since`.

use url::form_urlencoded;
use weighbridge::PullRequest;

use super::problem::Refusing;

/// Names at most so many letters of what came.
const NAME_MAX: usize = 50;

fn wrong(name: &str, what: &str) -> Refusing {
    Refusing::Query(name.chars().take(NAME_MAX).collect(), what.to_owned())
}

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
            _ => return Err(wrong(&name, "there is no such parameter; there are `cursor`, `limit` and `since`")),
        };
        if is_again {
            return Err(wrong(&name, "this is given once only"));
        }
    }
    // An empty cursor is what a loop begins with.
    request.cursor = request.cursor.filter(|cursor| !cursor.is_empty());
    Ok(request)
}
