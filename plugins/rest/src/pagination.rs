//! From one page of the platform to the next.

use serde_json::Value;
use weighbridge_sdk::Failure;
use weighbridge_sdk::http::{Request, Response};

use crate::field::scalar;
use crate::place::PageId;
use crate::settings::{LastPage, Pagination, ReadSettings};

/// What an answer says about the page after it.
pub(crate) struct Told {
    /// How many records it had.
    pub(crate) count: usize,
    /// The value at the cursor's pointer.
    pub(crate) value: Option<Value>,
    /// The target of its `Link` header.
    pub(crate) link: Option<String>,
}

/// Asks for a page in the platform's way. A page that is known by its URL is asked for by that URL and nothing else.
pub(crate) fn ask(request: Request, settings: &ReadSettings, page: Option<&PageId>) -> Request {
    let request = match (&settings.size_parameter, settings.page_size) {
        (Some(parameter), Some(size)) => request.query(parameter, size),
        _ => request,
    };
    match (&settings.pagination, page) {
        (Pagination::Page { parameter, first, .. }, None) => request.query(parameter, first),
        (Pagination::Page { parameter, .. }, Some(PageId::Number(number))) => request.query(parameter, number),
        (Pagination::Offset { parameter, .. }, None) => request.query(parameter, 0),
        (Pagination::Offset { parameter, .. }, Some(PageId::Number(number))) => request.query(parameter, number),
        (Pagination::Cursor { parameter, .. }, Some(PageId::Cursor(cursor))) => request.query(parameter, cursor),
        _ => request,
    }
}

/// The page after `page`, if there is one.
pub(crate) fn next(settings: &ReadSettings, page: Option<&PageId>, told: Told) -> Option<PageId> {
    let number = |first| if let Some(PageId::Number(number)) = page { *number } else { first };
    match &settings.pagination {
        Pagination::None => None,
        Pagination::Page { first, last, .. } => {
            goes_on(*last, settings, told.count).then(|| PageId::Number(number(*first) + 1))
        }
        Pagination::Offset { last, .. } => {
            goes_on(*last, settings, told.count).then(|| PageId::Number(number(0) + told.count as u64))
        }
        Pagination::Cursor { .. } => {
            told.value.as_ref().and_then(scalar).filter(|cursor| !cursor.is_empty()).map(PageId::Cursor)
        }
        Pagination::Link => told.link.map(PageId::Url),
    }
}

/// The whole URL of the `Link` header's `rel="next"`.
pub(crate) fn link(answer: &Response, asked: &str) -> Result<Option<String>, Failure> {
    let headers = answer.headers();
    let links = headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case("link"));
    let Some(target) = links.flat_map(|(_, value)| value.split(',')).find_map(next_target) else { return Ok(None) };
    whole(target, asked).map(Some).ok_or_else(|| {
        Failure::transient("rest.link_malformed", "the platform's Link header leads to an address that is no URL")
    })
}

fn goes_on(last: LastPage, settings: &ReadSettings, count: usize) -> bool {
    match (last, settings.page_size) {
        (LastPage::Short, Some(size)) => count >= size as usize,
        _ => count > 0,
    }
}

/// The target of one link, if it is the next page: `<https://…?page=2>; rel="next"`.
fn next_target(link: &str) -> Option<&str> {
    let (target, parameters) = link.trim().strip_prefix('<')?.split_once('>')?;
    let is_next = parameters.split(';').any(|parameter| {
        let relation = parameter.trim().strip_prefix("rel=").unwrap_or_default();
        relation.trim_matches('"').split(' ').any(|one| one.eq_ignore_ascii_case("next"))
    });
    is_next.then_some(target)
}

fn whole(target: &str, asked: &str) -> Option<String> {
    if target.contains("://") {
        return Some(target.to_owned());
    }
    let (scheme, rest) = asked.split_once("://")?;
    let host = rest.split(['/', '?']).next()?;
    let path = rest.split('?').next()?.strip_prefix(host)?;
    match target.chars().next()? {
        '/' if !target.starts_with("//") => Some(format!("{scheme}://{host}{target}")),
        '?' => Some(format!("{scheme}://{host}{path}{target}")),
        _ => None,
    }
}
