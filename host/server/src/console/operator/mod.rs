//! Pages of whoever runs the host.

mod addresses;
mod backups;
mod connectors;
mod explain;
mod health;
mod in_doubt;
mod keys;
pub(crate) mod support;
mod tenants;
mod trust;

use super::screen::Screen;

/// Every page of the host's operators.
pub(super) fn screens() -> Vec<Screen> {
    [
        health::screens(),
        support::screens(),
        in_doubt::screens(),
        tenants::screens(),
        explain::screens(),
        connectors::screens(),
        trust::screens(),
        addresses::screens(),
        keys::screens(),
        backups::screens(),
    ]
    .into_iter()
    .flatten()
    .collect()
}
