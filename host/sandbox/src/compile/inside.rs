//! What the process does that compiles: bounds itself, reads a component, writes an artefact.

use std::io::{self, Read, Write};

use wasmtime::Engine;

use super::CompileError;
use crate::engine;

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

/// Memory is bounded as *data*: what the compiler's threads reserve and never write to costs nothing.
#[cfg(unix)]
fn set_limits(memory_bytes: u64, cpu_s: u64) -> io::Result<()> {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let limits = [
        (Resource::Data, memory_bytes),
        (Resource::Cpu, cpu_s),
        (Resource::Core, 0),
        // It writes no file and opens few.
        (Resource::Fsize, 0),
        (Resource::Nofile, 32),
    ];
    for (resource, most) in limits {
        // One more as the hard limit, so that CPU time ends with the signal that says so; never more than there is.
        let maximum = most.saturating_add(1).min(getrlimit(resource).maximum.unwrap_or(u64::MAX));
        setrlimit(resource, Rlimit { current: Some(most.min(maximum)), maximum: Some(maximum) })?;
    }
    die_with_parent()
}

#[cfg(not(unix))]
fn set_limits(_memory_bytes: u64, _cpu_s: u64) -> io::Result<()> {
    Ok(())
}

#[cfg(target_os = "linux")]
fn die_with_parent() -> io::Result<()> {
    rustix::process::set_parent_process_death_signal(Some(rustix::process::Signal::KILL))?;
    Ok(())
}

#[cfg(all(unix, not(target_os = "linux")))]
fn die_with_parent() -> io::Result<()> {
    Ok(())
}
