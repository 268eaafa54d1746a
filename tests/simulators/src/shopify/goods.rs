//! What stands in a shop: nodes with all the fields that they have here.

use serde_json::{Value, json};

/// A product as it is when somebody just made it.
pub fn product(number: u64, now: &str) -> Value {
    json!({ "id": format!("gid://shopify/Product/{number}"), "handle": format!("product-{number}"), "title": "", "vendor": "",
        "descriptionHtml": "", "productType": "", "status": "ACTIVE", "tags": [], "createdAt": now, "updatedAt": now })
}

/// A variant of the product of the same number.
pub fn variant(number: u64, now: &str) -> Value {
    json!({ "id": format!("gid://shopify/ProductVariant/{number}"), "product": { "id": format!("gid://shopify/Product/{number}") },
        "inventoryItem": { "id": format!("gid://shopify/InventoryItem/{number}") }, "sku": format!("S{number}"), "barcode": null,
        "title": "Default Title", "price": "9.90", "createdAt": now, "updatedAt": now })
}

/// How much of the item of this number is at the first location.
pub fn level(number: u64, available: i64, now: &str) -> Value {
    json!({ "id": format!("gid://shopify/InventoryLevel/1?inventory_item_id={number}"), "updatedAt": now,
        "item": { "id": format!("gid://shopify/InventoryItem/{number}"), "sku": format!("S{number}") },
        "location": { "id": "gid://shopify/Location/1" },
        "quantities": [{ "name": "available", "quantity": available }, { "name": "on_hand", "quantity": available + 1 },
            { "name": "committed", "quantity": 1 }] })
}

/// A customer.
pub fn customer(number: u64, now: &str) -> Value {
    json!({ "id": format!("gid://shopify/Customer/{number}"), "firstName": "Ada", "lastName": format!("N{number}"),
        "defaultEmailAddress": { "emailAddress": format!("ada{number}@example.com") }, "defaultPhoneNumber": null,
        "state": "ENABLED", "tags": ["new"], "createdAt": now, "updatedAt": now })
}

/// An order with so many lines of one piece each.
pub fn order(number: u64, lines: u64, now: &str) -> Value {
    let money = |amount: u64| json!({ "shopMoney": { "amount": format!("{amount}.0") } });
    let line = |line: u64| {
        json!({ "id": format!("gid://shopify/LineItem/{}", number * 1_000 + line), "sku": format!("S{line}"), "title": "Lamp",
            "variant": { "id": format!("gid://shopify/ProductVariant/{line}") }, "quantity": 1, "originalUnitPriceSet": money(10) })
    };
    json!({ "id": format!("gid://shopify/Order/{number}"), "name": format!("#{}", 1_000 + number), "email": "bo@example.com",
        "customer": { "id": "gid://shopify/Customer/1" }, "currencyCode": "EUR", "totalPriceSet": money(lines * 12),
        "subtotalPriceSet": money(lines * 10), "totalTaxSet": money(lines * 2), "displayFinancialStatus": "PAID",
        "displayFulfillmentStatus": "UNFULFILLED", "createdAt": now, "updatedAt": now, "cancelledAt": null,
        "lineItems": (1..=lines).map(line).collect::<Vec<_>>() })
}
