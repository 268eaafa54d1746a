//! Writing products and stock.

use serde_json::{Value, json};
use weighbridge_sdk::destination::WriteMode;
use weighbridge_sdk::testing::{ScriptedHost, remove, write};
use weighbridge_shopify::Shopify;

fn host(answer: impl Fn(&str, &Value) -> Value + 'static) -> ScriptedHost {
    let host = ScriptedHost::install();
    host.configure(json!({ "shop": "example-shop", "auth": "access_token" }));
    host.answers(move |sent| {
        let asked = sent.json();
        (200, json!({ "data": answer(asked["query"].as_str().unwrap(), &asked["variables"]) })).into()
    });
    host
}

#[test]
fn sets_products_by_their_handle_and_keeps_the_ids_that_they_get() {
    let host = host(|_, asked| match asked["handle"].as_str().unwrap() {
        "lamp" => {
            assert_eq!(asked["input"], json!({ "handle": "lamp", "title": "Lamp", "status": "DRAFT", "tags": ["x"] }));
            json!({ "productSet": { "product": { "id": "gid://shopify/Product/7" }, "userErrors": [] } })
        }
        _ => {
            let error = json!({ "code": "INVALID_INPUT", "field": ["input", "title"], "message": "Title is too long" });
            json!({ "productSet": { "product": null, "userErrors": [error] } })
        }
    });
    let records = [
        json!({ "handle": "lamp", "title": "Lamp", "status": "draft", "tags": ["x"] }),
        json!({ "handle": "desk", "title": "Desk" }),
    ];
    let receipt = write::<Shopify>("products", WriteMode::Upsert, &records).unwrap();
    assert_eq!(receipt.assigned, [(0, "gid://shopify/Product/7".to_owned())]);
    let rejected = &receipt.rejected[0];
    assert_eq!((rejected.index, rejected.code.as_str(), rejected.retryable), (1, "shopify.invalid_input", false));
    assert_eq!(rejected.message, "input/title: Title is too long");
    assert_eq!(host.sent()[0].auth.as_deref(), Some("access_token"));
}

#[test]
fn removes_products_by_their_handle_and_is_content_where_one_is_gone() {
    let host = host(|query, asked| match (query.contains("productDelete"), asked["handle"].as_str()) {
        (true, _) => json!({ "productDelete": { "deletedProductId": asked["id"], "userErrors": [] } }),
        (false, Some("lamp")) => json!({ "productByIdentifier": { "id": "gid://shopify/Product/7" } }),
        (false, _) => json!({ "productByIdentifier": null }),
    });
    let keys = [json!({ "handle": "gone" }), json!({ "handle": "lamp" })];
    let receipt = remove::<Shopify>("products", WriteMode::Upsert, &keys).unwrap();
    assert_eq!((receipt.taken, receipt.rejected.len(), host.sent().len()), (2, 0, 3));
}

fn level(number: u32) -> Value {
    json!({ "inventory_item_id": format!("gid://shopify/InventoryItem/{number}"), "location_id": "gid://shopify/Location/1",
        "available": number })
}

#[test]
fn sets_stock_under_the_batchs_keys_whatever_was_there() {
    let host = host(|query, asked| {
        assert!(query.contains("@idempotent(key: $key)"));
        let first = &asked["input"]["quantities"][0];
        assert!(first.as_object().unwrap().contains_key("changeFromQuantity") && first["changeFromQuantity"].is_null());
        json!({ "inventorySetQuantities": { "userErrors": [] } })
    });
    let records: Vec<Value> = (0..300).map(level).collect();
    assert_eq!(write::<Shopify>("inventory_levels", WriteMode::Upsert, &records).unwrap().taken, 300);
    let keys: Vec<Value> = host.sent().iter().map(|sent| sent.json()["variables"]["key"].clone()).collect();
    assert_eq!(keys, ["KEY-0-250", "KEY-250-50"]);
}

#[test]
fn has_each_come_again_alone_where_one_of_several_is_refused() {
    for (count, retryable) in [(3, true), (1, false)] {
        let _host = host(|_, _| {
            let error = json!({ "code": "INVALID_INVENTORY_ITEM", "field": ["input", "quantities", "0"], "message": "not found" });
            json!({ "inventorySetQuantities": { "userErrors": [error] } })
        });
        let records: Vec<Value> = (0..count).map(level).collect();
        let rejected = write::<Shopify>("inventory_levels", WriteMode::Upsert, &records).unwrap().rejected;
        let indices: Vec<u32> = rejected.iter().map(|one| one.index).collect();
        assert_eq!(indices, (0..count).collect::<Vec<_>>());
        assert!(rejected.iter().all(|one| one.retryable == retryable && one.code == "shopify.invalid_inventory_item"));
    }
}
