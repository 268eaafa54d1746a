//! Records, made of what Shopify tells by itself: the same as `nodes.rs` makes of an answer, from another shape.

use serde_json::{Value, json};

use crate::nodes::{amount, at, lower};

/// An order.
pub(crate) fn order(told: &Value) -> Value {
    let lines = told["line_items"].as_array().into_iter().flatten().map(line);
    json!({
        "id": told["admin_graphql_api_id"],
        "name": told["name"],
        "email": some(&told["email"]),
        "customer_id": told["customer"]["admin_graphql_api_id"],
        "currency": told["currency"],
        "total": amount(&told["total_price"]),
        "subtotal": amount(&told["subtotal_price"]),
        "tax": amount(&told["total_tax"]),
        "financial_status": lower(&told["financial_status"]),
        "fulfillment_status": match told["fulfillment_status"].as_str() {
            None => "unfulfilled".to_owned(),
            Some("partial") => "partially_fulfilled".to_owned(),
            Some(other) => other.to_lowercase(),
        },
        "created_at": at(&told["created_at"]),
        "updated_at": at(&told["updated_at"]),
        "cancelled_at": at(&told["cancelled_at"]),
        "lines": lines.collect::<Vec<_>>(),
    })
}

fn line(told: &Value) -> Value {
    json!({
        "id": told["admin_graphql_api_id"],
        "variant_id": told["variant_id"].as_u64().map(|id| format!("gid://shopify/ProductVariant/{id}")),
        "sku": some(&told["sku"]),
        "title": told["title"],
        "quantity": told["quantity"],
        "unit_price": amount(&told["price"]),
    })
}

/// A product.
pub(crate) fn product(told: &Value) -> Value {
    json!({
        "id": told["admin_graphql_api_id"],
        "handle": told["handle"],
        "title": told["title"],
        "vendor": told["vendor"],
        "product_type": told["product_type"],
        "status": lower(&told["status"]),
        "tags": tags(&told["tags"]),
        "created_at": at(&told["created_at"]),
        "updated_at": at(&told["updated_at"]),
    })
}

/// A customer.
pub(crate) fn customer(told: &Value) -> Value {
    json!({
        "id": told["admin_graphql_api_id"],
        "email": some(&told["email"]),
        "phone": some(&told["phone"]),
        "first_name": told["first_name"],
        "last_name": told["last_name"],
        "state": lower(&told["state"]),
        "tags": tags(&told["tags"]),
        "created_at": at(&told["created_at"]),
        "updated_at": at(&told["updated_at"]),
    })
}

/// Tags stand in one text, with commas between.
fn tags(told: &Value) -> Vec<&str> {
    let text = told.as_str().unwrap_or_default();
    text.split(',').map(str::trim).filter(|tag| !tag.is_empty()).collect()
}

/// An empty text means that there is none.
fn some(told: &Value) -> Option<&str> {
    told.as_str().filter(|text| !text.is_empty())
}
