//! Third parties that pull: access with dates, its key shown once, pulled by a real client before, within and after.

use super::browser::{Browser, IN_POLISH_WITHOUT_SCRIPTS, Kind, USUAL, WITHOUT_SCRIPTS};
use super::seeded::customers::{BUSY, SECOND};
use super::seeded::people::{ADMIN, CUSTOMER_ADMIN};

/// Puts a value where people pick a day.
fn set(browser: &Browser, name: &str, value: &str) {
    browser.script(&format!("document.querySelector('[name=\"{name}\"]').value = '{value}'"));
}

fn pick(browser: &Browser, value: &str) {
    browser.script(&format!("document.querySelector('main input[value=\"{value}\"]').checked = true"));
}

/// Goes on to change what is looked at: its customer is changed by a link of the same name.
fn edit(browser: &Browser) {
    browser.open(&format!("{}/edit", browser.path().split('?').next().unwrap_or_default()));
}

/// The path of an access, and its Connection ID.
fn access(browser: &Browser, customer: &str, name: &str) -> (String, String) {
    let seeded = browser.seeded;
    let list = format!("/customers/{}/services", seeded.id(customer));
    let id = seeded.found(&list, "name", name);
    let path = format!("{list}/{}", id.as_str().unwrap());
    let shown = seeded.client(ADMIN).get(&path).worked();
    (path, shown["access_id"].as_str().unwrap().to_owned())
}

/// What a third party with this key gets.
fn pull(browser: &Browser, id: &str, key: &str) -> (u16, String) {
    let line = format!("authorization: Bearer {id}:{key}");
    let answer = browser.seeded.stranger().send("GET", "/pull/v1/orders/records?limit=5", &[&line], None);
    (answer.status, answer.code())
}

fn gives_access(kind: Kind, name: &str) -> Option<(Browser, String, String)> {
    let browser = Browser::start(kind)?;
    browser.sign_in(ADMIN);
    browser.open(&format!("/console/customers/{}/services", browser.seeded.id(BUSY)));
    browser.click_link("New external service");
    browser.fill("Name", name);
    pick(&browser, "orders");
    set(&browser, "window.start", "2031-01-01");
    browser.click_button("Give access");
    browser.is_headed(&format!("Access for {name}"));
    let key = browser.value("API key");
    assert!(browser.value("Message").contains(&key), "the message is complete");
    assert!(browser.value("Documentation page").ends_with("/pull/v1/docs"));
    browser.click_link("Go to this access");
    browser.sees("Begins 1 January 2031, 00:00");
    assert!(!browser.source().contains(&key), "the key is shown once");
    Some((browser, key, name.to_owned()))
}

#[test]
fn a_third_party_gets_records_within_its_dates_and_none_before_or_after() {
    has_dates(USUAL, "Accountant <i>& Sons");
}

#[test]
fn a_third_party_gets_access_with_dates_in_polish_without_scripts() {
    has_dates(IN_POLISH_WITHOUT_SCRIPTS, "Księgowa Łucja");
}

fn has_dates(kind: Kind, name: &str) {
    let Some((browser, key, name)) = gives_access(kind, name) else { return };
    let (_, id) = access(&browser, BUSY, &name);
    assert_eq!(pull(&browser, &id, &key), (403, "external_service.not_started".into()));
    edit(&browser);
    set(&browser, "window.start", "2026-01-01");
    browser.click_button("Save");
    browser.sees("The changes are saved.");
    assert_eq!(pull(&browser, &id, &key).0, 200);
    edit(&browser);
    set(&browser, "window.end", "2026-02-01");
    browser.click_button("Save");
    browser.sees("Last access 31 January 2026, 23:59,");
    assert_eq!(pull(&browser, &id, &key), (403, "external_service.ended".into()));
    browser.click_button("Ask");
    browser.sees("The time of this access is over.");
    browser.sees("External service");
}

#[test]
fn a_key_is_exchanged_and_an_access_is_removed_after_its_name_was_typed() {
    let Some((browser, key, name)) = gives_access(WITHOUT_SCRIPTS, "Old CRM") else { return };
    let (path, id) = access(&browser, BUSY, &name);
    browser.click_link("New key");
    browser.fill("Hours for which the old key works, too", "0");
    browser.click_button("Make a new key");
    let new = browser.value("API key");
    assert_ne!(new, key);
    assert_eq!(pull(&browser, &id, &key).0, 401);
    browser.click_link("Go to this access");
    browser.click_link("Remove this access");
    browser.fill("Type the name of the external service", "New CRM");
    browser.click_button("Remove this access");
    browser.sees("What was typed is not the name.");
    browser.fill("Type the name of the external service", &name);
    browser.click_button("Remove this access");
    browser.sees("The access is removed.");
    assert_eq!(browser.seeded.client(ADMIN).get(&path).status, 404);
}

#[test]
fn a_customer_switches_off_what_its_partner_gave_and_changes_only_its_own() {
    let Some(browser) = Browser::start(Kind { language: "pl", ..WITHOUT_SCRIPTS }) else { return };
    let seeded = browser.seeded;
    seeded.of(BUSY, "/services", &serde_json::json!({ "name": "Porównywarka", "endpoints": ["orders"] }));
    browser.sign_in(CUSTOMER_ADMIN);
    browser.open("/my/services");
    browser.is_headed("Kto pobiera Twoje dane");
    browser.click_link("Porównywarka");
    browser.sees("Tego dostępu udzielił Twój partner.");
    browser.sees_not("Edytuj");
    browser.click_button("Wyłącz");
    browser.sees("W tej chwili nic nie otrzymuje.");
    browser.click_button("Włącz");
    browser.sees("Włączona");
    browser.open("/my/services");
    browser.click_link("Nowa zewnętrzna usługa");
    browser.fill("Nazwa", "Moja księgowa");
    browser.click_button("Udziel dostępu");
    browser.sees("Klucz jest pokazany tylko raz.");
    browser.click_link("Przejdź do tego dostępu");
    browser.sees("Edytuj");
}

#[test]
fn what_a_partner_switched_off_its_customer_is_not_offered_to_switch_on() {
    let Some(browser) = Browser::start(USUAL) else { return };
    browser.sign_in("lina@lindstrom.example");
    let (path, _) = access(&browser, SECOND, "Price <b>comparison");
    browser.open(&format!("/my/services/{}", path.rsplit('/').next().unwrap()));
    browser.sees("This access is switched off.");
    browser.sees_not("Switch on");
}
