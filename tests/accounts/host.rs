//! What operators see of the host and do to it, and what stays with whoever owns the data folder.

use serde_json::{Value, json};

use crate::town::{Client, Host, Setting, Town};

fn items(listed: &Value) -> &Vec<Value> {
    listed["items"].as_array().unwrap()
}

fn operator(town: &Town, host: &Host) -> String {
    let invited = town.works(&["operator", "invite", "--email", "olga@example.net", "--role", "operator"]);
    host.joined(&invited).secret.unwrap()
}

#[test]
fn an_operator_sees_how_the_host_is() {
    let town = Town::settled(1, &Setting::default());
    let host = Host::start(&town);
    let olga = operator(&town, &host);
    let shown = Client::with(&host.address, &olga).get("/host").worked();
    assert_eq!(
        (&shown["frozen"], &shown["invariant_violations"], &shown["batches_open"]),
        (&json!(false), &json!(0), &json!(0))
    );
    assert!(shown["store_bytes"].as_u64().unwrap() > 0 && shown["public_address"].is_string(), "{shown}");
    // The host's own key, the tenant's and the customer's.
    assert_eq!((&shown["data_keys"], &shown["master_version"]), (&json!(3), &json!(1)));
    let keys = Client::with(&host.address, &olga).get("/host/keys").worked();
    assert_eq!((&keys["tenants"], &keys["customers"], &keys["master"]), (&json!(1), &json!(1), &json!("file")));
    assert!(keys["next_step"].as_str().unwrap().contains("weighbridge keys"));
    assert!(!keys.to_string().contains("keys.json"), "no path of the machine: {keys}");
    let found = Client::with(&host.address, &olga).get("/host/findings").worked();
    assert!(!items(&found).is_empty() && found["looked_at"].is_string(), "{found}");
    assert_eq!(Client::with(&host.address, &olga).get("/host/findings").worked()["looked_at"], found["looked_at"]);
}

#[test]
fn a_frozen_host_moves_nothing_until_it_is_thawed_and_freezing_is_confirmed() {
    let town = Town::settled(1, &Setting::default());
    let asked = town.fails(&["host", "freeze", "--reason", "a fault"], 2).errors;
    assert!(asked.contains("confirmation.needed") && asked.contains("every organisation"), "{asked}");
    town.works(&["run", "acme/orders"]);
    let frozen = town.works(&["host", "freeze", "--reason", "a fault", "--confirm"]);
    assert_eq!((&frozen["frozen"], &frozen["changed"]), (&json!(true), &json!(true)));
    assert_eq!(town.works(&["host", "freeze", "--confirm"])["changed"], false);
    assert!(town.fails(&["run", "acme/orders"], 3).json.to_string().contains("host.frozen"));
    assert_eq!(town.works(&["host", "show"])["frozen"], true);
    town.works(&["host", "thaw"]);
    town.works(&["run", "acme/orders"]);
    let told = town.works(&["audit", "host", "--act", "host.*"]);
    let acts: Vec<_> = items(&told).iter().map(|line| (line["act"].clone(), line["detail"].clone())).collect();
    assert_eq!(acts, [(json!("host.thawed"), json!("")), (json!("host.frozen"), json!("a fault"))]);
}

#[test]
fn an_operator_sees_connectors_trust_and_addresses_and_is_told_who_changes_them() {
    let town = Town::settled(1, &Setting::default());
    let shown = town.works(&["connector", "show", "weighbridge.rest"]);
    assert_eq!((&shown["state"], &shown["tenants"], &shown["proposal"]), (&json!("usable"), &json!(1), &Value::Null));
    let used = &shown["versions"][0];
    assert_eq!((&used["place"], &used["refused"]), (&json!("used"), &Value::Null));
    let trust = town.works(&["trust", "show"]);
    assert_eq!(trust["publishers"][0]["name"], "weighbridge");
    assert_eq!(trust["publishers"][0]["keys"][0]["id"], used["key"]);
    for answer in [&shown, &trust] {
        assert!(answer["next_step"].as_str().unwrap().contains("owns the data folder"), "{answer}");
    }
    let listed = town.works(&["address", "list"]);
    let row = &listed["items"][0];
    assert_eq!((&row["tenant_name"], &row["networks"]), (&json!("Partner"), &json!(["127.0.0.1/32"])));
    assert_eq!(items(&town.works(&["address", "list", "--private"])).len(), 1);
    assert!(town.run(&["connector", "show", "nobody.nothing"]).code != 0);
}

#[test]
fn an_id_is_enough_to_know_why_something_stands_still_and_no_name_of_a_customer_is_told() {
    let town = Town::settled(1, &Setting::default());
    let made = town.works(&["service", "add", "acme", "--name", "auditor", "--endpoints", "orders"]);
    let transfer = town.works(&["transfer", "list", "acme"])["items"][0]["id"].as_str().unwrap().to_owned();
    let (service, access) = (made["service"]["id"].as_str().unwrap(), made["service"]["access_id"].as_str().unwrap());
    let explain = |of: &str| town.works(&["explain", "any", "--of", of]);
    for (of, kind) in [(transfer.as_str(), "transfer"), (service, "external_service"), (access, "external_service")] {
        let said = explain(of);
        assert_eq!(
            (&said["kind"], &said["allowed"], &said["tenant_name"]),
            (&json!(kind), &json!(true), &json!("Partner"))
        );
    }
    town.works(&["customer", "deactivate", "acme"]);
    for of in [transfer.as_str(), service] {
        let said = explain(of);
        assert_eq!((&said["code"], said["next_step"].is_string()), (&json!("customer.inactive"), true));
        assert!(!said.to_string().contains("acme"), "{said}");
    }
    assert_eq!(town.fails(&["explain", "any", "--of", "00000000000000000000000000"], 2).code, 2);
    assert!(town.fails(&["explain", "any", "--of", "orders"], 2).errors.contains("no Connection ID"));
    town.works(&["explain", "acme/orders"]);
}
