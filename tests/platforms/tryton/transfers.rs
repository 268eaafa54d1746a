//! The real binary between the real ERP and a warehouse, both ways.

use serde_json::{Value, json};

use super::install::{DATABASE, PASSWORD, USER};
use super::server::Tryton;
use crate::platforms::wanted;
use crate::town::{Setting, Town};

/// Beside the town's own: the ERP, its subdivisions to the warehouse, and the shop's customers to its parties.
fn document(town: &Town, tryton: &Tryton) -> String {
    let (base_url, whole) = (tryton.base_url(), Setting::default().document(&town.platforms));
    let integration =
        "\n[[integration]]\nname = \"erp\"\nconnector = \"weighbridge.tryton\"\nnetworks = [\"127.0.0.1/32\"]\n";
    let whole = whole.replacen("\n[[customer]]", &format!("{integration}\n[[customer]]"), 1);
    format!(
        r#"{whole}
[[customer.connection]]
name = "erp"
integration = "erp"
scheme = "session"
secrets = {{ username = "{USER}", password = "{PASSWORD}" }}
configuration = {{ base_url = "{base_url}", database = "{DATABASE}", overlap_s = 5 }}

[[customer.endpoint]]
name = "subdivisions"
description = "Subdivisions of all countries."
direction = "source"
connection = "erp"
stream = "subdivisions"

[[customer.endpoint]]
name = "parties"
description = "Customers in the ERP."
direction = "destination"
connection = "erp"
stream = "parties"

[[customer.transfer]]
name = "subdivisions"
source = "subdivisions"
destination = "lines"
limit = {{ records = 500, bytes = 1000000 }}

[[customer.mapping]]
name = "order to party"
rules = [{{ copy = "/number", to = "/code" }}, {{ copy = "/customer/name", to = "/name" }}]

[[customer.transfer]]
name = "parties"
source = "orders"
destination = "parties"
mapping = "order to party"
sync = "full_refresh"
limit = {{ records = 40, bytes = 1000000 }}
"#
    )
}

fn town(tryton: &Tryton) -> Town {
    let town = Town::settled(100, &Setting::default());
    town.install("tryton");
    town.apply(&document(&town, tryton));
    town
}

#[test]
fn moves_all_subdivisions_and_then_exactly_the_ten_that_changed() {
    if !wanted("Tryton") {
        return;
    }
    let tryton = Tryton::start();
    let town = town(&tryton);
    let count = tryton.call("model.country.subdivision.search_count", json!([[], {}]));
    assert!(count.as_u64() > Some(5_000));
    let run = town.works(&["run", "acme/subdivisions"]);
    assert_eq!((&run["counts"]["delivered"], &town.platforms.summary()["lines"]), (&count, &count));

    let ids: Vec<u64> =
        town.platforms.lines().iter().step_by(500).take(10).map(|line| line["id"].as_u64().unwrap()).collect();
    tryton.call("model.country.subdivision.write", json!([ids, {"type": "city"}, {}]));
    let run = town.works(&["run", "acme/subdivisions"]);
    assert_eq!(run["counts"]["delivered"], 10, "{run}");
    let changed = |line: &&Value| line["type"] == "city" && ids.contains(&line["id"].as_u64().unwrap());
    assert_eq!(town.platforms.lines().iter().filter(changed).count(), 10);
    assert_eq!(town.works(&["run", "acme/subdivisions"])["counts"]["read"], 0);
    assert_eq!(town.billed()["records"], count.as_u64().unwrap() + 10);
}

#[test]
fn upserts_a_hundred_customers_into_the_erp_and_finds_them_there() {
    if !wanted("Tryton") {
        return;
    }
    let tryton = Tryton::start();
    let town = town(&tryton);
    for _ in 0..2 {
        let run = town.works(&["run", "acme/parties"]);
        assert_eq!(run["counts"]["delivered"], 100, "{run}");
    }
    let domain = json!([["code", "like", "SO-%"]]);
    let count = tryton.call("model.party.party.search_count", json!([domain, {}]));
    assert_eq!(count, 100, "a second run changes them, and makes no others");
    let first =
        tryton.call("model.party.party.search_read", json!([domain, 0, 1, [["code", "ASC"]], ["code", "name"], {}]));
    assert_eq!((&first[0]["code"], &first[0]["name"]), (&json!("SO-00000001"), &json!("Customer 007919")));
}
