//! What is being done, for whoever watches.

use std::fmt;

/// A step that begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// The WebAssembly target is missing and `rustup target add` fetches it.
    AddingTarget,
    /// What the connector depends on is fetched, by this command.
    Installing(&'static str),
    /// The connector's sources are unchanged; the package that is there is kept.
    Unchanged,
    /// A crate is compiled.
    Compiling(String),
    /// The module becomes a component with a manifest in it.
    Packaging,
    /// The package is signed.
    Signing,
    /// A test ran.
    Tested(String),
}

/// Called at the beginning of each step.
pub type Progress<'a> = &'a mut dyn FnMut(Step);

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AddingTarget => write!(f, "adding the target {} (rustup target add)", crate::TARGET),
            Self::Installing(command) => write!(f, "installing what it needs ({command})"),
            Self::Unchanged => f.write_str("nothing changed"),
            Self::Compiling(name) => write!(f, "compiling {name}"),
            Self::Packaging => f.write_str("making a component"),
            Self::Signing => f.write_str("signing"),
            Self::Tested(name) => write!(f, "{name}"),
        }
    }
}
