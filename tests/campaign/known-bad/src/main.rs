//! Voyages over a version whose file may not open again when the power goes while it grows: that must be found.
#![forbid(unsafe_code)]

use std::process::ExitCode;

use weighbridge_outage::{IMAGES, Tally, voyage};

weighbridge_outage::raw! {
    /// The last version before that bug was mended (in redb 4.2.0).
    known_bad, redb
}

/// The bug is found within the first hundred images or so.
const VOYAGES_MAX: u64 = 50;

fn main() -> ExitCode {
    // A panic is what is looked for, and told by the voyage.
    std::panic::set_hook(Box::new(|_| {}));
    let first = std::env::args().nth(1).and_then(|seed| seed.parse().ok()).unwrap_or(1);
    let mut tally = Tally::default();
    for seed in first..first + VOYAGES_MAX {
        let Err(error) = voyage(&known_bad::Raw, seed, IMAGES, &mut tally) else { continue };
        if error.contains("it panicked") {
            println!("redb 4.1.0: its growth bug was found after {} images (seed {seed}, {error})", tally.images);
            return ExitCode::SUCCESS;
        }
        println!("redb 4.1.0: not its growth bug, but: seed {seed}, {error}");
    }
    println!("redb 4.1.0: its growth bug was not found in {} images, so what passes says nothing", tally.images);
    ExitCode::FAILURE
}
