//! Why something did not work, by what the host should do about it.

pub use crate::bindings::weighbridge::connector::types::{Failure, FailureClass};
use crate::http::Refusal;

impl Failure {
    /// A failure of this class under a stable code (`tryton.session_expired`) with a sentence for a person.
    pub fn new(class: FailureClass, code: impl Into<String>, message: impl Into<String>) -> Self {
        Self { class, code: code.into(), message: message.into(), retry_after_ms: None }
    }

    /// The settings are wrong; a person has to change them.
    pub fn config(code: impl Into<String>, message: impl Into<String>) -> Self {
        Self::new(FailureClass::Config, code, message)
    }

    /// The platform does not accept the credential.
    pub fn auth(code: impl Into<String>, message: impl Into<String>) -> Self {
        Self::new(FailureClass::Auth, code, message)
    }

    /// Worth another try later.
    pub fn transient(code: impl Into<String>, message: impl Into<String>) -> Self {
        Self::new(FailureClass::Transient, code, message)
    }

    /// Something nobody expected: a defect of the connector, or a platform that changed.
    pub fn system(code: impl Into<String>, message: impl Into<String>) -> Self {
        Self::new(FailureClass::System, code, message)
    }

    /// The connector does not do this.
    pub fn unsupported(what: &str) -> Self {
        Self::new(FailureClass::Unsupported, "unsupported", format!("this connector does not {what}"))
    }

    /// The same failure with the time after which asking again makes sense.
    #[must_use]
    pub fn retry_after_ms(mut self, retry_after_ms: Option<u64>) -> Self {
        self.retry_after_ms = retry_after_ms;
        self
    }

    /// Whether the host refused because this call has made all the requests it may. What was taken so far counts.
    pub fn is_budget(&self) -> bool {
        matches!(self.code.as_str(), "http.budget" | "files.budget")
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Denied(why) => Self::new(FailureClass::Denied, "http.denied", why),
            Refusal::Unreachable(why) => Self::transient("http.unreachable", why),
            Refusal::Tls(why) => Self::config("http.tls", why),
            Refusal::TimedOut => Self::transient("http.timed_out", "the platform did not answer in time"),
            Refusal::TooLarge(most) => {
                Self::system("http.too_large", format!("the platform's answer has more than {most} bytes"))
            }
            Refusal::Budget => Self::transient("http.budget", "this call has made all the requests it may"),
            Refusal::Cancelled => Self::new(FailureClass::Cancelled, "http.cancelled", "the run was cancelled"),
            Refusal::SecretEchoed => {
                Self::new(FailureClass::Denied, "http.secret_echoed", "the platform's answer repeats the credential")
            }
        }
    }
}

impl From<serde_json::Error> for Failure {
    fn from(error: serde_json::Error) -> Self {
        Self::system("json.malformed", format!("JSON is not as expected: {error}"))
    }
}
