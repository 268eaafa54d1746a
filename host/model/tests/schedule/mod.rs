//! When schedules fire, beside two oracles that work in other ways.
#![expect(clippy::unwrap_used, reason = "a test says what it expects by unwrapping, in its helpers too")]

mod catch_up;
mod daylight;
mod hours;
mod oracles;
mod parse;

use weighbridge_model::time::Timestamp;
use weighbridge_oracle::between;

fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}
