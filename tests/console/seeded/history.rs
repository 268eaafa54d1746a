//! What has happened at the seeded host: runs of every kind, third parties, links, settings, an opened account.

use serde_json::{Value, json};

use super::Seeded;
use super::customers::{BUSY, FAILING, HELD, LONG, MARKUP, NEW, OVER, RUNNING, SECOND};
use super::people::{ADMIN, CUSTOMER_ADMIN};

impl Seeded {
    pub(super) fn happen(&self) {
        self.tell_of_events();
        self.run();
        self.give_access();
        self.set_self_managed();
        self.invite_to_connect();
        self.onboard();
        self.switch_off();
        self.open_account();
    }

    /// An address that is told of everything, and one that wants a little.
    fn tell_of_events(&self) {
        for (url, kinds, about) in [
            ("https://erp.nordwind.example/hooks/weighbridge", json!([]), "Our ERP opens a ticket for each."),
            ("https://chat.nordwind.example/weighbridge", json!(["run.failed", "connection.sign_in_needed"]), ""),
        ] {
            let new = json!({ "url": url, "kinds": kinds, "description": about });
            let added = self.client(ADMIN).ask("POST", "/event-addresses", Some(&new)).worked();
            let path = format!("/event-addresses/{}/test", text(&added["address"]["id"]));
            self.client(ADMIN).ask("POST", &path, Some(&json!({}))).worked();
        }
    }

    /// One of each: succeeded, with rejected records, failed, refused by a quota and by a window, and one that goes on.
    fn run(&self) {
        for (customer, transfer, code) in [
            (BUSY, "orders to ERP", 0),
            (BUSY, "orders to stock", 0),
            (SECOND, "orders to ERP", 0),
            (HELD, "orders to ERP", 3),
            (HELD, "orders to ERP", 3),
            (OVER, "orders to ERP", 3),
        ] {
            let answer = self.town.run(&["run", &format!("{customer}/{transfer}")]);
            assert_eq!(answer.code, code, "{customer}: {} {}", answer.json, answer.errors);
        }
        for customer in [FAILING, RUNNING] {
            let transfer = self.transfer(customer);
            self.of(customer, &format!("/transfers/{transfer}/start"), &json!({}));
        }
    }

    /// Third parties that may read before, now and later.
    fn give_access(&self) {
        for (name, window) in [
            ("Tax adviser", json!({})),
            ("Auditor 2025", json!({ "start": "2025-01-01", "end": "2026-03-31" })),
            ("Next year's CRM", json!({ "start": "2031-01-01", "end": "2032-01-01" })),
        ] {
            let about = "Reads orders for its own books.";
            self.of(
                BUSY,
                "/services",
                &json!({ "name": name, "description": about, "endpoints": ["orders"],
                "window": window, "rate_per_minute": 60 }),
            );
        }
        let off = json!({ "name": "Price <b>comparison", "endpoints": ["orders"], "switch": "off" });
        self.of(SECOND, "/services", &off);
    }

    /// The organisation allows it; one customer inherits, one may, one may not.
    fn set_self_managed(&self) {
        let text = "This integration is billed by Nordwind Commerce. Ask us what it costs: help@nordwind.example.";
        let set = json!({ "policy": "allow", "confirm": true, "text": text });
        self.client(ADMIN).ask("PATCH", "/self-managed", Some(&set)).worked();
        for (customer, choice) in [(BUSY, "inherit"), (SECOND, "allow"), (HELD, "deny")] {
            let path = format!("/customers/{}/self-managed", self.id(customer));
            let chosen = json!({ "choice": choice, "confirm": true });
            self.client(ADMIN).ask("PUT", &path, Some(&chosen)).worked();
        }
        self.client(ADMIN).ask("PATCH", "/tenant", Some(&json!({ "own_services": "allow" }))).worked();
    }

    fn invite_to_connect(&self) {
        for (customer, offer) in [(BUSY, "Courier mail"), (NEW, "Postbox"), (LONG, "Courier mail")] {
            self.connect_link(customer, offer);
        }
        let withdrawn = self.of(MARKUP, "/connect-links", &json!({ "integration": self.offer("Online shop") }));
        let path = format!("/customers/{}/connect-links/{}", self.id(MARKUP), text(&withdrawn["link"]["id"]));
        self.client(ADMIN).ask("DELETE", &path, None).worked();
    }

    /// A link by which somebody connects a system for a customer; each is good for one use.
    pub(in crate::console) fn connect_link(&self, customer: &str, offer: &str) -> String {
        let made = self.of(customer, "/connect-links", &json!({ "integration": self.offer(offer) }));
        format!("/connect/{}", text(&made["secret"]))
    }

    /// Two workflows, one of them begun with a customer.
    fn onboard(&self) {
        let endpoints = json!([
            { "name": "orders", "description": "Orders of the shop.", "direction": "source",
                "integration": "Online shop", "stream": "orders" },
            { "name": "order lines", "description": "Where orders are billed.", "direction": "destination",
                "connection": "Nordwind ERP", "stream": "lines" },
        ]);
        let transfers = json!([{ "name": "orders to ERP", "source": "orders", "destination": "order lines",
            "sync": "full_refresh", "schedule": { "every": "1h" } }]);
        let admin = self.client(ADMIN);
        let shop = json!({ "name": "Shop to ERP", "template": { "endpoint": endpoints, "transfer": transfers } });
        let shop = text(&admin.post("/workflows", &shop).worked()["id"]);
        let mail = json!([{ "name": "messages", "description": "Messages of the office.", "direction": "source",
            "integration": "Postbox", "stream": "messages" }]);
        admin.post("/workflows", &json!({ "name": "Mail only", "template": { "endpoint": mail } })).worked();
        self.of(NEW, "/workflow", &json!({ "workflow": shop }));
    }

    fn switch_off(&self) {
        let until = json!({ "until": "2031-01-15", "reason": "Renovation until the middle of January" });
        self.of("Eko-Dom Gdańsk", "/activate", &json!({}));
        self.of("Eko-Dom Gdańsk", "/deactivate", &until);
        self.of("Młyn Stary", "/deactivate", &json!({ "reason": "Unpaid since August" }));
    }

    /// What a customer's people find in their audit log, beside something of their own.
    fn open_account(&self) {
        self.of(BUSY, "/open", &json!({ "reason": "Maria asked on the phone why no orders came on Monday." }));
        let path = format!("/customers/{}/users", self.id(BUSY));
        let new = json!({ "email": "warehouse@kowalski.example", "role": "customer_viewer" });
        self.client(CUSTOMER_ADMIN).post(&path, &new).worked();
    }

    fn offer(&self, name: &str) -> Value {
        self.found("/integrations", "name", name)
    }

    /// The id of the transfer that every customer with transfers has.
    pub(in crate::console) fn transfer(&self, customer: &str) -> String {
        text(&self.found(&format!("/customers/{}/transfers", self.id(customer)), "name", "orders to ERP"))
    }

    /// The id of the one of a list whose field says this.
    pub(in crate::console) fn found(&self, list: &str, field: &str, says: &str) -> Value {
        let listed = self.client(ADMIN).get(list).worked();
        let found = listed["items"].as_array().unwrap().iter().find(|one| one[field] == says);
        found.unwrap_or_else(|| panic!("{list}: no {field} is {says}: {listed}"))["id"].clone()
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}
