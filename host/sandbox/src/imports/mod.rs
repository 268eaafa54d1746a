//! The abilities of the contract: one file each, beside `schemas/wit/X.wit` and `sdk/src/X.rs`.

pub(crate) mod clock;
pub(crate) mod config;
pub(crate) mod files;
pub(crate) mod http;
pub(crate) mod log;
pub(crate) mod run;
pub(crate) mod secrets;

use crate::bindings::weighbridge::connector::types;
use crate::state::State;

/// The types that the others share; nothing can be asked of them.
impl types::Host for State {}
