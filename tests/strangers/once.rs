//! `Idempotency-Key`: what was made once is not made again.

use serde_json::{Value, json};

use crate::town::{Answered, Client, Host, Setting, Town};

struct Office {
    town: Town,
    host: Host,
    session: String,
    customer: String,
}

impl Office {
    fn new() -> Self {
        let town = Town::settled(1, &Setting::default());
        let host = Host::start(&town);
        let invited = town.works(&["staff", "invite", "--email", "anna@example.com", "--role", "tenant_admin"]);
        let session = host.joined(&invited).secret.unwrap();
        let customer = town.works(&["customer", "list"])["items"][0]["id"].as_str().unwrap().to_owned();
        Self { town, host, session, customer }
    }

    fn add(&self, key: &str, name: &str) -> Answered {
        let path = format!("/api/v1/customers/{}/services", self.customer);
        let client = Client::with(&self.host.address, &self.session);
        client.send("POST", &path, &[&format!("idempotency-key: {key}")], Some(&json!({ "name": name })))
    }

    fn services(&self) -> usize {
        self.town.works(&["service", "list", "acme"])["items"].as_array().map_or(0, Vec::len)
    }
}

#[test]
fn the_same_key_gives_the_same_answer_and_makes_one_thing() {
    let office = Office::new();
    let (first, again) = (office.add("a", "CRM"), office.add("a", "CRM"));
    assert_eq!((first.status, again.status, first.text == again.text), (201, 201, true), "{first:?} {again:?}");
    assert_eq!((first.header("idempotency-replayed"), again.header("idempotency-replayed")), (None, Some("true")));
    let key: Value = again.json()["key"].clone();
    assert!(key.as_str().unwrap().starts_with("wb_"), "also a key that is shown once is shown again then");
    assert_eq!(office.services(), 1);
    assert_eq!(office.add("b", "CRM").status, 201);
    assert_eq!(office.services(), 2);
}

#[test]
fn the_same_key_with_something_else_is_refused() {
    let office = Office::new();
    assert_eq!(office.add("a", "CRM").status, 201);
    assert_eq!(office.add("a", "ERP").problem(), (422, "idempotency.reused".into()));
    assert_eq!(office.add(&"k".repeat(256), "ERP").problem(), (422, "request.invalid".into()));
    assert_eq!(office.services(), 1);
}

#[test]
fn what_was_refused_may_be_tried_again_under_its_key() {
    let office = Office::new();
    assert_eq!(office.add("a", "").problem(), (422, "request.invalid".into()));
    assert_eq!(office.add("a", "CRM").status, 201);
}

#[test]
fn at_the_same_time_one_is_made_and_an_answer_outlives_the_host() {
    let office = Office::new();
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let asked: Vec<_> = (0..6).map(|_| scope.spawn(|| office.add("a", "CRM").status)).collect();
        asked.into_iter().map(|one| one.join().unwrap()).collect()
    });
    assert!(statuses.contains(&201) && statuses.iter().all(|status| matches!(status, 201 | 409)), "{statuses:?}");
    assert_eq!(office.services(), 1);
    let Office { town, host, session, customer } = office;
    let address = host.address.clone();
    host.terminate();
    let office = Office { host: Host::start_at(&town, &address), town, session, customer };
    assert_eq!(office.add("a", "CRM").header("idempotency-replayed"), Some("true"));
}

#[test]
fn a_smaller_key_of_the_same_person_is_not_given_what_a_greater_one_was() {
    let office = Office::new();
    assert_eq!(office.add("a", "CRM").status, 201);
    let made = Client::with(&office.host.address, &office.session).post("/me/tokens", &json!({ "name": "a reader" }));
    let session = made.worked()["secret"].as_str().unwrap().to_owned();
    let reader = Office { session, ..office };
    assert_eq!(reader.add("a", "CRM").problem(), (403, "access.token_scope".into()));
}
