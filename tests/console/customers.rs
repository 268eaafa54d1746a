//! What staff do with customers: find, switch off, open, edit with another workflow, delete; and two who edit one at once.

use super::browser::{Browser, IN_POLISH_WITHOUT_SCRIPTS, Kind, USUAL, WITHOUT_SCRIPTS};
use super::seeded::people::ADMIN;

const VIEWER: &str = "victor.viewer@nordwind.example";

fn begin(kind: Kind, email: &str) -> Option<Browser> {
    let browser = Browser::start(kind)?;
    browser.sign_in(email);
    browser.is_at("/console/customers");
    Some(browser)
}

fn open_customer(browser: &Browser, name: &str) {
    browser.open(&format!("/console/customers/{}", browser.seeded.id(name)));
    browser.is_headed(name);
}

fn deactivates_and_activates_many(kind: Kind, names: [&str; 2]) {
    let Some(browser) = begin(kind, ADMIN) else { return };
    browser.open("/console/customers?label=nobody-has-this");
    browser.sees("Nobody like that");
    browser.open("/console/customers?status=active&sort=name_down");
    for name in names {
        browser.tick(&format!("Pick {name}"));
    }
    browser.fill("Reason", "Stocktaking");
    browser.click_button("Deactivate");
    browser.sees("Please confirm");
    for name in names {
        browser.sees(name);
    }
    browser.click_button("Yes, do it");
    browser.sees("Those you picked were switched.");
    open_customer(&browser, names[0]);
    browser.sees("Stocktaking");
    browser.click_button("Activate");
    browser.sees("The customer is active.");
}

#[test]
fn staff_find_customers_and_deactivate_those_that_they_pick() {
    deactivates_and_activates_many(USUAL, ["Delta Print s.r.o.", "Feltham Cycles"]);
}

#[test]
fn staff_deactivate_customers_without_scripts() {
    deactivates_and_activates_many(WITHOUT_SCRIPTS, ["Bergmann Werkzeuge KG", "Jansen Bloemen BV"]);
}

#[test]
fn a_viewer_sees_no_action_and_whom_to_ask() {
    let Some(browser) = begin(USUAL, VIEWER) else { return };
    browser.sees("Ask an administrator of your organisation.");
    for action in ["New customer", "Import a table", "Deactivate", "Pick"] {
        browser.sees_not(action);
    }
    open_customer(&browser, "Atelier Dubois SARL");
    for action in ["Edit", "Log in as", "Delete", "Deactivate"] {
        browser.sees_not(action);
    }
}

#[test]
fn staff_make_a_customer_and_what_is_wrong_stands_where_it_was_typed() {
    let Some(browser) = begin(USUAL, ADMIN) else { return };
    browser.click_link("New customer");
    browser.fill("Name", "Nowa Firma <img src=x onerror=alert(1)>");
    browser.fill("Labels", "new, \"quoted\"");
    browser.fill("E-mail", "firma@example.com");
    browser.fill("Records", "many");
    browser.click_button("Make the customer");
    browser.sees("this is not a whole number");
    assert_eq!(browser.value("Name"), "Nowa Firma <img src=x onerror=alert(1)>");
    browser.fill("Records", "1 000");
    browser.click_button("Make the customer");
    browser.is_headed("Nowa Firma <img src=x onerror=alert(1)>");
    browser.sees("Inactive");
    browser.sees("Checklist");
    browser.sees("1,000");
    browser.sees("\"quoted\"");
    browser.is_accessible();
}

#[test]
fn whoever_saves_second_is_told_and_keeps_what_they_typed() {
    let Some(first) = begin(USUAL, ADMIN) else { return };
    let Some(second) = begin(USUAL, "piotr.daily@nordwind.example") else { return };
    let path = format!("/console/customers/{}/edit", first.seeded.id("Księgarnia Między Wierszami"));
    first.open(&path);
    second.open(&path);
    first.fill("Telephone", "+48 1");
    first.click_button("Save");
    first.sees("The changes are saved.");
    second.fill("Telephone", "+48 2");
    second.fill("Labels", "typed second");
    second.click_button("Save");
    second.sees("It was changed since you read it.");
    assert_eq!(second.value("Telephone"), "+48 2");
    assert_eq!(second.value("Labels"), "typed second");
    second.click_button("Save");
    second.sees("The changes are saved.");
    second.sees("+48 2");
}

#[test]
fn staff_open_a_customers_account_which_its_people_see_and_leave_it() {
    opens_an_account(USUAL);
}

#[test]
fn staff_open_a_customers_account_in_polish_without_scripts() {
    opens_an_account(IN_POLISH_WITHOUT_SCRIPTS);
}

fn opens_an_account(kind: Kind) {
    let Some(browser) = begin(kind, ADMIN) else { return };
    open_customer(&browser, "Näsijärvi Sauna Oy");
    browser.click_link("Log in as");
    browser.fill("Reason", "They asked on the phone");
    browser.click_button("Log in as");
    browser.is_at("/my");
    browser.sees(
        "You opened the account of Näsijärvi Sauna Oy as Anna Wójcik. Its people see that, and everything you do here.",
    );
    let own = browser.status();
    assert_eq!(own, 200);
    browser.click_button("Leave the account");
    browser.is_headed("Näsijärvi Sauna Oy");
    browser.open("/my");
    assert_eq!(browser.status(), 404, "the account is shut");
}

#[test]
fn staff_apply_a_workflow_with_its_plan() {
    applies_a_workflow(USUAL, "Młyn Stary");
}

#[test]
fn staff_apply_a_workflow_in_polish_without_scripts() {
    applies_a_workflow(IN_POLISH_WITHOUT_SCRIPTS, "Feltham Cycles");
}

fn applies_a_workflow(kind: Kind, name: &str) {
    let Some(browser) = begin(kind, ADMIN) else { return };
    open_customer(&browser, name);
    browser.open(&format!("/console/customers/{}/workflow", browser.seeded.id(name)));
    browser.click_button("Show the plan");
    browser.sees("Added");
    browser.click_button("Apply a workflow");
    browser.sees("The workflow is applied.");
}

#[test]
fn a_customer_is_deleted_by_its_typed_name_and_leaves_a_receipt() {
    let Some(browser) = begin(USUAL, ADMIN) else { return };
    let name = "Øresund Seafood ApS";
    open_customer(&browser, name);
    browser.click_link("Delete");
    browser.sees("This cannot be undone.");
    browser.fill("Type the name of the customer", "Øresund");
    browser.click_button("Delete");
    browser.sees("What was typed is not the name.");
    browser.fill("Type the name of the customer", name);
    browser.click_button("Delete");
    browser.sees("The deletion has begun.");
    // The page follows the deletion by itself.
    browser.sees("This host signed it.");
    browser.open("/console/customers");
    browser.sees_not(name);
}

#[test]
fn staff_find_and_deactivate_customers_in_polish_without_scripts() {
    deactivates_and_activates_many(IN_POLISH_WITHOUT_SCRIPTS, ["Atelier Dubois SARL", "Księgarnia Między Wierszami"]);
}

#[test]
fn staff_work_in_polish_without_scripts() {
    let Some(browser) = begin(Kind { language: "pl", ..WITHOUT_SCRIPTS }, ADMIN) else { return };
    browser.is_headed("Klienci");
    open_customer(&browser, "Instytut Książki");
    browser.click_link("Edytuj");
    browser.fill("Telefon", "+48 22 111 11 11");
    browser.click_button("Zapisz");
    browser.sees("Zmiany zostały zapisane.");
    browser.click_link("Dezaktywuj");
    browser.fill("Powód", "Remont");
    browser.click_button("Dezaktywuj");
    browser.sees("Klient jest nieaktywny.");
    browser.click_button("English");
    browser.sees_just("Nothing of this customer moves.");
}
