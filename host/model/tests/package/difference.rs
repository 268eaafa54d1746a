//! What one version asks for beyond another.

use serde_json::{Value, json};
use weighbridge_model::package::{Caps, Difference, Digest, Manifest};

use super::sample::manifest;
use crate::random::Random;

fn parse(manifest: &Value) -> Manifest {
    Manifest::parse(manifest.to_string().as_bytes()).unwrap()
}

/// What the changed sample asks for beyond the sample, as people read it.
fn added(change: impl FnOnce(&mut Value)) -> Vec<String> {
    let mut new = manifest();
    change(&mut new);
    let difference = Difference::between(Some(&parse(&manifest())), &parse(&new));
    difference.additions.iter().map(ToString::to_string).collect()
}

fn notes(change: impl FnOnce(&mut Value)) -> Vec<String> {
    let mut new = manifest();
    change(&mut new);
    let difference = Difference::between(Some(&parse(&manifest())), &parse(&new));
    assert!(difference.is_empty(), "a note is no grant");
    difference.notes
}

#[test]
fn reports_hosts_that_are_not_covered() {
    let hosts = json!(["{shop}.example.com", "{SHOP}.example.com", "log.example.org", "{shop}.example.com:443"]);
    assert_eq!(added(|new| new["hosts"] = hosts), ["reaches {SHOP}.example.com", "reaches log.example.org"]);
}

#[test]
fn reports_another_default_of_a_setting_that_means_a_host() {
    let with_default = |value: &'static str| {
        move |new: &mut Value| new["configuration"]["properties"]["shop"]["default"] = json!(value)
    };
    assert_eq!(added(with_default("north")), ["reaches `north` where the setting `shop` is left empty"]);
    let mut old = manifest();
    with_default("north")(&mut old);
    assert!(Difference::between(Some(&parse(&old)), &parse(&manifest())).is_empty(), "none is less");
    assert!(added(|new| new["configuration"]["properties"]["size"]["default"] = json!(9)).is_empty());
}

#[test]
fn shows_names_that_stay_on_their_line() {
    let forged = json!({"name": "x\n\u{1b}[2Aall is well\u{202e}", "apply": {"kind": "none"}});
    let shown = added(|new| new["auth"].as_array_mut().unwrap().push(forged));
    assert_eq!(shown, [r"signs in by `x\n\u{1b}[2Aall is well\u{202e}` (none)"]);
}

#[test]
fn reports_folders_and_more_than_was_done_with_one() {
    let folders = |list: Value| move |new: &mut Value| new["folders"] = list;
    let inbox = |access: &str| json!([{ "name": "inbox", "access": access }]);
    assert_eq!(added(folders(inbox("read"))), ["reads the folder `inbox` of this host, where you grant it"]);
    let any = "reads and writes the folders of this host that you grant and its settings name";
    assert_eq!(added(folders(json!([{ "name": "*", "access": "write" }]))), [any]);
    let beyond = |before: Value, after: Value| {
        let (mut old, mut new) = (manifest(), manifest());
        (old["folders"], new["folders"]) = (before, after);
        Difference::between(Some(&parse(&old)), &parse(&new)).additions.len()
    };
    assert_eq!(beyond(inbox("read"), inbox("write")), 1);
    assert_eq!(beyond(inbox("write"), inbox("read")), 0, "less is no more");
    assert_eq!(beyond(json!([{ "name": "*", "access": "read" }]), inbox("read")), 0, "settings could name it before");
}

#[test]
fn reports_streams_and_modes() {
    let more = json!([
        {"stream": "orders", "direction": "source", "modes": ["full_refresh"]},
        {"stream": "orders", "direction": "destination", "modes": ["append"]},
        {"stream": "lines", "direction": "source", "modes": ["full_refresh", "incremental"]},
    ]);
    let wanted = ["writes the stream `orders` (append)", "reads the stream `lines` (full_refresh, incremental)"];
    assert_eq!(added(|new| new["capabilities"] = more), wanted);
}

#[test]
fn reports_no_stream_that_a_connection_could_name_before() {
    let mut old = manifest();
    old["capabilities"][0]["stream"] = json!("*");
    assert!(Difference::between(Some(&parse(&old)), &parse(&manifest())).is_empty());
}

#[test]
fn reports_that_webhooks_are_taken_where_none_were() {
    let taken = |new: &mut Value| new["webhooks"] = json!({});
    assert_eq!(added(taken), ["takes webhooks, at an address of its own for each connection"]);
    let mut old = manifest();
    taken(&mut old);
    let mut new = old.clone();
    new["webhooks"]["setting"] = json!("shop");
    assert!(Difference::between(Some(&parse(&old)), &parse(&new)).is_empty(), "they were taken before");
}

#[test]
fn reports_a_new_way_to_sign_in() {
    let basic = json!({"name": "user", "hosts": ["{shop}.example.com"], "apply": {"kind": "basic"}});
    let wanted = [
        "signs in by `user` (basic)",
        "asks for the secret `username` of `user`",
        "asks for the secret `password` of `user`",
        "sends the credential of `user` to {shop}.example.com",
    ];
    assert_eq!(added(|new| new["auth"].as_array_mut().unwrap().push(basic)), wanted);
}

#[test]
fn reports_a_way_to_sign_in_that_changed() {
    let apply = json!({"kind": "api_key", "in": "query", "name": "key"});
    let wanted = ["signs in by `key` in another way than before", "asks for the secret `key` of `key`"];
    assert_eq!(added(|new| new["auth"][0]["apply"] = apply), wanted);
    let hosts = json!(["{shop}.example.com", "id.example.com"]);
    let wanted = ["reaches id.example.com", "sends the credential of `key` to id.example.com"];
    let both = |new: &mut Value| (new["hosts"], new["auth"][0]["hosts"]) = (hosts.clone(), hosts.clone());
    assert_eq!(added(both), wanted);
}

#[test]
fn reports_more_memory_and_longer_calls_and_not_less() {
    let limits =
        |memory: u32, call: u32| move |new: &mut Value| new["limits"] = json!({"memory_mib": memory, "call_ms": call});
    let wanted = ["uses up to 65 MiB of memory, and not 64", "takes up to 30001 ms for a call, and not 30000"];
    assert_eq!(added(limits(65, 30_001)), wanted);
    assert!(added(limits(64, 30_000)).is_empty() && added(limits(1, 1)).is_empty());
}

#[test]
fn reports_a_limit_of_the_rate_that_holds_no_more() {
    let rated = |limits: Value| {
        let mut manifest = manifest();
        manifest["rate_limits"] = limits;
        parse(&manifest)
    };
    let old = rated(json!([{"requests": 10, "per_ms": 1000}]));
    let beyond = |limits| Difference::between(Some(&old), &rated(limits)).additions.len();
    for holds in [json!([{"requests": 10, "per_ms": 1000}]), json!([{"requests": 9, "per_ms": 2000}])] {
        assert_eq!(beyond(holds), 0);
    }
    let third = json!([{"requests": 10, "per_ms": 999}]);
    for more in [json!([]), json!([{"requests": 11, "per_ms": 1000}]), third] {
        assert_eq!(beyond(more), 1);
    }
}

#[test]
fn notes_what_makes_connections_invalid() {
    let schema = json!({"type": "object", "required": ["shop"], "properties": {"shop": {"type": "integer"}}});
    let wanted = [
        "connections need the setting `shop`",
        "the setting `shop` is described in another way",
        "the setting `size` is gone",
    ];
    assert_eq!(notes(|new| new["configuration"] = schema), wanted);
    assert_eq!(notes(|new| new["auth"] = json!([])), ["the sign-in `key` is gone"]);
    assert_eq!(notes(|new| new["capabilities"] = json!([])), ["it no longer reads the stream `orders`"]);
    assert!(notes(|new| new["title"] = json!("Acme")).is_empty());
}

#[test]
fn asks_for_everything_where_nothing_was_granted() {
    let asked = Difference::between(None, &parse(&manifest()));
    let kinds: Vec<&str> = asked.additions.iter().map(|one| one.kind()).collect();
    assert_eq!(kinds, ["host", "capability", "scheme", "secret", "credential_host"]);
    assert!(asked.notes.is_empty());
}

#[test]
fn admits_the_defaults_and_not_more_than_the_operators_caps() {
    let limits = |memory_mib, call_ms| weighbridge_model::package::Limits { memory_mib, call_ms };
    assert!(Caps::default().admit(&limits(None, None)) && Caps::default().admit(&limits(Some(256), Some(120_000))));
    assert!(!Caps::default().admit(&limits(Some(257), None)) && !Caps::default().admit(&limits(None, Some(120_001))));
}

#[test]
fn has_another_digest_for_another_difference_or_another_package() {
    let all = Difference::between(None, &parse(&manifest()));
    let (one, two) = (Digest::of(b"1"), Digest::of(b"2"));
    let digests = [
        all.digest(None, one),
        all.digest(None, two),
        all.digest(Some(one), two),
        Difference::default().digest(Some(one), two),
    ];
    let distinct: std::collections::BTreeSet<_> = digests.iter().collect();
    assert_eq!((distinct.len(), all.digest(None, one)), (digests.len(), digests[0]));
}

/// A manifest of things drawn from a few.
fn random(random: &mut Random) -> Value {
    const HOSTS: [&str; 7] = [
        "*.example.com",
        "a.example.com",
        "{shop}.example.com",
        "http://a.example.com",
        "example.org",
        "{base_url}",
        "*.eu.example.com",
    ];
    let mut hosts: Vec<&str> = HOSTS.into_iter().filter(|_| random.below(2) == 0).collect();
    hosts.push("first.example.net");
    let capability = |random: &mut Random, stream: &str, direction: &str, modes: [&str; 2]| {
        let modes = if random.below(2) == 0 { modes.to_vec() } else { modes[..1].to_vec() };
        json!({"stream": stream, "direction": direction, "modes": modes})
    };
    let written = if random.below(2) == 0 { "*" } else { "lines" };
    let mut manifest = manifest();
    manifest["capabilities"] = json!([
        capability(random, "orders", "source", ["full_refresh", "incremental"]),
        capability(random, written, "destination", ["append", "overwrite"]),
    ]);
    let scheme = ["bearer", "basic"][random.below(2) as usize];
    let host = hosts[random.below(hosts.len() as u64) as usize];
    manifest["auth"] = json!([{"name": "key", "hosts": [host], "apply": {"kind": scheme}}]);
    manifest["hosts"] = json!(hosts);
    manifest["limits"] = json!({"memory_mib": 32 + random.below(64), "call_ms": 10_000 + random.below(40_000)});
    manifest["rate_limits"] = json!([{"requests": 1 + random.below(5), "per_ms": 1_000}]);
    manifest
}

#[test]
fn a_version_asks_for_nothing_beyond_itself() {
    let mut numbers = Random::seeded(1);
    for _ in 0..500 {
        let one = parse(&random(&mut numbers));
        assert_eq!(Difference::between(Some(&one), &one), Difference::default());
    }
}

#[test]
fn whoever_asks_for_all_of_two_versions_asks_for_nothing_beyond_either() {
    let mut numbers = Random::seeded(2);
    for _ in 0..500 {
        let (one, other) = (random(&mut numbers), random(&mut numbers));
        let mut both = one.clone();
        let hosts = [one["hosts"].as_array().unwrap().clone(), other["hosts"].as_array().unwrap().clone()].concat();
        both["hosts"] = json!(hosts);
        let added = Difference::between(Some(&parse(&one)), &parse(&both)).additions;
        assert!(added.iter().all(|one| one.kind() == "host"));
        assert!(Difference::between(Some(&parse(&both)), &parse(&one)).is_empty(), "less is never an addition");
    }
}

type Add = (&'static str, fn(&mut Value));

#[test]
fn anything_added_is_reported() {
    let additions: [Add; 6] = [
        ("host", |new| new["hosts"].as_array_mut().unwrap().push(json!("new.example.edu"))),
        ("capability", |new| {
            let fresh = json!({"stream": "fresh", "direction": "source", "modes": ["full_refresh"]});
            new["capabilities"].as_array_mut().unwrap().push(fresh);
        }),
        ("scheme", |new| {
            let fresh = json!({"name": "fresh", "hosts": ["first.example.net"], "apply": {"kind": "bearer"}});
            new["auth"].as_array_mut().unwrap().push(fresh);
        }),
        ("memory", |new| new["limits"]["memory_mib"] = json!(200)),
        ("call_time", |new| new["limits"]["call_ms"] = json!(90_000)),
        ("rate", |new| new["rate_limits"][0]["requests"] = json!(100)),
    ];
    let mut numbers = Random::seeded(3);
    for _ in 0..200 {
        let old = random(&mut numbers);
        let (kind, add) = additions[numbers.below(6) as usize];
        let mut new = old.clone();
        add(&mut new);
        let found = Difference::between(Some(&parse(&old)), &parse(&new));
        assert!(found.additions.iter().any(|one| one.kind() == kind), "{kind} of {new}");
    }
}
