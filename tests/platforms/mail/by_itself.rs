//! The whole path of an e-mail platform: an organisation offers it, a customer connects it by itself at the platform's own
//! sign-in, and its messages move. And the same by a link, without any account here.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use url::Url;

use super::postbox::{self, Tokens};
use crate::platforms::oidc::browser::Browser;
use crate::platforms::oidc::server::Provider;
use crate::platforms::oidc::{SECRET, submit};
use crate::platforms::wanted;
use crate::town::{Client, Host, Town};

const MESSAGES: u32 = 30;

/// A partner with one customer, whose mail is behind a real provider.
struct Scene {
    town: Town,
    host: Host,
    postbox: postbox::Running,
    provider: Provider,
    customer: String,
    staff: String,
}

impl Scene {
    fn set() -> Self {
        let listen = format!("127.0.0.1:{}", Host::free_port());
        let provider = Provider::start(&format!("http://{listen}/oauth/callback"), 60);
        let tokens = Tokens::Introspected { provider: provider.address.clone(), secret: SECRET.to_owned() };
        let postbox = postbox::Running::start(tokens, MESSAGES);
        let town = super::town(&["rest", "postbox"]);
        town.works(&["tenant", "add", "--name", "partner"]);
        let customer = town.works(&["customer", "add", "--name", "acme"])["id"].as_str().unwrap().to_owned();
        town.works(&["customer", "activate", "acme"]);
        let host = Host::start_at(&town, &listen);
        let invited = town.works(&["staff", "invite", "--email", "ann@partner.example", "--role", "tenant_admin"]);
        let staff = joined(&host, &invited);
        Self { town, host, postbox, provider, customer, staff }
    }

    fn staff(&self) -> Client<'_> {
        Client::with(&self.host.address, &self.staff)
    }

    fn of_customer(&self, rest: &str) -> String {
        format!("/customers/{}{rest}", self.customer)
    }

    /// Offers a connector, at this machine.
    fn offer(&self, offer: &Value) -> String {
        let made = self.staff().post("/integrations", offer).worked();
        let (id, tenant) =
            (made["id"].as_str().unwrap(), self.town.works(&["tenant", "list"])["items"][0]["id"].clone());
        let words = ["integration", "allow", tenant.as_str().unwrap(), id, "--networks", "127.0.0.1/32"];
        self.town.works(&words);
        id.to_owned()
    }

    fn offer_postbox(&self) -> String {
        self.offer(&json!({
            "name": "Mail", "connector": "weighbridge.postbox", "self_managed": true, "price": "4 EUR a month",
            "oauth_client": { "id": "weighbridge", "secret": SECRET },
            "defaults": {
                "server": self.postbox.server.address, "sign_in": format!("http://{}", self.provider.address),
                "auth": "oauth2",
            },
        }))
    }

    /// Moves the messages of a connection to the warehouse, and says how the run ended.
    fn moved(&self, connection: &str) -> Value {
        let warehouse = self.offer(&json!({ "name": "Warehouse", "connector": "weighbridge.rest" }));
        let upsert = json!({ "method": "PUT", "path": "/lines", "body": "lines", "records": 100 });
        let streams = json!({ "lines": { "primary_key": ["id"], "upsert": upsert } });
        let configuration = json!({ "base_url": self.town.platforms.warehouse, "streams": streams });
        let new = json!({ "integration": warehouse, "configuration": configuration });
        let staff = self.staff();
        let made = |what: &str, new: &Value| {
            let made = staff.post(&self.of_customer(what), new).worked();
            made["id"].as_str().unwrap().to_owned()
        };
        let warehouse = made("/connections", &new);
        let endpoint = |name: &str, direction: &str, connection: &str, stream: &str| {
            let about = json!({ "name": name, "description": "For a test.", "direction": direction,
                "connection": connection, "stream": stream });
            made("/endpoints", &about)
        };
        let source = endpoint("inbox", "source", connection, "messages");
        let destination = endpoint("lines", "destination", &warehouse, "lines");
        let transfer = json!({ "name": "mail", "source": source, "destination": destination, "sync": "full_refresh" });
        let transfer = made("/transfers", &transfer);
        staff.post(&self.of_customer(&format!("/transfers/{transfer}/start")), &json!({})).worked();
        self.ended(&transfer)
    }

    fn ended(&self, transfer: &str) -> Value {
        let begun = Instant::now();
        loop {
            let runs = self.staff().get(&self.of_customer(&format!("/transfers/{transfer}/runs"))).worked();
            let run = runs["items"][0].clone();
            if !run["ended_at"].is_null() {
                return run;
            }
            assert!(begun.elapsed() < Duration::from_secs(60), "the run does not end: {runs}");
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

fn joined(host: &Host, invited: &Value) -> String {
    host.joined(invited).secret.unwrap()
}

/// The only item of a list.
fn only(listed: &Value) -> Value {
    let items = listed["items"].as_array().unwrap();
    assert_eq!(items.len(), 1, "{listed}");
    items[0].clone()
}

#[test]
fn a_customer_finds_an_email_platform_signs_in_there_and_its_messages_move() {
    if !wanted("oidc-provider") {
        return;
    }
    let scene = Scene::set();
    let staff = scene.staff();
    let offer = scene.offer_postbox();
    let new = json!({ "email": "eve@customer.example", "role": "customer_admin" });
    let eve = joined(&scene.host, &staff.post(&scene.of_customer("/users"), &new).worked());
    let eve = Client::with(&scene.host.address, &eve);
    let platforms = scene.of_customer("/platforms?category=email");
    assert_eq!(eve.get(&platforms).worked()["items"], json!([]), "nobody allowed it yet");
    let asked = staff.ask("PATCH", "/self-managed", Some(&json!({ "policy": "allow" })));
    assert!(asked.code() == "confirmation.needed" && asked.text.contains("4 EUR a month"), "{}", asked.text);
    let allowed = staff.ask("PATCH", "/self-managed", Some(&json!({ "policy": "allow", "confirm": true }))).worked();
    assert!(allowed["acknowledged"]["told"].as_str().unwrap().contains("4 EUR a month"), "{allowed}");

    let platform = only(&eve.get(&platforms).worked());
    assert_eq!((platform["integration"].as_str(), platform["price"].is_null()), (Some(offer.as_str()), true));
    assert!(eve.get(&scene.of_customer("/platforms?category=erp")).worked()["items"] == json!([]));
    let way = &platform["sign_in"][0];
    assert_eq!((way["at_the_platform"].as_bool(), &way["secrets"]), (Some(true), &json!([])), "{way}");
    let new = json!({ "integration": offer, "scheme": way["scheme"] });
    let made = eve.post(&scene.of_customer("/connections"), &new).worked();
    assert_eq!(made["status"], "needs_sign_in");
    let path = scene.of_customer(&format!("/connections/{}", made["id"].as_str().unwrap()));
    let sent = eve.post(&format!("{path}/sign-in"), &json!({})).worked();
    let home = format!("http://{}/", scene.host.address);
    let back = Browser::default().agree(sent["address"].as_str().unwrap(), &home);
    assert_eq!(back.path(), "/oauth/callback");
    let done = submit(&back, sent["code"].as_str().unwrap());
    assert!(done.body.contains("is connected"), "{}", done.body);

    eve.ask("PATCH", &path, Some(&json!({ "label": "Our inbox" }))).worked();
    let used = only(&eve.get(&scene.of_customer("/connections")).worked());
    assert_eq!((used["label"].as_str(), used["status"].as_str()), (Some("Our inbox"), Some("on")), "{used}");
    assert_eq!(used["credential_is_yours"], true);
    let seen = staff.get("/systems").worked().to_string();
    assert!(seen.contains("Our inbox"), "{seen}");
    let run = scene.moved(made["id"].as_str().unwrap());
    let counts = (run["state"].as_str(), run["read"].as_u64(), run["delivered"].as_u64());
    assert_eq!(counts, (Some("succeeded"), Some(u64::from(MESSAGES)), Some(u64::from(MESSAGES))), "{run}");
    let lines = scene.town.platforms.lines();
    assert!(lines.iter().any(|line| line["subject"] == "Offer 7"), "{lines:?}");
    assert!(scene.postbox.introspected() >= 1, "the provider said that the token is good");
    assert_eq!(scene.host.terminate(), 0);
}

#[test]
fn whoever_holds_a_link_connects_an_email_platform_without_an_account_here() {
    if !wanted("oidc-provider") {
        return;
    }
    let scene = Scene::set();
    let staff = scene.staff();
    let offer = scene.offer_postbox();
    let made = staff.post(&scene.of_customer("/connect-links"), &json!({ "integration": offer })).worked();
    let address = Url::parse(made["address"].as_str().unwrap()).unwrap();
    let mut browser = Browser::default();
    let page = browser.get(&address);
    assert!(page.body.contains("partner asks you to connect Mail"), "{}", page.body);
    assert!(page.body.contains("You will be sent to the platform's own sign-in"), "{}", page.body);
    let away = browser.post(&address, &[("scheme", "oauth2"), ("label", "Inbox of Eve")]);
    let href = away.body.split("class=\"button primary\" href=\"").nth(1).and_then(|rest| rest.split('"').next());
    let leave = href.unwrap_or_else(|| panic!("{}", away.body)).replace("&amp;", "&");
    let back = browser.agree(&leave, &format!("http://{}/", scene.host.address));
    let done = browser.get(&back);
    assert!(done.body.contains("Inbox of Eve is connected"), "no code is asked for: {}", done.body);
    let used = only(&staff.get(&scene.of_customer("/connections")).worked());
    assert_eq!((used["label"].as_str(), used["status"].as_str()), (Some("Inbox of Eve"), Some("on")), "{used}");
    assert_eq!(browser.get(&address).status, 410, "the link is used up");
    let run = scene.moved(used["id"].as_str().unwrap());
    assert_eq!(
        (run["state"].as_str(), run["delivered"].as_u64()),
        (Some("succeeded"), Some(u64::from(MESSAGES))),
        "{run}"
    );
    assert_eq!(scene.host.terminate(), 0);
}
