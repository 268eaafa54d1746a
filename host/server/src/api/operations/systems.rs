//! All integrations: what all customers connected and set up, in one list.

use http::Method;
use weighbridge::account::{SwitchSystems, SystemFilter};
use weighbridge::model::access::kinds::{SystemsChange, SystemsRead};

use crate::api::asked::Context;
use crate::api::operation::Operation;

pub(super) fn all() -> Vec<Operation> {
    vec![
        Operation::new(
            ("system list", Method::GET, "/systems"),
            "Show the connections, endpoints and transfers of all customers, and the organisation's own.",
            async |it: Context<SystemsRead>, filter: SystemFilter| it.engine.systems(&it.may, &filter),
        )
        .columns(&["kind", "customer_name", "name", "switch", "state", "reference"]),
        Operation::new(
            ("system switch", Method::POST, "/systems/switch"),
            "Switch many of them in one go; off is confirmed, and says what stops.",
            async |it: Context<SystemsChange>, switch: SwitchSystems| it.engine.switch_systems(&it.may, &switch).await,
        )
        .audits("systems.*"),
    ]
}
