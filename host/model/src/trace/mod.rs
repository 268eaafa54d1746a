//! What took how long, in spans, for whoever watches a host from outside.
//!
//! A span has ids, counts and codes, and nothing else: [`Value::word`] takes no sentence, so neither a record nor a secret nor an
//! address can become part of one.

mod otlp;

use std::sync::{Arc, OnceLock};

use crate::id::RunId;

pub use otlp::body;

/// Where spans are said: whoever listens to this target hears of all of them.
pub const TARGET: &str = "weighbridge::trace";

/// With these a trace begins; any other span is part of one, or is not told.
pub const ROOTS: [&str; 2] = ["run", "pull"];

/// The most characters of a word.
const WORD_MAX: usize = 64;

/// What is said of a span.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// How many.
    Count(i64),
    /// Whether.
    Flag(bool),
    /// An id or a code.
    Word(String),
}

impl Value {
    /// An id or a code; nothing where it is anything else.
    pub fn word(text: &str) -> Option<Self> {
        let is_of_a_word = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-');
        let is_word = !text.is_empty() && text.len() <= WORD_MAX && text.bytes().all(is_of_a_word);
        is_word.then(|| Self::Word(text.to_owned()))
    }
}

/// By what the spans of a trace are known as one. It is that of its run once the run is known, or random.
#[derive(Clone, Debug, Default)]
pub struct TraceId(Arc<OnceLock<[u8; 16]>>);

impl TraceId {
    /// It is the trace of this run; the first word stands.
    pub fn is_of(&self, run: RunId) {
        let _ = self.0.set(*run.as_bytes());
    }

    /// The id, which from now on is this one where it was none yet.
    pub fn or(&self, random: [u8; 16]) -> [u8; 16] {
        *self.0.get_or_init(|| random)
    }
}

/// A span that has ended.
#[derive(Clone, Debug)]
pub struct ClosedSpan {
    /// What it is part of.
    pub trace: TraceId,
    /// Its id; not 0.
    pub id: u64,
    /// The span that it is part of; none where the trace begins with it.
    pub parent: Option<u64>,
    /// What was done.
    pub name: &'static str,
    /// When it began, in nanoseconds since 1970.
    pub begun_ns: u64,
    /// When it ended.
    pub ended_ns: u64,
    /// What is said of it.
    pub values: Vec<(&'static str, Value)>,
}

impl ClosedSpan {
    /// Whether it came to another end than it should.
    fn is_failed(&self) -> bool {
        self.values.iter().any(|(name, _)| *name == "code")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_and_codes_are_words() {
        for text in ["00fkq3o9hhd2s8c0a1b2c3d4e5", "quota.exhausted", "GET", "full_refresh", "rate-limited"] {
            assert_eq!(Value::word(text), Some(Value::Word(text.to_owned())));
        }
    }

    #[test]
    fn sentences_addresses_and_long_texts_are_none() {
        let long = "a".repeat(WORD_MAX + 1);
        for text in ["", "a b", "https://example.com/?key=1", "a/b", "zażółć", "a\nb", "a=b", "a@b", long.as_str()]
        {
            assert_eq!(Value::word(text), None, "{text}");
        }
    }

    #[test]
    fn a_trace_is_known_by_its_run_unless_it_had_to_be_told_before() {
        let (run, early) = (RunId::from_bytes([7; 16]), TraceId::default());
        assert_eq!(early.or([1; 16]), [1; 16]);
        early.is_of(run);
        assert_eq!(early.or([2; 16]), [1; 16]);
        let known = TraceId::default();
        known.is_of(run);
        assert_eq!(known.clone().or([2; 16]), [7; 16]);
    }
}
