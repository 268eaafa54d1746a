//! A customer's own people see who reads their data and can end that; they give access themselves where the tenant allows it.

use serde_json::{Value, json};

use crate::town::{Answered, Client, Host, Setting, Town};

struct Office {
    town: Town,
    host: Host,
    session: String,
    services: String,
}

impl Office {
    fn new() -> Self {
        let town = Town::settled(1, &Setting::default());
        let host = Host::start(&town);
        let invited =
            town.works(&["user", "invite", "acme", "--email", "cleo@acme.example", "--role", "customer_admin"]);
        let session = host.joined(&invited).secret.unwrap();
        let customer = town.works(&["customer", "list"])["items"][0]["id"].as_str().unwrap().to_owned();
        let services = format!("/customers/{customer}/services");
        Self { town, host, session, services }
    }

    /// Asks as the customer's administrator.
    fn ask(&self, method: &str, path: &str, body: &Value) -> Answered {
        let body = Some(body).filter(|body| !body.is_null());
        Client::with(&self.host.address, &self.session).ask(method, &format!("{}{path}", self.services), body)
    }

    fn make(&self, name: &str) -> Answered {
        self.ask("POST", "", &json!({ "name": name, "endpoints": ["orders"] }))
    }

    fn allow(&self, policy: &str) {
        self.town.works(&["tenant", "change", "--own-services", policy]);
    }

    fn of_partner(&self) -> String {
        let made = self.town.works(&["service", "add", "acme", "--name", "CRM", "--endpoints", "orders"]);
        made["service"]["id"].as_str().unwrap().to_owned()
    }
}

#[test]
fn a_customer_gives_access_itself_where_the_tenant_allows_it_and_not_before_or_after() {
    let office = Office::new();
    assert_eq!((office.make("ERP").status, office.make("ERP").code().as_str()), (403, "external_service.own_denied"));
    office.allow("allow");
    let made = office.make("ERP").worked();
    assert_eq!(made["service"]["made_by"], "customer");
    let own = format!("/{}", made["service"]["id"].as_str().unwrap());
    office.ask("PATCH", &own, &json!({ "description": "Ours." })).worked();
    office.ask("POST", &format!("{own}/rotate"), &json!({})).worked();
    office.allow("deny");
    for (method, path, body) in [
        ("POST", String::new(), json!({ "name": "BI" })),
        ("PATCH", own.clone(), json!({ "description": "Still ours." })),
        ("POST", format!("{own}/rotate"), json!({})),
    ] {
        assert_eq!(office.ask(method, &path, &body).code(), "external_service.own_denied", "{method} {path}");
    }
    assert_eq!(office.ask("DELETE", &format!("{own}?confirm=ERP"), &Value::Null).status, 200, "ending it needs nobody");
}

#[test]
fn an_access_can_begin_switched_off_and_lets_nobody_in_until_it_is_on() {
    let town = Town::settled(1, &Setting::default());
    let host = Host::start(&town);
    let words = ["service", "add", "acme", "--name", "CRM", "--endpoints", "orders", "--switch", "off"];
    let made = town.works(&words);
    let key = format!(
        "authorization: Bearer {}:{}",
        made["service"]["access_id"].as_str().unwrap(),
        made["key"].as_str().unwrap()
    );
    let ask = || crate::town::ask(&host.address, "GET", "/pull/v1/orders/records", &[&key], "");
    assert_eq!(ask().problem(), (403, "external_service.off".into()));
    town.works(&["service", "switch", "acme", "CRM", "--switch", "on"]);
    assert_eq!(ask().status, 200);
}

#[test]
fn what_the_partner_made_a_customer_sees_and_switches_off_and_no_more() {
    let office = Office::new();
    office.allow("allow");
    let id = office.of_partner();
    let theirs = format!("/{id}");
    assert_eq!(office.ask("GET", &theirs, &Value::Null).worked()["made_by"], "tenant");
    for (method, path, body) in [
        ("PATCH", theirs.clone(), json!({ "description": "Ours now." })),
        ("POST", format!("{theirs}/rotate"), json!({})),
        ("DELETE", format!("{theirs}?confirm=CRM"), Value::Null),
    ] {
        assert_eq!(office.ask(method, &path, &body).code(), "external_service.of_partner", "{method} {path}");
    }
    let switch = |to: &str| office.ask("POST", &format!("{theirs}/switch"), &json!({ "switch": to }));
    assert_eq!(switch("off").worked()["switch"], "off");
    assert_eq!(switch("on").worked()["switch"], "on");
    office.town.works(&["service", "switch", "acme", "CRM", "--switch", "off"]);
    switch("off").worked();
    assert_eq!(switch("on").code(), "external_service.of_partner", "the partner switched it off");
}

#[test]
fn an_endpoint_that_a_third_party_may_read_stays_until_it_may_no_more() {
    let town = Town::settled(1, &Setting::default());
    let words = ["endpoint", "add", "acme", "--name", "spare", "--description", "For later.", "--direction", "source"];
    town.works(&words);
    town.works(&["service", "add", "acme", "--name", "CRM", "--endpoints", "spare"]);
    let used = town.fails(&["endpoint", "remove", "acme", "spare"], 2).errors;
    assert!(used.contains("resource.in_use") && used.contains("service CRM"), "{used}");
    town.works(&["service", "remove", "acme", "CRM", "--confirm", "CRM"]);
    town.works(&["endpoint", "remove", "acme", "spare"]);
}
