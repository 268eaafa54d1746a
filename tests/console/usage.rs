//! Usage: of all customers by month, and of one for staff and for its own people.

use super::browser::{Browser, Kind, NARROW, USUAL, WITHOUT_SCRIPTS};
use super::seeded::customers::HELD;
use super::seeded::people::{ADMIN, CUSTOMER_ADMIN};

#[test]
fn staff_see_what_all_customers_used_and_go_on_to_one() {
    let Some(browser) = Browser::start(USUAL) else { return };
    browser.sign_in(ADMIN);
    browser.is_at("/console");
    browser.open("/console/usage");
    browser.sees("Quota of your organisation");
    browser.sees("of 100,000");
    browser.is_accessible();
    browser.click_link(HELD);
    browser.sees("What moved");
    browser.sees("All together");
    browser.sees("of 10");
}

#[test]
fn a_customers_people_see_what_moved_and_what_it_counted_in_polish_without_scripts() {
    let Some(browser) = Browser::start(Kind { language: "pl", size: NARROW, ..WITHOUT_SCRIPTS }) else { return };
    browser.sign_in(CUSTOMER_ADMIN);
    browser.is_at("/my");
    browser.open("/my/usage");
    browser.is_headed("Zużycie");
    browser.sees("z 5000");
    browser.sees("orders to ERP");
    browser.fill("Według", "Miesięcy");
    browser.click_button("Szukaj");
    browser.sees("Razem");
}
