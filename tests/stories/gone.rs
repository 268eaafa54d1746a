//! A customer is deleted from the command line, and the audit log can be held against what was signed.

use std::fs;

use crate::town::{Host, Setting, Town, request};

#[test]
fn a_customer_is_deleted_and_its_receipt_is_believed() {
    let town = Town::settled(3, &Setting::default());
    town.works(&["run", "acme/orders"]);
    town.fails(&["customer", "delete", "acme", "--name", "somebody else"], 2);
    let gone = town.works(&["customer", "delete", "acme", "--name", "acme"]);
    assert_eq!(gone["stage"], "done", "{gone}");
    assert!(gone["platforms"].as_array().unwrap().iter().all(|one| one["notice"] == "done"), "{gone}");
    let id = gone["customer"].as_str().unwrap();
    assert_eq!(town.works(&["customer", "deletion", id])["receipt"], gone["receipt"]);
    assert_eq!(gone["receipt"]["public_key"], town.works(&["keys", "status"])["public_key"]);
    let receipt = town.path("receipt.json");
    fs::write(&receipt, gone["receipt"].to_string()).unwrap();
    let checked = town.works(&["customer", "check-receipt", "--receipt", &format!("@{}", receipt.display())]);
    assert_eq!((&checked["genuine"], &checked["customer"]), (&true.into(), &id.into()));
    let mut forged = gone["receipt"].clone();
    forged["said"]["blobs"] = 1_000_000.into();
    fs::write(&receipt, forged.to_string()).unwrap();
    let checked = town.fails(&["customer", "check-receipt", "--receipt", &format!("@{}", receipt.display())], 1);
    assert_eq!(checked.json["genuine"], false);
    assert_eq!(town.works(&["customer", "show", id])["status"], "deleted");
    town.works(&["usage"]);
    town.works(&["list"]);
    town.apply(&Setting::default().document(&town.platforms));
    town.works(&["run", "acme/orders"]);
}

#[test]
fn the_audit_log_is_listed_verified_and_held_against_a_checkpoint() {
    let town = Town::settled(3, &Setting::default());
    let checkpoint = town.path("checkpoint.json");
    fs::write(&checkpoint, town.works(&["audit", "checkpoint"]).to_string()).unwrap();
    let against = format!("@{}", checkpoint.display());
    assert_eq!(town.works(&["audit", "verify", "--checkpoint", &against])["sound"], true);
    let lines = town.works(&["audit", "list", "--customer", "acme"]);
    assert!(lines["items"].as_array().unwrap().iter().any(|one| one["act"] == "document.applied"), "{lines}");
    assert!(town.works(&["audit", "of-customer", "acme"])["items"].as_array().is_some_and(|all| !all.is_empty()));
    // A name alone is looked for as before.
    assert!(town.works(&["audit", "shop"])["audit"].as_array().is_some_and(|all| !all.is_empty()));
    let host = Host::start(&town);
    for _ in 0..3 {
        let answer = request(&host.address, "GET", "/api/v1/customers", "");
        assert!(answer.contains("access.not_signed_in"), "{answer}");
    }
    host.terminate();
    let denied = town.works(&["audit", "host", "--denied"]);
    let counted = denied["items"].as_array().unwrap().iter().map(|one| one["count"].as_u64().unwrap()).sum::<u64>();
    assert_eq!((counted, &denied["items"][0]["detail"]), (3, &"127.0.0.1".into()), "{denied}");
    assert_eq!(town.works(&["audit", "verify", "--checkpoint", &against])["sound"], true);
}
