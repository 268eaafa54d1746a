//! Whether a customer connects systems by itself: all twelve combinations, through the API.

use serde_json::{Value, json};

use crate::town::{Client, Host, Setting, Town};

struct Desk {
    town: Town,
    host: Host,
}

impl Desk {
    fn new() -> Self {
        let town = Town::settled(1, &Setting::transfer(""));
        let host = Host::start(&town);
        Self { town, host }
    }

    fn joined(&self, invite: &[&str]) -> Client<'_> {
        self.host.joined(&self.town.works(invite))
    }
}

fn first(listed: &Value) -> Value {
    listed["items"].as_array().unwrap()[0].clone()
}

#[test]
fn a_customer_connects_by_itself_where_offer_and_setting_allow_it_and_nowhere_else() {
    let desk = Desk::new();
    let staff = desk.joined(&["staff", "invite", "--email", "ann@partner.example", "--role", "tenant_admin"]);
    let customer = first(&staff.get("/customers").worked());
    let (id, name) = (customer["id"].as_str().unwrap(), customer["name"].as_str().unwrap());
    let eve = desk.joined(&["user", "invite", name, "--email", "eve@customer.example", "--role", "customer_admin"]);
    let offer = first(&staff.get("/integrations").worked());
    let offer = offer["id"].as_str().unwrap();
    let (mut allowed, mut label) = (0, 0);
    for offered in [true, false] {
        staff.ask("PATCH", &format!("/integrations/{offer}"), Some(&json!({ "self_managed": offered }))).worked();
        for policy in ["allow", "deny"] {
            staff.ask("PATCH", "/self-managed", Some(&json!({ "policy": policy, "confirm": true }))).worked();
            for choice in ["inherit", "allow", "deny"] {
                let path = format!("/customers/{id}/self-managed");
                let chosen = json!({ "choice": choice, "confirm": true });
                staff.ask("PUT", &path, Some(&chosen)).worked();
                let expected = offered && (choice == "allow" || choice == "inherit" && policy == "allow");
                label += 1;
                let new = json!({ "integration": offer, "label": format!("own {label}"), "switch": "off" });
                let tried = eve.post(&format!("/customers/{id}/connections"), &new);
                let said = tried.code();
                // Where it is allowed, the settings of the platform are asked for next.
                let is_allowed = said != "self_managed.denied";
                assert_eq!(is_allowed, expected, "offer {offered}, tenant {policy}, customer {choice}: {}", tried.text);
                let seen = eve.get(&format!("/customers/{id}/platforms")).worked();
                let sees = seen["items"].as_array().unwrap().iter().any(|one| one["integration"] == offer);
                assert_eq!(sees, expected);
                allowed += usize::from(expected);
            }
        }
    }
    assert_eq!(allowed, 3);
}

#[test]
fn turning_it_on_names_the_price_and_is_confirmed_and_the_word_is_kept() {
    let desk = Desk::new();
    let staff = desk.joined(&["staff", "invite", "--email", "ann@partner.example", "--role", "tenant_admin"]);
    let offer = first(&staff.get("/integrations").worked());
    let path = format!("/integrations/{}", offer["id"].as_str().unwrap());
    staff.ask("PATCH", &path, Some(&json!({ "self_managed": true, "price": "4 EUR a month" }))).worked();
    let asked = staff.ask("PATCH", "/self-managed", Some(&json!({ "policy": "allow" })));
    assert_eq!((asked.status, asked.code().as_str()), (409, "confirmation.needed"));
    assert!(asked.text.contains("4 EUR a month"), "{}", asked.text);
    assert_eq!(staff.get("/self-managed").worked()["policy"], "deny");
    let on = staff.ask("PATCH", "/self-managed", Some(&json!({ "policy": "allow", "confirm": true }))).worked();
    assert_eq!(on["policy"], "allow");
    assert!(on["acknowledged"]["told"].as_str().unwrap().contains("4 EUR a month"), "{on}");
}
