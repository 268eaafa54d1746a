//! What is in doubt: nothing, as the partner's staff find it; and a batch that the operator sees and gives up.

use super::browser::{Browser, Kind, NARROW, USUAL, WITHOUT_SCRIPTS};
use super::own_host::Own;
use super::seeded::customers::BUSY;
use super::seeded::people::ADMIN;

#[test]
fn staff_find_what_is_in_doubt_from_their_runs() {
    let Some(browser) = Browser::start(USUAL) else { return };
    browser.sign_in(ADMIN);
    browser.is_at("/console");
    browser.open("/console/runs");
    browser.click_link("In doubt");
    browser.is_headed("In doubt");
    browser.sees("until the next run has sent it again");
    browser.open(&browser.seeded.page(BUSY, "/runs"));
    browser.click_link("In doubt");
    browser.sees("Nothing is in doubt");
    browser.is_accessible();
}

fn is_given_up(kind: Kind, asks: &str) -> Option<Own> {
    let own = Own::start_over(kind, 40, |town| {
        town.stops_in_the_middle();
        town.works(&["host", "freeze", "--reason", "a look", "--confirm"]);
    })?;
    let browser = &own.browser;
    own.open("/operate");
    browser.click_link("Batches in doubt");
    browser.sees("Everything on this host is frozen.");
    browser.sees_not("acme");
    browser.click_button("Give it up");
    browser.sees(asks);
    browser.click_button("Yes, do it");
    browser.sees("The batch is given up, and nothing of it was billed.");
    browser.sees("Nothing is in doubt");
    Some(own)
}

#[test]
fn an_operator_gives_up_a_batch_in_doubt_after_reading_what_that_means() {
    if let Some(own) = is_given_up(USUAL, "nothing is billed; what did arrive of them may arrive again") {
        own.browser.is_accessible();
    }
}

#[test]
fn an_operator_gives_up_a_batch_in_doubt_in_polish_on_a_telephone_without_scripts() {
    let asks = "nic nie zostanie naliczone; to, co z nich dotarło, może dotrzeć jeszcze raz";
    is_given_up(Kind { language: "pl", size: NARROW, ..WITHOUT_SCRIPTS }, asks);
}
