//! Notifications: an address is added, tried and deleted, each of its secrets is shown once, and whoever may not change them is told whom to ask.

use super::browser::{Browser, IN_POLISH_WITHOUT_SCRIPTS, Kind, USUAL, WITHOUT_SCRIPTS};
use super::seeded::people::ADMIN;

const VIEWER: &str = "victor.viewer@nordwind.example";

fn adds_tries_and_deletes(kind: Kind, url: &str) {
    let Some(browser) = Browser::start(kind) else { return };
    browser.sign_in(ADMIN);
    browser.is_at("/console");
    browser.open("/console/events");
    browser.is_headed("Notifications");
    browser.click_link("Add an address");
    browser.fill("Address", url);
    browser.fill("What it is for", "Ours <b>");
    browser.click_button("Add it");
    browser.is_headed("The signing secret");
    let first = browser.value("Signing secret");
    assert!(first.starts_with("whsec_"), "{first}");
    browser.open("/console/events");
    browser.sees_not("whsec_");
    browser.click_link(url);
    browser.sees("Ours <b>");
    browser.sees("Nothing yet");
    browser.click_button("Send a test");
    browser.sees("The test was not taken.");
    browser.click_link("Show this notification");
    browser.sees("A test");
    browser.open("/console/events");
    browser.click_link(url);
    browser.click_button("Make another secret");
    browser.is_headed("The signing secret");
    let second = browser.value("Signing secret");
    assert!(second.starts_with("whsec_") && second != first, "{second}");
    browser.open("/console/events");
    browser.click_link(url);
    browser.sees("Secret before");
    browser.click_button("Delete this address");
    browser.click_button("Yes, do it");
    browser.sees("The address is deleted.");
    browser.sees_not(url);
}

#[test]
fn an_administrator_adds_tries_and_deletes_an_address_and_sees_each_secret_once() {
    adds_tries_and_deletes(USUAL, "https://events.nordwind.example/usual");
}

#[test]
fn an_administrator_adds_tries_and_deletes_an_address_without_scripts() {
    adds_tries_and_deletes(WITHOUT_SCRIPTS, "https://events.nordwind.example/story");
}

#[test]
fn an_administrator_adds_tries_and_deletes_an_address_in_polish_without_scripts() {
    adds_tries_and_deletes(IN_POLISH_WITHOUT_SCRIPTS, "https://zdarzenia.nordwind.example/historia");
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
