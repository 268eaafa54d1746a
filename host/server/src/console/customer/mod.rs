//! Pages about one customer: below the customer for the partner's staff, at `/my` for the customer's own people.

mod backfills;
mod connect;
mod edit_endpoint;
mod edit_transfer;
mod editor;
mod endpoints;
mod frame;
mod links;
mod mappings;
mod platforms;
mod rejected;
mod rule_lines;
mod rule_rows;
mod run;
mod run_log;
pub(crate) mod runs;
mod schema;
mod service;
mod services;
mod sync_now;
mod system;
mod systems;
mod transfer;
mod transfers;
mod tried_records;
mod try_transfer;
pub(crate) mod usage;
mod webhooks;
mod whose;

use super::screen::Screen;

pub(crate) use frame::Part;
pub(crate) use platforms::category_name;
pub(crate) use system::{purposes, sign};

/// Every page about one customer.
pub(super) fn screens() -> Vec<Screen> {
    [
        systems::screens(),
        platforms::screens(),
        connect::screens(),
        system::screens(),
        links::screens(),
        transfers::screens(),
        transfer::screens(),
        edit_transfer::screens(),
        try_transfer::screens(),
        backfills::screens(),
        runs::screens(),
        run::screens(),
        rejected::screens(),
        endpoints::screens(),
        edit_endpoint::screens(),
        mappings::screens(),
        editor::screens(),
        usage::screens(),
        services::screens(),
        service::screens(),
    ]
    .into_iter()
    .flatten()
    .collect()
}
