//! A document is planned, looked at, and applied as it was planned.

use std::fs;

use serde_json::{Value, json};

use crate::town::{Host, Setting, Town};

const MORE: &str = r#"
[[customer]]
name = "beta"
labels = ["gold", "north"]
external_id = "4711"
contact = { name = "Office", email = "office@beta.example" }
workflow = "usual"
[[customer.connection]]
name = "the shop of beta"
integration = "shop"
configuration = @CONFIGURATION@
scheme = "bearer"
secrets = { token = { file = "token" } }
"#;

fn write(town: &Town, text: &str) -> String {
    let file = town.path("more.toml");
    fs::write(&file, text).unwrap();
    file.to_str().unwrap().to_owned()
}

fn changes<'a>(said: &'a Value, kind: &str) -> Vec<(&'a str, &'a str)> {
    let changes = said["changes"].as_array().unwrap().iter().filter(|one| one["kind"] == kind);
    changes.map(|one| (one["what"].as_str().unwrap(), one["name"].as_str().unwrap())).collect()
}

/// A customer that begins with a workflow, beside the town's own.
fn with_beta(town: &Town) -> String {
    let template = json!({ "endpoint": [
        { "name": "orders", "description": "Orders.", "direction": "source", "integration": "shop", "stream": "orders" },
    ] });
    fs::write(town.path("template.json"), template.to_string()).unwrap();
    let words = format!("@{}", town.path("template.json").display());
    town.works(&["workflow", "set", "--name", "usual", "--template", &words]);
    fs::write(town.path("token"), "another-token").unwrap();
    let stream = "{ primary_key = [\"id\"], read = { path = \"/orders\", records = \"/data\" } }";
    let configuration = format!("{{ base_url = \"{}\", streams = {{ orders = {stream} }} }}", town.platforms.shop);
    Setting::default().document(&town.platforms) + &MORE.replace("@CONFIGURATION@", &configuration)
}

#[test]
fn moves_from_a_plan_to_what_was_planned_beside_a_running_host() {
    let town = Town::settled(3, &Setting::default());
    let file = write(&town, &with_beta(&town));
    let planned = town.fails(&["apply", &file, "--plan"], 8).json;
    let wanted = [("customer", "beta"), ("connection", "the shop of beta"), ("endpoint", "orders")];
    assert_eq!(changes(&planned, "created"), wanted, "{planned}");
    assert!(planned["would_change"] == true && changes(&planned, "changed").is_empty(), "{planned}");
    let host = Host::start(&town);
    let again = town.fails(&["apply", &file, "--plan"], 8).json;
    assert_eq!(again["hash"], planned["hash"], "another process plans the same");
    let made = town.works(&["apply", &file, "--hash", planned["hash"].as_str().unwrap()]);
    assert_eq!(changes(&made, "created"), wanted, "{made}");
    assert_eq!(town.run(&["apply", &file, "--plan"]).code, 0, "nothing is left to change");
    drop(host);
    let beta = town.works(&["customer", "show", "beta"]);
    assert_eq!((&beta["external_id"], &beta["labels"]), (&json!("4711"), &json!(["gold", "north"])));
    assert_eq!(beta["contact"]["email"], "office@beta.example");
    let endpoint = &town.works(&["endpoint", "list", "beta"])["items"][0];
    assert_eq!((&endpoint["name"], &endpoint["connection_label"]), (&json!("orders"), &json!("the shop of beta")));
}

#[test]
fn refuses_when_the_document_or_a_file_of_it_or_the_store_is_another() {
    let town = Town::settled(0, &Setting::default());
    let text = with_beta(&town);
    let file = write(&town, &text);
    let plan = || town.fails(&["apply", &file, "--plan"], 8).json["hash"].as_str().unwrap().to_owned();
    let refused = |hash: &str| {
        let errors = town.fails(&["apply", &file, "--hash", hash], 2).errors;
        assert!(errors.contains("document.plan_changed") && errors.contains("--plan"), "{errors}");
    };
    let first = plan();
    fs::write(town.path("token"), "a third token").unwrap();
    refused(&first);
    let second = plan();
    town.works(&["customer", "change", "acme", "--external-id", "1"]);
    refused(&second);
    let third = plan();
    write(&town, &text.replace("north", "south"));
    refused(&third);
    let customers = town.works(&["customer", "list"]);
    assert_eq!(customers["items"].as_array().unwrap().len(), 1, "nothing of it was applied: {customers}");
}

#[test]
fn names_what_would_be_changed_and_shows_no_secret() {
    let town = Town::settled(0, &Setting::default());
    let text = Setting { token: "hunter2-in-the-document".into(), ..Setting::default() }.document(&town.platforms);
    let file = write(&town, &text);
    let planned = town.fails(&["apply", &file, "--plan"], 8);
    assert!(!planned.json.to_string().contains("hunter2"), "{}", planned.json);
    let changed = planned.json["changes"].as_array().unwrap().iter().find(|one| one["kind"] == "changed").unwrap();
    assert_eq!(changed["fields"], json!(["secrets (replaced)"]), "{changed}");
    assert_eq!((&changed["tenant"], &changed["customer"]), (&json!("Partner"), &json!("acme")));
}
