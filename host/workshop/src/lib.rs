//! Where a connector's author tries it, in the sandbox it will run in and without its platform.
//!
//! [`record`](fn@record) runs a [`Drill`] against a [`Venue`], a platform or something in its place, and keeps a [`Cassette`]; [`replay`](fn@replay) runs the
//! same from the cassette and compares what came out, byte for byte; [`glance`](fn@glance) runs one page and shows all that came of it;
//! [`conformance`] holds a package to the contract.
#![forbid(unsafe_code)]

mod act;
mod bench;
mod cassette;
pub mod conformance;
mod deck;
mod desk;
mod glance;
mod live;
mod measure;
mod record;
mod replay;
mod shaped;
mod standing;
mod venue;
mod walk;
mod write;

pub use bench::{Bench, BenchError};
pub use cassette::{
    Answered, Asked, Body, Cassette, CassetteError, Drill, Exchange, Header, Outcome, ReadDrill, WriteDrill,
};
pub use deck::Played;
pub use glance::{Came, Glance, glance};
pub use live::{Live, LiveError, secret_names};
pub use measure::{Measured, measure};
pub use record::{RecordError, record};
pub use replay::{Replayed, replay};
pub use shaped::{Shaped, ShapingError, shape};
pub use standing::{Capped, Standing};
pub use venue::{Platform, Venue};
