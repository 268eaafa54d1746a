//! The numbers of `ARCHITECTURE.md`: prints them, and tests nothing. Run it with `cargo bench -p weighbridge-cli`.
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a benchmark that cannot run says so, and prints")]

mod gate;
mod ledger;
mod process;
mod ready;
mod rows;
mod transfer;

#[path = "../../../../tests/town/mod.rs"]
mod town;

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    // The transfer comes first: its peak of memory is to be its own.
    runtime.block_on(transfer::measure());
    gate::measure();
    runtime.block_on(rows::measure());
    runtime.block_on(ledger::measure());
    runtime.block_on(ready::measure());
}
