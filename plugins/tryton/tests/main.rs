//! The connector against a Tryton that is written down here, in the words of the real one.

mod read;
mod write;
