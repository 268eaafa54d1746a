//! Pages of the partner's staff.

mod customers;
mod design;
mod edit_customer;
mod end_customer;
mod events;
mod grid;
mod in_doubt;
mod new_customer;
mod offers;
mod overview;
mod runs;
mod self_managed;
pub(crate) mod settings;
pub(crate) mod tabs;
mod usage;
mod workflows;

use super::screen::Screen;

/// Every page of the partner's staff.
pub(super) fn screens() -> Vec<Screen> {
    [
        customers::screens(),
        new_customer::screens(),
        overview::screens(),
        edit_customer::screens(),
        end_customer::screens(),
        events::screens(),
        grid::screens(),
        offers::screens(),
        self_managed::screens(),
        workflows::screens(),
        design::screens(),
        runs::screens(),
        in_doubt::screens(),
        usage::screens(),
        settings::screens(),
    ]
    .into_iter()
    .flatten()
    .collect()
}
