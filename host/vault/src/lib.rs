//! The key ring: seals and unseals what people and platforms wrote.
//!
//! Every owner has a data key; the ring holds them in a file outside the store and its backups, so that destroying a key is
//! what deletion means. Randomness is an argument.
#![forbid(unsafe_code)]

mod file;
mod ring;
mod seal;

pub use file::RingFileError;
pub use ring::{KeyRing, Owner, RingError};
pub use seal::{Field, UnsealError};
