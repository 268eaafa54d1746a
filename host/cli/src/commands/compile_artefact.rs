//! `weighbridge compile-artefact`: what this program starts of itself to compile a connector, within limits.

use clap::Args as ClapArgs;
use weighbridge::compile_artefact;

#[derive(Debug, ClapArgs)]
pub(crate) struct CompileArgs {
    /// Bytes of memory it may write to.
    memory_bytes: u64,
    /// Seconds of CPU time it may take.
    cpu_s: u64,
}

/// Ends the process: how it went is a code that only the program that started it reads.
pub(super) fn run(compile: &CompileArgs) -> ! {
    std::process::exit(compile_artefact(compile.memory_bytes, compile.cpu_s) as i32)
}
