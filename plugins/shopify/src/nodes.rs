//! Records, made of what a query answered.
//!
//! Each has the same fields as the one that `told.rs` makes of what Shopify tells by itself.

use serde_json::{Value, json};

use crate::instant;

/// An order, with the lines that came with it.
pub(crate) fn order(node: &Value) -> Value {
    json!({
        "id": node["id"],
        "name": node["name"],
        "email": node["email"],
        "customer_id": node["customer"]["id"],
        "currency": node["currencyCode"],
        "total": money(&node["totalPriceSet"]),
        "subtotal": money(&node["subtotalPriceSet"]),
        "tax": money(&node["totalTaxSet"]),
        "financial_status": lower(&node["displayFinancialStatus"]),
        "fulfillment_status": lower(&node["displayFulfillmentStatus"]),
        "created_at": at(&node["createdAt"]),
        "updated_at": at(&node["updatedAt"]),
        "cancelled_at": at(&node["cancelledAt"]),
        "lines": nodes(&node["lineItems"]).map(line).collect::<Vec<_>>(),
    })
}

/// A line of an order.
pub(crate) fn line(node: &Value) -> Value {
    json!({
        "id": node["id"],
        "variant_id": node["variant"]["id"],
        "sku": node["sku"],
        "title": node["title"],
        "quantity": node["quantity"],
        "unit_price": money(&node["originalUnitPriceSet"]),
    })
}

/// A product.
pub(crate) fn product(node: &Value) -> Value {
    json!({
        "id": node["id"],
        "handle": node["handle"],
        "title": node["title"],
        "vendor": node["vendor"],
        "product_type": node["productType"],
        "status": lower(&node["status"]),
        "tags": node["tags"],
        "created_at": at(&node["createdAt"]),
        "updated_at": at(&node["updatedAt"]),
    })
}

/// A variant of a product.
pub(crate) fn variant(node: &Value) -> Value {
    json!({
        "id": node["id"],
        "product_id": node["product"]["id"],
        "inventory_item_id": node["inventoryItem"]["id"],
        "sku": node["sku"],
        "barcode": node["barcode"],
        "title": node["title"],
        "price": amount(&node["price"]),
        "created_at": at(&node["createdAt"]),
        "updated_at": at(&node["updatedAt"]),
    })
}

/// A customer.
pub(crate) fn customer(node: &Value) -> Value {
    json!({
        "id": node["id"],
        "email": node["defaultEmailAddress"]["emailAddress"],
        "phone": node["defaultPhoneNumber"]["phoneNumber"],
        "first_name": node["firstName"],
        "last_name": node["lastName"],
        "state": lower(&node["state"]),
        "tags": node["tags"],
        "created_at": at(&node["createdAt"]),
        "updated_at": at(&node["updatedAt"]),
    })
}

/// How much of an item is at a location.
pub(crate) fn inventory_level(node: &Value) -> Value {
    let quantity = |name: &str| {
        let all = node["quantities"].as_array().into_iter().flatten();
        all.into_iter().find(|one| one["name"] == name).map(|one| one["quantity"].clone())
    };
    json!({
        "inventory_item_id": node["item"]["id"],
        "location_id": node["location"]["id"],
        "sku": node["item"]["sku"],
        "available": quantity("available"),
        "on_hand": quantity("on_hand"),
        "committed": quantity("committed"),
        "updated_at": at(&node["updatedAt"]),
    })
}

/// The nodes of a connection.
pub(crate) fn nodes(connection: &Value) -> impl Iterator<Item = &Value> {
    connection["edges"].as_array().into_iter().flatten().map(|edge| &edge["node"])
}

/// An instant in UTC; nothing where there is none.
pub(crate) fn at(written: &Value) -> Option<String> {
    written.as_str().and_then(instant::seconds).map(instant::text)
}

/// A word as records have it.
pub(crate) fn lower(written: &Value) -> Option<String> {
    written.as_str().map(str::to_lowercase)
}

/// An amount in the shop's own currency.
fn money(bag: &Value) -> Option<String> {
    amount(&bag["shopMoney"]["amount"])
}

/// A decimal with two places or more: `12.0` and `12.00` are one amount.
pub(crate) fn amount(written: &Value) -> Option<String> {
    let text = written.as_str()?;
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    Some(format!("{whole}.{:0<2}", part.trim_end_matches('0')))
}
