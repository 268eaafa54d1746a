//! What the process does that compiles: bounds itself, reads a component, writes an artefact.

use std::io::{self, Read, Write};

use wasmtime::Engine;

use super::CompileError;
use crate::engine;
use crate::process::set_limits;

/// How the process that compiles is to exit. Whatever else it ends with is a crash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum ChildExit {
    /// The artefact is written.
    Done = 0,
    /// The component is not valid; the reason stands on standard error.
    Refused = 10,
    /// It could not begin, read or write; the reason stands on standard error.
    Broken = 11,
}

/// Compiles the component on standard input and writes its artefact to standard output. Sets its own limits before it
/// reads anything, so that whoever hands it a component is safe from it.
pub fn compile_artefact(memory_bytes: u64, cpu_s: u64) -> ChildExit {
    match bounded(memory_bytes, cpu_s) {
        Ok(()) => ChildExit::Done,
        Err(error) => {
            let exit = match error {
                CompileError::Refused { .. } => ChildExit::Refused,
                _ => ChildExit::Broken,
            };
            let (CompileError::Refused { reason } | CompileError::Crashed { reason }) = error else { return exit };
            // Nobody is left to be told where even standard error is gone.
            let _ = io::stderr().write_all(reason.as_bytes());
            exit
        }
    }
}

fn bounded(memory_bytes: u64, cpu_s: u64) -> Result<(), CompileError> {
    set_limits(memory_bytes, cpu_s).map_err(CompileError::crashed)?;
    let mut component = Vec::new();
    io::stdin().lock().read_to_end(&mut component).map_err(CompileError::crashed)?;
    let engine = engine::make_compiler().map_err(CompileError::crashed)?;
    let artefact = compile(&engine, &component)?;
    io::stdout().lock().write_all(&artefact).map_err(CompileError::crashed)
}

pub(super) fn compile(engine: &Engine, component: &[u8]) -> Result<Vec<u8>, CompileError> {
    engine.precompile_component(component).map_err(|error| CompileError::Refused { reason: format!("{error:#}") })
}
