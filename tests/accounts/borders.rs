//! What people of one place must not reach in another, nor by a smaller key than their own.

use serde_json::{Value, json};

use crate::town::{Answered, Client, Host, PASSWORD, Setting, Town};

/// A tenant with two customers.
fn town() -> (Town, Host) {
    let town = Town::bare(1);
    town.works(&["init"]);
    town.works(&["tenant", "add", "--name", "partner"]);
    for name in ["first", "second"] {
        town.works(&["customer", "add", "--name", name]);
        town.works(&["customer", "activate", name]);
    }
    let host = Host::start(&town);
    (town, host)
}

fn invite_to(town: &Town, customer: &str) -> Value {
    let words = ["user", "invite", customer, "--email", "eve@customer.example", "--role", "customer_admin"];
    town.works(&words)
}

fn staff(town: &Town, role: &str) -> Value {
    town.works(&["staff", "invite", "--email", &format!("{role}@partner.example"), "--role", role])
}

fn sign_in(host: &Host, tenant: Option<&str>, account: Option<&str>) -> Answered {
    let body = json!({ "tenant": tenant, "email": "eve@customer.example", "password": PASSWORD, "account": account });
    Client::stranger(&host.address).post("/sessions", &body)
}

fn id_of(town: &Town, customer: &str) -> String {
    town.works(&["customer", "show", customer])["id"].as_str().unwrap().to_owned()
}

#[test]
fn an_address_opens_nothing_whose_invitation_it_has_not_taken() {
    let (town, host) = town();
    // Whoever invites holds the link, so this password may be somebody else's than the address's owner.
    host.joined(&invite_to(&town, "first"));
    let second = invite_to(&town, "second");
    assert!(sign_in(&host, Some("partner"), None).worked()["session"].is_string(), "there is nothing to choose");
    assert_eq!(sign_in(&host, Some("partner"), Some(&id_of(&town, "second"))).code(), "sign_in.wrong");
    host.joined(&second);
    assert_eq!(sign_in(&host, Some("partner"), None).worked()["accounts"].as_array().unwrap().len(), 2);
    let chosen = sign_in(&host, Some("partner"), Some(&id_of(&town, "second"))).worked();
    assert!(chosen["session"].is_string(), "{chosen}");
}

#[test]
fn whoever_holds_a_link_or_a_session_guesses_at_a_password_ten_times_and_no_more() {
    let (town, host) = town();
    let eve = host.joined(&invite_to(&town, "first"));
    let link = invite_to(&town, "second")["link"].clone();
    let join = |password: &str| {
        Client::stranger(&host.address).post("/sessions/join", &json!({ "link": link, "password": password })).code()
    };
    let change = |password: &str| {
        eve.post("/me/password", &json!({ "password": password, "new_password": "another one altogether" })).code()
    };
    for _ in 0..5 {
        assert_eq!(join("wrong wrong wrong"), "sign_in.wrong");
        assert_eq!(change("wrong wrong wrong"), "sign_in.wrong");
    }
    assert_eq!((join(PASSWORD).as_str(), change(PASSWORD).as_str()), ("sign_in.too_often", "sign_in.too_often"));
    assert_eq!(sign_in(&host, Some("partner"), None).code(), "sign_in.too_often");
}

#[test]
fn guesses_at_an_unknown_organisation_say_nothing_of_another_and_shut_nobody_out() {
    let (_town, host) = town();
    for _ in 0..10 {
        assert_eq!(sign_in(&host, Some("nobody"), None).code(), "sign_in.wrong");
    }
    assert_eq!(sign_in(&host, Some("nobody"), None).code(), "sign_in.too_often", "as at a known one");
    for other in [Some("no one"), Some("partner"), None] {
        assert_eq!(sign_in(&host, other, None).code(), "sign_in.wrong", "{other:?}");
    }
}

#[test]
fn a_token_gives_nothing_that_it_is_not_limited_to() {
    let (town, host) = town();
    let admin = host.joined(&staff(&town, "tenant_admin"));
    let token = |scope: &str| {
        let made = admin.post("/me/tokens", &json!({ "name": scope, "scopes": [scope] })).worked();
        Client::with(&host.address, made["secret"].as_str().unwrap())
    };
    let (own, opening) = (token("self.*"), token("customer.*"));
    let new = |scope: &str| own.post("/me/tokens", &json!({ "name": "another", "scopes": [scope] }));
    assert_eq!(new("*").code(), "access.token_scope");
    assert_eq!(new("customers.read").code(), "access.token_scope");
    new("self.read").worked();
    let open = format!("/customers/{}/open", id_of(&town, "first"));
    assert_eq!(opening.post(&open, &json!({ "reason": "to help" })).code(), "access.token_scope");
    assert!(token("*").post(&open, &json!({ "reason": "to help" })).worked()["session"].is_string());
}

#[test]
fn many_at_once_are_switched_by_who_may_switch_each_and_told_to_the_customer() {
    let town = Town::settled(1, &Setting::default());
    let upsert = json!({ "method": "PUT", "path": "/lines", "body": "lines", "records": 100 });
    let streams = json!({ "lines": { "primary_key": ["id"], "upsert": upsert } });
    let configuration = json!({ "base_url": town.platforms.warehouse, "streams": streams }).to_string();
    let words = ["own-connection", "add", "--integration", "shop", "--label", "the ERP", "--configuration"];
    let own = town.works(&[&words[..], &[configuration.as_str()]].concat())["id"].as_str().unwrap().to_owned();
    let reference = |kind: &str| {
        town.works(&["system", "list", "--kind", kind])["items"][0]["reference"].as_str().unwrap().to_owned()
    };
    let (transfer, invited) = (reference("transfer"), staff(&town, "tenant_operator"));
    let host = Host::start(&town);
    let operator = host.joined(&invited);
    let off =
        |items: &[&str]| operator.post("/systems/switch", &json!({ "switch": "off", "items": items, "confirm": true }));
    assert_eq!(off(&[&transfer, &format!("connection:{own}")]).code(), "access.role");
    assert_eq!(town.works(&["own-connection", "show", "the ERP"])["status"], "on", "nothing of it is done");
    assert_eq!(off(&[&transfer]).worked()["switched"][0], transfer.as_str());
    let acme = id_of(&town, "acme");
    let told = operator.get(&format!("/customers/{acme}/audit?act=systems.off")).worked();
    assert_eq!(told["items"][0]["detail"], "transfer orders", "{told}");
    town.works(&["transfer", "remove", "acme", "orders"]);
    let on = operator.post("/systems/switch", &json!({ "switch": "on", "items": [transfer] }));
    assert_eq!(on.code(), "request.invalid", "what was taken away is not switched on");
}

#[test]
fn texts_that_nobody_reads_to_their_end_are_refused() {
    let town = Town::settled(1, &Setting::default());
    let invited = staff(&town, "tenant_admin");
    let host = Host::start(&town);
    let (admin, acme, long) = (host.joined(&invited), id_of(&town, "acme"), "x".repeat(3_000));
    let path = format!("/customers/{acme}");
    let offer = admin.get("/integrations").worked()["items"][0]["id"].as_str().unwrap().to_owned();
    let endpoint = json!({ "name": "more", "description": "More.", "direction": "source" });
    let with = |field: &str| {
        let mut wrong = endpoint.clone();
        wrong[field] = long.as_str().into();
        wrong
    };
    for (method, path, body) in [
        ("POST", "/customers".to_owned(), json!({ "name": "beta", "external_id": long })),
        ("POST", "/customers".to_owned(), json!({ "name": "beta", "contact": { "phone": long } })),
        ("PATCH", path.clone(), json!({ "contact": { "name": long } })),
        ("POST", format!("{path}/endpoints"), with("description")),
        ("POST", format!("{path}/endpoints"), with("partition")),
        ("PATCH", format!("/integrations/{offer}"), json!({ "price": long })),
    ] {
        assert_eq!(admin.ask(method, &path, Some(&body)).code(), "request.invalid", "{method} {path}");
    }
    std::fs::write(town.path("long.csv"), format!("name,external_id,contact_email\nAda,{long},\nBea,,{long}\n"))
        .unwrap();
    let table = format!("@{}", town.path("long.csv").display());
    let wrong = town.fails(&["customer", "import", "--table", &table], 2).errors;
    assert!(wrong.contains("table line 2: external_id") && wrong.contains("table line 3: contact.email"), "{wrong}");
}

#[test]
fn a_cursor_beyond_the_end_of_the_audit_log_is_answered() {
    let (town, host) = town();
    let eve = host.joined(&invite_to(&town, "first"));
    let audit = format!("/customers/{}/audit?cursor", id_of(&town, "first"));
    for cursor in ["after-18446744073709551615", "before-18446744073709551615", "before-0", "after-0"] {
        assert_eq!(eve.get(&format!("{audit}={cursor}")).status, 200, "{cursor}");
    }
    assert_eq!(eve.get(&format!("{audit}=after-18446744073709551616")).code(), "request.invalid");
}

/// A connect link of the customer, and what is entered on it.
fn connect_link(town: &Town) -> Value {
    let offer = &town.works(&["integration", "list"])["items"];
    let offer = offer.as_array().unwrap().iter().find(|one| one["name"] == "shop").unwrap();
    let made = town.works(&["connect-link", "add", "acme", "--integration", offer["id"].as_str().unwrap()]);
    let stream = json!({ "primary_key": ["id"], "read": { "path": "/orders", "records": "/data" } });
    let configuration = json!({ "base_url": town.platforms.shop, "streams": { "orders": stream } });
    let secrets = json!({ "token": Setting::default().token });
    json!({ "link": made["secret"], "scheme": "bearer", "configuration": configuration, "secrets": secrets })
}

#[test]
fn a_connect_link_that_is_used_several_times_at_once_connects_one_system() {
    let town = Town::settled(1, &Setting::default());
    let used = connect_link(&town);
    let host = Host::start(&town);
    let before = town.works(&["connection", "list", "acme"])["items"].as_array().unwrap().len();
    let wrong = Client::stranger(&host.address).post("/connect-links/use", &{
        let mut wrong = used.clone();
        wrong["scheme"] = "nothing".into();
        wrong
    });
    assert_eq!(wrong.code(), "request.invalid", "what was entered wrongly may be entered again");
    let codes: Vec<String> = std::thread::scope(|scope| {
        let ask = || Client::stranger(&host.address).post("/connect-links/use", &used).code();
        let asked: Vec<_> = (0..6).map(|_| scope.spawn(ask)).collect();
        asked.into_iter().map(|one| one.join().unwrap()).collect()
    });
    assert_eq!(codes.iter().filter(|code| code.is_empty()).count(), 1, "{codes:?}");
    assert_eq!(codes.iter().filter(|code| *code == "connect_link.over").count(), 5, "{codes:?}");
    assert_eq!(town.works(&["connection", "list", "acme"])["items"].as_array().unwrap().len(), before + 1);
}

#[test]
fn a_connect_link_of_an_organisation_that_is_out_of_business_connects_nothing() {
    let town = Town::settled(1, &Setting::default());
    let used = connect_link(&town);
    let host = Host::start(&town);
    town.works(&["tenant", "set", "Partner", "--status", "inactive"]);
    assert_eq!(Client::stranger(&host.address).post("/connect-links/use", &used).code(), "connect_link.over");
    town.works(&["tenant", "set", "Partner", "--status", "active"]);
    Client::stranger(&host.address).post("/connect-links/use", &used).worked();
}
