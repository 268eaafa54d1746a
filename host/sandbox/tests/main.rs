//! Tests of the sandbox that need no guest.

mod lines;
mod outcome;
mod page;
