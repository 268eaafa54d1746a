//! Rejected records: found by what people know of them, shown whole, written out, and forgotten when that is confirmed.

use serde_json::{Value, json};

use crate::town::{BINARY, Setting, Town};

/// Three of 150 orders cannot be shaped: 7, 57 and 107.
fn town() -> Town {
    let town = Town::settled(150, &Setting::default());
    let whole = Setting::default().document(&town.platforms);
    let rule = "{ jq = \"if (.id % 50 == 7) then error(\\\"no\\\") else .number end\", to = \"/number\" },";
    town.apply(&whole.replace("{ copy = \"/number\" },", rule));
    let ran = town.works(&["run", "acme/orders"]);
    assert_eq!((&ran["state"], &ran["counts"]["dead_lettered"]), (&json!("partially_succeeded"), &json!(3)), "{ran}");
    town
}

fn listed(town: &Town, filter: &[&str]) -> Vec<Value> {
    let words: Vec<_> = ["rejected", "list", "acme"].iter().chain(filter).copied().collect();
    town.works(&words)["items"].as_array().unwrap().clone()
}

#[test]
fn are_found_by_each_thing_that_is_known_of_them() {
    let town = town();
    let run = town.works(&["run", "list", "acme"])["items"][0].clone();
    assert_eq!((&run["state"], &run["rejected"]), (&json!("partially_succeeded"), &json!(3)));
    let run = run["id"].as_str().unwrap();
    let cases: [(&[&str], usize); 11] = [
        (&[], 3),
        (&["--transfer", "orders"], 3),
        (&["--run", run], 3),
        (&["--run", "00000000000000000000000000"], 0),
        (&["--code", "mapping.expression_failed"], 3),
        (&["--code", "mapping.no_link"], 0),
        (&["--by", "destination"], 0),
        (&["--where", "/id=57"], 1),
        (&["--where", "/id=5"], 0),
        (&["--since", "2020-01-01", "--until", "2099-01-01"], 3),
        (&["--until", "2020-01-01"], 0),
    ];
    for (filter, found) in cases {
        assert_eq!(listed(&town, filter).len(), found, "{filter:?}");
    }
    town.fails(&["rejected", "list", "acme", "--where", "57"], 2);
}

#[test]
fn are_shown_whole_and_written_out_over_all_pages() {
    let town = town();
    let one = listed(&town, &["--where", "/id=57"]).remove(0);
    let shown = town.works(&["rejected", "show", "acme", one["id"].as_str().unwrap()]);
    assert_eq!(shown, one);
    assert_eq!(
        (&shown["by"], &shown["as_sent"], &shown["transfer_name"]),
        (&json!("mapping"), &json!(false), &json!("orders"))
    );
    town.fails(&["rejected", "show", "acme", "00000000000000000000000000"], 2);
    let mut command = std::process::Command::new(BINARY);
    command.arg("--data").arg(town.path("data")).args(["rejected", "list", "acme", "--limit", "1", "--csv"]);
    let text = String::from_utf8(command.output().unwrap().stdout).unwrap();
    assert_eq!(text.lines().count(), 4, "{text}");
}

#[test]
fn are_forgotten_one_or_all_that_fit_once_that_is_confirmed() {
    let town = town();
    let one = listed(&town, &["--where", "/id=57"]).remove(0);
    let id = one["id"].as_str().unwrap();
    town.fails(&["rejected", "discard", "acme", "--rejected", id], 2);
    assert_eq!(listed(&town, &[]).len(), 3, "nothing goes that was not confirmed");
    let gone = town.works(&["rejected", "discard", "acme", "--rejected", id, "--confirm"]);
    assert_eq!((&gone["discarded"], listed(&town, &[]).len()), (&json!(1), 2));
    let gone = town.works(&["rejected", "discard", "acme", "--where", "/id=7", "--confirm"]);
    assert_eq!((&gone["discarded"], listed(&town, &["--where", "/id=107"]).len()), (&json!(1), 1));
    let gone = town.works(&["rejected", "discard", "acme", "--confirm"]);
    assert_eq!((&gone["discarded"], listed(&town, &[]).len()), (&json!(1), 0));
    let audit = town.works(&["audit", "list"]);
    let told = audit["items"].as_array().unwrap().iter().filter(|line| line["act"] == "rejected.discarded").count();
    assert_eq!(told, 3, "{audit}");
}
