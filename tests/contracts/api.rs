//! `schemas/openapi.json` and `schemas/problems.md`: what can be asked for, and what comes where it is not done.

use std::collections::BTreeSet;

use weighbridge::model::problem::ProblemCode;
use weighbridge_server::api::{Audits, openapi, operations};

use super::check;

const HEAD: &str = "# Problems

What the API answers where something is not done (RFC 9457): every problem has a stable code, a sentence, and a next step.
The gate's own codes stand in refusals.md. This page is made of the code by a test, and never edited by hand.

| Code | What it means | Next step |
| --- | --- | --- |
";

#[test]
fn the_description_of_all_operations_is_what_the_code_says() {
    let mut text = serde_json::to_string_pretty(&openapi()).unwrap();
    text.push('\n');
    check("schemas/openapi.json", &text);
}

#[test]
fn every_problem_stands_on_its_page_once() {
    let rows = ProblemCode::ALL
        .iter()
        .map(|code| format!("| `{}` | {} | {} |\n", code.as_str(), code.sentence(), code.next_step()));
    check("schemas/problems.md", &format!("{HEAD}{}", rows.collect::<String>()));
    let codes: BTreeSet<_> = ProblemCode::ALL.iter().map(|code| code.as_str()).collect();
    assert_eq!(codes.len(), ProblemCode::ALL.len());
}

#[test]
fn every_operation_says_what_it_audits_or_why_it_does_not() {
    for operation in operations() {
        match operation.audits {
            Audits::Act(act) => assert!(act.contains('.'), "{}", operation.name),
            Audits::Nothing(reason) => assert!(reason.split(' ').count() >= 3, "{}", operation.name),
        }
        assert!(operation.about.ends_with('.'), "{}", operation.name);
    }
}

#[test]
fn names_and_routes_are_given_once() {
    let names: BTreeSet<_> = operations().iter().map(|operation| operation.name).collect();
    let routes: BTreeSet<_> = operations().iter().map(|one| (one.method.to_string(), one.path)).collect();
    assert_eq!((names.len(), routes.len()), (operations().len(), operations().len()));
}

/// What is made and is no switch away from working: each for a reason.
const WITHOUT_SWITCH: [(&str, &str); 9] = [
    ("backfill begin", "it moves as long as its transfer is switched on, and ends by itself"),
    ("customer add", "it begins inactive"),
    ("operator invite", "nobody is in before they open the link"),
    ("staff invite", "nobody is in before they open the link"),
    ("user invite", "nobody is in before they open the link"),
    ("token add", "it is shown to its owner, who may keep it"),
    ("connect-link add", "nothing is connected before somebody opens it"),
    ("session reset-link", "nothing is changed before somebody opens the link"),
    ("customer open", "it ends by itself, and lets in whoever asked for it"),
];

#[test]
fn whatever_is_made_can_be_made_switched_off() {
    for operation in operations().iter().filter(|operation| operation.status == http::StatusCode::CREATED) {
        let can = operation.parameters().iter().any(|one| matches!(one.name.as_str(), "switch" | "status"));
        let is_excused = WITHOUT_SWITCH.iter().any(|(name, _)| *name == operation.name);
        assert!(can != is_excused, "`{}`: {can}", operation.name);
    }
}
