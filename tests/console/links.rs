//! Whoever holds a link: an invitation that is taken, a password that is set, a system that is connected.

use serde_json::json;

use super::browser::{Browser, Kind, NARROW, USUAL, WITHOUT_SCRIPTS};
use super::seeded::TENANT;
use super::seeded::customers::{LONG, MARKUP};
use super::seeded::people::ADMIN;
use crate::town::PASSWORD;

fn takes_an_invitation(kind: Kind, email: &str) {
    let Some(browser) = Browser::start(kind) else { return };
    browser.open(&browser.seeded.invitation(email));
    browser.is_headed("Take your invitation");
    browser.fill("Your name, if you like", "Nina <b>Nowak");
    browser.fill("Password", "short");
    browser.click_button("Go on");
    browser.sees("12 characters");
    assert_eq!(browser.value("Your name, if you like"), "Nina <b>Nowak", "what was typed is kept");
    assert_eq!(browser.value("Password"), "", "and the password is not");
    browser.fill("Password", PASSWORD);
    browser.click_button("Go on");
    browser.is_headed("You are in");
    let sign_in = json!({ "tenant": TENANT, "email": email, "password": PASSWORD });
    assert!(browser.seeded.stranger().post("/sessions", &sign_in).worked()["session"].is_string());
}

#[test]
fn a_person_takes_an_invitation() {
    takes_an_invitation(USUAL, "nina@nordwind.example");
}

#[test]
fn a_person_takes_an_invitation_on_a_telephone_without_scripts() {
    takes_an_invitation(Kind { size: NARROW, ..WITHOUT_SCRIPTS }, "norbert@nordwind.example");
}

#[test]
fn an_invitation_that_was_taken_is_refused_and_says_so() {
    let Some(browser) = Browser::start(USUAL) else { return };
    let link = browser.seeded.invitation("natalia@nordwind.example");
    for heading in ["You are in", "This does not go on"] {
        browser.open(&link);
        browser.fill("Password", PASSWORD);
        browser.click_button("Go on");
        browser.is_headed(heading);
    }
    browser.sees("link.over");
}

fn connects_a_mailbox(kind: Kind, label: &str) {
    let Some(browser) = Browser::start(kind) else { return };
    let link = browser.seeded.connect_link(LONG, "Courier mail");
    browser.open(&link);
    browser.is_headed(&format!("Connect Courier mail for {LONG}"));
    browser.sees("nordwind asks you to connect Courier mail");
    browser.sees("This integration is billed by Nordwind Commerce.");
    browser.fill("Address of the server", "https://courier.customer.example");
    browser.fill("Mailbox", "no mailbox");
    browser.fill("User name", "stanisław");
    browser.fill("App password", "hunter2-hunter2");
    browser.fill("A name for it, if you like", label);
    browser.click_button("Connect");
    browser.sees("/mailbox");
    assert_eq!(browser.value("Address of the server"), "https://courier.customer.example", "what was typed is kept");
    assert_eq!(browser.value("App password"), "", "and no secret is");
    browser.fill("Mailbox", "office@customer.example");
    browser.fill("User name", "stanisław");
    browser.fill("App password", "hunter2-hunter2");
    browser.fill("A name for it, if you like", label);
    browser.click_button("Connect");
    browser.is_headed(&format!("{label} is connected"));
    let seeded = browser.seeded;
    let connection = seeded.found(&format!("/customers/{}/connections", seeded.id(LONG)), "label", label);
    let path = format!("/customers/{}/connections/{}", seeded.id(LONG), connection.as_str().unwrap());
    let seen = seeded.client(ADMIN).get(&path).worked().to_string();
    assert!(seen.contains("office@customer.example") && !seen.contains("hunter2"), "{seen}");
    browser.open(&link);
    browser.sees("link.over");
}

#[test]
fn a_person_connects_a_system_by_a_link() {
    connects_a_mailbox(USUAL, "Mail of the <b>office");
}

#[test]
fn a_person_connects_a_system_by_a_link_without_scripts() {
    connects_a_mailbox(WITHOUT_SCRIPTS, "Mail of the \"garden\"");
}

#[test]
fn a_person_chooses_another_way_to_sign_in_and_is_asked_for_its_secret_only() {
    let Some(browser) = Browser::start(WITHOUT_SCRIPTS) else { return };
    browser.open(&browser.seeded.connect_link(MARKUP, "Courier mail"));
    browser.is_headed("Connect Courier mail for Brown <b>&\"' Sons");
    browser.sees("App password");
    browser.click_link("API key");
    browser.sees("User name and app password");
    assert!(browser.path().ends_with("?scheme=api_key"), "{}", browser.path());
    assert!(!browser.source().contains("secret.password"), "{}", browser.source());
    browser.fill("API key", "hunter2");
}

#[test]
fn a_person_connects_a_system_at_the_platforms_own_sign_in_without_scripts() {
    let Some(browser) = Browser::start(WITHOUT_SCRIPTS) else { return };
    browser.open(&browser.seeded.connect_link(LONG, "Postbox"));
    browser.sees("Your password is never seen here.");
    browser.fill("A name for it, if you like", "Letters");
    browser.click_button("Go on");
    browser.is_headed("Now sign in at Postbox");
    browser.click_link("Go to Postbox");
    browser.is_headed("Letters is connected");
    let path = format!("/customers/{}/connections", browser.seeded.id(LONG));
    let listed = browser.seeded.client(ADMIN).get(&path).worked();
    let letters = listed["items"].as_array().unwrap().iter().find(|one| one["label"] == "Letters").unwrap();
    assert_eq!(letters["status"], "on", "{letters}");
}

#[test]
fn pages_of_links_can_be_used_by_everybody() {
    let Some(browser) = Browser::start(USUAL) else { return };
    let seeded = browser.seeded;
    let over = "/connect/wb_nothing".to_owned();
    for page in [
        seeded.invitation("norah@nordwind.example"),
        seeded.reset_link("sara.support@nordwind.example"),
        seeded.connect_link(MARKUP, "Courier mail"),
        seeded.connect_link(MARKUP, "Online shop"),
        seeded.connect_link(MARKUP, "Postbox"),
        over,
    ] {
        for (size, dark) in [((1280, 900), false), (NARROW, true)] {
            browser.resize(size);
            browser.prefer_dark(dark);
            browser.open(&page);
            browser.is_accessible();
        }
    }
}
