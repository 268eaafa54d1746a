//! `Idempotency-Key`: a creation that is asked for again is answered again, and done once.

use http::{HeaderMap, Method};
use serde_json::Value;
use weighbridge::model::problem::{Problem, ProblemCode, ProblemKind};
use weighbridge::{Engine, Once};

use super::asked::Asked;
use super::operation::Operation;

/// The longest key.
const KEY_MAX: usize = 255;

/// What is answered, and whether that was answered before.
pub(crate) struct Given {
    pub(crate) text: String,
    /// What it is known by until it is changed, if it is one thing.
    pub(crate) etag: Option<String>,
    pub(crate) replayed: bool,
}

impl Given {
    /// An answer that is given for the first time.
    pub(crate) fn of(value: &Value) -> Self {
        Self { text: value.to_string(), etag: value["etag"].as_str().map(str::to_owned), replayed: false }
    }
}

/// The key that a request carries, where its operation heeds one: those that are open bring a secret of one use instead.
pub(crate) fn key(operation: &Operation, headers: &HeaderMap) -> Result<Option<String>, Problem> {
    let mut sent = headers.get_all("idempotency-key").iter();
    let Some(key) = sent.next().filter(|_| operation.method == Method::POST && !operation.open) else {
        return Ok(None);
    };
    let wrong = || Problem::invalid("Idempotency-Key", "send one, of 1 to 255 printable characters");
    let key = key.to_str().map_err(|_| wrong())?.trim().to_owned();
    if key.is_empty() || key.len() > KEY_MAX || sent.next().is_some() {
        return Err(wrong());
    }
    Ok(Some(key))
}

/// Carries an operation out, once for each key. It goes on also where nobody waits for its answer any more.
pub(crate) async fn run(
    engine: &Engine,
    operation: &'static Operation,
    asked: Asked,
    key: &str,
) -> Result<Given, Problem> {
    let input = Value::Object(asked.input.clone());
    let promised = match engine.begin_once(&asked.actor, operation.name, key, &input).await? {
        Once::Answered(text) => {
            let value: Value = serde_json::from_str(&text).unwrap_or_default();
            return Ok(Given { text, replayed: true, ..Given::of(&value) });
        }
        Once::New(promised) => promised,
    };
    let engine = engine.clone();
    let work = tokio::spawn(async move {
        match operation.run(&engine, asked).await {
            Ok(given) => {
                let given = Given::of(&given);
                engine.keep_answer(promised, &given.text).await?;
                Ok(given)
            }
            // A fault, or a store that stopped, may have left something behind: the next one is told so.
            Err(problem) if matches!(problem.code.kind(), ProblemKind::Fault | ProblemKind::Unavailable) => {
                Err(problem)
            }
            Err(problem) => {
                engine.break_promise(promised).await?;
                Err(problem)
            }
        }
    });
    work.await.map_err(|error| Problem { cause: Some(error.to_string()), ..ProblemCode::Fault.into() })?
}
