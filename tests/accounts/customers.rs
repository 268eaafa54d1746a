//! Customers are found by any combination, switched off until a date, and brought in by the table.

use std::fs;

use crate::town::{Host, Town};

fn town() -> Town {
    let town = Town::bare(1);
    town.works(&["init"]);
    town.works(&["tenant", "add", "--name", "partner", "--zone", "Europe/Warsaw"]);
    town
}

fn names(listed: &serde_json::Value) -> Vec<&str> {
    listed["items"].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap()).collect()
}

#[test]
fn a_table_is_looked_at_whole_before_a_line_of_it_is_made_and_may_come_again() {
    let town = town();
    let table = town.path("customers.csv");
    fs::write(&table, "name,labels,start\nAda,north;gold,2026-12-01\nBea,south,\nAda,,\n,,\n").unwrap();
    let words = format!("@{}", table.display());
    let wrong = town.works(&["customer", "import", "--table", &words, "--dry-run"]);
    let lines: Vec<_> = wrong["wrong"].as_array().unwrap().iter().map(|one| one["line"].as_u64().unwrap()).collect();
    assert_eq!((wrong["done"].as_bool(), lines), (Some(false), vec![4, 5]));
    let refused = town.fails(&["customer", "import", "--table", &words], 2).errors;
    assert!(refused.contains("table line 4") && refused.contains("table line 5"), "{refused}");
    assert!(names(&town.works(&["customer", "list"])).is_empty());
    fs::write(&table, "name,labels,start\nAda,north;gold,2026-12-01\nBea,south,\n").unwrap();
    let dry = town.works(&["customer", "import", "--table", &words, "--dry-run"]);
    assert_eq!((dry["done"].as_bool(), dry["created"].as_u64()), (Some(false), Some(2)));
    assert_eq!(town.works(&["customer", "import", "--table", &words])["created"], 2);
    let again = town.works(&["customer", "import", "--table", &words]);
    assert_eq!((again["created"].as_u64(), again["present"].as_u64()), (Some(0), Some(2)));
    assert_eq!(names(&town.works(&["customer", "list", "--label", "gold", "--name", "AD"])), ["Ada"]);
    assert!(names(&town.works(&["customer", "list", "--label", "gold", "--name", "be"])).is_empty());
}

#[test]
fn a_table_with_a_strange_heading_is_refused_once_and_a_line_of_another_length_in_plain_words() {
    let town = town();
    let import = |table: &str| {
        fs::write(town.path("customers.csv"), table).unwrap();
        town.run(&["customer", "import", "--dry-run", "--table", &format!("@{}", town.path("customers.csv").display())])
    };
    let strange = import("name,phone\nAda,1\nBea,2\n");
    assert_eq!((strange.code, strange.errors.matches("`phone` is no heading").count()), (2, 1), "{}", strange.errors);
    let nameless = import("labels\nnorth\n");
    assert!(nameless.code == 2 && nameless.errors.contains("no heading `name`"), "{}", nameless.errors);
    let ragged = import("name,labels\n\"Ada\",\"north;\n gold\"\nBea,south,3\n").json;
    assert_eq!(ragged["wrong"][0]["line"], 4);
    let windows = import("name,labels\r\nAda,north\r\n\r\nBea,south,3\r\n").json;
    assert_eq!(windows["wrong"][0]["line"], 4, "lines that end as spreadsheets end them");
    assert_eq!(ragged["wrong"][0]["what"], "it has 3 fields, and there are 2 headings");
}

#[test]
fn what_is_emptied_of_a_contact_is_taken_away() {
    let town = town();
    let contact = r#"{"email": "ada@example.org", "phone": "1"}"#;
    town.works(&["customer", "add", "--name", "Ada", "--contact", contact]);
    let changed = town.works(&["customer", "change", "Ada", "--contact", r#"{"email": "", "phone": "2"}"#]);
    assert_eq!(changed["contact"], serde_json::json!({ "phone": "2" }));
}

#[test]
fn pages_follow_one_another_in_the_order_that_was_asked_for() {
    let town = town();
    let table: String = (0..25).map(|number| format!("customer {number:02}\n")).collect();
    fs::write(town.path("many.csv"), format!("name\n{table}")).unwrap();
    town.works(&["customer", "import", "--table", &format!("@{}", town.path("many.csv").display())]);
    for sort in ["name", "name_down", "created", "created_down"] {
        let (mut seen, mut cursor) = (Vec::new(), None::<String>);
        loop {
            let mut words = vec!["customer", "list", "--limit", "10", "--sort", sort];
            if let Some(cursor) = &cursor {
                words.extend(["--cursor", cursor]);
            }
            let page = town.works(&words);
            seen.extend(names(&page).into_iter().map(str::to_owned));
            match page["next"].as_str() {
                Some(next) => cursor = Some(next.to_owned()),
                None => break,
            }
        }
        let mut sorted = seen.clone();
        sorted.sort();
        sorted.dedup();
        assert_eq!((sorted.len(), seen.len()), (25, 25), "{sort}");
        if sort == "name_down" {
            assert!(seen.is_sorted_by(|one, other| one > other));
        }
    }
}

#[test]
fn a_name_is_given_once_and_a_change_of_what_was_changed_meanwhile_is_refused() {
    let town = town();
    town.works(&["customer", "add", "--name", "Ada"]);
    let taken = town.fails(&["customer", "add", "--name", "Ada"], 2);
    assert!(taken.errors.contains("name.taken"), "{}", taken.errors);
    town.works(&["customer", "change", "Ada", "--name", "Adele"]);
    town.works(&["customer", "add", "--name", "Ada"]);
    let host = Host::start(&town);
    let invited = town.works(&["staff", "invite", "--email", "ann@partner.example", "--role", "tenant_admin"]);
    let ann = host.joined(&invited);
    let id = town.works(&["customer", "show", "Ada"])["id"].as_str().unwrap().to_owned();
    let path = format!("/api/v1/customers/{id}");
    let seen = ann.send("GET", &path, &[], None);
    let etag = seen.header("etag").unwrap();
    let change = serde_json::json!({ "labels": ["gold"] });
    let changed = ann.send("PATCH", &path, &[&format!("if-match: {etag}")], Some(&change));
    assert_eq!(changed.status, 200, "{}", changed.text);
    let stale = ann.send("PATCH", &path, &[&format!("if-match: {etag}")], Some(&serde_json::json!({ "labels": [] })));
    assert_eq!((stale.status, stale.code().as_str()), (412, "resource.changed"));
}

#[test]
fn a_customer_is_off_until_its_date_and_says_so() {
    let town = town();
    town.works(&["customer", "add", "--name", "Ada"]);
    town.works(&["customer", "activate", "Ada"]);
    let past = town.fails(&["customer", "deactivate", "Ada", "--until", "2020-01-01"], 2);
    assert!(past.errors.contains("until"), "{}", past.errors);
    let off = town.works(&["customer", "deactivate", "Ada", "--until", "2199-07-01", "--reason", "unpaid"]);
    assert_eq!(off["customer"]["status"], "inactive");
    assert_eq!(off["customer"]["active_from"], "2199-06-30T22:00:00Z");
    assert_eq!(off["customer"]["inactive_reason"], "unpaid");
    let on = town.works(&["customer", "activate", "Ada"]);
    assert_eq!((on["customer"]["status"].as_str(), on["customer"]["active_from"].is_null()), (Some("active"), true));
}
