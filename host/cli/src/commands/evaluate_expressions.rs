//! `weighbridge evaluate-expressions`: what this program starts of itself to run jq expressions, within limits.

use clap::Args as ClapArgs;
use weighbridge::evaluate_expressions;

#[derive(Debug, ClapArgs)]
pub(crate) struct EvaluateArgs {
    /// Bytes of memory it may write to.
    memory_bytes: u64,
    /// Seconds of CPU time it may take.
    cpu_s: u64,
}

/// Ends the process: what it said is what counts.
pub(super) fn run(evaluate: &EvaluateArgs) -> ! {
    std::process::exit(i32::from(!evaluate_expressions(evaluate.memory_bytes, evaluate.cpu_s)))
}
