//! Everybody comes in by their own door, and stands where they belong.

use super::browser::{Browser, Kind, USUAL, WITHOUT_SCRIPTS};
use super::seeded::people::{ADMIN, CUSTOMER_ADMIN, OPERATOR};
use crate::town::PASSWORD;

fn comes_in(kind: Kind) {
    for (door, email, place) in
        [("", ADMIN, "/console"), ("", CUSTOMER_ADMIN, "/my"), ("/operator", OPERATOR, "/operate")]
    {
        let Some(browser) = Browser::start(kind) else { return };
        match door {
            "" => browser.sign_in(email),
            door => browser.sign_in_at(door, email),
        }
        browser.is_at(place);
        browser.sees_not(PASSWORD);
    }
}

#[test]
fn everybody_comes_in() {
    comes_in(USUAL);
}

#[test]
fn everybody_comes_in_without_scripts() {
    comes_in(WITHOUT_SCRIPTS);
}
