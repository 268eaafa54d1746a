//! Power is lost at any moment, again and again, and what was acknowledged is there.
//!
//! This crate knows no engine, so that voyages over two versions of one can be compared: cargo links only one of two
//! versions that are compatible.
#![forbid(unsafe_code)]

mod voyage;

mod disk;
mod raw;

mod chance;

pub use chance::Chance;
pub use disk::{Disk, Loss, Told};
pub use raw::changes;
pub use voyage::{Blobs, Changes, Commit, IMAGES, Log, OPENED, Rows, Sailor, Tally, attempt, voyage};
