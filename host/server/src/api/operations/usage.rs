//! What was used, and what is left of what is granted.

use http::Method;
use weighbridge::account::{UsageFilter, UsageOfFilter};
use weighbridge::model::access::kinds::{AllUsageRead, UsageRead};

use crate::api::asked::Context;
use crate::api::operation::Operation;

pub(super) fn all() -> Vec<Operation> {
    vec![
        Operation::new(
            ("usage list", Method::GET, "/usage"),
            "Show what all customers used in a month, each by itself and all together.",
            async |it: Context<AllUsageRead>, filter: UsageFilter| it.engine.usage_of_all(&it.may, &filter),
        )
        .columns(&[
            "customer_name",
            "records",
            "bytes",
            "requests",
            "runs",
            "pulls",
            "held",
            "left",
            "customer",
        ]),
        Operation::new(
            ("usage of", Method::GET, "/customers/{customer}/usage"),
            "Show what a customer used, by day or month and by transfer, and what is left.",
            async |it: Context<UsageRead>, filter: UsageOfFilter| it.engine.usage_of_customer(&it.may, &filter),
        )
        .columns(&["on", "transfer_name", "service_name", "records", "bytes", "requests", "runs", "pulls"]),
    ]
}
