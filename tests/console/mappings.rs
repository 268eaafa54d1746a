//! The mapping editor: rules are tried before they are kept, and what is wrong stands at its line.

use super::browser::{Browser, Kind, USUAL, WITHOUT_SCRIPTS};
use super::seeded::customers::SECOND;
use super::seeded::people::ADMIN;

const WRONG: &str = "{\n\"rules\": [\n{ \"copy\": \"/id\" },\n{ \"copy\": \"total\" }\n]\n}";
const RIGHT: &str =
    "{\n\"rules\": [\n{ \"copy\": \"/id\" },\n{ \"copy\": \"/total\", \"to\": \"/sum\", \"cast\": \"number\" }\n]\n}";

fn makes_a_mapping(kind: Kind, name: &str) {
    let Some(browser) = Browser::start(kind) else { return };
    browser.sign_in(ADMIN);
    browser.is_at("/console");
    browser.open(&browser.seeded.page(SECOND, "/mappings"));
    browser.click_link("New mapping");
    browser.fill("Name", name);
    if kind.scripts {
        browser.script("document.querySelector('details.as-text').open = true");
    }
    browser.fill("Rules", WRONG);
    browser.fill("A record to try it on", "{ \"id\": 7, \"total\": \"12.50\" }");
    browser.click_button("Try it");
    browser.sees("Line 4:");
    assert_eq!(browser.value("Name"), name, "what was typed is kept");
    if kind.scripts {
        browser.script("document.querySelector('details.as-text').open = true");
    }
    browser.fill("Rules", RIGHT);
    browser.click_button("Try it");
    browser.sees("Would be written");
    browser.sees("\"sum\": 12.50");
    browser.click_button("Make the mapping");
    browser.sees("The mapping is saved.");
    browser.sees("Version 1");
}

#[test]
fn staff_make_a_mapping_and_see_what_becomes_of_a_record() {
    makes_a_mapping(USUAL, "orders <b>to sums");
}

#[test]
fn staff_make_a_mapping_without_scripts() {
    makes_a_mapping(WITHOUT_SCRIPTS, "orders to \"sums\"");
}

#[test]
fn a_rule_that_is_changed_in_its_row_is_changed_in_the_text_and_becomes_a_version() {
    let Some(browser) = Browser::start(USUAL) else { return };
    browser.sign_in(ADMIN);
    browser.is_at("/console");
    browser.open(&browser.seeded.page(SECOND, "/mappings"));
    browser.click_link("order to line");
    browser.sees("Version 1");
    browser.script(
        "const row = document.querySelectorAll('.rule')[1]; const to = row.querySelector('[data-rule=to]');
         to.value = '/order_number'; to.dispatchEvent(new Event('change'));",
    );
    browser.click_button("Save as a new version");
    browser.sees("The mapping is saved.");
    browser.sees("Version 2");
    let rules = browser.script("return document.querySelector('textarea[name=rules]').value");
    assert!(rules.as_str().unwrap().contains("\"/order_number\""), "{rules}");
    browser.click_link("Version 1");
    browser.sees("This is version 1; the newest one is 2.");
    browser.is_accessible();
}

#[test]
fn who_may_not_see_records_sees_the_rules_and_no_record() {
    let Some(browser) = Browser::start(USUAL) else { return };
    browser.sign_in("victor.viewer@nordwind.example");
    browser.is_at("/console");
    browser.open(&browser.seeded.page(SECOND, "/mappings"));
    browser.click_link("order to line");
    browser.sees("\"copy\":\"/id\"");
    browser.sees("Your role does not show the contents of records.");
    browser.sees_not("Try it");
    browser.sees_not("Save as a new version");
}
