//! The run a call belongs to.

#[cfg(target_family = "wasm")]
use crate::bindings::weighbridge::connector::run as host;
#[cfg(not(target_family = "wasm"))]
use crate::testing::imports::run as host;

/// Whether the run is being stopped. Long loops ask now and then and come back early.
pub fn cancelled() -> bool {
    host::cancelled()
}

/// How far the call is, for whoever watches.
pub fn progress(done: u64, total: Option<u64>, note: Option<&str>) {
    host::progress(done, total, note);
}
