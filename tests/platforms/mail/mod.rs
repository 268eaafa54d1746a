//! Two e-mail connectors that are declared and not programmed, against mail platforms on loopback.

mod by_itself;
mod courier;
pub(crate) mod postbox;
mod server;

use serde_json::{Value, json};

use super::oidc::browser::Browser;
use super::oidc::server::Provider;
use super::oidc::{SECRET, submit};
use super::wanted;
use crate::town::{Host, Town};

use courier::MAILBOX;
use postbox::Tokens;

/// A town where these connectors are installed, and so many orders are in the shop.
fn town(plugins: &[&str]) -> Town {
    let town = Town::bare(3);
    town.works(&["init"]);
    town.works(&["trust", "add", "weighbridge", town.public_key().to_str().unwrap()]);
    plugins.iter().for_each(|plugin| town.install(plugin));
    town
}

fn filled(town: &Town, text: &str, more: &[(&str, &str)]) -> String {
    let platforms = [("@SHOP@", town.platforms.shop.as_str()), ("@WAREHOUSE@", &town.platforms.warehouse)];
    platforms.iter().chain(more).fold(text.to_owned(), |text, (place, value)| text.replace(place, value))
}

fn counts(ran: &Value) -> (u64, u64, u64) {
    let count = |name: &str| ran["counts"][name].as_u64().unwrap();
    (count("read"), count("delivered"), count("dead_lettered"))
}

const PASSWORD_FORM: &str =
    "scheme = \"app_password\"\nsecrets = { username = \"ada\", password = \"app-password-of-ada-1234\" }";
const KEY_FORM: &str = "scheme = \"api_key\"\nsecrets = { key = \"courier-key-of-ada-567890\" }";

fn courier_document(town: &Town, running: &courier::Running, form: &str, auth: &str) -> String {
    let more =
        [("@COURIER@", running.server.address.as_str()), ("@FORM@", form), ("@AUTH@", auth), ("@MAILBOX@", MAILBOX)];
    filled(town, include_str!("courier.toml"), &more)
}

#[test]
fn courier_is_read_page_by_page_and_sends_under_either_sign_in() {
    for (form, auth) in [(PASSWORD_FORM, "app_password"), (KEY_FORM, "api_key")] {
        let (town, running) = (town(&["rest", "courier"]), courier::Running::start(33));
        town.apply(&courier_document(&town, &running, form, auth));
        assert_eq!(counts(&town.works(&["run", "acme/mail"])), (33, 33, 0));
        assert_eq!(running.look(|held| held.pages.clone()), [1, 2], "the platform's second page is a short one");
        let lines = town.platforms.lines();
        let first = lines.iter().find(|line| line["id"] == "<1/a@example.com>").unwrap();
        let wanted = json!({ "id": "<1/a@example.com>", "from": "Bo <bo@example.com>", "sent": "2026-07-01T10:01:00+00:00",
            "subject": "Invoice 1", "total": 1234.5 });
        assert_eq!(first, &wanted, "dates, numbers and texts are the warehouse's own");

        assert_eq!(counts(&town.works(&["run", "acme/notes"])), (3, 3, 0));
        let sent: Vec<Value> = running.look(|held| held.outbox.values().flatten().cloned().collect());
        assert_eq!(sent.len(), 3);
        assert_eq!(sent[0]["recipients"], "bo@example.com,cy@example.com");
        // What was sent is known by its order from now on.
        let rules = "rules = [{ copy = \"/order\", to = \"/mail\", lookup = { endpoint = \"outbox\" } }]";
        std::fs::write(town.path("rules"), rules).unwrap();
        std::fs::write(town.path("samples"), "{\"order\":1}\n{\"order\":3}\n{\"order\":99}\n").unwrap();
        let (rules, samples) = (town.path("rules"), town.path("samples"));
        let words =
            ["mapping", "preview", "acme", "--rules", rules.to_str().unwrap(), "--samples", samples.to_str().unwrap()];
        let previewed = town.works(&words)["previewed"].take();
        assert_eq!(previewed[0]["written"], "{\"mail\":\"7000\"}", "{previewed}");
        assert_eq!(previewed[1]["written"], "{\"mail\":\"7002\"}");
        assert_eq!(previewed[2]["rejected"]["code"], "mapping.no_link");
    }
}

#[test]
fn couriers_form_is_made_of_its_own_schema_alone() {
    let (town, running) = (town(&["rest", "courier"]), courier::Running::start(1));
    let whole = courier_document(&town, &running, PASSWORD_FORM, "app_password");
    for (setting, what) in [
        ("base_url = \"http://evil.example\"", "base_url"),
        ("headers = { X = \"y\" }", "headers"),
        ("streams = {}", "streams"),
    ] {
        let errors = town.apply_fails(&whole.replacen("mailbox = ", &format!("{setting}\nmailbox = "), 1));
        assert!(errors.contains(what) && errors.contains("configuration"), "{errors}");
    }
    let errors = town.apply_fails(&whole.replace(&format!("mailbox = \"{MAILBOX}\""), "mailbox = \"../admin\""));
    assert!(errors.contains("configuration/mailbox"), "{errors}");
    let another = whole.replace(&format!("mailbox = \"{MAILBOX}\""), "mailbox = \"a@b/../../secrets?x=#{server}\"");
    town.apply(&another);
    let failed = town.fails(&["run", "acme/mail"], 1).json;
    assert!(
        failed["failure"]["message"].as_str().unwrap().contains("404"),
        "one step of the path, however it reads: {failed}"
    );
}

/// Postbox to the archive of Courier: what is deleted there is taken out here.
fn moved(town: &Town, postbox: &postbox::Running, courier: &courier::Running) {
    assert_eq!(counts(&town.works(&["run", "acme/archive"])), (90, 90, 0));
    assert_eq!(courier.look(|held| held.archive.len()), 88, "two of ninety are deleted");
    postbox.change("m0007", "2026-08-01T00:00:00Z", true);
    postbox.change("m0008", "2026-08-02T00:00:00Z", false);
    let (read, ..) = counts(&town.works(&["run", "acme/archive"]));
    assert!((2..=3).contains(&read), "only what changed, and what is at the cursor: {read}");
    assert_eq!(courier.look(|held| held.archive.len()), 87);
    assert!(!courier.look(|held| held.archive.contains_key("m0007")));
    let pages = postbox.asked().iter().filter(|asked| asked.ends_with("/inbox/messages")).count();
    assert!(pages >= 3, "two pages, and one later");
    assert_eq!(counts(&town.works(&["run", "acme/letters"])), (3, 3, 0));
    assert_eq!(postbox.sent().len(), 3);
    assert_eq!(postbox.sent()[0]["to"], json!(["bo@example.com"]));
}

fn postbox_document(
    town: &Town,
    postbox: &postbox::Running,
    courier: &courier::Running,
    more: &[(&str, &str)],
) -> String {
    let places = [
        ("@POSTBOX@", postbox.server.address.as_str()),
        ("@COURIER@", &courier.server.address),
        ("@FORM@", PASSWORD_FORM),
        ("@MAILBOX@", MAILBOX),
    ];
    filled(town, include_str!("postbox.toml"), &[&places[..], more].concat())
}

#[test]
fn postbox_is_read_from_its_cursor_and_deletions_and_letters_go_on() {
    let (town, courier) = (town(&["rest", "courier", "postbox"]), courier::Running::start(0));
    let postbox = postbox::Running::start(Tokens::Own, 90);
    let sign_in = postbox.server.address.clone();
    let more =
        [("@SCHEME@", "oauth2_client"), ("@CLIENT@", "robot"), ("@SECRET@", "any"), ("@SIGN_IN@", sign_in.as_str())];
    town.apply(&postbox_document(&town, &postbox, &courier, &more));
    moved(&town, &postbox, &courier);
}

#[test]
fn postbox_takes_a_person_who_signed_in_at_a_real_provider() {
    if !wanted("oidc-provider") {
        return;
    }
    let listen = format!("127.0.0.1:{}", Host::free_port());
    let provider = Provider::start(&format!("http://{listen}/oauth/callback"), 60);
    let tokens = Tokens::Introspected { provider: provider.address.clone(), secret: SECRET.to_owned() };
    let (town, courier) = (town(&["rest", "courier", "postbox"]), courier::Running::start(0));
    let postbox = postbox::Running::start(tokens, 90);
    let sign_in = format!("http://{}", provider.address);
    let more =
        [("@SCHEME@", "oauth2"), ("@CLIENT@", "weighbridge"), ("@SECRET@", SECRET), ("@SIGN_IN@", sign_in.as_str())];
    town.apply(&postbox_document(&town, &postbox, &courier, &more));
    std::fs::write(town.path("host.toml"), format!("listen = \"{listen}\"\n")).unwrap();
    let refused = town.fails(&["run", "acme/archive"], 3).json;
    assert_eq!(refused["refusal"]["code"], "connection.sign_in_needed");

    let host = Host::start_at(&town, &listen);
    let config = town.path("host.toml").display().to_string();
    let begun = town.works(&["connection", "authorise", "acme/postbox", "--config", &config, "--no-wait"]);
    let url = Browser::default().agree(begun["address"].as_str().unwrap(), &format!("http://{listen}/"));
    let done = submit(&url, begun["code"].as_str().unwrap());
    assert!(done.body.contains("is connected"), "{}", done.body);
    moved(&town, &postbox, &courier);
    assert!(postbox.introspected() >= 3, "every token was looked at by its issuer");
    assert_eq!(host.terminate(), 0);
}
