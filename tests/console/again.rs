//! A transfer that is tried, moved once more over some days and begun anew; and a run that failed, tried again.

use super::browser::{Browser, Kind, NARROW, USUAL, WITHOUT_SCRIPTS};
use super::seeded::customers::{BUSY, FAILING, SECOND};
use super::seeded::people::ADMIN;

fn is_tried(kind: Kind) -> Option<Browser> {
    let browser = Browser::start(kind)?;
    browser.sign_in(ADMIN);
    browser.is_at("/console");
    browser.open(&browser.seeded.page_of_transfer(SECOND, ""));
    browser.click_link("Try it");
    browser.click_button("Try it now");
    browser.sees("Nothing was delivered.");
    browser.sees("As they would be delivered");
    browser.sees("What the mapping would reject");
    browser.sees("Try it once more");
    Some(browser)
}

#[test]
fn a_transfer_is_tried_and_what_it_would_move_is_seen() {
    if let Some(browser) = is_tried(USUAL) {
        browser.is_accessible();
    }
}

#[test]
fn a_transfer_is_tried_in_polish_on_a_telephone_without_scripts() {
    is_tried(Kind { language: "pl", size: NARROW, ..WITHOUT_SCRIPTS });
}

#[test]
fn who_may_not_see_records_tries_no_transfer() {
    let Some(browser) = Browser::start(WITHOUT_SCRIPTS) else { return };
    browser.sign_in("sara.support@nordwind.example");
    browser.is_at("/console");
    browser.open(&browser.seeded.page_of_transfer(SECOND, "/try"));
    browser.sees("Your role does not show the contents of records.");
    browser.sees_not("Try it now");
}

fn moves_a_range_again(kind: Kind, (since, until): (&str, &str)) -> Option<Browser> {
    let browser = Browser::start(kind)?;
    browser.sign_in(ADMIN);
    browser.is_at("/console");
    browser.open(&browser.seeded.page_of_transfer(BUSY, ""));
    browser.click_link("Choose the days");
    let days = |since: &str, until: &str| {
        // How a day is typed depends on the machine's language, and no page of ours sees the keys.
        browser.script(&format!("document.getElementById('field-since').value = '{since}'"));
        browser.script(&format!("document.getElementById('field-until').value = '{until}'"));
    };
    days(until, since);
    browser.click_button("Move it again");
    browser.sees("the range ends before it begins; exchange the two");
    days(since, until);
    browser.click_button("Move it again");
    browser.sees("It begins. How it goes stands below.");
    browser.sees_at_last("Show the run");
    Some(browser)
}

#[test]
fn days_are_moved_again_and_the_list_says_how_it_goes() {
    if let Some(browser) = moves_a_range_again(USUAL, ("2026-03-01", "2026-03-08")) {
        browser.is_accessible();
    }
}

#[test]
fn days_are_moved_again_in_polish_without_scripts() {
    moves_a_range_again(Kind { language: "pl", ..WITHOUT_SCRIPTS }, ("2026-04-01", "2026-04-08"));
}

#[test]
fn a_transfer_begins_anew_only_when_that_is_confirmed() {
    let Some(browser) = Browser::start(USUAL) else { return };
    browser.sign_in(ADMIN);
    browser.is_at("/console");
    browser.open(&browser.seeded.page_of_transfer(SECOND, ""));
    browser.click_button("Begin anew");
    browser.sees("all records of its source are moved again, and billed");
    browser.click_button("Yes, do it");
    browser.sees("The next run reads from the beginning.");
}

#[test]
fn a_run_that_failed_is_tried_again() {
    let Some(browser) = Browser::start(USUAL) else { return };
    browser.sign_in(ADMIN);
    browser.is_at("/console");
    browser.open(&browser.seeded.page_of_run(FAILING));
    browser.click_button("Try again");
    browser.sees("Another run begins after the last batch that was delivered.");
}
