//! What moves: made, looked at, run, paused and switched by staff; seen and run by a customer's people, in their words.

use super::browser::{Browser, Kind, NARROW, USUAL, WITHOUT_SCRIPTS};
use super::seeded::customers::{BUSY, OVER};
use super::seeded::people::{ADMIN, CUSTOMER_ADMIN};

fn makes_changes_and_removes(kind: Kind, name: &str) {
    let Some(browser) = Browser::start(kind) else { return };
    browser.sign_in(ADMIN);
    browser.is_at("/console");
    browser.open(&browser.seeded.page(BUSY, "/transfers"));
    browser.click_link("New transfer");
    browser.fill("Name", name);
    browser.fill("Where from", "orders · Shop");
    browser.fill("Where to", "stock · Own warehouse");
    browser.fill("Reads", "Everything, each time");
    browser.fill("Every", "90");
    browser.click_button("Show the next times");
    browser.sees("request.invalid");
    assert_eq!(browser.value("Name"), name, "what was typed is kept");
    browser.fill("Every", "6h");
    browser.click_button("Show the next times");
    browser.sees("Next times");
    assert_eq!(browser.value("Every"), "6h", "what was tried is kept");
    browser.click_button("Make the transfer");
    browser.sees("The transfer is made.");
    browser.sees("Every 6h");
    browser.click_link("Edit the transfer");
    browser.fill("Records", "25");
    browser.tick("orders to stock");
    browser.click_button("Save");
    browser.sees("25 records");
    browser.sees("Begins together with it");
    browser.sees("Every 6h");
    browser.click_link("Edit the transfer");
    browser.fill("Every", "");
    browser.click_button("Save");
    browser.sees("Nothing is scheduled");
    browser.sees_not("Every 6h");
    browser.click_button("Switch off");
    browser.sees("Please confirm");
    browser.sees(name);
    browser.click_button("Yes, do it");
    browser.sees("It is switched.");
    browser.click_button("Switch on");
    browser.sees("Ready");
    browser.click_link("Edit the transfer");
    browser.click_link("Remove this transfer");
    browser.click_button("Remove");
    browser.sees("The transfer is removed.");
    browser.sees_not(name);
}

#[test]
fn staff_make_change_switch_and_remove_a_transfer() {
    makes_changes_and_removes(USUAL, "orders <b>twice");
}

#[test]
fn staff_make_change_switch_and_remove_a_transfer_without_scripts() {
    makes_changes_and_removes(WITHOUT_SCRIPTS, "orders \"again\"");
}

#[test]
fn a_transfer_that_stands_still_says_why_and_when_that_was_otherwise() {
    let Some(browser) = Browser::start(USUAL) else { return };
    browser.sign_in(ADMIN);
    browser.is_at("/console");
    browser.open(&browser.seeded.page_of_transfer(OVER, ""));
    browser.sees("Stands still");
    browser.click_link("Why is this (not) running?");
    browser.sees("The endpoint's time is over.");
    browser.open(&browser.seeded.page_of_transfer(OVER, "/explain?at=2026-03-01T08:30"));
    browser.sees("Nothing stands in the way at 1 March 2026, 08:30.");
    browser.sees_not("capability");
    browser.is_accessible();
}

#[test]
fn a_customers_people_see_what_moves_and_run_it_in_polish_on_a_telephone_without_scripts() {
    let Some(browser) = Browser::start(Kind { language: "pl", size: NARROW, ..WITHOUT_SCRIPTS }) else { return };
    browser.sign_in(CUSTOMER_ADMIN);
    browser.is_at("/my");
    browser.open("/my/transfers");
    browser.is_headed("Co się przesyła");
    browser.click_link("orders to stock");
    browser.click_button("Synchronizuj teraz");
    browser.sees("Zlecono przebieg.");
    browser.open("/my/runs");
    browser.sees("orders to stock");
    browser.sees("Udany");
    browser.sees_not("Mapowanie");
}

#[test]
fn a_viewer_sees_what_moves_and_runs_nothing() {
    let Some(browser) = Browser::start(USUAL) else { return };
    browser.sign_in("jan@kowalski.example");
    browser.is_at("/my");
    browser.open("/my/transfers");
    browser.sees("Ask an administrator of your account.");
    browser.sees_not("Sync now");
}
