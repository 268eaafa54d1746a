//! The connector against platforms that are written down here.

mod read;
mod write;
