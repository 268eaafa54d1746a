//! Walking over streams.

use std::cell::RefCell;
use std::rc::Rc;

use serde_json::{Value, json};
use weighbridge_sdk::FailureClass;
use weighbridge_sdk::source::SyncMode;
use weighbridge_sdk::testing::{Scripted, ScriptedHost, Sent, read_all, read_from};
use weighbridge_shopify::Shopify;

/// Products by their number, and the second of their last change.
type Table = Rc<RefCell<Vec<(u64, i64)>>>;

const DATE: &str = "Tue, 31 Mar 2026 10:00:00 GMT";

fn at(second: i64) -> String {
    format!("2026-03-31T{:02}:{:02}:{:02}Z", 9 + second / 3600, second / 60 % 60, second % 60)
}

fn page(rows: &[Value], first: usize) -> Value {
    let edges: Vec<Value> =
        rows.iter().take(first).map(|node| json!({ "cursor": format!("c{}", node["id"]), "node": node })).collect();
    json!({ "edges": edges, "pageInfo": { "hasNextPage": rows.len() > first } })
}

/// Answers as Shopify does, for the filters that this connector sends.
fn answer(table: &[(u64, i64)], sent: &Sent) -> Scripted {
    let asked = &sent.json()["variables"];
    let filter = asked["filter"].as_str().unwrap_or_default();
    let bound = |operator: &str| filter.split_once(operator).map(|(_, rest)| rest[..20].to_owned());
    let (since, until) = (bound(">='"), bound("<'"));
    let rows = table.iter().map(|(id, second)| {
        json!({ "id": format!("gid://shopify/Product/{id}"), "handle": format!("p{id}"), "title": "T", "vendor": null,
            "productType": "", "status": "ACTIVE", "tags": ["a"], "createdAt": at(0), "updatedAt": at(*second) })
    });
    let changed =
        |row: &Value, bound: &Option<String>| bound.as_ref().map(|bound| row["updatedAt"].as_str().unwrap().cmp(bound));
    let fits = |row: &Value| {
        let after = asked["after"].as_str().map(|after| after.to_owned());
        let number = |text: &str| text.trim_matches('"').rsplit('/').next().unwrap().parse::<u64>().unwrap();
        after.is_none_or(|after| number(row["id"].as_str().unwrap()) > number(&after))
            && changed(row, &since).is_none_or(|order| order.is_ge())
            && changed(row, &until).is_none_or(|order| order.is_lt())
    };
    let rows: Vec<Value> = rows.filter(fits).collect();
    let first = usize::try_from(asked["first"].as_u64().unwrap()).unwrap();
    Scripted::from((200, json!({ "data": { "products": page(&rows, first) } }))).header("Date", DATE)
}

fn host(rows: Vec<(u64, i64)>) -> (ScriptedHost, Table) {
    let host = ScriptedHost::install();
    host.configure(json!({ "shop": "example-shop", "overlap_s": 60 }));
    let table = Rc::new(RefCell::new(rows));
    let own = Rc::clone(&table);
    host.answers(move |sent| answer(&own.borrow(), sent));
    (host, table)
}

fn handles(records: &[Value]) -> Vec<&str> {
    records.iter().map(|record| record["handle"].as_str().unwrap()).collect()
}

#[test]
fn reads_every_record_once_whatever_the_limit() {
    for limit in [1, 2, 3, 10] {
        let (host, _) = host((1..=7).map(|id| (id, 0)).collect());
        let records = read_all::<Shopify>("products", limit).unwrap();
        assert_eq!(handles(&records), ["p1", "p2", "p3", "p4", "p5", "p6", "p7"]);
        let sent = &host.sent()[0];
        assert_eq!(sent.url, "https://example-shop.myshopify.com/admin/api/2026-07/graphql.json");
        assert_eq!(sent.auth.as_deref(), Some("oauth2"));
        assert_eq!(sent.json()["variables"]["filter"], Value::Null);
    }
}

#[test]
fn reads_then_only_what_changed_and_nothing_twice_from_the_overlap() {
    // Shopify's clock says 10:00:00 when the walk begins, which is second 3,600 of the table.
    let (host, table) = host(vec![(1, 10), (2, 3_590), (3, 3_599)]);
    let (records, checkpoint) = read_from::<Shopify>("products", SyncMode::Incremental, None, 2).unwrap();
    assert_eq!(records.len(), 3);
    table.borrow_mut()[0].1 = 3_595;
    table.borrow_mut().push((4, 3_580));
    let (records, checkpoint) = read_from::<Shopify>("products", SyncMode::Incremental, checkpoint, 2).unwrap();
    assert_eq!(handles(&records), ["p1", "p4"], "one was found late by the search");
    let asked = host.sent().last().unwrap().json()["variables"]["filter"].clone();
    assert_eq!(asked, "updated_at:>='2026-03-31T09:59:00Z'");
    let (records, _) = read_from::<Shopify>("products", SyncMode::Incremental, checkpoint, 2).unwrap();
    assert!(records.is_empty(), "{records:?}");
}

fn order(lines: std::ops::Range<u32>, more: bool) -> Value {
    let lines: Vec<Value> = lines
        .map(|number| {
            json!({ "node": { "id": format!("gid://shopify/LineItem/{number}"), "variant": null, "sku": "S", "title": "T",
                "quantity": 1, "originalUnitPriceSet": { "shopMoney": { "amount": "2.5" } } } })
        })
        .collect();
    json!({ "edges": lines, "pageInfo": { "hasNextPage": more, "endCursor": "there" } })
}

#[test]
fn reads_all_lines_of_an_order_however_many() {
    let host = ScriptedHost::install();
    host.configure(json!({ "shop": "example-shop" }));
    host.answers(|sent| {
        let asked = sent.json();
        if asked["variables"]["id"] == "gid://shopify/Order/1" {
            assert_eq!(asked["variables"]["after"], "there");
            return (200, json!({ "data": { "order": { "lineItems": order(10..25, false) } } })).into();
        }
        let node = json!({ "id": "gid://shopify/Order/1", "name": "#1001", "updatedAt": "2026-03-31T10:00:00Z",
            "totalPriceSet": { "shopMoney": { "amount": "62.50" } }, "displayFulfillmentStatus": "UNFULFILLED",
            "lineItems": order(0..10, true) });
        let orders = json!({ "edges": [{ "cursor": "c", "node": node }], "pageInfo": { "hasNextPage": false } });
        (200, json!({ "data": { "orders": orders } })).into()
    });
    let records = read_all::<Shopify>("orders", 100).unwrap();
    assert_eq!(records[0]["lines"].as_array().unwrap().len(), 25);
    assert_eq!((&records[0]["total"], &records[0]["lines"][24]["unit_price"]), (&json!("62.50"), &json!("2.50")));
}

#[test]
fn asks_for_half_as_much_where_a_query_costs_too_much() {
    let host = ScriptedHost::install();
    host.configure(json!({ "shop": "example-shop" }));
    host.answers(|sent| match sent.json()["variables"]["first"].as_u64().unwrap() {
        ..=25 => (200, json!({ "data": { "products": page(&[], 1) } })).into(),
        _ => {
            let error = json!({ "message": "Query cost is 1002", "extensions": { "code": "MAX_COST_EXCEEDED" } });
            (200, json!({ "errors": [error] })).into()
        }
    });
    assert!(read_all::<Shopify>("products", 1_000).unwrap().is_empty());
    let asked: Vec<u64> = host.sent().iter().map(|sent| sent.json()["variables"]["first"].as_u64().unwrap()).collect();
    assert_eq!(asked, [100, 50, 25]);
}

#[test]
fn says_of_each_refusal_what_the_host_should_do() {
    let throttled = json!({ "errors": [{ "message": "Throttled", "extensions": { "code": "THROTTLED" } }],
        "extensions": { "cost": { "requestedQueryCost": 112, "actualQueryCost": null,
            "throttleStatus": { "maximumAvailable": 2000, "currentlyAvailable": 12, "restoreRate": 100 } } } });
    let coded = |code: &str| json!({ "errors": [{ "message": "no", "extensions": { "code": code } }] });
    for (status, body, class, code, wait) in [
        (200, throttled, FailureClass::RateLimited, "shopify.throttled", Some(19_880)),
        (200, coded("ACCESS_DENIED"), FailureClass::Auth, "shopify.scope_missing", None),
        (200, coded("SHOP_INACTIVE"), FailureClass::Config, "shopify.shop_inactive", None),
        (200, coded("INTERNAL_SERVER_ERROR"), FailureClass::Transient, "shopify.internal_error", None),
        (200, coded("undefinedField"), FailureClass::System, "shopify.query_refused", None),
        (401, json!({ "errors": "[API] Invalid API key" }), FailureClass::Auth, "shopify.token_refused", None),
        (402, json!({}), FailureClass::Config, "shopify.shop_frozen", None),
        (404, json!({ "errors": "Not Found" }), FailureClass::Config, "shopify.shop_missing", None),
        (423, json!({}), FailureClass::Config, "shopify.shop_locked", None),
        (429, json!({}), FailureClass::RateLimited, "shopify.throttled", None),
        (502, json!({}), FailureClass::Transient, "http.502", None),
    ] {
        let host = ScriptedHost::install();
        host.configure(json!({ "shop": "example-shop" }));
        host.answers(move |_| (status, body.clone()).into());
        let failure = read_all::<Shopify>("products", 10).unwrap_err();
        assert_eq!((failure.class, failure.code.as_str(), failure.retry_after_ms), (class, code, wait));
    }
}

#[test]
fn goes_over_every_location_and_page_of_its_stock() {
    let host = ScriptedHost::install();
    host.configure(json!({ "shop": "example-shop", "page_records": 2 }));
    host.answers(|sent| {
        let asked = &sent.json()["variables"];
        let place = asked["location"].as_str().map_or(0, |cursor| cursor[1..].parse::<u64>().unwrap() + 1);
        let after = asked["after"].as_str().map_or(0, |cursor| cursor[1..].parse::<u64>().unwrap() + 1);
        // Of the second location there is nothing.
        let has: Vec<u64> = if place == 1 { Vec::new() } else { (after..3).collect() };
        let edges: Vec<Value> = has
            .iter()
            .take(2)
            .map(|item| {
                json!({ "cursor": format!("i{item}"), "node": { "id": format!("gid://shopify/InventoryLevel/{place}?inventory_item_id={item}"),
                    "updatedAt": at(0), "item": { "id": format!("gid://shopify/InventoryItem/{item}"), "sku": "S" },
                    "location": { "id": format!("gid://shopify/Location/{place}") },
                    "quantities": [{ "name": "available", "quantity": item }, { "name": "on_hand", "quantity": 9 }] } })
            })
            .collect();
        let levels = json!({ "edges": edges, "pageInfo": { "hasNextPage": has.len() > 2 } });
        let edge = json!({ "cursor": format!("l{place}"), "node": { "inventoryLevels": levels } });
        let locations = json!({ "edges": [edge], "pageInfo": { "hasNextPage": place < 2 } });
        (200, json!({ "data": { "locations": locations } })).into()
    });
    let records = read_all::<Shopify>("inventory_levels", 4).unwrap();
    let read: Vec<(&str, i64)> = records
        .iter()
        .map(|record| (record["location_id"].as_str().unwrap(), record["available"].as_i64().unwrap()))
        .collect();
    let at = |place: u64| (0..3).map(move |item| (place, item));
    let wanted: Vec<(String, i64)> =
        at(0).chain(at(2)).map(|(place, item)| (format!("gid://shopify/Location/{place}"), item)).collect();
    let wanted: Vec<(&str, i64)> = wanted.iter().map(|(place, item)| (place.as_str(), *item)).collect();
    assert_eq!(read, wanted);
    assert_eq!((&records[0]["on_hand"], &records[0]["committed"]), (&json!(9), &Value::Null));
}
