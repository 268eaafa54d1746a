//! All of a list, page by page as it is read: as a table, or a line of JSON for each item.

use axum::body::Body;
use http::{HeaderMap, HeaderValue, Response, header};
use http_body_util::channel::{Channel, Sender};
use hyper::body::Bytes;
use serde_json::Value;
use weighbridge::Engine;
use weighbridge::model::problem::Problem;

use super::asked::Asked;
use super::operation::Operation;
use super::table;

/// How all of a list is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Export {
    /// The columns that people see, as CSV.
    Csv,
    /// Every item whole, one a line.
    JsonLines,
}

impl Export {
    const ALL: [Self; 2] = [Self::Csv, Self::JsonLines];

    /// What is asked for by `Accept`, if it is all of a list.
    pub(super) fn wanted(headers: &HeaderMap) -> Option<Self> {
        let accepted = headers.get(header::ACCEPT)?.to_str().ok()?.trim();
        Self::ALL.into_iter().find(|one| accepted.starts_with(one.media_type()))
    }

    /// What it is called in `Accept`.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv",
            Self::JsonLines => "application/x-ndjson",
        }
    }

    const fn content_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::JsonLines => "application/x-ndjson",
        }
    }

    /// A page; the first has the headings, where there are any.
    pub fn page(self, columns: &[&str], given: &Value, is_first: bool) -> String {
        let items = given["items"].as_array().map(Vec::as_slice).unwrap_or_default();
        match self {
            Self::Csv => table::csv(columns, items, is_first),
            Self::JsonLines => items.iter().map(|item| format!("{item}\n")).collect(),
        }
    }
}

/// Answers when the first page is read, so that a refusal is still told by the status.
pub(crate) async fn export(
    engine: &Engine,
    operation: &'static Operation,
    asked: Asked,
    form: Export,
) -> Result<Response<Body>, Problem> {
    let first = operation.run(engine, asked.clone()).await?;
    let (sender, body) = Channel::<Bytes, Problem>::new(1);
    // It ends with the list, or when nobody listens any more.
    drop(tokio::spawn(send(engine.clone(), operation, asked, form, (first, sender))));
    let mut response = Response::new(Body::new(body));
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(form.content_type()));
    Ok(response)
}

async fn send(
    engine: Engine,
    operation: &'static Operation,
    mut asked: Asked,
    form: Export,
    (first, mut sender): (Value, Sender<Bytes, Problem>),
) {
    let (mut given, mut is_first) = (first, true);
    loop {
        let page = form.page(operation.columns, &given, is_first);
        is_first = false;
        if !page.is_empty() && sender.send_data(Bytes::from(page)).await.is_err() {
            return;
        }
        let Some(next) = given["next"].as_str() else { return };
        asked.input.insert("cursor".into(), next.into());
        let page = async { operation.run(&engine, asked.renewed(&engine)?).await };
        given = match page.await {
            Ok(given) => given,
            Err(problem) => {
                tracing::error!(operation = operation.name, %problem, "an export was cut off");
                // The answer ends before its end, which is how its reader knows.
                return sender.abort(problem);
            }
        };
    }
}
