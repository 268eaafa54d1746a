//! Lines for whoever reads the run's log. Never write a record or a secret here.

use std::fmt::Display;
use std::sync::Once;

#[cfg(target_family = "wasm")]
use crate::bindings::weighbridge::connector::log as host;
pub use crate::bindings::weighbridge::connector::log::Level;
#[cfg(not(target_family = "wasm"))]
use crate::testing::imports::log as host;

/// Writes a line. The host keeps 256 lines of 4 KiB a batch.
pub fn write(level: Level, message: impl Display) {
    host::write(level, &message.to_string());
}

/// For whoever mends the connector.
pub fn debug(message: impl Display) {
    write(Level::Debug, message);
}

/// Worth knowing.
pub fn info(message: impl Display) {
    write(Level::Info, message);
}

/// Odd, and the run goes on.
pub fn warn(message: impl Display) {
    write(Level::Warn, message);
}

/// Wrong.
pub fn error(message: impl Display) {
    write(Level::Error, message);
}

/// A guest's panic message is lost with the guest; this writes it to the log first.
pub(crate) fn panics() {
    static HOOK: Once = Once::new();
    if cfg!(target_family = "wasm") {
        HOOK.call_once(|| {
            std::panic::set_hook(Box::new(|panic| error(format_args!("the connector panicked: {panic}"))))
        });
    }
}
