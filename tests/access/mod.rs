//! Every operation, asked by everybody: what comes of it is what a checked-in table says, and a denial changes nothing.
#![expect(clippy::unwrap_used, reason = "a test says what it expects by unwrapping")]

mod cast;
mod pulls;

use std::fmt::Write as _;

use serde_json::json;
use weighbridge_server::api::{Operation, operations};

use crate::town::{Answered, Client};
use cast::Cast;

const HEAD: &str = "# Who may do what

Every operation, asked by everybody: `yes` is asked on, a code is the denial. What belongs to others answers as what is not
there, in the same bytes. A test asks a running host for all of it, and writes this page:

    WEIGHBRIDGE_BLESS=1 cargo test -p weighbridge-cli --test tests access
";

/// A valid id of nothing.
const NOTHING: &str = "00000000000000000000000000";

/// The address of an operation, about one customer, with a parameter that it does not know: so it is refused by whoever would
/// carry it out, and changes nothing.
fn probe(client: &Client<'_>, operation: &Operation, customer: &str) -> Answered {
    let path = operation.path.split('/').map(|part| match part {
        "{customer}" => customer,
        part if part.starts_with('{') => NOTHING,
        part => part,
    });
    let path = path.collect::<Vec<_>>().join("/");
    match operation.method.as_str() {
        "GET" | "DELETE" => client.ask(operation.method.as_str(), &format!("{path}?no_such_parameter=1"), None),
        method => client.ask(method, &path, Some(&json!({ "no_such_parameter": 1 }))),
    }
}

fn outcome(answered: &Answered) -> String {
    match answered.code().as_str() {
        "request.invalid" => {
            assert!(answered.text.contains("no_such_parameter"), "{}", answered.text);
            "yes".into()
        }
        "" => panic!("{} {}", answered.head, answered.text),
        code => code.to_owned(),
    }
}

#[test]
fn everybody_may_do_what_the_table_says_and_a_denial_changes_nothing() {
    let cast = Cast::new();
    let before = cast.seen();
    let people = cast.people();
    let names: Vec<_> = people.iter().map(|(name, _)| *name).collect();
    let mut page =
        format!("{HEAD}\n| operation | action | {} |\n|{}\n", names.join(" | "), "---|".repeat(names.len() + 2));
    for operation in operations() {
        let outcomes = people.iter().map(|(_, client)| outcome(&probe(client, operation, &cast.customer)));
        let outcomes = outcomes.collect::<Vec<_>>().join(" | ");
        writeln!(page, "| {} | `{}` | {outcomes} |", operation.name, operation.action.code()).unwrap();
    }
    // Denials are kept too, and nothing else is: no line of a change may be among the new ones.
    assert_eq!(cast.changes_since(before), Vec::<String>::new());
    super::contracts::check("schemas/access.md", &page);
}

#[test]
fn what_belongs_to_others_answers_in_the_same_bytes_as_what_is_not_there() {
    let cast = Cast::new();
    let others = cast.people().into_iter().filter(|(name, _)| *name != "other tenant's admin");
    for (name, client) in others {
        for operation in operations().iter().filter(|operation| operation.path.contains("{customer}")) {
            let (theirs, nothing) =
                (probe(&client, operation, &cast.foreign_customer), probe(&client, operation, NOTHING));
            assert_eq!(
                (theirs.status, &theirs.text),
                (nothing.status, &nothing.text),
                "{name} asks {}",
                operation.name
            );
            assert_ne!(outcome(&theirs), "yes", "{name} asks {}", operation.name);
        }
    }
}
