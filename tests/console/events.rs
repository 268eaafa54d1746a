//! Notifications: an address is added and its secret shown once, and whoever may not change them is told whom to ask.

use super::browser::{Browser, USUAL, WITHOUT_SCRIPTS};
use super::seeded::people::ADMIN;

const VIEWER: &str = "victor.viewer@nordwind.example";

#[test]
fn an_administrator_adds_an_address_and_sees_its_secret_once() {
    let Some(browser) = Browser::start(WITHOUT_SCRIPTS) else { return };
    browser.sign_in(ADMIN);
    browser.open("/console/events");
    browser.is_headed("Notifications");
    browser.open("/console/events/addresses/new");
    browser.fill("Address", "https://events.nordwind.example/story");
    browser.click_button("Add it");
    browser.is_headed("The signing secret");
    assert!(browser.value("Signing secret").starts_with("whsec_"));
    browser.open("/console/events");
    browser.sees("https://events.nordwind.example/story");
    browser.sees_not("whsec_");
}

#[test]
fn an_address_that_is_none_is_typed_still_with_what_is_wrong() {
    let Some(browser) = Browser::start(USUAL) else { return };
    browser.sign_in(ADMIN);
    browser.open("/console/events/addresses/new");
    browser.fill("Address", "http://events.nordwind.example");
    browser.click_button("Add it");
    browser.sees("what is secret is sent over `https`");
}

#[test]
fn whoever_only_looks_is_told_whom_to_ask() {
    let Some(browser) = Browser::start(USUAL) else { return };
    browser.sign_in(VIEWER);
    browser.open("/console/events");
    browser.sees("Ask an administrator of your organisation");
    browser.sees_not("Add an address");
}
