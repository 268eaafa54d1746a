//! What an endpoint accepts of its stream: shown, chosen and accepted by the command line and the API of a host.

use serde_json::{Value, json};

use crate::town::{Setting, Town};

/// A shop that describes the number of its orders and nothing else, and an endpoint with this policy.
fn described(policy: &str) -> Town {
    let town = Town::settled(20, &Setting::default());
    let document = Setting::default().document(&town.platforms);
    let (before, id) = ("[customer.connection.configuration.streams.orders]\n", "{ id = { type = \"integer\" } }");
    let document = document.replace(before, &format!("{before}schema = {{ type = \"object\", properties = {id} }}\n"));
    town.apply(&document);
    town.works(&["endpoint", "change", "acme", "orders", "--drift", policy]);
    town
}

fn names(schema: &Value, list: &str) -> Vec<String> {
    let all = schema[list].as_array().unwrap();
    all.iter().map(|one| one["name"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_frozen_endpoint_moves_nothing_until_what_was_found_is_accepted() {
    let town = described("freeze");
    let failed = town.run(&["run", "acme/orders"]);
    assert_ne!(failed.code, 0, "{}", failed.json);
    let said = format!("{} {}", failed.json, failed.errors);
    assert!(said.contains("schema.drifted"), "{said}");
    assert_eq!(town.platforms.lines(), Vec::<Value>::new());
    let schema = town.works(&["endpoint", "schema", "acme", "orders"]);
    assert_eq!((names(&schema, "fields"), schema["drift"].as_str()), (vec!["id".to_owned()], Some("freeze")));
    assert!(names(&schema, "found").contains(&"number".to_owned()), "{schema}");
    let accepted = town.works(&["endpoint", "accept-schema", "acme", "orders"]);
    assert_eq!((&accepted["found"], names(&accepted, "fields").contains(&"number".to_owned())), (&json!([]), true));
    town.works(&["run", "acme/orders"]);
    assert_eq!(town.platforms.lines().len(), 20);
    let again = town.fails(&["endpoint", "accept-schema", "acme", "orders"], 2);
    let said = format!("{} {}", again.json, again.errors);
    assert!(said.contains("schema.fits"), "{said}");
    let audit = town.works(&["audit", "list"]).to_string();
    assert!(audit.contains("endpoint.schema_accepted"), "{audit}");
}

#[test]
fn an_evolving_endpoint_moves_what_is_new_and_tells_what_it_learnt() {
    let town = described("evolve");
    town.works(&["run", "acme/orders"]);
    assert_eq!(town.platforms.lines().len(), 20);
    let schema = town.works(&["endpoint", "schema", "acme", "orders"]);
    let fields = schema["fields"].as_array().unwrap();
    let learnt = |name: &str| fields.iter().find(|one| one["name"] == name).unwrap()["learnt_at"].is_string();
    assert_eq!((learnt("id"), learnt("number"), &schema["found"]), (false, true, &json!([])));
}

#[test]
fn a_destination_has_no_schema_that_is_kept() {
    let town = described("evolve");
    let refused = town.fails(&["endpoint", "schema", "acme", "lines"], 2);
    let said = format!("{} {}", refused.json, refused.errors);
    assert!(said.contains("request.invalid"), "{said}");
}
