//! Records that are not as they were accepted: the page of their endpoint says what was found, and a person accepts it.

use serde_json::json;

use super::browser::{Browser, IN_POLISH_WITHOUT_SCRIPTS, Kind, USUAL};
use super::seeded::people::ADMIN;
use super::seeded::{Seeded, TENANT};
use crate::town::Setting;

/// A customer whose shop describes one field of its orders, and whose endpoint is to stop at any other; its first run did.
fn stopped(seeded: &Seeded, name: &str) -> String {
    let town = &seeded.town;
    let pages = json!({ "kind": "cursor", "parameter": "after", "pointer": "/next" });
    let read = json!({ "path": "/orders", "records": "/data", "page_size": 10, "size_parameter": "limit", "pagination": pages });
    let schema = json!({ "type": "object", "properties": { "id": { "type": "integer" } } });
    let shop = json!({ "base_url": town.platforms.shop, "auth": "bearer",
        "streams": { "orders": { "primary_key": ["id"], "read": read, "schema": schema } } });
    let document = json!({
        "tenant": { "name": TENANT },
        "customer": [{
            "name": name,
            "status": "active",
            "connection": [{ "name": "Shop", "integration": "Online shop", "scheme": "bearer", "configuration": shop,
                "secrets": { "token": Setting::default().token } }],
            "endpoint": [
                { "name": "orders", "description": "Orders of the shop.", "direction": "source", "connection": "Shop",
                    "stream": "orders", "drift": "freeze" },
                { "name": "order lines", "description": "Where orders are billed.", "direction": "destination",
                    "connection": "Nordwind ERP", "stream": "lines" },
            ],
            "mapping": [{ "name": "short", "rules": [{ "copy": "/id" }] }],
            "transfer": [{ "name": "orders to ERP", "source": "orders", "destination": "order lines", "mapping": "short",
                "sync": "full_refresh" }],
        }],
    });
    let file = town.path(&format!("{}.json", name.replace(' ', "-")));
    std::fs::write(&file, document.to_string()).unwrap();
    town.works(&["apply", file.to_str().unwrap()]);
    let run = town.run(&["run", &format!("{TENANT}/{name}/orders to ERP")]);
    assert!(run.json.to_string().contains("schema.drifted"), "{} {}", run.json, run.errors);
    let shown = town.works(&["customer", "show", "--tenant", TENANT, name]);
    format!("/console/customers/{}/endpoints", shown["id"].as_str().unwrap())
}

fn accepts_what_was_found(kind: Kind, name: &str) {
    let Some(browser) = Browser::start(kind) else { return };
    let page = stopped(browser.seeded, name);
    browser.sign_in(ADMIN);
    browser.is_at("/console");
    browser.open(&page);
    browser.click_link("orders");
    browser.sees("Found, and not accepted");
    browser.sees("Nothing moves from here until you accept this.");
    browser.sees_just("number");
    browser.sees("New field");
    if kind.scripts {
        browser.is_accessible();
    }
    browser.click_button("Accept what was found");
    browser.sees("What was found is accepted.");
    browser.sees_not("Found, and not accepted");
    browser.sees("Learnt lately");
    let run = browser.seeded.town.run(&["run", &format!("{TENANT}/{name}/orders to ERP")]);
    assert_eq!(run.code, 0, "{} {}", run.json, run.errors);
    browser.click_link("Edit the endpoint");
    browser.sees("Records that do not fit");
    browser.tick("Leave the field out");
    browser.click_button("Save");
    browser.sees("The changes are saved.");
    browser.sees("The record moves without the field that does not fit.");
}

#[test]
fn staff_accept_what_was_found_and_the_transfer_goes_on() {
    accepts_what_was_found(USUAL, "Drift and Sons");
}

#[test]
fn staff_accept_what_was_found_in_polish_without_scripts() {
    accepts_what_was_found(IN_POLISH_WITHOUT_SCRIPTS, "Dryf i Synowie");
}
