//! Making machine code of a component. A hostile one may make the compiler slow or hungry, so that it can be done in a
//! process of its own, which is ended when it takes too much.

mod child;
mod inside;

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use wasmtime::Engine;

pub use inside::{ChildExit, compile_artefact};

/// Where components are compiled.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Compile {
    /// On a thread of this process, where nothing bounds it: for programs that know their connectors.
    #[default]
    InProcess,
    /// In a process of its own.
    Child(CompileChild),
}

/// The command that compiles. It calls [`compile_artefact`] with the two numbers that follow its own arguments: bytes of
/// memory and seconds of CPU time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CompileChild {
    /// The program, usually the one that runs already.
    pub program: PathBuf,
    /// What makes it compile.
    pub arguments: Vec<OsString>,
    /// How much it may take.
    pub limits: CompileLimits,
}

/// How much one compilation may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CompileLimits {
    /// Memory that is written to.
    pub memory_bytes: u64,
    /// CPU time of all threads together, in whole seconds.
    pub cpu: Duration,
    /// Wall time.
    pub wall: Duration,
    /// The largest artefact that is taken over.
    pub artefact_bytes_max: usize,
}

impl Default for CompileLimits {
    fn default() -> Self {
        Self {
            memory_bytes: 2 << 30,
            cpu: Duration::from_secs(240),
            wall: Duration::from_secs(120),
            artefact_bytes_max: 256 << 20,
        }
    }
}

/// Why a component was not compiled.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CompileError {
    /// It took longer than it may.
    #[error("compiling the connector took longer than {wall_s} s and was stopped; ask its author for a smaller one")]
    TimedOut {
        /// Seconds of wall time it had.
        wall_s: u64,
    },
    /// It took more memory than it may.
    #[error("compiling the connector takes more than {memory_mib} MiB of memory; ask its author for a smaller one")]
    OutOfMemory {
        /// What it had.
        memory_mib: u64,
    },
    /// The compiler ended in another way.
    #[error("the compiler ended without an answer: {reason}; try again, and send this to Weighbridge's authors")]
    Crashed {
        /// What is known of it.
        reason: String,
    },
    /// The component is not valid.
    #[error("the connector's code is refused: {reason}; send this to the connector's author")]
    Refused {
        /// What the compiler says.
        reason: String,
    },
}

impl CompileError {
    /// The stable code.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::TimedOut { .. } => "compile.timed_out",
            Self::OutOfMemory { .. } => "compile.out_of_memory",
            Self::Crashed { .. } => "compile.crashed",
            Self::Refused { .. } => "compile.refused",
        }
    }

    pub(crate) fn crashed(reason: impl std::fmt::Display) -> Self {
        Self::Crashed { reason: reason.to_string() }
    }
}

impl Compile {
    /// The artefact of a component. Blocks.
    pub(crate) fn artefact(&self, engine: &Engine, component: &std::sync::Arc<[u8]>) -> Result<Vec<u8>, CompileError> {
        match self {
            Self::InProcess => inside::compile(engine, component),
            Self::Child(child) => child::compile(child, component),
        }
    }
}
