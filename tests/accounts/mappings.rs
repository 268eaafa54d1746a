//! What the mapping editor asks for: the fields of both streams, a record to look at, and what becomes of samples.

use serde_json::{Value, json};

use crate::town::{Client, Host, Setting, Town};

/// What the shop says of an order, and the warehouse of a line.
const ORDER: &str = r#"schema = { type = "object", required = ["id"], properties = { id = { type = "integer", description = "The number." }, placed_at = { type = ["string", "null"], format = "date-time" }, customer = { type = "object", properties = { id = { type = "string" } } } } }"#;
const LINE: &str = r#"schema = { type = "object", required = ["id", "total"], properties = { id = { type = "integer" }, total = { type = "number" } } }"#;

fn described(rule: &str) -> Town {
    let town = Town::bare(20);
    town.works(&["init"]);
    town.works(&["trust", "add", "weighbridge", town.public_key().to_str().unwrap()]);
    town.install("rest");
    let document = Setting::default().document(&town.platforms);
    let document = document.replace("read = {", &format!("{ORDER}\nread = {{"));
    let document = document.replace("upsert = {", &format!("{LINE}\nupsert = {{"));
    town.apply(&document.replace("{ copy = \"/number\" },", rule));
    town
}

fn field<'a>(end: &'a Value, path: &str) -> &'a Value {
    end["fields"].as_array().unwrap().iter().find(|one| one["path"] == path).unwrap()
}

const ENDS: [&str; 7] = ["mapping", "fields", "acme", "--source", "orders", "--destination", "lines"];

#[test]
fn both_streams_are_told_field_by_field_with_an_example_record() {
    let town = described("");
    let fields = town.works(&ENDS);
    let (source, destination) = (&fields["source"], &fields["destination"]);
    assert_eq!((&source["stream"], &source["primary_key"]), (&json!("orders"), &json!(["/id"])));
    let id = field(source, "/id");
    assert_eq!(
        (&id["required"], &id["primary_key"], &id["about"]),
        (&json!(true), &json!(true), &json!("The number."))
    );
    let placed = field(source, "/placed_at");
    assert_eq!((&placed["types"], &placed["format"]), (&json!(["string", "null"]), &json!("date-time")));
    assert_eq!(field(source, "/customer/id")["types"], json!(["string"]));
    assert_eq!(field(destination, "/total")["required"], true);
    assert_eq!((&fields["sample"]["kind"], &fields["sample"]["redacted"]), (&json!("example"), &json!(false)));
    let record: Value = serde_json::from_str(fields["sample"]["record"].as_str().unwrap()).unwrap();
    assert_eq!(record["id"], 1);
}

#[test]
fn a_system_that_stands_still_is_not_asked_and_the_answer_says_why() {
    let town = described("");
    town.works(&["connection", "switch", "acme", "shop", "--switch", "off", "--confirm"]);
    let fields = town.works(&ENDS);
    assert_eq!(
        (&fields["source"]["stands_still"]["code"], &fields["sample"]),
        (&json!("connection.off"), &Value::Null)
    );
    assert!(fields["source"]["fields"].as_array().unwrap().is_empty());
    assert!(!fields["destination"]["fields"].as_array().unwrap().is_empty());
    let wrong = ["mapping", "fields", "acme", "--source", "lines", "--destination", "orders"];
    assert!(town.fails(&wrong, 2).errors.contains("no such source endpoint"));
}

#[test]
fn a_kept_record_is_shown_to_who_may_see_records_and_its_values_to_nobody_else() {
    // Of the paid orders nothing is in the table, so they are rejected and kept: more than half of all, with which a run fails.
    let town = described("{ copy = \"/status\", to = \"/number\", table = { open = \"1\" } },");
    town.fails(&["run", "acme/orders"], 1);
    let seen = town.works(&ENDS);
    assert_eq!((&seen["sample"]["kind"], &seen["sample"]["redacted"]), (&json!("kept"), &json!(false)));
    assert!(seen["sample"]["record"].as_str().unwrap().contains("status"), "{seen}");
    let host = Host::start(&town);
    let invited = town.works(&["staff", "invite", "--email", "jan@example.com", "--role", "tenant_support"]);
    let jan: Client<'_> = host.joined(&invited);
    let customer = town.works(&["customer", "list"])["items"][0]["id"].as_str().unwrap().to_owned();
    let id = |name: &str| {
        let endpoints = town.works(&["endpoint", "list", "acme"]);
        let found = endpoints["items"].as_array().unwrap().iter().find(|one| one["name"] == name).unwrap().clone();
        found["id"].as_str().unwrap().to_owned()
    };
    let path = format!("/customers/{customer}/mappings/fields?source={}&destination={}", id("orders"), id("lines"));
    let sample = jan.get(&path).worked()["sample"].clone();
    assert_eq!((&sample["kind"], &sample["redacted"]), (&json!("kept"), &json!(true)));
    let record: Value = serde_json::from_str(sample["record"].as_str().unwrap()).unwrap();
    assert_eq!((&record["id"], record.get("status")), (&json!(0), None), "{record}");
}

#[test]
fn every_sample_says_what_came_of_it_and_at_which_rule_it_is_rejected() {
    let town = described("");
    let rules = json!({
        "filter": [{ "field": "/id", "exists": true }, { "field": "/status", "equals": "open" }],
        "rules": [{ "copy": "/id" }, { "copy": "/total", "to": "/sum/total", "cast": "number" }],
    });
    let samples = [
        r#"{"id":1,"status":"open","total":"5"}"#,
        r#"{"id":2,"status":"paid"}"#,
        r#"{"id":3,"status":"open","total":"x"}"#,
    ];
    let mut words = vec!["mapping", "try", "acme", "--rules"];
    let text = rules.to_string();
    words.push(&text);
    words.extend(samples.iter().flat_map(|one| ["--samples", one]));
    let tried = town.works(&words);
    let tried = tried["items"].as_array().unwrap();
    assert_eq!(tried.iter().map(|one| one["before"].as_str().unwrap()).collect::<Vec<_>>(), samples);
    assert_eq!(
        (&tried[0]["outcome"], &tried[0]["record"]),
        (&json!("written"), &json!(r#"{"id":1,"sum":{"total":5}}"#))
    );
    let filtered = (&tried[1]["outcome"], &tried[1]["filter"], &tried[1]["field"]);
    assert_eq!(filtered, (&json!("filtered"), &json!(1), &json!("/status")));
    let rejected = (&tried[2]["at"], &tried[2]["rule"], &tried[2]["field"]);
    assert_eq!(rejected, (&json!("/rules/1"), &json!(1), &json!("/sum/total")));
}

#[test]
fn rules_that_do_not_parse_are_refused_at_the_rule() {
    let town = described("");
    for (rules, at) in [
        (r#"{"rules":[{"copy":"/id"},{"copy":"/b","cast":"nothing"}]}"#, "rules/rules/1/cast"),
        (r#"{"rules":[{"copy":"id"}]}"#, "rules/rules/0/copy"),
        (r#"{"rules":[{"copy":"/id"}],"filter":[{"field":"/id"}]}"#, "rules/filter/0"),
    ] {
        let refused = town.fails(&["mapping", "try", "acme", "--rules", rules, "--samples", "{}"], 2).errors;
        assert!(refused.contains(at), "{at}: {refused}");
    }
}

#[test]
fn every_version_of_a_mapping_can_be_seen_and_one_that_is_not_there_is_refused() {
    let town = Town::settled(20, &Setting::default());
    let mapping = town.works(&["mapping", "list", "acme"])["items"][0].clone();
    let name = mapping["name"].as_str().unwrap();
    let rules = r#"{ "rules": [{ "copy": "/id" }] }"#;
    let made = town.works(&["mapping", "set", "acme", "--name", name, "--rules", rules]);
    let numbers: Vec<_> = made["versions"].as_array().unwrap().iter().map(|one| one["version"].clone()).collect();
    assert_eq!((&made["version"], numbers), (&json!(2), vec![json!(2), json!(1)]));
    let first = town.works(&["mapping", "show", "acme", name, "--version", "1"]);
    assert_eq!((&first["version"], &first["rules"]), (&json!(1), &mapping["rules"]));
    town.fails(&["mapping", "show", "acme", name, "--version", "3"], 2);
}
