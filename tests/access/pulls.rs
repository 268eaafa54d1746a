//! Third parties: every address that they may ask, with every kind of key, and their keys where they are good for nothing.

use std::fmt::Write as _;

use serde_json::{Value, json};
use weighbridge_server::api::operations;

use super::{outcome, probe};
use crate::town::{Answered, Client, Host, PASSWORD, Setting, Town, ask as send};

const HEAD: &str = "# What third parties get

Every address under `/pull/v1`, asked with every kind of key; a code is the refusal. A test asks a running host for all of it, and
writes this page:

    WEIGHBRIDGE_BLESS=1 cargo test -p weighbridge-cli --test tests access
";

const ADDRESSES: [&str; 4] = ["ping", "docs", "openapi.json", "orders/records?limit=2"];

/// A key, as it is sent.
type Key = (&'static str, Option<String>);

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

/// Makes an access, and says how its key is sent.
fn access(town: &Town, customer: &str, name: &str, words: &[&str]) -> String {
    let made = town.works(&[&["service", "add", customer, "--name", name], words].concat());
    format!("{}:{}", text(&made["service"]["access_id"]), text(&made["key"]))
}

fn keys(town: &Town) -> Vec<Key> {
    let orders = ["--endpoints", "orders"];
    let with = |window: &'static str| [&orders[..], &["--window", window]].concat();
    let valid = access(town, "acme", "valid", &orders);
    let future = access(town, "acme", "future", &with(r#"{"start": "2090-01-01"}"#));
    let ended = access(town, "acme", "ended", &with(r#"{"end": "2021-01-01"}"#));
    let off = access(town, "acme", "off", &orders);
    town.works(&["service", "switch", "acme", "off", "--switch", "off"]);
    let rotated = access(town, "acme", "rotated", &orders);
    town.works(&["service", "rotate", "acme", "rotated", "--overlap-hours", "0"]);
    let deleted = access(town, "acme", "deleted", &orders);
    town.works(&["service", "remove", "acme", "deleted", "--confirm", "deleted"]);
    let elsewhere = access(town, "acme", "elsewhere", &[]);
    town.works(&["customer", "add", "--name", "asleep"]);
    let endpoint =
        ["endpoint", "add", "asleep", "--name", "orders", "--description", "Orders.", "--direction", "source"];
    town.works(&endpoint);
    let asleep = access(town, "asleep", "asleep", &orders);
    vec![
        ("no key", None),
        ("valid", Some(valid)),
        ("not started", Some(future)),
        ("ended", Some(ended)),
        ("switched off", Some(off)),
        ("rotated out", Some(rotated)),
        ("deleted", Some(deleted)),
        ("without this endpoint", Some(elsewhere)),
        ("of an inactive customer", Some(asleep)),
    ]
}

fn ask(host: &Host, path: &str, key: Option<&str>) -> Answered {
    let line = key.map(|key| format!("authorization: Bearer {key}"));
    let lines: Vec<&str> = line.iter().map(String::as_str).collect();
    send(&host.address, "GET", &format!("/pull/v1/{path}"), &lines, "")
}

#[test]
fn every_kind_of_key_gets_what_the_page_says_and_is_good_for_nothing_else() {
    let town = Town::settled(3, &Setting::default());
    let host = Host::start_configured(&town, "requests_per_minute = 1000000\nstranger_requests_per_minute = 1000000\n");
    let invited = town.works(&["staff", "invite", "--email", "ann@example.org", "--role", "tenant_admin"]);
    let join = json!({ "link": invited["link"], "password": PASSWORD });
    let joined = Client::stranger(&host.address).post("/sessions/join", &join).worked();
    let mut keys = keys(&town);
    keys.push(("a person's session", Some(text(&joined["session"]).to_owned())));
    let names: Vec<_> = keys.iter().map(|(name, _)| *name).collect();
    let mut page = format!("{HEAD}\n| address | {} |\n|{}\n", names.join(" | "), "---|".repeat(names.len() + 1));
    for address in ADDRESSES {
        let outcomes = keys.iter().map(|(_, key)| match ask(&host, address, key.as_deref()) {
            reply if reply.status == 200 => "yes".to_owned(),
            reply => reply.problem().1,
        });
        let outcomes = outcomes.collect::<Vec<_>>().join(" | ");
        writeln!(page, "| `{address}` | {outcomes} |").unwrap();
    }
    let valid = keys[1].1.as_deref().unwrap();
    for secret in [valid, valid.split_once(':').unwrap().1] {
        let third_party = Client::with(&host.address, secret);
        for operation in operations().iter().filter(|operation| !operation.open) {
            let outcome = outcome(&probe(&third_party, operation, "00000000000000000000000000"));
            assert_eq!(outcome, "access.not_signed_in", "{} with a third party's key", operation.name);
        }
    }
    crate::contracts::check("schemas/pulls.md", &page);
}
