//! What is read: the query of each stream, and how a node of its answer becomes a record.

use serde_json::{Value, json};

use crate::nodes;

/// A stream that is read.
pub(crate) struct Stream {
    pub(crate) name: &'static str,
    /// The field that names a record to Shopify, by which a walk remembers what it gave.
    pub(crate) primary_key: &'static [&'static str],
    /// The field of the answer that has the nodes.
    pub(crate) connection: &'static str,
    /// The nodes stand at each location and not at the shop itself.
    pub(crate) by_location: bool,
    /// What is asked of each node.
    fields: &'static str,
    /// So many a request, so that what a query may cost (1,000 points) is enough.
    pub(crate) page_records: u32,
    pub(crate) record: fn(&Value) -> Value,
    schema: fn() -> Value,
}

/// All streams.
pub(crate) const ALL: [Stream; 5] = [
    Stream {
        name: "orders",
        primary_key: &["id"],
        connection: "orders",
        by_location: false,
        fields: "id name email customer { id } currencyCode totalPriceSet { shopMoney { amount } } \
            subtotalPriceSet { shopMoney { amount } } totalTaxSet { shopMoney { amount } } displayFinancialStatus \
            displayFulfillmentStatus createdAt updatedAt cancelledAt \
            lineItems(first: 10) { edges { node { id variant { id } sku title quantity \
            originalUnitPriceSet { shopMoney { amount } } } } pageInfo { hasNextPage endCursor } }",
        page_records: 10,
        record: nodes::order,
        schema: order_schema,
    },
    Stream {
        name: "products",
        primary_key: &["id"],
        connection: "products",
        by_location: false,
        fields: "id handle title vendor productType status tags createdAt updatedAt",
        page_records: 100,
        record: nodes::product,
        schema: product_schema,
    },
    Stream {
        name: "variants",
        primary_key: &["id"],
        connection: "productVariants",
        by_location: false,
        fields: "id product { id } inventoryItem { id } sku barcode title price createdAt updatedAt",
        page_records: 100,
        record: nodes::variant,
        schema: variant_schema,
    },
    Stream {
        name: "customers",
        primary_key: &["id"],
        connection: "customers",
        by_location: false,
        fields: "id defaultEmailAddress { emailAddress } defaultPhoneNumber { phoneNumber } firstName lastName state tags \
            createdAt updatedAt",
        page_records: 100,
        record: nodes::customer,
        schema: customer_schema,
    },
    Stream {
        name: "inventory_levels",
        primary_key: &["inventory_item_id", "location_id"],
        connection: "inventoryLevels",
        by_location: true,
        fields: "id updatedAt item { id sku } location { id } \
            quantities(names: [\"available\", \"on_hand\", \"committed\"]) { name quantity }",
        page_records: 50,
        record: nodes::inventory_level,
        schema: inventory_level_schema,
    },
];

/// The lines of one order, from a place on.
pub(crate) const LINES: &str = "query($id: ID!, $after: String) { order(id: $id) { lineItems(first: 100, after: $after) { \
    edges { node { id variant { id } sku title quantity originalUnitPriceSet { shopMoney { amount } } } } \
    pageInfo { hasNextPage endCursor } } } }";

impl Stream {
    /// The stream of this name.
    pub(crate) fn named(name: &str) -> Option<&'static Self> {
        ALL.iter().find(|stream| stream.name == name)
    }

    /// A page of nodes in the order of their ids, each with its own cursor, so that a page may end at any of them.
    pub(crate) fn query(&self) -> String {
        let Self { connection, fields, .. } = self;
        let edges = format!("edges {{ cursor node {{ {fields} }} }} pageInfo {{ hasNextPage }}");
        let page = "first: $first, after: $after, query: $filter";
        match self.by_location {
            false => format!(
                "query($first: Int!, $after: String, $filter: String) {{ {connection}({page}, sortKey: ID) {{ {edges} }} }}"
            ),
            true => format!(
                "query($first: Int!, $after: String, $filter: String, $location: String) {{ \
                locations(first: 1, after: $location, includeInactive: true) {{ edges {{ cursor node {{ \
                {connection}({page}) {{ {edges} }} }} }} pageInfo {{ hasNextPage }} }} }}"
            ),
        }
    }

    /// JSON Schema of its records.
    pub(crate) fn schema(&self) -> Value {
        (self.schema)()
    }
}

fn text() -> Value {
    json!({ "type": ["string", "null"] })
}

fn instant() -> Value {
    json!({ "type": ["string", "null"], "format": "date-time" })
}

fn number() -> Value {
    json!({ "type": ["integer", "null"] })
}

/// An amount of money, as text: no digit of it is lost.
fn amount() -> Value {
    json!({ "type": ["string", "null"], "pattern": "^-?[0-9]+\\.[0-9]{2,}$" })
}

fn object(required: &[&str], properties: &Value) -> Value {
    json!({ "type": "object", "required": required, "properties": properties })
}

fn id() -> Value {
    json!({ "type": "string", "pattern": "^gid://shopify/" })
}

fn order_schema() -> Value {
    let line = object(
        &["id"],
        &json!({ "id": id(), "variant_id": text(), "sku": text(), "title": text(), "quantity": number(), "unit_price": amount() }),
    );
    object(
        &["id", "updated_at", "lines"],
        &json!({
            "id": id(), "name": text(), "email": text(), "customer_id": text(), "currency": text(), "total": amount(),
            "subtotal": amount(), "tax": amount(), "financial_status": text(), "fulfillment_status": text(),
            "created_at": instant(), "updated_at": instant(), "cancelled_at": instant(),
            "lines": { "type": "array", "items": line },
        }),
    )
}

fn product_schema() -> Value {
    object(
        &["id", "handle", "updated_at"],
        &json!({
            "id": id(), "handle": text(), "title": text(), "vendor": text(), "product_type": text(), "status": text(),
            "tags": { "type": "array", "items": { "type": "string" } }, "created_at": instant(), "updated_at": instant(),
        }),
    )
}

fn variant_schema() -> Value {
    object(
        &["id", "updated_at"],
        &json!({
            "id": id(), "product_id": text(), "inventory_item_id": text(), "sku": text(), "barcode": text(), "title": text(),
            "price": amount(), "created_at": instant(), "updated_at": instant(),
        }),
    )
}

fn customer_schema() -> Value {
    object(
        &["id", "updated_at"],
        &json!({
            "id": id(), "email": text(), "phone": text(), "first_name": text(), "last_name": text(), "state": text(),
            "tags": { "type": "array", "items": { "type": "string" } }, "created_at": instant(), "updated_at": instant(),
        }),
    )
}

fn inventory_level_schema() -> Value {
    object(
        &["inventory_item_id", "location_id"],
        &json!({
            "inventory_item_id": id(), "location_id": id(), "sku": text(), "available": number(), "on_hand": number(),
            "committed": number(), "updated_at": instant(),
        }),
    )
}
