//! Pages of the partner's staff.

mod customers;
mod design;
mod edit_customer;
mod end_customer;
mod new_customer;
mod overview;
pub(crate) mod tabs;

use super::screen::Screen;

/// Every page of the partner's staff.
pub(super) fn screens() -> Vec<Screen> {
    [
        customers::screens(),
        new_customer::screens(),
        overview::screens(),
        edit_customer::screens(),
        end_customer::screens(),
        design::screens(),
    ]
    .into_iter()
    .flatten()
    .collect()
}
