//! What is in doubt after a process was killed in the middle of a delivery: shown to staff and to the operator, and given up.

use serde_json::{Value, json};

use crate::town::{Setting, Town};

fn items(listed: &Value) -> &Vec<Value> {
    listed["items"].as_array().unwrap()
}

#[test]
fn a_batch_in_doubt_is_listed_with_what_it_waits_for_and_the_next_run_settles_it() {
    let town = Town::settled(40, &Setting::default());
    assert_eq!(items(&town.works(&["doubt", "list", "acme"])), &Vec::<Value>::new());
    town.stops_in_the_middle();
    let listed = town.works(&["doubt", "list", "acme"]);
    let one = &items(&listed)[0];
    assert_eq!(
        (&one["transfer_name"], &one["waits_for"], &one["code"]),
        (&json!("orders"), &json!("itself"), &Value::Null)
    );
    assert!(one["records"].as_u64().unwrap() > 0 && one["since"].is_string(), "{one}");
    assert_eq!(items(&town.works(&["doubt", "list-all"]))[0]["customer_name"], "acme");
    town.works(&["host", "freeze", "--reason", "a look", "--confirm"]);
    let frozen = town.works(&["doubt", "list", "acme"]);
    let one = &items(&frozen)[0];
    assert_eq!((&one["waits_for"], &one["code"]), (&json!("gate"), &json!("host.frozen")));
    town.works(&["host", "thaw"]);
    town.works(&["run", "acme/orders"]);
    assert_eq!(items(&town.works(&["doubt", "list-host"])), &Vec::<Value>::new());
    assert_eq!(town.billed()["records"], 40);
}

#[test]
fn a_batch_in_doubt_is_given_up_only_when_that_is_confirmed_and_under_whoever_did_it() {
    let town = Town::settled(40, &Setting::default());
    town.stops_in_the_middle();
    let listed = town.works(&["doubt", "list-host"]);
    assert!(!listed.to_string().contains("acme"), "no name of a customer: {listed}");
    let batch = items(&listed)[0]["batch"].as_str().unwrap().to_owned();
    let asked = town.fails(&["batch", "write-off", &batch], 2).errors;
    assert!(asked.contains("confirmation.needed") && asked.contains("may arrive again"), "{asked}");
    let given = town.works(&["batch", "write-off", &batch, "--confirm"]);
    assert_eq!(given["batch"], batch);
    assert!(town.fails(&["batch", "write-off", &batch, "--confirm"], 2).errors.contains("batch.ended"));
    for told in [&["audit", "host", "--act", "batch.*"][..], &["audit", "list", "--act", "batch.*"][..]] {
        let told = town.works(told);
        let line = &items(&told)[0];
        assert_eq!(line["act"], "batch.written_off", "{told}");
        assert!(line["detail"].as_str().unwrap().contains(&batch), "{told}");
    }
    town.works(&["run", "acme/orders"]);
    assert_eq!(town.billed()["records"], 40, "nothing of the batch was billed before it was moved again");
}
