//! People: invited by a link that is shown once, given another role, and removed.

use super::browser::{Browser, Kind, USUAL, WITHOUT_SCRIPTS};
use super::seeded::people::{ADMIN, CUSTOMER_ADMIN, OPERATOR};
use crate::town::PASSWORD;

#[test]
fn somebody_is_invited_comes_gets_another_role_and_is_removed() {
    let Some(browser) = Browser::start(USUAL) else { return };
    browser.sign_in(ADMIN);
    browser.open("/console/people");
    browser.click_link("Invite somebody");
    browser.fill("E-mail address", "inga@nordwind.example");
    browser.click_button("Invite");
    browser.is_headed("inga@nordwind.example is invited");
    let link = browser.value("Link");
    browser.click_link("People");
    browser.click_link("inga@nordwind.example");
    browser.sees("Invited");
    browser.script("document.querySelector('input[value=tenant_support]').checked = true");
    browser.click_button("Save");
    browser.sees("The changes are saved.");
    browser.click_link("inga@nordwind.example");
    browser.sees("can open a customer's account to help");
    browser.click_link("Remove");
    browser.sees("The link that they were given is good no more.");
    browser.click_button("Remove");
    browser.sees("The person is removed.");
    browser.sees_not("inga@nordwind.example");
    browser.open(&link);
    browser.fill("Password", PASSWORD);
    browser.click_button("Go on");
    browser.sees("link.over");
}

#[test]
fn a_customers_administrator_invites_in_polish_without_scripts() {
    let Some(browser) = Browser::start(Kind { language: "pl", ..WITHOUT_SCRIPTS }) else { return };
    browser.sign_in(CUSTOMER_ADMIN);
    browser.open("/my/people");
    browser.click_link("Zaproś kogoś");
    browser.fill("Adres e-mail", "no address");
    browser.script("document.querySelector('input[name=email]').type = 'text'");
    browser.click_button("Zaproś");
    browser.sees("nie jest adresem e-mail");
    assert_eq!(browser.value("Adres e-mail"), "no address", "what was typed is kept");
    browser.fill("Adres e-mail", "ola@kowalski.example");
    browser.click_button("Zaproś");
    browser.sees("Odnośnik jest pokazany tylko raz.");
}

#[test]
fn who_may_not_change_people_is_told_whom_to_ask_and_is_offered_nothing() {
    let Some(browser) = Browser::start(USUAL) else { return };
    browser.sign_in("victor.viewer@nordwind.example");
    browser.open("/console/people");
    browser.sees("Ask an administrator of your organisation.");
    browser.sees_not("Invite somebody");
    browser.open("/console/people/new");
    assert_eq!(browser.status(), 403);
}

#[test]
fn an_operator_sees_who_else_operates_the_host() {
    let Some(browser) = Browser::start(USUAL) else { return };
    browser.sign_in_at("/operator", OPERATOR);
    browser.open("/operate/people");
    browser.is_headed("Operators");
    browser.sees("Otto Night");
}
