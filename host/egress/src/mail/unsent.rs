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
            None if error.is_tls() => {
                Self { is_transient: false, why: "no trusted connection to the server came about".into(), said }
            }
            // What the client itself finds, such as no TLS or no way to sign in that both know, stays so.
            None if error.is_client() => {
                Self { is_transient: false, why: "the server does not offer what the settings ask for".into(), said }
            }
            None => Self::later("the server cannot be reached, or does not speak SMTP", said),
        }
    }
}

/// An error and what caused it, each once.
fn told(error: &Error) -> String {
    let mut said = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        let cause_said = cause.to_string();
        if !said.contains(&cause_said) {
            said = format!("{said}: {cause_said}");
        }
        source = cause.source();
    }
    said
}
