//! Everything that customers connected and set up stands in one list, and many are switched at once.

use crate::town::{Setting, Town};

fn names(listed: &serde_json::Value) -> Vec<String> {
    let items = listed["items"].as_array().unwrap().iter();
    items.map(|one| format!("{} {}", one["kind"].as_str().unwrap(), one["name"].as_str().unwrap())).collect()
}

#[test]
fn one_list_has_all_of_it_by_any_filter_and_page_by_page() {
    let town = Town::settled(1, &Setting::transfer(""));
    let all = town.works(&["system", "list"]);
    let wanted = ["connection shop", "connection warehouse", "endpoint lines", "endpoint orders", "transfer orders"];
    let mut found = names(&all);
    found.sort();
    assert_eq!(found, wanted);
    assert_eq!(names(&town.works(&["system", "list", "--kind", "endpoint", "--name", "ORD"])), ["endpoint orders"]);
    assert!(names(&town.works(&["system", "list", "--switch", "off"])).is_empty());
    let (mut seen, mut cursor) = (Vec::new(), None::<String>);
    loop {
        let mut words = vec!["system", "list", "--limit", "2"];
        words.extend(cursor.iter().flat_map(|cursor| ["--cursor", cursor]));
        let page = town.works(&words);
        seen.extend(names(&page));
        match page["next"].as_str() {
            Some(next) => cursor = Some(next.to_owned()),
            None => break,
        }
    }
    seen.sort();
    assert_eq!(seen, wanted);
}

#[test]
fn many_are_switched_off_where_that_is_confirmed_and_on_without() {
    let town = Town::settled(1, &Setting::transfer(""));
    let listed = town.works(&["system", "list", "--kind", "transfer"]);
    let reference = listed["items"][0]["reference"].as_str().unwrap().to_owned();
    let off = ["system", "switch", "--switch", "off", "--items", &reference];
    let asked = town.fails(&off, 2);
    assert!(
        asked.errors.contains("confirmation.needed") && asked.errors.contains("transfer orders of acme"),
        "{}",
        asked.errors
    );
    let done = town.works(&[off.as_slice(), &["--confirm"]].concat());
    assert_eq!(done["switched"][0], reference.as_str());
    assert_eq!(town.fails(&["run", "acme/orders"], 3).code, 3);
    town.works(&["system", "switch", "--switch", "on", "--items", &reference]);
    town.works(&["run", "acme/orders"]);
}

#[test]
fn a_customer_reads_in_its_own_log_what_was_switched_among_many_and_a_reference_to_nothing_switches_nothing() {
    let town = Town::settled(1, &Setting::transfer(""));
    let listed = town.works(&["system", "list", "--kind", "transfer"]);
    let reference = listed["items"][0]["reference"].as_str().unwrap().to_owned();
    let off = ["system", "switch", "--switch", "off", "--confirm", "--items", &reference, "--items"];
    let gone = format!("{}0", &reference[..reference.len() - 1]);
    let absent = if gone == reference { reference.replace("transfer", "endpoint") } else { gone };
    let refused = town.fails(&[&off[..], &[absent.as_str()]].concat(), 2).errors;
    assert!(refused.contains("not in this list any more"), "{refused}");
    assert_eq!(town.works(&["transfer", "show", "acme", "orders"])["switch"], "on");
    town.works(&off[..off.len() - 1]);
    let told = town.works(&["audit", "of-customer", "acme"]);
    let told = told["items"].as_array().unwrap().iter().filter(|line| line["act"] == "systems.off");
    assert_eq!(told.map(|line| line["detail"].as_str().unwrap()).collect::<Vec<_>>(), ["transfer orders"]);
}
