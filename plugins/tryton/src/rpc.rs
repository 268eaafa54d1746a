//! Calling Tryton's methods: `POST /DATABASE/rpc/` with `method` and `params`.
//!
//! A request that carries an `id` is always answered 200 with a `result` or an `error`; without one the answer is the
//! result itself, and errors have statuses of their own, which say more.

use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use weighbridge_sdk::http::{self, failure_of};
use weighbridge_sdk::{Failure, FailureClass};

/// One database of one server.
pub(crate) struct Server {
    url: String,
}

impl Server {
    pub(crate) fn new(base_url: &str, database: &str) -> Self {
        Self { url: format!("{}/{}/rpc/", base_url.trim_end_matches('/'), http::encoded(database)) }
    }

    /// Calls a method. The context is the last of its parameters.
    pub(crate) fn call<T: DeserializeOwned>(&self, method: &str, params: Value) -> Result<T, Failure> {
        let request = http::post(&self.url).auth("session").json(&json!({ "method": method, "params": params }))?;
        let answer = request.send()?;
        let (status, headers) = (answer.status(), answer.headers());
        let body = answer.bytes()?;
        if status != 200 {
            return Err(failure(status, &headers, &body));
        }
        serde_json::from_slice(&body).map_err(|error| {
            Failure::system("tryton.not_understood", format!("{method} answered something else than expected: {error}"))
        })
    }
}

/// Whether Tryton looked at the records and does not accept them: an error of its rules, or a warning that a person would
/// have to confirm.
pub(crate) fn is_about_records(failure: &Failure) -> bool {
    matches!(failure.code.as_str(), "tryton.user_error" | "tryton.user_warning")
}

fn failure(status: u16, headers: &[(String, String)], body: &[u8]) -> Failure {
    let mut failure = failure_of(status, headers, b"");
    let (class, code) = match status {
        400 => (FailureClass::System, "tryton.user_error"),
        401 => (FailureClass::Auth, "tryton.session_expired"),
        403 => (FailureClass::Auth, "tryton.forbidden"),
        404 => (FailureClass::Config, "tryton.database_missing"),
        409 => (FailureClass::System, "tryton.user_warning"),
        423 => (FailureClass::Transient, "tryton.record_changed"),
        _ => (failure.class, ""),
    };
    failure.class = class;
    failure.code = if code.is_empty() { format!("tryton.{status}") } else { code.to_owned() };
    let said = sentence(&String::from_utf8_lossy(body));
    failure.message = match said.is_empty() {
        true => format!("Tryton answered {status}"),
        false => format!("Tryton answered {status}: {said}"),
    };
    failure
}

/// The sentence in Tryton's HTML error page.
fn sentence(page: &str) -> String {
    let inner = page.split_once("<p>").and_then(|(_, rest)| rest.split_once("</p>")).map_or("", |(inner, _)| inner);
    let plain = [("&#39;", "'"), ("&#34;", "\""), ("&quot;", "\""), ("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")]
        .iter()
        .fold(inner.replace("<br>", " "), |text, (entity, character)| text.replace(entity, character));
    plain.chars().filter(|character| !character.is_control()).take(300).collect()
}
