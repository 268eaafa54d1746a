//! What was used, by month, day, customer and transfer, beside what is granted: the same sums as the ledger's own.

use serde_json::{Value, json};

use crate::town::{Client, Host, Setting, Town};

/// A customer that moved 250 records twice, one that has a quota for all time, and one that moved nothing.
fn busy() -> Town {
    let town = Town::settled(250, &Setting::default());
    town.works(&["run", "acme/orders"]);
    town.works(&["run", "acme/orders"]);
    town.works(&["customer", "add", "--name", "globex"]);
    town
}

fn items(listed: &Value) -> &Vec<Value> {
    listed["items"].as_array().unwrap()
}

#[test]
fn a_month_has_what_each_customer_used_and_what_all_did_together() {
    let town = busy();
    let listed = town.works(&["usage", "list"]);
    assert_eq!(items(&listed).len(), 1);
    let acme = &listed["items"][0];
    assert_eq!((&acme["customer_name"], &acme["records"], &acme["runs"]), (&json!("acme"), &json!(500), &json!(2)));
    assert_eq!(listed["months"][0]["spent"], town.billed());
    assert_eq!((&listed["months"][0]["month"], &listed["zone"]), (&listed["month"], &json!("Europe/Warsaw")));
    assert_eq!(listed["allowance"]["left"]["records"], Value::Null);
    let before = town.works(&["usage", "list", "--month", "2020-02"]);
    assert!(items(&before).is_empty() && before["months"] == listed["months"]);
    let refused = town.fails(&["usage", "list", "--month", "February"], 2).errors;
    assert!(refused.contains("2026-11"), "{refused}");
}

#[test]
fn what_is_left_of_a_quota_is_what_is_granted_without_what_is_spent() {
    let town = busy();
    town.works(&["customer", "change", "acme", "--quota", r#"{"records": 600, "runs": 1}"#]);
    let used = town.works(&["usage", "of", "acme"]);
    assert_eq!(used["allowance"]["left"], json!({ "records": 100, "bytes": null, "runs": 0, "pulls": null }));
    assert_eq!(used["allowance"]["spent"], used["total"]);
    town.works(&["customer", "change", "acme", "--quota", r#"{"period": "ever", "records": 600}"#]);
    town.works(&["transfer", "change", "acme", "orders", "--switch", "on"]);
    let ever = town.works(&["usage", "of", "acme"]);
    assert_eq!(ever["allowance"]["period_start"], Value::Null);
    let listed = town.works(&["usage", "list"]);
    assert_eq!((&listed["items"][0]["records"], &listed["items"][0]["left"]["records"]), (&json!(500), &json!(600)));
}

#[test]
fn a_customers_usage_is_told_by_day_or_month_and_by_transfer_page_by_page() {
    let town = busy();
    let by_day = town.works(&["usage", "of", "acme"]);
    assert_eq!(items(&by_day).len(), 1);
    let row = &by_day["items"][0];
    assert_eq!((&row["transfer_name"], &row["records"], &row["runs"]), (&json!("orders"), &json!(500), &json!(2)));
    assert_eq!(row["on"].as_str().unwrap().len(), "2026-11-22".len());
    let by_month = town.works(&["usage", "of", "acme", "--by", "month"]);
    assert_eq!((by_month["items"][0]["on"].as_str().unwrap().len(), &by_month["total"]), (7, &by_day["total"]));
    assert!(items(&town.works(&["usage", "of", "acme", "--from", "2999-01-01"])).is_empty());
    assert!(items(&town.works(&["usage", "of", "acme", "--from", "2020-01-01", "--to", "2021-01-01"])).is_empty());
    assert!(items(&town.works(&["usage", "of", "acme", "--transfer", "00000000000000000000000000"])).is_empty());
    let again = Setting::default().document(&town.platforms);
    let (head, transfer) = again.split_once("[[customer.transfer]]").unwrap();
    town.apply(&format!(
        "{head}[[customer.transfer]]{transfer}\n[[customer.transfer]]{}",
        transfer.replace("name = \"orders\"", "name = \"more\"")
    ));
    town.works(&["run", "acme/more"]);
    let first = town.works(&["usage", "of", "acme", "--limit", "1"]);
    let next = first["next"].as_str().unwrap();
    let second = town.works(&["usage", "of", "acme", "--limit", "1", "--cursor", next]);
    assert_eq!((items(&second).len(), &second["next"], &second["total"]), (1, &Value::Null, &first["total"]));
    assert_ne!(first["items"][0]["transfer"], second["items"][0]["transfer"]);
}

#[test]
fn a_customers_own_people_see_what_it_used_and_not_what_others_did() {
    let town = busy();
    let host = Host::start(&town);
    let invited = town.works(&["user", "invite", "acme", "--email", "jan@example.org", "--role", "customer_viewer"]);
    let jan: Client<'_> = host.joined(&invited);
    let customers = town.works(&["customer", "list"]);
    let id = |name: &str| items(&customers).iter().find(|one| one["name"] == name).unwrap()["id"].as_str().unwrap();
    assert_eq!(jan.get(&format!("/customers/{}/usage", id("acme"))).worked()["total"]["records"], 500);
    assert_eq!(jan.get(&format!("/customers/{}/usage", id("globex"))).status, 404);
    assert_eq!(jan.get("/usage").status, 403);
}
