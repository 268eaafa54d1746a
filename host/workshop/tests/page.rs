//! The page of the suite's codes is what the suite says.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use weighbridge_workshop::conformance::{ALONE, CHECKS};

use crate::shop::repository;

fn page() -> String {
    let mut page = String::from(
        "# What every connector must do\n\nWhat `weighbridge connector test` holds a connector to, and what an author does who meets a code. Made of the code.\n\n\
         | code | a connector | next step |\n|---|---|---|\n",
    );
    for check in std::iter::once(ALONE).chain(CHECKS) {
        writeln!(page, "| `{}` | {} | {} |", check.code, check.rule, check.next_step).unwrap();
    }
    page
}

#[test]
fn the_page_of_codes_is_what_the_suite_says() {
    let path = repository().join("schemas/conformance.md");
    if std::env::var_os("WEIGHBRIDGE_BLESS").is_some_and(|value| value == "1") {
        std::fs::write(&path, page()).unwrap();
    }
    let bless = "write it anew by WEIGHBRIDGE_BLESS=1 cargo test -p weighbridge-workshop page";
    assert!(std::fs::read_to_string(path).unwrap() == page(), "{bless}");
}

#[test]
fn every_check_has_a_code_of_its_own() {
    let codes: BTreeSet<&str> = std::iter::once(ALONE).chain(CHECKS).map(|check| check.code).collect();
    assert_eq!(codes.len(), CHECKS.len() + 1);
    assert!(codes.iter().all(|code| code.starts_with("conformance.")), "{codes:?}");
}
