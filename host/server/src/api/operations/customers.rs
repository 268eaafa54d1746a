//! Customers.

use http::Method;
use schemars::JsonSchema;
use serde::Deserialize;
use weighbridge::account::{
    ActivateCustomer, ChangeCustomer, CustomerFilter, DeactivateCustomer, GivenReceipt, NewCustomer, SwitchCustomers,
};
use weighbridge::model::access::kinds::{
    CustomerChange, CustomerDelete, CustomerRead, CustomerSwitch, CustomersCreate, CustomersRead, CustomersSwitch,
};

use super::Nothing;
use crate::api::asked::Context;
use crate::api::operation::Operation;

const COLUMNS: &[&str] = &["name", "external_id", "status", "labels", "connectors", "needs_attention", "created_at"];

/// A table of customers, to be made.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Import {
    /// CSV with headings: `name`, and if wanted `external_id`, `labels` (separated by `;`), `contact_name`, `contact_email`,
    /// `contact_phone`, `start`, `end`.
    table: String,
    /// Only say what would be made.
    #[serde(default)]
    dry_run: bool,
}

/// That a customer is to be deleted.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Delete {
    /// The customer's name, typed as it is shown: this cannot be undone. Usage totals stay on statements, without the name.
    name: String,
}

/// The most bytes of a table.
const TABLE_BYTES_MAX: usize = 16 << 20;

pub(super) fn all() -> Vec<Operation> {
    [keeping(), deleting()].into_iter().flatten().collect()
}

fn deleting() -> Vec<Operation> {
    vec![
        Operation::new(
            ("customer delete", Method::POST, "/customers/{customer}/delete"),
            "Delete a customer for good; usage totals stay on statements without the name, and nothing else does.",
            async |it: Context<CustomerDelete>, asked: Delete| it.engine.delete_customer(&it.may, &asked.name).await,
        )
        .audits("customer.deletion_begun"),
        Operation::new(
            ("customer deletion", Method::GET, "/customers/{customer}/deletion"),
            "Show where a customer's deletion stands: what platforms did not take back, what went, and the signed receipt.",
            async |it: Context<CustomerDelete>, _: Nothing| it.engine.deletion(&it.may),
        ),
        Operation::new(
            ("customer check-receipt", Method::POST, "/customers/receipts/check"),
            "Say whether a receipt of a deletion is one that this host signed.",
            async |it: Context<CustomersRead>, given: GivenReceipt| it.engine.check_receipt(&it.may, &given),
        )
        .unaudited("it looks at what was brought, and changes nothing"),
    ]
}

fn keeping() -> Vec<Operation> {
    vec![
        Operation::new(
            ("customer list", Method::GET, "/customers"),
            "Find customers by any combination of what is known of them.",
            async |it: Context<CustomersRead>, filter: CustomerFilter| it.engine.customers(&it.may, &filter),
        )
        .columns(COLUMNS),
        Operation::new(
            ("customer add", Method::POST, "/customers"),
            "Make a customer; it begins inactive.",
            async |it: Context<CustomersCreate>, new: NewCustomer| it.engine.create_customer(&it.may, &new).await,
        )
        .creates()
        .audits("customer.created"),
        Operation::new(
            ("customer import", Method::POST, "/customers/import"),
            "Make customers from a CSV table: all of its lines are looked at before one of them is made.",
            async |it: Context<CustomersCreate>, import: Import| {
                it.engine.import_customers(&it.may, &import.table, import.dry_run).await
            },
        )
        .body_max(TABLE_BYTES_MAX)
        .audits("customers.imported"),
        Operation::new(
            ("customer switch-many", Method::POST, "/customers/switch"),
            "Switch many customers off, until a date or until they are activated, or on; off is confirmed.",
            async |it: Context<CustomersSwitch>, switch: SwitchCustomers| {
                it.engine.switch_customers(&it.may, &switch).await
            },
        )
        .audits("customer.*"),
        Operation::new(
            ("customer show", Method::GET, "/customers/{customer}"),
            "Show a customer.",
            async |it: Context<CustomerRead>, _: Nothing| it.engine.customer(&it.may),
        ),
        Operation::new(
            ("customer change", Method::PATCH, "/customers/{customer}"),
            "Change a customer; what is left out stays, and what is empty is taken away.",
            async |it: Context<CustomerChange>, change: ChangeCustomer| {
                it.engine.change_customer(&it.may, &change, it.seen()).await
            },
        )
        .audits("customer.changed"),
        Operation::new(
            ("customer deactivate", Method::POST, "/customers/{customer}/deactivate"),
            "Switch a customer off, until a date or until it is activated. Nothing of it moves then.",
            async |it: Context<CustomerSwitch>, how: DeactivateCustomer| {
                it.engine.deactivate_customer(&it.may, &how, it.seen()).await
            },
        )
        .audits("customer.deactivated"),
        Operation::new(
            ("customer activate", Method::POST, "/customers/{customer}/activate"),
            "Switch a customer on.",
            async |it: Context<CustomerSwitch>, how: ActivateCustomer| {
                it.engine.activate_customer(&it.may, &how, it.seen()).await
            },
        )
        .audits("customer.activated"),
    ]
}
