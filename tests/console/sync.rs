//! Sync now on a connected system: everything that moves over it is run, or the card says why nothing may.

use super::browser::{Browser, Kind, NARROW, USUAL, WITHOUT_SCRIPTS};
use super::seeded::customers::SECOND;
use super::seeded::people::ADMIN;

fn begin(kind: Kind, email: &str) -> Option<Browser> {
    let browser = Browser::start(kind)?;
    browser.sign_in(email);
    browser.is_at("/my");
    Some(browser)
}

#[test]
fn what_moves_over_a_system_is_run_from_its_card_in_polish_without_scripts() {
    let Some(browser) = begin(Kind { language: "pl", size: NARROW, ..WITHOUT_SCRIPTS }, "lina@lindstrom.example")
    else {
        return;
    };
    browser.click_button("Synchronizuj teraz");
    browser.sees("Uruchomiono to, co może się teraz przesyłać.");
    browser.open("/my/transfers");
    browser.sees("orders to ERP");
}

#[test]
fn a_system_over_which_nothing_may_run_now_has_no_button_and_says_why() {
    let Some(browser) = begin(USUAL, "held@meridian.example") else { return };
    browser.sees("Not now.");
    browser.sees_not("Sync now");
}

#[test]
fn who_only_looks_has_no_button() {
    let Some(browser) = begin(USUAL, "jan@kowalski.example") else { return };
    browser.sees("Shop");
    browser.sees_not("Sync now");
}

#[test]
fn staff_choose_the_language_in_which_a_third_party_is_told() {
    let Some(browser) = Browser::start(USUAL) else { return };
    browser.sign_in(ADMIN);
    browser.is_at("/console");
    browser.open(&browser.seeded.page(SECOND, "/services"));
    browser.click_link("New external service");
    browser.fill("Name", "Biuro rachunkowe");
    browser.fill("Language of the message", "Polski");
    browser.click_button("Give access");
    browser.is_headed("Access for Biuro rachunkowe");
    assert!(browser.value("Message").starts_with("Dostęp do danych: Biuro rachunkowe"), "{}", browser.value("Message"));
    browser.click_link("Go to this access");
    assert!(browser.value("Message").starts_with("Access to data: Biuro rachunkowe"));
}
