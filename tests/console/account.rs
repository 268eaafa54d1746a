//! One's own account, and the organisation's settings.

use serde_json::json;

use super::browser::{Browser, USUAL, WITHOUT_SCRIPTS};
use super::seeded::Seeded;
use super::seeded::people::ADMIN;
use crate::town::{Client, PASSWORD};

/// Somebody new, whom no other story looks at.
fn comes(seeded: &Seeded, email: &str) {
    let path = seeded.invitation(email);
    let link = path.rsplit('/').next().unwrap();
    let join = json!({ "link": link, "password": PASSWORD, "name": "Filip" });
    seeded.stranger().post("/sessions/join", &join).worked();
}

#[test]
fn a_token_is_shown_once_works_and_is_revoked() {
    let Some(browser) = Browser::start(WITHOUT_SCRIPTS) else { return };
    comes(browser.seeded, "filip@nordwind.example");
    browser.sign_in("filip@nordwind.example");
    browser.open("/console/me");
    browser.click_link("New token");
    browser.fill("What it is for", "nightly report");
    browser.click_button("Make the token");
    let secret = browser.value("Token");
    let program = Client::with(&browser.seeded.host.address, &secret);
    assert_eq!(program.get("/me").status, 200);
    browser.click_link("My account");
    browser.sees("nightly report");
    assert!(!browser.source().contains(&secret));
    browser.click_button("Revoke");
    browser.sees("The token is revoked.");
    assert_eq!(program.get("/me").status, 401);
}

#[test]
fn a_password_is_changed_with_the_present_one_and_everything_is_signed_out() {
    let Some(browser) = Browser::start(USUAL) else { return };
    comes(browser.seeded, "franka@nordwind.example");
    browser.sign_in("franka@nordwind.example");
    browser.open("/console/me");
    browser.fill("Present password", "something else entirely");
    browser.fill("New password", "violet anchors over gravel");
    browser.click_button("Change the password");
    browser.sees("sign_in.wrong");
    browser.fill("Present password", PASSWORD);
    browser.fill("New password", "violet anchors over gravel");
    browser.click_button("Change the password");
    browser.is_headed("Sign in to nordwind");
    browser.fill("E-mail address", "franka@nordwind.example");
    browser.fill("Password", "violet anchors over gravel");
    browser.click_button("Sign in");
    browser.sees("The password is changed.");
    browser.click_button("Sign out everywhere");
    browser.open("/console/me");
    browser.sees("Sign in");
}

#[test]
fn a_setting_that_cannot_be_is_refused_where_it_was_typed() {
    let Some(browser) = Browser::start(USUAL) else { return };
    browser.sign_in(ADMIN);
    browser.open("/console/settings");
    browser.script("document.querySelector('[name=\"zone:word\"]').value = 'Mars/Olympus'");
    browser.click_button("Save");
    browser.sees("`Mars/Olympus` is not an IANA time zone");
    assert_eq!(browser.script("return document.querySelector('[name=\"zone:word\"]').value"), json!("Mars/Olympus"));
}

#[test]
fn who_may_not_change_settings_reads_them() {
    let Some(browser) = Browser::start(USUAL) else { return };
    browser.sign_in("victor.viewer@nordwind.example");
    browser.open("/console/settings");
    browser.sees("Europe/Warsaw");
    browser.sees_not("Save");
}
