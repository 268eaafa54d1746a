//! People come in by invitations, and go out everywhere at once.

use serde_json::{Value, json};

use crate::town::{Client, Host, PASSWORD, Town};

fn town() -> (Town, Host) {
    let town = Town::bare(1);
    town.works(&["init"]);
    town.works(&["tenant", "add", "--name", "partner"]);
    let host = Host::start(&town);
    (town, host)
}

fn invite(town: &Town, email: &str) -> Value {
    town.works(&["staff", "invite", "--email", email, "--role", "tenant_admin"])
}

#[test]
fn an_invitation_lets_in_once_and_a_password_afterwards() {
    let (town, host) = town();
    let (link, stranger) = (invite(&town, "ann@partner.example")["link"].clone(), Client::stranger(&host.address));
    let join = json!({ "link": link, "password": PASSWORD, "name": "Ann" });
    stranger.post("/sessions/join", &join).worked();
    assert_eq!(stranger.post("/sessions/join", &join).code(), "link.over");
    let sign_in = |password: &str| {
        stranger
            .post("/sessions", &json!({ "tenant": "partner", "email": "ANN@partner.example", "password": password }))
    };
    town.works(&["staff", "invite", "--email", "bob@partner.example", "--role", "tenant_viewer"]);
    town.works(&["staff", "change", "Bob@partner.example", "--role", "tenant_support"]);
    town.works(&["staff", "remove", "bob@partner.example"]);
    let gone = town.fails(&["staff", "remove", "bob@partner.example"], 2).errors;
    assert!(gone.contains("user.not_found") && gone.contains("weighbridge staff list"), "{gone}");
    let again = town.fails(&["staff", "invite", "--email", "ann@partner.example", "--role", "tenant_admin"], 2).errors;
    assert!(again.contains("people.already_there") && again.contains("remove it and invite it again"), "{again}");
    let session = sign_in(PASSWORD).worked();
    let me = Client::with(&host.address, session["session"].as_str().unwrap()).get("/me").worked();
    assert_eq!((me["name"].as_str(), me["role"].as_str()), (Some("Ann"), Some("tenant_admin")));
    assert_eq!(sign_in("another password altogether").code(), "sign_in.wrong");
}

#[test]
fn what_is_wrong_with_a_sign_in_is_not_told_and_after_ten_times_it_takes_a_while() {
    let (town, host) = town();
    let stranger = Client::stranger(&host.address);
    host.joined(&invite(&town, "ann@partner.example"));
    let sign_in = |tenant: &str, email: &str| {
        stranger.post("/sessions", &json!({ "tenant": tenant, "email": email, "password": "wrong wrong wrong" }))
    };
    let (known, unknown) = (sign_in("partner", "ann@partner.example"), sign_in("partner", "bob@partner.example"));
    assert_eq!((known.status, &known.text), (unknown.status, &unknown.text));
    assert_eq!(sign_in("nobody", "ann@partner.example").text, known.text);
    for _ in 0..9 {
        sign_in("partner", "ann@partner.example");
    }
    assert_eq!(sign_in("partner", "ann@partner.example").code(), "sign_in.too_often");
}

#[test]
fn whoever_holds_an_invitation_or_a_session_guesses_a_password_ten_times_and_no_more() {
    let (town, host) = town();
    let stranger = Client::stranger(&host.address);
    let mut sessions = Vec::new();
    for name in ["first", "second"] {
        town.works(&["customer", "add", "--name", name]);
        town.works(&["customer", "activate", name]);
    }
    let invite = |name: &str, email: &str| {
        let words = ["user", "invite", name, "--email", email, "--role", "customer_admin"];
        town.works(&words)["link"].clone()
    };
    for email in ["eve@customer.example", "ada@customer.example"] {
        let join = json!({ "link": invite("first", email), "password": PASSWORD });
        sessions.push(stranger.post("/sessions/join", &join).worked()["session"].as_str().unwrap().to_owned());
    }
    let guess = json!({ "link": invite("second", "eve@customer.example"), "password": "wrong wrong wrong" });
    for _ in 0..10 {
        assert_eq!(stranger.post("/sessions/join", &guess).code(), "sign_in.wrong");
    }
    assert_eq!(stranger.post("/sessions/join", &guess).code(), "sign_in.too_often");
    let ada = Client::with(&host.address, &sessions[1]);
    let guess = json!({ "password": "wrong wrong wrong", "new_password": "another horse battery" });
    for _ in 0..10 {
        assert_eq!(ada.post("/me/password", &guess).code(), "sign_in.wrong");
    }
    let change = json!({ "password": PASSWORD, "new_password": "another horse battery" });
    assert_eq!(ada.post("/me/password", &change).code(), "sign_in.too_often");
}

#[test]
fn the_pages_of_links_are_under_the_pace_of_strangers() {
    for path in ["/connect/wb_nothing", "/join/wb_nothing"] {
        let (town, _) = town();
        let host = Host::start_public(&town, "");
        let stranger = Client::stranger(&host.address);
        let asked = (0..70).map(|_| stranger.send("GET", path, &[], None));
        let over = asked.into_iter().find(|answered| answered.status == 429).expect("a page that has no pace");
        assert!(over.head.contains("retry-after:") && over.text.contains("request.rate_limited"), "{}", over.head);
        assert!(over.text.contains("Wait a minute"), "a browser shows nobody a header: {}", over.text);
    }
}

#[test]
fn a_password_that_everybody_tries_is_refused_and_the_link_stays_good() {
    let (town, host) = town();
    let (link, stranger) = (invite(&town, "annabel@partner.example")["link"].clone(), Client::stranger(&host.address));
    for weak in ["short", "passwordpassword", "aaaaaaaaaaaaaaaa", "annabel12345"] {
        let join = stranger.post("/sessions/join", &json!({ "link": link, "password": weak }));
        assert_eq!(join.code(), "password.weak", "{weak}");
    }
    stranger.post("/sessions/join", &json!({ "link": link, "password": PASSWORD })).worked();
}

#[test]
fn signing_out_everywhere_ends_sessions_and_tokens_and_a_removed_person_is_out() {
    let (town, host) = town();
    let join = |email: &str| host.joined(&invite(&town, email));
    let (ann, bob) = (join("ann@partner.example"), join("bob@partner.example"));
    let token = ann.post("/me/tokens", &json!({ "name": "a program" })).worked();
    let program = Client::with(&host.address, token["secret"].as_str().unwrap());
    assert_eq!(program.get("/customers").status, 200);
    assert_eq!(program.post("/customers", &json!({ "name": "x" })).code(), "access.token_scope");
    ann.post("/me/sign-out-everywhere", &json!({})).worked();
    assert_eq!((ann.get("/me").status, program.get("/customers").status), (401, 401));
    let staff = bob.get("/staff").worked();
    let of = |email: &str| {
        let found = staff["items"].as_array().unwrap().iter().find(|one| one["email"] == email).unwrap();
        found["id"].as_str().unwrap().to_owned()
    };
    bob.ask("DELETE", &format!("/staff/{}", of("ann@partner.example")), None).worked();
    let last = bob.ask("DELETE", &format!("/staff/{}", of("bob@partner.example")), None);
    assert_eq!(last.code(), "people.last_admin");
    assert_eq!(bob.get("/me").status, 200);
}

#[test]
fn one_address_belongs_to_several_customers_and_chooses() {
    let (town, host) = town();
    let stranger = Client::stranger(&host.address);
    let mut ids = Vec::new();
    for name in ["first", "second"] {
        let made = town.works(&["customer", "add", "--name", name]);
        town.works(&["customer", "activate", name]);
        let words = ["user", "invite", name, "--email", "eve@customer.example", "--role", "customer_admin"];
        host.joined(&town.works(&words));
        ids.push(made["id"].as_str().unwrap().to_owned());
    }
    let sign_in = json!({ "tenant": "partner", "email": "eve@customer.example", "password": PASSWORD });
    let choices = stranger.post("/sessions", &sign_in).worked();
    assert!(choices["session"].is_null());
    assert_eq!(choices["accounts"].as_array().unwrap().len(), 2);
    let mut chosen = sign_in;
    chosen["account"] = ids[1].as_str().into();
    let session = stranger.post("/sessions", &chosen).worked();
    let eve = Client::with(&host.address, session["session"].as_str().unwrap());
    assert_eq!(eve.get("/me").worked()["customer_name"], "second");
    assert_eq!(eve.get(&format!("/customers/{}", ids[0])).code(), "access.not_there");
    town.works(&["customer", "deactivate", "second"]);
    assert_eq!(eve.get("/me").code(), "customer.inactive");
    town.works(&["customer", "activate", "second"]);
    assert_eq!(eve.get("/me").status, 200);
}

#[test]
fn nobody_chooses_by_a_password_that_is_another_one_by_then() {
    let (town, host) = town();
    let stranger = Client::stranger(&host.address);
    let mut secrets = Vec::new();
    for name in ["first", "second"] {
        town.works(&["customer", "add", "--name", name]);
        town.works(&["customer", "activate", name]);
        let words = ["user", "invite", name, "--email", "eve@customer.example", "--role", "customer_admin"];
        secrets.push(host.joined(&town.works(&words)).secret.unwrap());
    }
    let sign_in = json!({ "tenant": "partner", "email": "eve@customer.example", "password": PASSWORD });
    let choose = |offered: &Value| {
        let account = &offered["accounts"][0]["account"];
        stranger.post("/sessions/choose", &json!({ "choice": offered["choice"], "account": account })).status
    };
    let good = stranger.post("/sessions", &sign_in).worked();
    assert_eq!(choose(&good), 200);
    let late = stranger.post("/sessions", &sign_in).worked();
    let change = json!({ "password": PASSWORD, "new_password": "another horse battery staple" });
    Client::with(&host.address, &secrets[1]).post("/me/password", &change).worked();
    assert_eq!(choose(&late), 401);
}
