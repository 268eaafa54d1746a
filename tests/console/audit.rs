//! The audit log: whom it shows what, and the same as a table.

use serde_json::json;

use super::browser::{Browser, USUAL, WITHOUT_SCRIPTS};
use super::seeded::people::{ADMIN, CUSTOMER_ADMIN, OPERATOR};

#[test]
fn a_customer_reads_who_opened_its_account_and_why() {
    let Some(browser) = Browser::start(WITHOUT_SCRIPTS) else { return };
    browser.sign_in(CUSTOMER_ADMIN);
    browser.open("/my/audit");
    browser.is_headed("What was done");
    browser.sees("Who opened my account");
    browser.sees("Maria asked on the phone why no orders came on Monday");
    browser.sees_not("tenant");
}

#[test]
fn lines_are_found_by_what_was_done_and_kept_as_a_table() {
    let Some(browser) = Browser::start(USUAL) else { return };
    browser.sign_in(ADMIN);
    browser.open("/console/audit");
    browser.fill("What", "The organisation");
    browser.click_button("Search");
    browser.sees("own_services: deny → allow");
    browser.sees_not("Person invited");
    let script = "const asked = new XMLHttpRequest(); asked.open('GET', '/console/audit?act=tenant.*&as=csv', false); \
        asked.send(); return [asked.status, asked.getResponseHeader('content-type'), asked.responseText.split(',')[0]]";
    assert_eq!(browser.script(script), json!([200, "text/csv; charset=utf-8", "at"]));
}

#[test]
fn a_filter_that_cannot_be_read_says_so_and_shows_the_log_all_the_same() {
    let Some(browser) = Browser::start(USUAL) else { return };
    browser.sign_in(ADMIN);
    browser.open("/console/audit?from=yesterday");
    browser.sees("`yesterday` is no date or instant");
    browser.sees("Person invited");
}

#[test]
fn an_operator_verifies_the_log_against_a_checkpoint() {
    let Some(browser) = Browser::start(USUAL) else { return };
    browser.sign_in_at("/operator", OPERATOR);
    browser.open("/operate/audit");
    browser.click_button("Make a checkpoint");
    browser.is_headed("A checkpoint of the log");
    let checkpoint = browser.value("Make a checkpoint");
    browser.open("/operate/audit");
    browser.script(&format!("document.querySelector('textarea').value = {}", json!(checkpoint)));
    browser.click_button("Verify the log");
    browser.is_headed("The log is as it was written");
}
