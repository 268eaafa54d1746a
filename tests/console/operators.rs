//! Whoever runs the host: how it is, its organisations, and why something stands still.

use super::browser::{Browser, Kind, USUAL, WITHOUT_SCRIPTS};
use super::seeded::customers::BUSY;
use super::seeded::people::OPERATOR;

fn operator(kind: Kind) -> Option<Browser> {
    let browser = Browser::start(kind)?;
    browser.sign_in_at("/operator", OPERATOR);
    Some(browser)
}

#[test]
fn freezing_everything_is_asked_again_and_not_done_without_a_yes() {
    let Some(browser) = operator(USUAL) else { return };
    browser.open("/operate");
    browser.fill("Reason", "A trial");
    browser.click_button("Freeze everything");
    browser.sees("every transfer and every pull of every organisation stops before its next batch");
    browser.click_link("No, go back");
    browser.sees("What was looked at");
    browser.sees_not("Frozen");
}

#[test]
fn the_configuration_is_read_again_and_what_came_of_it_is_said() {
    let Some(browser) = operator(WITHOUT_SCRIPTS) else { return };
    browser.open("/operate");
    browser.sees_not("Last read again");
    browser.click_button("Read it again");
    browser.sees("The configuration was read again.");
    browser.sees("Last read again");
    browser.sees("Waits for the next start");
}

#[test]
fn an_organisation_is_made_limited_and_deactivated() {
    let Some(browser) = operator(WITHOUT_SCRIPTS) else { return };
    browser.open("/operate/tenants");
    browser.click_link("New organisation");
    browser.fill("Name", "westwind <b>");
    browser.click_button("Make the organisation");
    browser.sees("The organisation is made.");
    browser.click_button("Deactivate");
    browser.sees("Nothing of this organisation moves");
    browser.open("/operate/tenants");
    browser.sees("westwind <b>");
}

#[test]
fn why_something_stands_still_is_said_level_by_level_in_polish_without_scripts() {
    let Some(browser) = operator(Kind { language: "pl", ..WITHOUT_SCRIPTS }) else { return };
    let seeded = browser.seeded;
    let list = format!("/customers/{}/services", seeded.id(BUSY));
    let id = seeded.found(&list, "name", "Auditor 2025");
    browser.open("/operate/explain");
    browser.fill("O co chodzi", id.as_str().unwrap());
    browser.click_button("Sprawdź");
    browser.sees("Czas tego dostępu się skończył.");
    browser.sees("Zewnętrzna usługa");
    browser.sees_not(BUSY);
}

#[test]
fn what_stays_with_the_owner_of_the_data_folder_is_said_with_its_command() {
    let Some(browser) = operator(USUAL) else { return };
    for (path, says) in [
        ("/operate/trust", "weighbridge trust add PUBLISHER KEY-FILE"),
        ("/operate/keys", "weighbridge keys rotate"),
        ("/operate/connectors", "weighbridge connector install FILE"),
    ] {
        browser.open(path);
        assert!(browser.value("To be typed beside the data folder").contains(says), "{path}");
    }
}

#[test]
fn pages_of_operators_are_not_there_for_anybody_else() {
    let Some(browser) = Browser::start(USUAL) else { return };
    browser.sign_in("piotr.daily@nordwind.example");
    for path in ["/operate", "/operate/tenants", "/operate/me"] {
        browser.open(path);
        assert_eq!(browser.status(), 404, "{path}");
    }
}
