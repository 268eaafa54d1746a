//! How a source endpoint's records are shaped for a destination endpoint.
//!
//! A mapping is written as [`Rules`], compiled once into a [`Mapping`], and applied line by line. Values that are only moved
//! keep their bytes: a number never passes through a float.

mod apply;
mod cast;
mod compile;
mod filter;
mod rules;

pub use apply::{Mapped, RecordError};
pub use compile::{Mapping, MappingError};
pub use rules::{Cast, Filter, Keep, Rule, Rules};
