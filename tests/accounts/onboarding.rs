//! A customer begins by a checklist that can be gone on with from any step, and a template touches no progress unnamed.

use std::fs;

use serde_json::{Value, json};

use crate::town::{Setting, Town};

fn texts(value: &Value) -> Vec<&str> {
    value.as_array().unwrap().iter().map(|one| one.as_str().unwrap()).collect()
}

/// The steps that are not done.
fn open_steps(town: &Town, customer: &str) -> Vec<String> {
    let list = town.works(&["onboarding", "show", customer]);
    let steps = list["steps"].as_array().unwrap().iter().filter(|step| step["done"] == false);
    steps.map(|step| step["step"].as_str().unwrap().to_owned()).collect()
}

fn set(town: &Town, template: &Value) {
    let file = town.path("template.json");
    fs::write(&file, template.to_string()).unwrap();
    let words = format!("@{}", file.display());
    town.works(&["workflow", "set", "--name", "usual", "--template", &words]);
}

fn source(description: &str) -> Value {
    json!({ "endpoint": [
        { "name": "orders", "description": description, "direction": "source", "integration": "shop", "stream": "orders" },
    ] })
}

#[test]
fn a_customer_goes_from_step_to_step_and_is_activated_where_nothing_is_missing() {
    let town = Town::settled(3, &Setting::transfer(""));
    town.works(&["customer", "add", "--name", "beta"]);
    assert_eq!(open_steps(&town, "beta"), ["workflow", "connections", "endpoints", "check", "active"]);
    set(&town, &source("Orders of the shop."));
    let plan = town.works(&["workflow", "apply", "beta", "--workflow", "usual", "--dry-run"]);
    assert_eq!((texts(&plan["added"]), plan["done"].as_bool()), (vec!["endpoint orders"], Some(false)));
    assert_eq!(texts(&plan["waiting"]), ["endpoint orders"]);
    assert_eq!(open_steps(&town, "beta"), ["workflow", "connections", "endpoints", "check", "active"]);
    town.works(&["workflow", "apply", "beta", "--workflow", "usual"]);
    assert_eq!(open_steps(&town, "beta"), ["connections", "endpoints", "check", "active"]);
    let early = town.fails(&["onboarding", "finish", "beta"], 2);
    assert!(
        early.errors.contains("customer.not_ready") && early.errors.contains("shop is not connected"),
        "{}",
        early.errors
    );
    let stream = json!({ "primary_key": ["id"], "read": { "path": "/orders", "records": "/data" } });
    let configuration = json!({ "base_url": town.platforms.shop, "streams": { "orders": stream } });
    let secrets = json!({ "token": Setting::default().token });
    town.works(&[
        "connection",
        "add",
        "beta",
        "--integration",
        "shop",
        "--scheme",
        "bearer",
        "--configuration",
        &configuration.to_string(),
        "--secrets",
        &secrets.to_string(),
    ]);
    let again = town.works(&["workflow", "apply", "beta", "--workflow", "usual"]);
    assert_eq!((texts(&again["changed"]), texts(&again["waiting"])), (vec!["endpoint orders"], vec![]));
    assert_eq!(open_steps(&town, "beta"), ["active"]);
    let active = town.works(&["onboarding", "finish", "beta"]);
    assert_eq!(active["customer"]["status"], "active");
    assert!(open_steps(&town, "beta").is_empty());
}

#[test]
fn what_holds_progress_is_changed_only_where_it_is_named_and_what_a_template_drops_stays() {
    let town = Town::settled(3, &Setting::transfer(""));
    town.works(&["run", "acme/orders"]);
    set(&town, &source("Orders of the shop."));
    town.works(&["workflow", "apply", "acme", "--workflow", "usual"]);
    set(&town, &source("All orders of the shop."));
    let blocked = town.fails(&["workflow", "apply", "acme", "--workflow", "usual"], 2);
    assert!(
        blocked.errors.contains("workflow.blocked") && blocked.errors.contains("endpoint orders"),
        "{}",
        blocked.errors
    );
    let dry = town.works(&["workflow", "apply", "acme", "--workflow", "usual", "--dry-run"]);
    assert_eq!(texts(&dry["holds_progress"]), ["endpoint orders"]);
    let named = ["workflow", "apply", "acme", "--workflow", "usual", "--touch", "endpoint orders"];
    assert_eq!(texts(&town.works(&named)["changed"]), ["endpoint orders"]);
    set(&town, &json!({}));
    let empty = town.works(&["workflow", "apply", "acme", "--workflow", "usual"]);
    assert_eq!(texts(&empty["detached"]), ["endpoint orders"]);
    let endpoints = town.works(&["endpoint", "list", "acme"]);
    assert_eq!(endpoints["items"].as_array().unwrap().len(), 2);
}

#[test]
fn an_endpoint_in_use_is_kept_and_the_name_of_a_deleted_one_is_never_given_again() {
    let town = Town::settled(1, &Setting::transfer(""));
    let used = town.fails(&["endpoint", "remove", "acme", "orders"], 2);
    assert!(used.errors.contains("resource.in_use") && used.errors.contains("transfer orders"), "{}", used.errors);
    let add = |name: &str| {
        ["endpoint", "add", "acme", "--name", name, "--description", "For later.", "--direction", "source"]
            .map(str::to_owned)
    };
    let add = add("spare");
    let words: Vec<&str> = add.iter().map(String::as_str).collect();
    assert_eq!(town.works(&words)["status"], "needs_configuration");
    town.works(&["endpoint", "remove", "acme", "spare"]);
    let again = town.fails(&words, 2);
    assert!(again.errors.contains("name.kept"), "{}", again.errors);
    town.works(&["transfer", "remove", "acme", "orders"]);
    town.works(&["endpoint", "remove", "acme", "orders"]);
}
