//! A page of records: the lines as they were billed, put together without reading them.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::Body;
use http::{HeaderValue, Request, Response, header};
use hyper::body::{Bytes, Frame, SizeHint};
use serde_json::json;
use weighbridge::{Caller, Engine, PulledPage};

use super::columns;
use super::negotiate::Format;
use super::problem::Refusing;
use super::{BASE, query, table};

pub(super) async fn answer<B>(
    engine: &Engine,
    caller: &Caller,
    endpoint: String,
    request: &Request<B>,
) -> Result<Response<Body>, Refusing> {
    let asked = query::read(endpoint, request.uri().query().unwrap_or_default())?;
    let format = Format::of(request.headers());
    let page = engine.pull(caller, &asked).await?;
    let headers = Headers::of(&page, request.uri().path(), asked.limit);
    let body = match format {
        Format::Json => as_json(&page),
        Format::Lines => as_lines(&page),
        Format::Csv => {
            let schema = engine.pull_schema(caller, &asked.endpoint).await?;
            let columns = columns::of(schema.as_ref(), &page);
            Parts::of([Bytes::from(table::csv(&columns, &page))])
        }
    };
    let mut response = Response::new(Body::new(body));
    headers.write(&mut response);
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(format.media_type()));
    response.headers_mut().insert(header::VARY, HeaderValue::from_static("Accept, Authorization"));
    Ok(response)
}

/// What an answer says of its page beside the lines, in whatever format it is.
struct Headers {
    next: Option<String>,
    link: Option<String>,
    has_more: bool,
    fresh: bool,
}

impl Headers {
    fn of(page: &PulledPage, path: &str, limit: Option<u64>) -> Self {
        let link = page.next.as_ref().map(|cursor| {
            let limit = limit.map(|limit| format!("&limit={limit}")).unwrap_or_default();
            let path = path.strip_prefix(BASE).unwrap_or_default();
            format!("<{BASE}{path}?cursor={cursor}{limit}>; rel=\"next\"")
        });
        Self { next: page.next.clone(), link, has_more: page.has_more, fresh: page.fresh }
    }

    fn write(self, response: &mut Response<Body>) {
        let headers = response.headers_mut();
        let link = self.link.and_then(|link| HeaderValue::try_from(link).ok());
        link.map(|link| headers.insert(header::LINK, link));
        let next = self.next.and_then(|next| HeaderValue::try_from(next).ok());
        next.map(|next| headers.insert("weighbridge-next", next));
        let word = |is: bool| HeaderValue::from_static(if is { "true" } else { "false" });
        headers.insert("weighbridge-has-more", word(self.has_more));
        headers.insert("weighbridge-billed", word(self.fresh));
    }
}

fn as_json(page: &PulledPage) -> Parts {
    let next = page.next.as_ref().map_or("null".into(), |next| format!("\"{next}\""));
    let (has_more, read_at) = (page.has_more, page.read_at);
    let (records, deleted) = page.items();
    Parts::of([
        Bytes::from_static(b"{\"records\":["),
        records,
        Bytes::from_static(b"],\"deleted\":["),
        deleted,
        Bytes::from(format!("],\"next\":{next},\"has_more\":{has_more},\"read_at\":\"{read_at}\"}}\n")),
    ])
}

/// `{"record":…}` or `{"deleted":…}` a line, and last what `next` and `has_more` are.
fn as_lines(page: &PulledPage) -> Parts {
    let (records, deleted) = page.items();
    let mut text = String::with_capacity(2 * (records.len() + deleted.len()) + 4_096);
    let records = page.records().map(|line| ("record", line));
    for (name, line) in records.chain(page.deleted().map(|line| ("deleted", line))) {
        text.extend(["{\"", name, "\":", line, "}\n"]);
    }
    let last = json!({ "next": page.next, "has_more": page.has_more, "read_at": page.read_at.to_string() });
    text.push_str(&last.to_string());
    text.push('\n');
    Parts::of([Bytes::from(text)])
}

/// A body of several parts, of a known length.
struct Parts(VecDeque<Bytes>);

impl Parts {
    fn of<const N: usize>(parts: [Bytes; N]) -> Self {
        Self(parts.into_iter().filter(|part| !part.is_empty()).collect())
    }
}

impl hyper::body::Body for Parts {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        Poll::Ready(self.0.pop_front().map(|part| Ok(Frame::data(part))))
    }

    fn is_end_stream(&self) -> bool {
        self.0.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.0.iter().map(|part| part.len() as u64).sum())
    }
}
