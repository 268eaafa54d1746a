//! Pages about one customer: below the customer for the partner's staff, at `/my` for the customer's own people.

mod connect;
mod frame;
mod links;
mod platforms;
mod service;
mod services;
mod system;
mod systems;
mod whose;

use super::screen::Screen;

pub(crate) use frame::Part;
pub(crate) use platforms::category_name;
pub(crate) use system::{purpose, sign};

/// Every page about one customer.
pub(super) fn screens() -> Vec<Screen> {
    [
        systems::screens(),
        platforms::screens(),
        connect::screens(),
        system::screens(),
        links::screens(),
        services::screens(),
        service::screens(),
    ]
    .into_iter()
    .flatten()
    .collect()
}
