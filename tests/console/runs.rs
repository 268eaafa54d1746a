//! What ran: of all customers, of one, and all there is to say of a run.

use super::browser::{Browser, Kind, USUAL, WITHOUT_SCRIPTS};
use super::seeded::customers::{BUSY, FAILING, HELD, OVER, RUNNING, SECOND};
use super::seeded::people::{ADMIN, CUSTOMER_ADMIN};

fn finds_a_run(kind: Kind) {
    let Some(browser) = Browser::start(kind) else { return };
    browser.sign_in(ADMIN);
    browser.is_at("/console");
    browser.open("/console/runs");
    browser.sees(RUNNING);
    browser.fill("Status", "Not started");
    browser.fill("Customer", OVER);
    browser.click_button("Search");
    browser.sees("The endpoint's time is over.");
    browser.sees("Clear filters");
    browser.fill("Status", "Failed");
    browser.click_button("Search");
    browser.sees("No runs");
}

#[test]
fn staff_find_runs_of_all_customers_by_what_they_ask_for_at_once() {
    finds_a_run(USUAL);
}

#[test]
fn staff_find_runs_of_all_customers_without_scripts() {
    finds_a_run(WITHOUT_SCRIPTS);
}

#[test]
fn a_run_says_what_stopped_it_and_what_to_do() {
    let Some(browser) = Browser::start(USUAL) else { return };
    browser.sign_in(ADMIN);
    browser.is_at("/console");
    browser.open(&browser.seeded.page_of_run(HELD));
    browser.sees("quota.");
    browser.open(&browser.seeded.page_of_run(FAILING));
    browser.sees("Attempts");
    browser.sees("Try again");
    browser.open(&browser.seeded.page_of_run(SECOND));
    browser.sees("What was said on the way");
    browser.sees("records taken");
    browser.is_accessible();
}

#[test]
fn rejected_records_are_shown_to_who_may_see_records_and_to_nobody_else() {
    for (email, is_shown) in [(ADMIN, true), ("sara.support@nordwind.example", false)] {
        let Some(browser) = Browser::start(WITHOUT_SCRIPTS) else { return };
        browser.sign_in(email);
        browser.is_at("/console");
        browser.open(&browser.seeded.page_of_run(SECOND));
        browser.sees("Rejected records");
        match is_shown {
            true => browser.sees("not paid yet"),
            false => browser.sees("Your role does not show the contents of records."),
        }
    }
}

#[test]
fn rejected_records_are_found_by_who_rejected_them_and_are_forgotten_only_when_that_is_confirmed() {
    let Some(browser) = Browser::start(USUAL) else { return };
    browser.sign_in(ADMIN);
    browser.is_at("/console");
    let run = browser.seeded.page_of_run(SECOND);
    let page = format!("{}/rejected", run.split("/runs/").next().unwrap());
    browser.open(&page);
    browser.sees("not paid yet");
    browser.is_accessible();
    browser.fill("Rejected by", "Rejected by the destination");
    browser.click_button("Search");
    browser.sees("No rejected records");
    browser.open(&page);
    browser.click_button("Forget all that fit");
    browser.sees("rejected records are forgotten");
    browser.open(&page);
    browser.sees("not paid yet");
}

#[test]
fn a_run_that_goes_on_is_drawn_again_by_itself() {
    let Some(browser) = Browser::start(USUAL) else { return };
    browser.sign_in(ADMIN);
    browser.is_at("/console");
    browser.open(&browser.seeded.page_of_run(RUNNING));
    browser.sees("It goes on");
    let read = || browser.script("return document.querySelector('.figures b').textContent");
    let first = read();
    let begun = std::time::Instant::now();
    while read() == first {
        assert!(begun.elapsed().as_secs() < 30, "nothing was drawn again: {first}");
        std::thread::sleep(std::time::Duration::from_millis(100));
    }
}

fn is_paused_and_goes_on(kind: Kind, words: [&str; 4]) {
    let Some(browser) = Browser::start(kind) else { return };
    browser.sign_in(ADMIN);
    browser.open(&browser.seeded.page_of_run(RUNNING));
    let [pause, paused, resume, resumed] = words;
    browser.click_button(pause);
    browser.sees(paused);
    browser.open(&browser.seeded.page_of_run(RUNNING));
    browser.click_button(resume);
    browser.sees(resumed);
}

/// One after the other, since both have the same run.
#[test]
fn a_run_that_goes_on_is_paused_and_let_go_on_also_in_polish_without_scripts() {
    is_paused_and_goes_on(USUAL, ["Pause", "The run is to pause.", "Go on", "The run goes on."]);
    let polish = Kind { language: "pl", ..WITHOUT_SCRIPTS };
    is_paused_and_goes_on(polish, ["Wstrzymaj", "Przebieg zostanie wstrzymany.", "Wznów", "Przebieg rusza dalej."]);
}

#[test]
fn a_customers_people_see_no_batches_and_no_attempts() {
    let Some(browser) = Browser::start(USUAL) else { return };
    browser.sign_in(CUSTOMER_ADMIN);
    browser.is_at("/my");
    let run = browser.seeded.page_of_run(BUSY);
    browser.open(&run.replace(&browser.seeded.page(BUSY, ""), "/my"));
    browser.sees("Delivered");
    browser.sees_not("Attempts");
    browser.sees_not("On hold");
}
