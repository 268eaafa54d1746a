//! What two systems say of the fields of their records, as the mapping editor shows them on both sides.

use serde_json::{Value, json};

/// The orders of a shop.
pub(super) fn orders() -> Value {
    let text = |about: &str| json!({ "type": "string", "description": about });
    json!({
        "type": "object",
        "required": ["id", "number", "status", "total"],
        "properties": {
            "id": { "type": "integer", "description": "The number that the shop gave it." },
            "number": text("The number that the buyer sees."),
            "customer": { "type": "object", "properties": {
                "id": { "type": "integer" },
                "name": { "type": ["string", "null"] },
                "country": text("In two letters, as PL."),
            } },
            "currency": text("In three letters, as EUR."),
            "total": text("With tax, as it was paid."),
            "status": { "enum": ["open", "paid", "shipped"] },
            "lines": { "type": "array", "items": { "type": "object", "properties": {
                "sku": { "type": "string" }, "quantity": { "type": "integer" },
            } } },
            "created_at": { "type": "string", "format": "date-time" },
            "note": text("What the buyer wrote to the shop, which may be long and say nothing that a warehouse wants."),
        },
    })
}

/// The lines of a warehouse.
pub(super) fn lines() -> Value {
    json!({
        "type": "object",
        "required": ["id", "customer", "total"],
        "properties": {
            "id": { "type": "integer" },
            "number": { "type": "string", "description": "What is printed on the bill." },
            "customer": { "type": "string", "description": "Who is billed." },
            "total": { "type": "number" },
            "currency": { "type": "string" },
            "status": { "type": "string" },
        },
    })
}
