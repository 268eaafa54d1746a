//! One thing that was looked at.

/// One thing that was looked at, and how it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The stable code of the check, or of what is wrong.
    pub code: &'static str,
    /// How it is.
    pub health: Health,
    /// What was looked at.
    pub about: String,
    /// What was found, as a sentence.
    pub sentence: String,
    /// What to do, where anything is to be done.
    pub next_step: Option<String>,
    /// Whether it is about what a tenant set up, whose names and addresses are in it.
    pub is_of_tenant: bool,
}

/// How a thing is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Health {
    /// As it should be.
    Ok,
    /// It works, and should be looked at.
    Warning,
    /// It does not work.
    Failed,
}

impl Health {
    /// The word for it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Warning => "warning",
            Self::Failed => "failed",
        }
    }
}

impl Finding {
    pub(crate) fn ok(code: &'static str, about: impl Into<String>, sentence: impl Into<String>) -> Self {
        Self::new(Health::Ok, code, about.into(), sentence.into())
    }

    pub(super) fn warning(code: &'static str, about: impl Into<String>, sentence: impl Into<String>) -> Self {
        Self::new(Health::Warning, code, about.into(), sentence.into())
    }

    pub(super) fn failed(code: &'static str, about: impl Into<String>, sentence: impl Into<String>) -> Self {
        Self::new(Health::Failed, code, about.into(), sentence.into())
    }

    const fn new(health: Health, code: &'static str, about: String, sentence: String) -> Self {
        Self { code, health, about, sentence, next_step: None, is_of_tenant: false }
    }

    /// The same with what to do.
    pub(super) fn next(mut self, step: impl Into<String>) -> Self {
        self.next_step = Some(step.into());
        self
    }

    /// The same, about what a tenant set up.
    pub(crate) fn of_tenant(self) -> Self {
        Self { is_of_tenant: true, ..self }
    }

    /// Of an error of ours: what happened, and after the last semicolon what to do.
    pub(super) fn of_error(code: &'static str, about: impl Into<String>, text: &str) -> Self {
        match text.rsplit_once("; ") {
            Some((what, next)) => Self::failed(code, about, what).next(next),
            None => Self::failed(code, about, text),
        }
    }
}
