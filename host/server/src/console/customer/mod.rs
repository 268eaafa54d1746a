//! Pages about one customer: below the customer for the partner's staff, and at `/my` for the customer's own people.

use super::screen::Screen;

/// Every page about one customer.
pub(super) fn screens() -> Vec<Screen> {
    Vec::new()
}
