//! The organisation's own connections serve endpoints of many customers, who see their names and nothing else.

use serde_json::{Value, json};

use crate::town::{Host, Setting, Town};

/// What connects the tenant's own warehouse.
fn warehouse(town: &Town) -> String {
    let upsert = json!({ "method": "PUT", "path": "/lines", "body": "lines", "records": 100 });
    let stream = json!({ "primary_key": ["id"], "upsert": upsert });
    json!({ "base_url": town.platforms.warehouse, "streams": { "lines": stream } }).to_string()
}

fn connect(town: &Town) -> Value {
    let configuration = warehouse(town);
    let words = ["own-connection", "add", "--integration", "shop", "--label", "the ERP", "--configuration"];
    town.works(&[&words[..], &[configuration.as_str()]].concat())
}

/// An endpoint of the customer at the tenant's own connection, and a transfer to it.
fn use_it(town: &Town) {
    let words = ["endpoint", "add", "acme", "--name", "to the ERP", "--description", "All lines.", "--direction"];
    town.works(&[&words[..], &["destination", "--connection", "the ERP", "--stream", "lines"]].concat());
    let words = ["transfer", "add", "acme", "--name", "erp", "--source", "orders", "--destination", "to the ERP"];
    town.works(&[&words[..], &["--sync", "full_refresh"]].concat());
}

#[test]
fn moves_records_of_a_customer_over_a_connection_that_was_made_by_a_form() {
    let town = Town::settled(3, &Setting::default());
    let made = connect(&town);
    assert_eq!((&made["label"], &made["tenants_own"]), (&json!("the ERP"), &json!(true)));
    assert_eq!(town.works(&["own-connection", "check", "the ERP"])["works"], true);
    use_it(&town);
    assert_eq!(town.works(&["run", "acme/erp"])["counts"]["delivered"], 3);
    let listed = town.works(&["own-connection", "list"]);
    let items = listed["items"].as_array().unwrap();
    assert!(items.len() == 1 && items[0]["last_run"].is_string(), "{listed}");
    town.works(&["own-connection", "change", "the ERP", "--label", "the big ERP"]);
    assert_eq!(town.works(&["own-connection", "show", "the big ERP"])["id"], made["id"]);
    let function = ["own-connection", "switch", "the big ERP", "--switch", "off", "--function", "destination:lines"];
    let asked = town.fails(&function, 2).errors;
    assert!(asked.contains("transfer erp of acme"), "{asked}");
    town.works(&[&function[..], &["--confirm"]].concat());
    let shown = town.works(&["own-connection", "show", "the big ERP"]);
    let off: Vec<_> = shown["functions"].as_array().unwrap().iter().filter(|one| one["switch"] == "off").collect();
    assert!(off.len() == 1 && off[0]["stream"] == "lines", "{shown}");
    let other = ["own-connection", "switch", "the big ERP", "--switch", "off", "--function", "source:lines"];
    let asked = town.fails(&other, 2).errors;
    assert!(asked.contains("nothing that is on uses it") && !asked.contains("transfer"), "{asked}");
    let any = ["own-connection", "switch", "the big ERP", "--switch", "off", "--function", "source:*"];
    assert!(town.fails(&any, 2).errors.contains("name the one"), "any stream is not one");
    let refused = town.fails(&["run", "acme/erp"], 3);
    assert!(refused.json.to_string().contains("capability.off"), "{}", refused.json);
}

#[test]
fn refuses_to_go_while_a_customer_uses_it_and_names_what_stops_when_it_is_switched_off() {
    let town = Town::settled(1, &Setting::default());
    connect(&town);
    use_it(&town);
    let used = town.fails(&["own-connection", "remove", "the ERP"], 2).errors;
    assert!(used.contains("resource.in_use") && used.contains("endpoint to the ERP of acme"), "{used}");
    let asked = town.fails(&["own-connection", "switch", "the ERP", "--switch", "off"], 2).errors;
    assert!(asked.contains("confirmation.needed") && asked.contains("transfer erp of acme"), "{asked}");
    town.works(&["own-connection", "switch", "the ERP", "--switch", "off", "--confirm"]);
    assert_eq!(town.fails(&["run", "acme/erp"], 3).code, 3);
    town.works(&["transfer", "remove", "acme", "erp"]);
    town.works(&["endpoint", "remove", "acme", "to the ERP"]);
    assert_eq!(town.works(&["own-connection", "remove", "the ERP"])["label"], "the ERP");
    let taken = town.fails(&["own-connection", "show", "the ERP"], 2).errors;
    assert!(taken.contains("not_found"), "{taken}");
}

#[test]
fn switches_among_many_for_an_administrator_who_is_told_what_stops_and_for_nobody_less() {
    let town = Town::settled(1, &Setting::default());
    let id = connect(&town)["id"].as_str().unwrap().to_owned();
    use_it(&town);
    let invited = town.works(&["staff", "invite", "--role", "tenant_operator", "--email", "operator@example.org"]);
    let host = Host::start(&town);
    let operator = host.joined(&invited);
    let off = json!({ "switch": "off", "items": [format!("connection:{id}")], "confirm": true });
    assert_eq!(operator.post("/systems/switch", &off).code(), "access.role");
    let reference = format!("connection:{id}");
    let words = ["system", "switch", "--switch", "off", "--items", &reference];
    let asked = town.fails(&words, 2).errors;
    assert!(asked.contains("connection the ERP of your own") && asked.contains("transfer erp of acme"), "{asked}");
    town.works(&[&words[..], &["--confirm"]].concat());
    assert_eq!(town.works(&["own-connection", "show", "the ERP"])["status"], "off");
}

#[test]
fn refuses_a_customers_people_all_of_it_and_shows_them_its_name_only() {
    let town = Town::settled(1, &Setting::default());
    let made = connect(&town);
    use_it(&town);
    let invited =
        town.works(&["user", "invite", "acme", "--role", "customer_admin", "--email", "somebody@example.org"]);
    let host = Host::start(&town);
    let customer = host.joined(&invited);
    let id = made["id"].as_str().unwrap();
    assert_eq!(customer.get(&format!("/connections/{id}")).code(), "access.role");
    assert_eq!(customer.get("/connections").code(), "access.role");
    let acme = customer.get("/me").worked()["customer"].as_str().unwrap_or_default().to_owned();
    let shown = customer.get(&format!("/customers/{acme}/connections/{id}")).worked();
    assert_eq!((&shown["label"], &shown["configuration"]), (&json!("the ERP"), &Value::Null));
    assert_eq!((&shown["functions"], &shown["made_by"]), (&json!([]), &Value::Null));
    let off = json!({ "switch": "off", "confirm": true });
    assert_eq!(customer.post(&format!("/customers/{acme}/connections/{id}/switch"), &off).code(), "access.role");
    let own = town.works(&["connection", "list", "acme"]);
    let shop = own["items"].as_array().unwrap().iter().find(|one| one["label"] == "shop").unwrap();
    let words = ["own-connection", "show", shop["id"].as_str().unwrap()];
    assert!(town.fails(&words, 2).errors.contains("access.not_there"), "a customer's is none of the tenant's own");
}

#[test]
fn tells_a_customers_people_that_a_run_failed_there_and_not_what_was_said() {
    let town = Town::settled(1, &Setting::default());
    connect(&town);
    use_it(&town);
    let elsewhere = warehouse(&town).replace("/lines", "/nothing");
    town.works(&["own-connection", "change", "the ERP", "--configuration", &elsewhere]);
    town.fails(&["run", "acme/erp"], 1);
    let invited =
        town.works(&["user", "invite", "acme", "--role", "customer_admin", "--email", "somebody@example.org"]);
    let host = Host::start(&town);
    let customer = host.joined(&invited);
    let staff = town.works(&["transfer", "runs", "acme", "erp"])["items"][0].clone();
    assert!(staff["message"].is_string(), "{staff}");
    let acme = customer.get("/me").worked()["customer"].as_str().unwrap_or_default().to_owned();
    let transfers = customer.get(&format!("/customers/{acme}/transfers")).worked();
    let erp = transfers["items"].as_array().unwrap().iter().find(|one| one["name"] == "erp").unwrap().clone();
    let runs = customer.get(&format!("/customers/{acme}/transfers/{}/runs", erp["id"].as_str().unwrap())).worked();
    assert_eq!((&runs["items"][0]["state"], &runs["items"][0]["code"]), (&staff["state"], &staff["code"]));
    assert_eq!(runs["items"][0]["message"], Value::Null);
}

#[test]
fn sends_an_administrator_to_the_platforms_own_sign_in_and_refuses_it_where_there_is_none() {
    let town = Town::settled(0, &Setting::default());
    let invited = town.works(&["staff", "invite", "--role", "tenant_admin", "--email", "admin@example.org"]);
    let plain = connect(&town)["id"].as_str().unwrap().to_owned();
    let host = Host::start(&town);
    let admin = host.joined(&invited);
    let offer = admin.get("/integrations").worked()["items"][0]["id"].clone();
    let mut configuration: Value = serde_json::from_str(&warehouse(&town)).unwrap();
    configuration["authorize_url"] = "https://sign-in.example/auth".into();
    configuration["token_url"] = "https://sign-in.example/token".into();
    let new = json!({
        "integration": offer, "label": "the CRM", "scheme": "oauth2", "configuration": configuration,
        "secrets": { "client_id": "known", "client_secret": "hunter2" },
    });
    let made = admin.post("/connections", &new).worked();
    assert_eq!((&made["status"], &made["credential_is_yours"]), (&json!("needs_sign_in"), &json!(true)));
    let sent = admin.post(&format!("/connections/{}/sign-in", made["id"].as_str().unwrap()), &json!({})).worked();
    assert!(sent["address"].as_str().unwrap().starts_with("https://sign-in.example/auth?"), "{sent}");
    assert_eq!(admin.post(&format!("/connections/{plain}/sign-in"), &json!({})).code(), "request.invalid");
    let audit = town.works(&["audit", "list"]).to_string();
    assert!(audit.contains("the CRM") && !audit.contains("hunter2"), "{audit}");
}

#[test]
fn the_audit_log_keeps_both_sides_of_what_was_changed() {
    let town = Town::settled(1, &Setting::transfer(""));
    town.works(&["integration", "change", "shop", "--price", "13 PLN"]);
    town.works(&["endpoint", "change", "acme", "orders", "--description", "All of them."]);
    town.works(&["transfer", "change", "acme", "orders", "--switch", "off"]);
    town.works(&["connection", "change", "acme", "warehouse", "--window", r#"{"end":"2027-01-01"}"#]);
    let told = town.works(&["audit", "list", "--limit", "4"]);
    let change = |act: &str| {
        let line = told["items"].as_array().unwrap().iter().find(|line| line["act"] == act).unwrap_or(&Value::Null);
        let change = &line["changes"][0];
        (change["field"].clone(), change["before"].clone(), change["after"].clone(), line["customer_name"].clone())
    };
    let ends = "last access 2026-12-31 23:59, ends 2027-01-01 00:00 Europe/Warsaw";
    assert_eq!(change("integration.changed"), (json!("price"), Value::Null, json!("13 PLN"), Value::Null));
    let wanted = (json!("description"), json!("Orders of the shop."), json!("All of them."), json!("acme"));
    assert_eq!(change("endpoint.changed"), wanted);
    assert_eq!(change("transfer.changed"), (json!("switch"), json!("on"), json!("off"), json!("acme")));
    assert_eq!(change("connection.changed"), (json!("window"), Value::Null, json!(ends), json!("acme")));
    assert_eq!(told["items"][0]["who"], "operator");
}

#[test]
fn refuses_to_switch_a_function_that_the_platform_has_not_and_names_those_it_has() {
    let town = Town::settled(0, &Setting::default());
    town.install("courier");
    town.works(&["integration", "add", "--name", "Courier", "--connector", "weighbridge.courier"]);
    let configuration = json!({ "server": town.platforms.shop, "mailbox": "ada@example.com" }).to_string();
    let words = ["connection", "add", "acme", "--integration", "Courier", "--scheme", "api_key", "--configuration"];
    let secret = r#"{"key":"a key"}"#;
    town.works(&[&words[..], &[configuration.as_str(), "--secrets", secret]].concat());
    let switch = |function: &str| {
        let words = ["connection", "switch", "acme", "Courier", "--switch", "off", "--confirm", "--function", function];
        town.run(&words)
    };
    let absent = switch("destination:nowhere");
    assert!(absent.code == 2 && absent.errors.contains("destination:outbox"), "{}", absent.errors);
    assert_eq!(switch("destination:outbox").code, 0);
}
