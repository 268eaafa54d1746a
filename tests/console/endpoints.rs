//! Endpoints: made from a name, given a place later, changed, and deleted once nothing uses them.

use super::browser::{Browser, IN_POLISH_WITHOUT_SCRIPTS, Kind, NARROW, USUAL, WITHOUT_SCRIPTS};
use super::seeded::customers::BUSY;
use super::seeded::people::ADMIN;

fn makes_changes_and_deletes(kind: Kind, name: &str) {
    let Some(browser) = Browser::start(kind) else { return };
    browser.sign_in(ADMIN);
    browser.is_at("/console");
    browser.open(&browser.seeded.page(BUSY, "/endpoints"));
    browser.click_link("New endpoint");
    browser.fill("Name", name);
    browser.fill("What it is for", "Returns <i>of the shop");
    browser.click_button("Make the endpoint");
    browser.sees("The endpoint is made.");
    browser.sees("Needs settings");
    browser.click_link("Edit the endpoint");
    let fixed = "keeps its name and its direction (Where from): history and third parties know it by them.";
    browser.sees(&format!("{name} {fixed}"));
    browser.fill("System and function", "Shop · orders (Read)");
    browser.click_button("Save");
    browser.sees("The changes are saved.");
    browser.sees_not("Needs settings");
    browser.sees("Returns <i>of the shop");
    browser.click_link("Delete the endpoint");
    browser.click_button("Delete");
    browser.sees("The endpoint is deleted.");
    browser.open(&browser.seeded.page(BUSY, "/endpoints/new"));
    browser.fill("Name", name);
    browser.fill("What it is for", "Again");
    browser.click_button("Make the endpoint");
    browser.sees("name.kept");
    assert_eq!(browser.value("What it is for"), "Again", "what was typed is kept");
}

#[test]
fn staff_make_change_and_delete_an_endpoint_whose_name_is_not_given_again() {
    makes_changes_and_deletes(USUAL, "returns <b>");
}

#[test]
fn staff_make_change_and_delete_an_endpoint_on_a_telephone_without_scripts() {
    makes_changes_and_deletes(Kind { size: NARROW, ..WITHOUT_SCRIPTS }, "returns \"late\"");
}

#[test]
fn staff_make_change_and_delete_an_endpoint_in_polish_without_scripts() {
    makes_changes_and_deletes(IN_POLISH_WITHOUT_SCRIPTS, "zwroty 'stare'");
}

#[test]
fn an_endpoint_that_is_used_is_not_deleted_and_the_page_says_by_what() {
    let Some(browser) = Browser::start(USUAL) else { return };
    browser.sign_in(ADMIN);
    browser.is_at("/console");
    browser.open(&browser.seeded.page(BUSY, "/endpoints"));
    browser.click_link("stock");
    browser.click_link("Delete the endpoint");
    browser.sees("It is used, and so it cannot be deleted yet:");
    browser.click_button("Delete");
    browser.sees("in_use");
    browser.sees("orders to stock");
    browser.is_accessible();
}
