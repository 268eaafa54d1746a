//! The document of a town: one customer whose orders become lines.

use super::Platforms;

/// What differs between towns.
#[derive(Clone, Debug)]
pub struct Setting {
    /// Lines about the customer.
    pub customer: String,
    /// Lines about the transfer.
    pub transfer: String,
    /// Records a page and a request.
    pub page: u32,
    /// The shop's token.
    pub token: String,
}

impl Default for Setting {
    fn default() -> Self {
        Self {
            customer: "status = \"active\"".into(),
            transfer: String::new(),
            page: 100,
            token: "demo-token-that-no-connector-sees".into(),
        }
    }
}

impl Setting {
    pub fn transfer(transfer: &str) -> Self {
        Self { transfer: transfer.into(), ..Self::default() }
    }

    pub fn document(&self, platforms: &Platforms) -> String {
        let Self { customer, transfer, page, token } = self;
        let Platforms { shop, warehouse, .. } = platforms;
        format!(
            r#"
[tenant]
name = "Partner"
zone = "Europe/Warsaw"

[[integration]]
name = "shop"
connector = "weighbridge.rest"
networks = ["127.0.0.1/32"]

[[customer]]
name = "acme"
{customer}

[[customer.connection]]
name = "shop"
integration = "shop"
scheme = "bearer"
secrets = {{ token = "{token}" }}

[customer.connection.configuration]
base_url = "{shop}"
auth = "bearer"

[customer.connection.configuration.streams.orders]
primary_key = ["id"]
read = {{ path = "/orders", records = "/data", page_size = {page}, size_parameter = "limit", pagination = {{ kind = "cursor", parameter = "after", pointer = "/next" }} }}

[[customer.connection]]
name = "warehouse"
integration = "shop"

[customer.connection.configuration]
base_url = "{warehouse}"

[customer.connection.configuration.streams.lines]
primary_key = ["id"]
upsert = {{ method = "PUT", path = "/lines", body = "lines", records = {page} }}
create = {{ method = "POST", path = "/lines", body = "lines", records = {page} }}

[[customer.endpoint]]
name = "orders"
description = "Orders of the shop."
direction = "source"
connection = "shop"
stream = "orders"

[[customer.endpoint]]
name = "lines"
description = "Lines of the warehouse."
direction = "destination"
connection = "warehouse"
stream = "lines"

[[customer.mapping]]
name = "order to line"
rules = [
    {{ copy = "/id" }},
    {{ copy = "/number" }},
    {{ copy = "/customer/id", to = "/customer", cast = "string" }},
    {{ copy = "/total", to = "/total", cast = "number" }},
    {{ copy = "/status", table = {{ open = "O", paid = "P" }} }},
    {{ constant = "EUR", to = "/currency" }},
]

[[customer.transfer]]
name = "orders"
source = "orders"
destination = "lines"
mapping = "order to line"
sync = "full_refresh"
limit = {{ records = {page}, bytes = 1000000 }}
{transfer}
"#
        )
    }
}
