//! Connecting systems: by the customer, by the partner, by a link; switching functions; and who may connect by themselves.

use serde_json::json;

use super::browser::{Browser, IN_POLISH_WITHOUT_SCRIPTS, Kind, USUAL, WITHOUT_SCRIPTS};
use super::seeded::customers::{BUSY, MARKUP};
use super::seeded::people::{ADMIN, CUSTOMER_ADMIN};
use crate::platforms::mail::postbox::{Running, Tokens};
use crate::platforms::oidc::SECRET as CLIENT_SECRET;
use crate::platforms::oidc::server::Provider;

const SECRET: &str = "hunter2-hunter2-hunter2";

fn begin(kind: Kind, email: &str) -> Option<Browser> {
    let browser = Browser::start(kind)?;
    browser.sign_in(email);
    Some(browser)
}

fn signs_in_at_the_platform(kind: Kind, label: &str, words: [&str; 4]) {
    let Some(browser) = begin(kind, CUSTOMER_ADMIN) else { return };
    let [connect, name, on, go] = words;
    browser.is_at("/my");
    browser.open("/my/connect");
    browser.sees("Postbox");
    let seeded = browser.seeded;
    let offer = seeded.found("/integrations", "name", "Postbox");
    browser.open(&format!("/my/connect/{}", offer.as_str().unwrap()));
    browser.sees("This integration is billed by Nordwind Commerce.");
    browser.sees(connect);
    browser.fill(name, label);
    browser.click_button(on);
    browser.is_at("/my/systems");
    browser.click_button(on);
    browser.sees("127.0.0.1");
    browser.click_link(go);
    // The platform of the tests agrees at once; the person is back at the new system.
    browser.is_at("/my/systems");
    browser.sees(label);
    if kind.scripts {
        browser.is_accessible();
    }
    let seen = seeded.client(ADMIN).get(&format!("/customers/{}/connections", seeded.id(BUSY))).worked().to_string();
    assert!(seen.contains(label) && !seen.contains("access_token"), "{seen}");
}

#[test]
fn a_customer_signs_in_at_the_platform_and_comes_back_to_the_new_system() {
    let words =
        ["You are sent to the sign-in of Postbox", "Your name for it", "Go on to the sign-in", "Go to 127.0.0.1"];
    signs_in_at_the_platform(USUAL, "Mail of the warehouse", words);
}

#[test]
fn a_customer_signs_in_at_the_platform_in_polish_without_scripts() {
    let words = ["przejdziesz do logowania w Postbox", "Twoja nazwa", "Przejdź do logowania", "Przejdź do 127.0.0.1"];
    signs_in_at_the_platform(Kind { language: "pl", ..WITHOUT_SCRIPTS }, "Poczta magazynu", words);
}

fn types_a_secret(kind: Kind, label: &str) {
    let Some(browser) = begin(kind, CUSTOMER_ADMIN) else { return };
    let seeded = browser.seeded;
    let offer = seeded.found("/integrations", "name", "Courier mail");
    browser.open(&format!("/my/connect/{}", offer.as_str().unwrap()));
    browser.fill("Your name for it", label);
    browser.fill("Address of the server", "https://courier.customer.example");
    browser.fill("Mailbox", "office@customer.example");
    browser.fill("User name", "maria");
    browser.fill("App password", SECRET);
    browser.click_button("Connect");
    browser.is_headed(label);
    assert!(!browser.source().contains(SECRET));
    let path = browser.path();
    let id = path.split('?').next().unwrap().rsplit('/').next().unwrap();
    let Some(partner) = begin(kind, ADMIN) else { return };
    partner.open(&format!("/console/customers/{}/systems/{id}/edit", seeded.id(BUSY)));
    partner.sees("Somebody else entered this credential and alone may replace it.");
    assert!(!partner.source().contains(SECRET));
    browser.open(&format!("/my/systems/{id}/edit"));
    browser.fill("Your name for it", &format!("Called {label}"));
    browser.click_button("Save");
    browser.is_headed(&format!("Called {label}"));
}

#[test]
fn a_customer_types_a_secret_that_nobody_sees_again_and_the_partner_cannot_replace() {
    types_a_secret(USUAL, "<img src=x onerror=alert(1)>");
}

#[test]
fn a_customer_types_a_secret_and_renames_its_system_in_polish_without_scripts() {
    types_a_secret(IN_POLISH_WITHOUT_SCRIPTS, "Poczta \"Żółta\"");
}

/// One after the other, since both have the same system.
#[test]
fn a_function_is_switched_off_after_a_question_and_on_without_also_in_polish_without_scripts() {
    switches(USUAL);
    switches(IN_POLISH_WITHOUT_SCRIPTS);
}

fn switches(kind: Kind) {
    let Some(browser) = begin(kind, CUSTOMER_ADMIN) else { return };
    browser.click_link("Office mail");
    browser.is_headed("Office mail");
    browser.click_button("Switch off");
    browser.sees("Please confirm");
    browser.click_link("No, go back");
    browser.sees_not("Please confirm");
    browser.click_button("Switch off");
    browser.click_button("Yes, do it");
    browser.sees("It is switched.");
    browser.sees("Switch on");
    browser.click_button("Switch on");
    browser.sees("It is switched.");
}

#[test]
fn the_partner_connects_a_system_for_a_customer_and_makes_a_link_also_in_polish_without_scripts() {
    connects_for_a_customer(USUAL, "Set up by us");
    connects_for_a_customer(IN_POLISH_WITHOUT_SCRIPTS, "Nasza robota");
}

fn connects_for_a_customer(kind: Kind, label: &str) {
    let Some(browser) = begin(kind, ADMIN) else { return };
    let (seeded, customer) = (browser.seeded, browser.seeded.id(MARKUP));
    let offer = seeded.found("/integrations", "name", "Courier mail");
    browser.open(&format!("/console/customers/{customer}/connect/{}", offer.as_str().unwrap()));
    browser.fill("Your name for it", label);
    browser.fill("Address of the server", "https://courier.customer.example");
    browser.fill("Mailbox", "office@customer.example");
    browser.fill("User name", "partner");
    browser.fill("App password", SECRET);
    browser.click_button("Connect");
    browser.sees(label);
    browser.sees("The system is connected.");
    browser.open(&format!("/console/customers/{customer}/links"));
    browser.fill("Integration", "Courier mail");
    browser.click_button("Make the link");
    browser.is_headed("The link is made");
    let link = browser.value("Link");
    assert!(link.contains("/connect/"), "{link}");
    if kind.scripts {
        browser.is_accessible();
    }
    browser.click_link("Connect links");
    assert!(!browser.source().contains(link.rsplit('/').next().unwrap()), "it is shown once");
    browser.click_button("Withdraw");
    browser.sees("The link is withdrawn.");
}

/// One after the other, since both change the whole organisation's.
#[test]
fn self_managed_is_turned_off_for_all_and_on_for_one_with_its_price_also_in_polish_without_scripts() {
    turns_self_managed(USUAL);
    turns_self_managed(IN_POLISH_WITHOUT_SCRIPTS);
}

fn turns_self_managed(kind: Kind) {
    let Some(browser) = begin(kind, ADMIN) else { return };
    let customer = browser.seeded.id("Atelier Dubois SARL").to_owned();
    let one = format!("/console/customers/{customer}/self-managed");
    browser.open("/console/self-managed");
    browser.tick("Do not allow");
    browser.click_button("Save");
    browser.sees("The setting is saved.");
    browser.open(&one);
    browser.tick("Allow");
    browser.click_button("Save");
    browser.sees("Please confirm");
    browser.sees("12 EUR a month");
    browser.click_button("Yes, do it");
    browser.sees("The setting is saved.");
    browser.sees("Who took the costs upon your organisation");
    browser.sees("Anna");
    browser.tick("Do not allow");
    browser.click_button("Save");
    browser.sees("Not allowed");
    browser.open("/console/self-managed");
    browser.tick("Allow");
    browser.click_button("Save");
    browser.sees("Please confirm");
    browser.click_button("Yes, do it");
    browser.sees("The setting is saved.");
    browser.open(&one);
    browser.tick("As the organisation");
    browser.click_button("Save");
    browser.sees("Please confirm");
    browser.click_button("Yes, do it");
    if kind.scripts {
        browser.is_accessible();
    }
}

#[test]
fn many_systems_are_switched_at_once_after_a_question() {
    let Some(browser) = begin(USUAL, ADMIN) else { return };
    browser.open("/console/systems?kind=connection&name=Second");
    browser.tick("Pick Second shop");
    browser.click_button("Switch on");
    browser.sees("What you picked was switched.");
    browser.open("/console/systems?kind=connection&name=Second");
    browser.tick("Pick Second shop");
    browser.click_button("Switch off");
    browser.sees("Please confirm");
    browser.click_button("Yes, do it");
    browser.sees("What you picked was switched.");
}

#[test]
fn an_offer_is_made_taken_back_and_made_again() {
    let Some(browser) = begin(USUAL, ADMIN) else { return };
    browser.open("/console/integrations/new/weighbridge.courier");
    browser.fill("Name", "Courier of the north");
    browser.fill("Price", "3 EUR <b>a month</b>");
    browser.click_button("Offer it");
    browser.sees("It is offered now.");
    browser.click_button("Take it back");
    browser.sees("Not offered");
    browser.click_button("Offer it again");
    browser.sees("Take it back");
    browser.open("/console/integrations");
    browser.sees("3 EUR <b>a month</b>");
    browser.is_accessible();
}

/// A real OpenID provider, with a login and a consent of its own.
#[test]
fn a_customer_signs_in_at_a_real_provider_and_the_partner_never_sees_a_secret() {
    let Some(browser) = begin(USUAL, CUSTOMER_ADMIN) else { return };
    let seeded = browser.seeded;
    let provider = Provider::start(&format!("http://{}/oauth/callback", seeded.host.address), 60);
    let tokens = Tokens::Introspected { provider: provider.address.clone(), secret: CLIENT_SECRET.to_owned() };
    let postbox = Running::start(tokens, 3);
    let offer = seeded.client(ADMIN).post("/integrations", &json!({
        "name": "Mail of a real provider", "connector": "weighbridge.postbox", "self_managed": true,
        "oauth_client": { "id": "weighbridge", "secret": CLIENT_SECRET },
        "defaults": { "server": postbox.server.address, "sign_in": format!("http://{}", provider.address), "auth": "oauth2" },
    }));
    let offer = offer.worked()["id"].as_str().unwrap().to_owned();
    let tenant = seeded.client(ADMIN).get("/tenant").worked()["id"].as_str().unwrap().to_owned();
    seeded.town.works(&["integration", "allow", &tenant, &offer, "--networks", "127.0.0.1/32"]);
    browser.open(&format!("/my/connect/{offer}"));
    browser.fill("Your name for it", "Really signed in");
    browser.click_button("Go on to the sign-in");
    browser.click_button("Go on to the sign-in");
    browser.click_link("Go to 127.0.0.1");
    browser.sees("Sign-in");
    browser.fill_named("login", "ada");
    browser.fill_named("password", "the password of ada at the platform");
    browser.click_button("Sign-in");
    browser.click_button("Continue");
    browser.is_at("/my/systems");
    browser.sees("You signed in at the platform. The system is connected.");
    browser.is_headed("Really signed in");
    browser.sees("Credential entered by");
    browser.click_button("Ask whether it works");
    browser.sees("It works.");
    browser.is_headed("Really signed in");
    let Some(partner) = begin(USUAL, ADMIN) else { return };
    partner.open(&format!("/console/customers/{}/systems", seeded.id(BUSY)));
    partner.click_link("Really signed in");
    partner.sees("Maria Kowalska");
    for secret in ["the password of ada", CLIENT_SECRET, "Bearer", "refresh"] {
        assert!(!partner.source().contains(secret), "{secret}");
    }
    partner.open(&format!("/console/customers/{}/connect", seeded.id(BUSY)));
    partner.sees_not(CLIENT_SECRET);
}
