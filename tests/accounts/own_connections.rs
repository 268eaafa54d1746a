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
    town.works(&[&function[..], &["--confirm"]].concat());
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
