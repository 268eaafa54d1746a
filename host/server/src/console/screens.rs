//! The map: every page of the console, by its address.

use std::sync::LazyLock;

use super::screen::Screen;
use super::{audit, customer, me, operator, people, staff};

/// Every page.
pub(crate) fn screens() -> &'static [Screen] {
    static ALL: LazyLock<Vec<Screen>> = LazyLock::new(|| {
        [staff::screens(), customer::screens(), operator::screens(), people::screens(), audit::screens(), me::screens()]
            .into_iter()
            .flatten()
            .collect()
    });
    &ALL
}
