//! The partner as one document: offers, its own connections, and what each customer has.

use serde_json::{Value, json};

use super::customers::{self, BUSY, FAILING, HELD, LONG, MARKUP, OVER, RUNNING, SECOND};
use super::described::{lines, orders};
use crate::town::Setting;

/// Where platforms answer.
pub(super) struct Places {
    pub(super) shop: String,
    pub(super) warehouse: String,
    /// Our own: endless orders, and a sign-in.
    pub(super) own: String,
}

impl Places {
    pub(super) fn document(&self) -> Value {
        let mut all = customers::all();
        for (name, parts) in self.fillings() {
            let customer = all.iter_mut().find(|one| one["name"] == name).unwrap();
            customer.as_object_mut().unwrap().extend(parts.as_object().unwrap().clone());
        }
        json!({
            "tenant": { "name": super::TENANT, "zone": "Europe/Warsaw", "currency": "EUR",
                "quota": { "period": "month", "records": 100_000 } },
            "integration": self.offers(),
            "connection": [self.erp(), self.archive()],
            "customer": all,
        })
    }

    fn offers(&self) -> Value {
        let networks = json!(["127.0.0.1/32"]);
        json!([
            { "name": "Online shop", "connector": "weighbridge.rest", "networks": networks, "self_managed": true,
                "price": "12 EUR a month", "defaults": self.shop("/orders") },
            { "name": "Warehouse", "connector": "weighbridge.rest", "networks": networks,
                "price": "9 EUR a month", "defaults": self.warehouse() },
            { "name": "Courier mail", "connector": "weighbridge.courier", "networks": networks, "self_managed": true,
                "price": "4 EUR a month" },
            { "name": "Postbox", "connector": "weighbridge.postbox", "networks": networks, "self_managed": true,
                "price": "6 EUR a month", "oauth_client": { "id": "nordwind", "secret": "seeded-client-secret" },
                "defaults": { "server": self.own, "sign_in": self.own, "auth": "oauth2" } },
            { "name": "Tryton ERP", "connector": "weighbridge.tryton", "networks": networks, "switch": "off",
                "price": "49 EUR a month, and 200 EUR once" },
        ])
    }

    fn shop(&self, path: &str) -> Value {
        let pages = json!({ "kind": "cursor", "parameter": "after", "pointer": "/next" });
        let read = json!({ "path": path, "records": "/data", "page_size": 10, "size_parameter": "limit",
            "pagination": pages });
        json!({ "base_url": self.shop, "auth": "bearer",
            "streams": { "orders": { "primary_key": ["id"], "read": read } } })
    }

    fn warehouse(&self) -> Value {
        let upsert = json!({ "method": "PUT", "path": "/lines", "body": "lines", "records": 100 });
        json!({ "base_url": self.warehouse, "streams": { "lines": { "primary_key": ["id"], "upsert": upsert } } })
    }

    /// The same, which says what fields its lines have.
    fn described_warehouse(&self) -> Value {
        let mut settings = self.warehouse();
        settings["streams"]["lines"]["schema"] = lines();
        settings
    }

    fn erp(&self) -> Value {
        json!({ "name": "Nordwind ERP", "integration": "Warehouse", "configuration": self.described_warehouse() })
    }

    fn archive(&self) -> Value {
        json!({ "name": "Old archive", "integration": "Warehouse", "configuration": self.warehouse(), "switch": "off" })
    }

    fn shop_connection(&self, configuration: &Value) -> Value {
        json!({ "name": "Shop", "integration": "Online shop", "scheme": "bearer", "configuration": configuration,
            "secrets": { "token": Setting::default().token } })
    }

    /// What some customers have, by their names.
    fn fillings(&self) -> Vec<(&'static str, Value)> {
        let good = self.shop("/orders");
        let mut endless = good.clone();
        endless["base_url"] = self.own.clone().into();
        let is_open = json!({ "jq": "if .status == \"open\" then error(\"not paid yet\") else .status end",
            "to": "/status" });
        let plain = json!({ "copy": "/status" });
        vec![
            (BUSY, self.busy()),
            (SECOND, self.usual(&good, &is_open)),
            (FAILING, self.usual(&self.shop("/nowhere"), &plain)),
            (HELD, with(self.usual(&good, &plain), "quota", json!({ "period": "month", "records": 10, "runs": 1 }))),
            (OVER, self.over(&plain)),
            (RUNNING, self.usual(&endless, &plain)),
            (LONG, json!({ "connection": [self.shop_connection(&good)] })),
            (MARKUP, self.markup()),
        ]
    }

    /// From the shop to the partner's own ERP.
    fn usual(&self, shop: &Value, status: &Value) -> Value {
        json!({
            "connection": [self.shop_connection(shop)],
            "endpoint": [
                { "name": "orders", "description": "Orders of the shop.", "direction": "source",
                    "connection": "Shop", "stream": "orders" },
                { "name": "order lines", "description": "Where orders are billed.", "direction": "destination",
                    "connection": "Nordwind ERP", "stream": "lines" },
            ],
            "mapping": [{ "name": "order to line", "rules": [
                { "copy": "/id" }, { "copy": "/number" }, status,
                { "copy": "/customer/id", "to": "/customer", "cast": "string" },
                { "copy": "/total", "to": "/total", "cast": "number" },
                { "constant": "EUR", "to": "/currency" },
            ] }],
            "transfer": [{ "name": "orders to ERP", "source": "orders", "destination": "order lines",
                "mapping": "order to line", "sync": "full_refresh", "limit": { "records": 10, "bytes": 1_000_000 } }],
        })
    }

    /// The same, with one connection in every state, and more endpoints and transfers.
    fn busy(&self) -> Value {
        let mut shop = self.shop("/orders");
        shop["streams"]["orders"]["schema"] = orders();
        let mut parts = self.usual(&shop, &json!({ "copy": "/status" }));
        let mail = json!({ "username": "maria", "password": "seeded-mail-password" });
        extend(
            &mut parts["connection"],
            json!([
                { "name": "Own warehouse", "integration": "Warehouse", "configuration": self.described_warehouse() },
                { "name": "Second shop", "integration": "Online shop", "scheme": "bearer", "switch": "off",
                    "configuration": self.shop("/orders"), "secrets": { "token": Setting::default().token } },
                { "name": "Office mail", "integration": "Courier mail", "scheme": "app_password", "secrets": mail,
                    "configuration": { "server": self.own, "mailbox": "maria@kowalski.example" } },
                { "name": "Postbox of the office", "integration": "Postbox", "scheme": "oauth2" },
                { "name": "Christmas shop", "integration": "Online shop", "scheme": "bearer",
                    "configuration": self.shop("/orders"), "secrets": { "token": Setting::default().token },
                    "window": { "start": "2031-12-01", "end": "2032-01-07" } },
                { "name": "Shop until spring", "integration": "Online shop", "scheme": "bearer",
                    "configuration": self.shop("/orders"), "secrets": { "token": Setting::default().token },
                    "window": { "end": "2026-03-31" } },
            ]),
        );
        extend(
            &mut parts["endpoint"],
            json!([
                { "name": "stock", "description": "Lines of the own warehouse.", "direction": "destination",
                    "connection": "Own warehouse", "stream": "lines" },
                { "name": "messages", "description": "Messages of the office.", "direction": "source",
                    "connection": "Postbox of the office", "stream": "messages" },
                { "name": "for later", "description": "Nothing is there yet.", "direction": "source" },
            ]),
        );
        // Hours bind every run, and tests run at any hour: together these two are the whole day.
        let hours = ["06:00-20:00", "20:00-06:00"];
        extend(
            &mut parts["transfer"],
            json!([
                { "name": "orders to stock", "source": "orders", "destination": "stock", "mapping": "order to line",
                    "sync": "full_refresh", "schedule": { "cron": "15 6 * * *", "hours": hours } },
                { "name": "messages to stock", "source": "messages", "destination": "stock", "switch": "off" },
            ]),
        );
        with(parts, "quota", json!({ "period": "month", "records": 5_000 }))
    }

    fn over(&self, status: &Value) -> Value {
        let mut parts = self.usual(&self.shop("/orders"), status);
        parts["endpoint"][0]["window"] = json!({ "start": "2025-01-01", "end": "2026-03-31" });
        parts
    }

    /// Markup in every text that a customer can have.
    fn markup(&self) -> Value {
        let mut shop = self.shop_connection(&self.shop("/orders"));
        shop["name"] = "<img src=x onerror=alert(1)>".into();
        json!({
            "connection": [shop],
            "labels": ["<i>uk", "\"gold\""],
            "endpoint": [{ "name": "orders <b>all", "description": "\"><img src=x onerror=alert(1)>",
                "direction": "source", "connection": "<img src=x onerror=alert(1)>", "stream": "orders" }],
        })
    }
}

fn with(mut value: Value, field: &str, added: Value) -> Value {
    value[field] = added;
    value
}

fn extend(list: &mut Value, more: Value) {
    let Value::Array(more) = more else { panic!("a list is added to a list: {more}") };
    list.as_array_mut().unwrap().extend(more);
}
