//! When schedules fire, beside two oracles that work in other ways.
#![expect(clippy::unwrap_used, reason = "a test says what it expects by unwrapping, in its helpers too")]

mod catch_up;
mod daylight;
mod hours;
mod oracles;
mod parse;
mod walk;

use weighbridge_model::schedule::Schedule;
use weighbridge_model::time::Timestamp;

fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

/// The occurrences in `(after, until]`.
fn between(schedule: &Schedule, after: Timestamp, until: Timestamp) -> Vec<Timestamp> {
    schedule.occurrences(after).take_while(|next| *next <= until).collect()
}
