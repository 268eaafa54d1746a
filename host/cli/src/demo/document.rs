//! The demo's document: a partner, one customer, two connected systems, and one transfer between them.

use crate::platforms::TOKEN;

/// The whole of it, for platforms at these addresses; the customer begins inactive.
pub(super) fn whole(shop: &str, warehouse: &str) -> String {
    format!(
        r#"# What there is to be. Apply it again and nothing changes; change it, and only that changes.

[tenant]
name = "Partner"
zone = "Europe/Warsaw"

[[integration]]
name = "shop"
connector = "weighbridge.rest"
networks = ["127.0.0.1/32"]

[[integration]]
name = "warehouse"
connector = "weighbridge.rest"
networks = ["127.0.0.1/32"]

[[customer]]
name = "acme"
quota = {{ records = 100000 }}

[[customer.connection]]
name = "Acme's shop"
integration = "shop"
scheme = "bearer"
secrets = {{ token = "{TOKEN}" }}

[customer.connection.configuration]
base_url = "{shop}"
auth = "bearer"

[customer.connection.configuration.streams.diamonds]
primary_key = ["id"]
read = {{ path = "/diamonds", records = "/data", page_size = 500, size_parameter = "limit", pagination = {{ kind = "cursor", parameter = "after", pointer = "/next" }}, incremental = {{ parameter = "since", field = "id", ordered = true }} }}

[[customer.connection]]
name = "Acme's warehouse"
integration = "warehouse"

[customer.connection.configuration]
base_url = "{warehouse}"

[customer.connection.configuration.streams.lines]
primary_key = ["id"]
upsert = {{ method = "PUT", path = "/lines", body = "lines", records = 500 }}
create = {{ method = "POST", path = "/lines", body = "lines", records = 500 }}

[[customer.endpoint]]
name = "catalogue"
description = "Diamonds as the shop sells them."
direction = "source"
connection = "Acme's shop"
stream = "diamonds"

[[customer.endpoint]]
name = "stock"
description = "Lines as the warehouse keeps them."
direction = "destination"
connection = "Acme's warehouse"
stream = "lines"

[[customer.mapping]]
name = "diamond to line"
filter = [{{ field = "/cut", differs = "Fair" }}]
rules = [
    {{ copy = "/id" }},
    {{ copy = "/price_usd", to = "/price/amount", cast = "string" }},
    {{ constant = "USD", to = "/price/currency" }},
    {{ copy = "/carat", to = "/weight_carat" }},
    {{ copy = "/color", table = {{ D = "colourless", E = "colourless", F = "colourless" }}, default = "near colourless", to = "/colour" }},
    {{ copy = "/size_mm/x", to = "/length_mm" }},
]

[[customer.transfer]]
name = "diamonds"
source = "catalogue"
destination = "stock"
mapping = "diamond to line"
limit = {{ records = 500, bytes = 1000000 }}
"#
    )
}

/// One thing about the customer, and nothing else.
pub(super) fn status(status: &str) -> String {
    format!("[tenant]\nname = \"Partner\"\n\n[[customer]]\nname = \"acme\"\nstatus = \"{status}\"\n")
}
