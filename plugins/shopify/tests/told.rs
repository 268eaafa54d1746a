//! What Shopify tells by itself.

use serde_json::{Value, json};
use weighbridge_sdk::testing::{ScriptedHost, read_all};
use weighbridge_sdk::{Answer, Connector, Failure, FailureClass, Hook, Lifecycle, config};
use weighbridge_shopify::Shopify;

const ADDRESS: &str = "https://bridge.example/hooks/abc";

fn host(told: &[&str]) -> ScriptedHost {
    let host = ScriptedHost::install();
    host.configure(json!({ "shop": "example-shop", "webhooks": told, "webhook_address": ADDRESS }));
    host
}

fn hook(topic: &str, body: &Value, more: &[(&str, &str)]) -> Hook {
    let headers = [("X-Shopify-Topic", topic), ("X-Shopify-Webhook-Id", "d-1"), ("X-Shopify-Hmac-SHA256", "Y29kZQ==")];
    let headers = headers.iter().chain(more).map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    Hook { method: "POST".into(), path: "/".into(), headers: headers.collect(), body: body.to_string().into_bytes() }
}

fn receive(hook: &Hook) -> Result<Answer, Failure> {
    let connector = Shopify::new(config::get().unwrap()).unwrap();
    let Hook { method, path, headers, body } = hook;
    connector.receive(Hook { method: method.clone(), path: path.clone(), headers: headers.clone(), body: body.clone() })
}

/// The same order as a query answers it, and as it is told.
fn order() -> (Value, Value) {
    let money = |amount: &str| json!({ "shopMoney": { "amount": amount } });
    let node = json!({ "id": "gid://shopify/Order/1", "name": "#1001", "email": "bo@example.com",
        "customer": { "id": "gid://shopify/Customer/5" }, "currencyCode": "EUR", "totalPriceSet": money("62.5"),
        "subtotalPriceSet": money("52.5"), "totalTaxSet": money("10.0"), "displayFinancialStatus": "PAID",
        "displayFulfillmentStatus": "PARTIALLY_FULFILLED", "createdAt": "2026-03-31T08:00:00Z",
        "updatedAt": "2026-03-31T09:00:00Z", "cancelledAt": null,
        "lineItems": { "edges": [{ "node": { "id": "gid://shopify/LineItem/9", "variant": { "id": "gid://shopify/ProductVariant/3" },
            "sku": "S", "title": "Lamp", "quantity": 2, "originalUnitPriceSet": money("26.25") } }],
            "pageInfo": { "hasNextPage": false } } });
    let told = json!({ "id": 1, "admin_graphql_api_id": "gid://shopify/Order/1", "name": "#1001", "email": "bo@example.com",
        "customer": { "id": 5, "admin_graphql_api_id": "gid://shopify/Customer/5" }, "currency": "EUR", "total_price": "62.50",
        "subtotal_price": "52.50", "total_tax": "10.00", "financial_status": "paid", "fulfillment_status": "partial",
        "created_at": "2026-03-31T04:00:00-04:00", "updated_at": "2026-03-31T05:00:00-04:00", "cancelled_at": null,
        "line_items": [{ "id": 9, "admin_graphql_api_id": "gid://shopify/LineItem/9", "variant_id": 3, "sku": "S",
            "title": "Lamp", "quantity": 2, "price": "26.25" }] });
    (node, told)
}

#[test]
fn makes_the_same_record_of_what_is_told_and_of_what_is_read() {
    let (node, told) = order();
    let host = host(&["orders"]);
    let hook = hook("orders/updated", &told, &[("X-Shopify-Shop-Domain", "example-shop.myshopify.com")]);
    host.signs("webhook", "hmac-sha256", &hook.body, b"code");
    let answer = receive(&hook).unwrap();
    assert_eq!((answer.status, answer.deliveries.len()), (200, 1));
    assert_eq!((answer.deliveries[0].stream.as_str(), answer.deliveries[0].id.as_str()), ("orders", "d-1"));
    let record: Value = serde_json::from_slice(&answer.deliveries[0].records).unwrap();
    host.answers(move |_| {
        let page = json!({ "edges": [{ "cursor": "c", "node": node }], "pageInfo": { "hasNextPage": false } });
        (200, json!({ "data": { "orders": page } })).into()
    });
    assert_eq!(read_all::<Shopify>("orders", 10).unwrap(), [record]);
}

#[test]
fn takes_nothing_that_is_not_signed_or_another_shops() {
    let host = host(&["orders"]);
    let (_, told) = order();
    let own = hook("orders/updated", &told, &[]);
    host.signs("webhook", "hmac-sha256", b"another body", b"code");
    let refused = receive(&own).unwrap_err();
    assert_eq!((refused.class, refused.code.as_str()), (FailureClass::Auth, "shopify.signature_wrong"));
    host.signs("webhook", "hmac-sha256", &own.body, b"code");
    assert_eq!(receive(&own).unwrap().deliveries.len(), 1);
    for headers in [&[("X-Shopify-Shop-Domain", "another.myshopify.com")][..], &[]] {
        let mut other = hook("orders/updated", &told, headers);
        if headers.is_empty() {
            other.headers.retain(|(name, _)| !name.contains("Hmac"));
        }
        assert_eq!(receive(&other).unwrap_err().code, "shopify.signature_wrong");
    }
}

#[test]
fn takes_what_it_did_not_ask_for_without_a_record() {
    let host = host(&["orders"]);
    for topic in ["products/update", "customers/redact", "app/uninstalled"] {
        let hook = hook(topic, &json!({}), &[]);
        host.signs("webhook", "hmac-sha256", &hook.body, b"code");
        assert_eq!(receive(&hook).map(|answer| (answer.status, answer.deliveries.len())).unwrap(), (200, 0));
    }
}

#[test]
fn subscribes_to_what_is_missing_and_leaves_what_is_at_other_addresses() {
    let there = json!([
        { "node": { "id": "s1", "topic": "ORDERS_CREATE", "uri": ADDRESS } },
        { "node": { "id": "s2", "topic": "CUSTOMERS_UPDATE", "uri": ADDRESS } },
        { "node": { "id": "s3", "topic": "ORDERS_UPDATED", "uri": "https://somebody.example/else" } },
    ]);
    for (event, wanted) in [
        (Lifecycle::Enabled, &["ORDERS_UPDATED", "s2"][..]),
        (Lifecycle::Disabled, &["s1", "s2"]),
        (Lifecycle::Deleted, &["s1", "s2"]),
    ] {
        let (host, there) = (host(&["orders"]), there.clone());
        host.answers(move |sent| {
            let query = sent.json()["query"].as_str().unwrap().to_owned();
            let data = match query.starts_with("query") {
                true => json!({ "webhookSubscriptions": { "edges": there, "pageInfo": { "hasNextPage": false } } }),
                false => json!({ "webhookSubscriptionCreate": { "userErrors": [] }, "webhookSubscriptionDelete": { "userErrors": [] } }),
            };
            (200, json!({ "data": data })).into()
        });
        Shopify::new(config::get().unwrap()).unwrap().on(event).unwrap();
        let asked = host.sent().into_iter().skip(1).map(|sent| sent.json()["variables"].clone());
        let asked: Vec<String> =
            asked.map(|asked| asked["topic"].as_str().or(asked["id"].as_str()).unwrap().to_owned()).collect();
        assert_eq!(asked, wanted);
    }
}
