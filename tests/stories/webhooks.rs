//! Webhooks with the REST connector at a running host: what is signed with a hook's own secret moves, and nothing else does.

use std::time::{Duration, Instant};

use data_encoding::HEXLOWER;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Value, json};
use sha2::Sha256;

use crate::town::{Answered, Host, Platforms, Setting, Town, ask};

const WEBHOOKS: &str = "[customer.connection.configuration.webhooks]\nsignature_header = \"X-Shop-Signature\"\nsignature_prefix = \
                        \"sha256=\"\nid_header = \"X-Shop-Delivery\"\nrecords = { orders = \"/orders\" }\n\n";

/// A tenant, and its customer.
const ACME: (&str, &str) = ("Partner", "acme");
const BOLT: (&str, &str) = ("Rival", "bolt");

/// The document of a town whose shop tells by webhooks.
fn document(platforms: &Platforms) -> String {
    let streams = "[customer.connection.configuration.streams.orders]";
    Setting::default().document(platforms).replace(streams, &format!("{WEBHOOKS}{streams}"))
}

/// A customer's hook, as the platform was told of it.
struct Hook {
    path: String,
    secret: String,
}

impl Hook {
    fn of(town: &Town, (tenant, customer): (&str, &str)) -> Self {
        let listed = until(|| {
            let hooks = town.works(&["hook", "list", customer, "--tenant", tenant]);
            let shop = hooks["items"].as_array()?.iter().find(|hook| hook["label"] == "shop")?;
            Some(shop["connection"].as_str()?.to_owned())
        });
        let rotated = town.works(&["hook", "rotate", customer, &listed, "--confirm", "--tenant", tenant]);
        let (address, secret) = (rotated["address"].as_str().unwrap(), rotated["secret"].as_str().unwrap());
        let path = address.find("/hooks/v1/").map(|at| address[at..].to_owned()).unwrap();
        Self { path, secret: secret.to_owned() }
    }

    /// What the platform sends: signed with one secret, to the address of this hook.
    fn tell(&self, host: &Host, (delivery, secret): (&str, &str), ids: std::ops::RangeInclusive<u64>) -> Answered {
        let orders: Vec<Value> = ids.map(order).collect();
        let body = json!({ "orders": orders }).to_string();
        let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
        mac.update(body.as_bytes());
        let signature = format!("x-shop-signature: sha256={}", HEXLOWER.encode(&mac.finalize().into_bytes()));
        let delivery = format!("x-shop-delivery: {delivery}");
        ask(&host.address, "POST", &self.path, &["content-type: application/json", &signature, &delivery], &body)
    }
}

fn order(id: u64) -> Value {
    json!({ "id": id, "number": format!("N{id}"), "customer": { "id": 7 }, "total": "9.50", "status": "open" })
}

/// What comes to be within some seconds.
#[track_caller]
fn until<T>(mut found: impl FnMut() -> Option<T>) -> T {
    let begun = Instant::now();
    loop {
        match found() {
            Some(found) => return found,
            None => assert!(begun.elapsed() < Duration::from_secs(60), "it does not come to be"),
        }
        std::thread::sleep(Duration::from_millis(50));
    }
}

fn ids(platforms: &Platforms) -> Vec<u64> {
    let mut ids: Vec<u64> = platforms.lines().iter().filter_map(|line| line["id"].as_u64()).collect();
    ids.sort_unstable();
    ids
}

fn arrive(platforms: &Platforms, expected: &[u64]) {
    until(|| (ids(platforms).len() >= expected.len()).then_some(()));
    assert_eq!(ids(platforms), expected);
}

#[test]
pub(crate) fn a_delivery_moves_when_it_is_signed_with_the_secret_of_its_hook_and_once_however_often_it_comes() {
    let town = Town::settled(0, &Setting::default());
    town.apply(&document(&town.platforms));
    let host = Host::start(&town);
    let hook = Hook::of(&town, ACME);
    for _ in 0..3 {
        assert_eq!(hook.tell(&host, ("one", &hook.secret), 1..=3).status, 202);
    }
    assert_eq!(hook.tell(&host, ("two", &hook.secret), 4..=4).status, 202);
    arrive(&town.platforms, &[1, 2, 3, 4]);
    assert_eq!(town.platforms.lines()[0]["currency"], "EUR", "the transfer's mapping shaped it");
    assert_eq!(billed(&town, ACME), 4);
}

#[test]
pub(crate) fn nothing_moves_when_a_signature_is_not_of_this_hooks_secret() {
    let town = Town::settled(0, &Setting::default());
    town.apply(&document(&town.platforms));
    let host = Host::start(&town);
    let before = Hook::of(&town, ACME);
    let hook = Hook::of(&town, ACME);
    assert_eq!(hook.tell(&host, ("one", "not its secret"), 1..=3).code(), "hook.unverified");
    assert_eq!(hook.tell(&host, ("one", &before.secret), 1..=3).code(), "hook.unverified", "the secret of before");
    assert_eq!(before.tell(&host, ("one", &before.secret), 1..=3).status, 404, "the address of before");
    // What is taken after them comes alone.
    assert_eq!(hook.tell(&host, ("one", &hook.secret), 9..=9).status, 202);
    arrive(&town.platforms, &[9]);
    assert_eq!(billed(&town, ACME), 1);
}

#[test]
fn a_hook_of_another_tenant_brings_nothing_here_when_both_use_the_same_ids_and_secrets_are_tried_crosswise() {
    let town = Town::settled(0, &Setting::default());
    town.apply(&document(&town.platforms));
    let platforms = Platforms::start(0);
    let rival = document(&platforms).replace("\"Partner\"", "\"Rival\"").replace("\"acme\"", "\"bolt\"");
    town.apply(&rival);
    let host = Host::start(&town);
    let (ours, theirs) = (Hook::of(&town, ACME), Hook::of(&town, BOLT));
    assert_eq!(theirs.tell(&host, ("one", &ours.secret), 1..=3).code(), "hook.unverified");
    assert_eq!(ours.tell(&host, ("one", &theirs.secret), 1..=3).code(), "hook.unverified");
    assert_eq!(ours.tell(&host, ("one", &ours.secret), 1..=2).status, 202);
    assert_eq!(theirs.tell(&host, ("one", &theirs.secret), 7..=9).status, 202);
    arrive(&town.platforms, &[1, 2]);
    arrive(&platforms, &[7, 8, 9]);
    assert_eq!((billed(&town, ACME), billed(&town, BOLT)), (2, 3));
}

/// The records that a customer's hook brought and that were billed; they are settled a moment after they arrived.
fn billed(town: &Town, (tenant, customer): (&str, &str)) -> u64 {
    until(|| {
        let hooks = town.works(&["hook", "list", customer, "--tenant", tenant]);
        let waiting: u64 = hooks["items"].as_array()?.iter().filter_map(|hook| hook["waiting"].as_u64()).sum();
        (waiting == 0).then_some(())
    });
    town.works(&["usage", "of", customer, "--tenant", tenant])["total"]["records"].as_u64().unwrap()
}
