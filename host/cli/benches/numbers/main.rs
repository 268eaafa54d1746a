//! The numbers of `ARCHITECTURE.md`: prints them, and tests nothing. Run it with `cargo bench -p weighbridge-cli`.
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a benchmark that cannot run says so, and prints")]

mod console;
mod customers;
mod gate;
mod ledger;
mod load;
mod process;
mod pull;
mod ready;
mod rows;
mod stop;
mod transfer;
mod vault;

#[path = "../../../../tests/town/mod.rs"]
#[expect(dead_code, unused_imports, reason = "the tests use all of it")]
mod town;

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    // Words on the command line choose among the measurements; cargo's own begin with a dash.
    let words: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with('-')).collect();
    let wanted = |name: &str| words.is_empty() || words.iter().any(|word| word == name);
    // The transfer comes first: its peak of memory is to be its own.
    if wanted("transfer") {
        runtime.block_on(transfer::measure());
    }
    if wanted("gate") {
        gate::measure();
    }
    if wanted("rows") {
        runtime.block_on(rows::measure());
    }
    if wanted("ledger") {
        runtime.block_on(ledger::measure());
    }
    if wanted("load") {
        runtime.block_on(load::measure());
    }
    if wanted("console") {
        runtime.block_on(console::measure());
    }
    if wanted("customers") {
        runtime.block_on(customers::measure());
    }
    if wanted("vault") {
        vault::measure();
    }
    if wanted("pull") {
        pull::measure();
    }
    if wanted("stop") {
        stop::measure();
    }
    if wanted("ready") {
        runtime.block_on(ready::measure());
    }
}
