//! All of a list as lines of JSON, over every page of it: by the command line and over the API.

use std::collections::BTreeSet;
use std::fs;
use std::process::Command;

use serde_json::Value;

use crate::town::{BINARY, Client, Host, Town};

/// More customers than stand on a page, with more lines of the audit log than stand on one.
fn town() -> Town {
    let town = Town::bare(0);
    town.works(&["init", "--tenant", "Partner"]);
    let table: String = (0..60).map(|number| format!("customer {number:02}\n")).collect();
    fs::write(town.path("many.csv"), format!("name\n{table}")).unwrap();
    town.works(&["customer", "import", "--table", &format!("@{}", town.path("many.csv").display())]);
    for name in ["customer 01", "customer 02", "customer 03"] {
        town.works(&["customer", "change", name, "--external-id", name]);
    }
    town
}

/// What a list says, a line of JSON for each.
fn lines(town: &Town, words: &[&str]) -> Vec<Value> {
    let data = town.path("data");
    let mut command = Command::new(BINARY);
    let output = command.arg("--data").arg(&data).args(words).arg("--jsonl").output().unwrap();
    assert!(output.status.success(), "{output:?}");
    parsed(&String::from_utf8(output.stdout).unwrap())
}

fn parsed(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn differing(items: &[Value], field: &str) -> usize {
    items.iter().map(|one| one[field].to_string()).collect::<BTreeSet<_>>().len()
}

#[test]
fn every_page_of_customers_and_of_the_audit_log_is_written_whole() {
    let town = town();
    let customers = lines(&town, &["customer", "list", "--limit", "7"]);
    assert_eq!((customers.len(), differing(&customers, "id")), (60, 60));
    assert!(customers[0]["etag"].is_string(), "an item is whole: {}", customers[0]);
    let audit = lines(&town, &["audit", "list", "--limit", "2"]);
    let numbers = differing(&audit, "number");
    assert!(audit.len() > 4 && numbers == audit.len(), "{} lines, {numbers} of them different", audit.len());
    let refused = town.fails(&["customer", "list", "--jsonl", "--csv"], 2).errors;
    assert!(refused.contains("--csv"), "{refused}");
}

#[test]
fn the_api_sends_lines_to_who_may_read_the_list_and_a_problem_to_who_may_not() {
    let town = town();
    let email = ["--email", "somebody@example.org", "--role", "tenant_admin"];
    let invited = town.works(&[&["staff", "invite"][..], &email].concat());
    let host = Host::start(&town);
    let staff = host.joined(&invited);
    let ask = |client: &Client<'_>, path: &str| {
        client.send("GET", &format!("/api/v1{path}"), &["accept: application/x-ndjson"], None)
    };
    for (path, field, least) in [("/customers?limit=25", "id", 60), ("/audit?limit=2", "number", 5)] {
        let answered = ask(&staff, path);
        assert!(answered.head.contains("content-type: application/x-ndjson"), "{}", answered.head);
        assert!(answered.head.contains("transfer-encoding: chunked"), "it is sent as it is read: {}", answered.head);
        let items = unchunked(&answered.text);
        assert!(items.len() >= least && differing(&items, field) == items.len(), "{path}: {}", items.len());
    }
    assert_eq!(ask(&staff, "/tenants").code(), "access.role");
    assert_eq!(ask(&Client::stranger(&host.address), "/customers").code(), "access.not_signed_in");
}

/// The items of an answer that came in chunks.
fn unchunked(text: &str) -> Vec<Value> {
    let (mut rest, mut whole) = (text, String::new());
    while let Some((size, after)) = rest.split_once("\r\n") {
        let size = usize::from_str_radix(size, 16).unwrap();
        whole.push_str(&after[..size]);
        rest = after[size..].trim_start_matches("\r\n");
        if size == 0 {
            break;
        }
    }
    parsed(&whole)
}
