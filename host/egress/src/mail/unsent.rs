//! Why a letter did not leave.

use lettre::transport::smtp::Error;

/// A letter did not leave. What it prints has nothing of the letter in it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{why}")]
pub struct Unsent {
    /// Whether another try may do better.
    pub is_transient: bool,
    why: String,
    said: String,
}

impl Unsent {
    /// All that is known, the server's own words included, which may name the address.
    pub fn said(&self) -> &str {
        &self.said
    }
}

impl Unsent {
    pub(super) fn never(why: &str) -> Self {
        Self { is_transient: false, why: why.to_owned(), said: why.to_owned() }
    }

    pub(super) fn later(why: &str, said: String) -> Self {
        Self { is_transient: true, why: why.to_owned(), said: if said.is_empty() { why.to_owned() } else { said } }
    }

    pub(super) fn slow() -> Self {
        Self::later("the server took too long", String::new())
    }

    /// The server's own words may name the address, so only its number is for the log.
    pub(super) fn of(error: &Error) -> Self {
        let said = told(error);
        match error.status() {
            Some(code) if error.is_permanent() => {
                Self { is_transient: false, why: format!("the server refuses it ({code})"), said }
            }
            Some(code) => Self::later(&format!("the server cannot take it now ({code})"), said),
            // What the client itself finds, such as no TLS or no way to sign in that both know, stays so.
            None if error.is_client() => {
                Self { is_transient: false, why: "the server does not offer what the settings ask for".into(), said }
            }
            // What a server said that is no answer of SMTP may name the address too.
            None if error.is_response() => Self::later("the server does not speak SMTP as it should", said),
            None => Self::later(&format!("no conversation with the server came about: {}", root(error)), said),
        }
    }
}

/// An error and what caused it in the end.
fn told(error: &Error) -> String {
    let (said, root) = (error.to_string(), root(error));
    if said.contains(&root) { said } else { format!("{said}: {root}") }
}

/// The last cause of an error.
fn root(error: &Error) -> String {
    let mut last: &dyn std::error::Error = error;
    while let Some(cause) = last.source() {
        last = cause;
    }
    last.to_string()
}
