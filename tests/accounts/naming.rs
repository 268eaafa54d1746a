//! Views name the people that they tell of, as far as whoever reads may know them.

use serde_json::{Value, json};

use crate::town::{Client, Host, Setting, Town};

#[test]
fn who_made_a_connection_and_entered_its_credential_is_named_and_whoever_is_gone_is_said_to_be() {
    let town = Town::settled(1, &Setting::default());
    let host = Host::start(&town);
    let join = |words: &[&str]| host.joined(&town.works(words)).secret.unwrap();
    let staff = |email: &str, name: &str| {
        join(&["staff", "invite", "--email", email, "--name", name, "--role", "tenant_admin"])
    };
    let (anna, boris) = (staff("anna@example.com", "Anna"), staff("boris@example.com", "Boris"));
    let user = |email: &str, role: &str| join(&["user", "invite", "acme", "--email", email, "--role", role]);
    let (admin, viewer) = (user("eva@example.org", "customer_admin"), user("jan@example.org", "customer_viewer"));
    let client = |secret: &str| Client::with(&host.address, secret);
    let customer = town.works(&["customer", "list"])["items"][0]["id"].as_str().unwrap().to_owned();
    let offer = town.works(&["integration", "list"])["items"][0]["id"].as_str().unwrap().to_owned();
    let path = format!("/customers/{customer}/connections");
    let new = json!({
        "integration": offer, "label": "second shop", "scheme": "bearer", "secrets": { "token": "a" },
        "configuration": { "base_url": town.platforms.shop, "auth": "bearer", "streams": {
            "orders": { "primary_key": ["id"], "read": { "path": "/orders", "records": "/data" } },
        } },
    });
    let made = client(&anna).post(&path, &new).worked()["id"].as_str().unwrap().to_owned();
    let named = |secret: &str| {
        let view = client(secret).get(&format!("{path}/{made}")).worked();
        assert_eq!(view["made_by"], view["credential_by"]);
        (view["made_by_name"].clone(), view["credential_by_name"].clone(), view["made_by_removed"].clone())
    };
    let both = |name: &str| (json!(name), json!(name), json!(false));
    assert_eq!(named(&boris), both("Anna"));
    assert_eq!(named(&admin), both("Anna (Partner)"));
    assert_eq!(named(&viewer), both("Partner"));
    let people = client(&boris).get("/staff").worked();
    let of_anna = people["items"].as_array().unwrap().iter().find(|one| one["name"] == "Anna").unwrap();
    let id = of_anna["id"].as_str().unwrap();
    client(&boris).ask("DELETE", &format!("/staff/{id}"), None).worked();
    assert_eq!(named(&admin), (Value::Null, Value::Null, json!(true)));
    let told = client(&boris).get("/audit?act=connection.*").worked();
    assert_eq!((&told["items"][0]["actor_removed"], &told["items"][0]["who"]), (&json!(true), &json!(id)));
}
