//! Pages of whoever runs the host.

use super::screen::Screen;

/// Every page of the host's operators.
pub(super) fn screens() -> Vec<Screen> {
    Vec::new()
}
