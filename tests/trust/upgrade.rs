//! From one version to the next: what takes over, what waits, and what is written down of it.

use serde_json::{Value, json};

use super::operator::{Library, Operator, Typist};
use super::sample::{KEY, OTHER_KEY, asking, manifest, signed};

fn listed(typist: &Typist) -> Value {
    typist.town.works(&["connector", "list"])["connectors"][0].clone()
}

#[test]
fn takes_over_when_it_asks_for_no_more_and_waits_when_it_asks_for_more() {
    let typist = Typist::new();
    typist.trust(&KEY, None);
    let install = |manifest: &Value| {
        let file = typist.file(&signed(manifest, &KEY));
        typist.town.works(&["connector", "install", &file])
    };
    let first = install(&manifest("1.0.0"));
    assert_eq!(
        (&first["pinned"], &first["used"], &first["hosts"]),
        (&json!(true), &json!(true), &json!(["api.example.com"]))
    );
    assert_eq!(install(&manifest("1.0.1"))["used"], true);
    let more = install(&asking("1.1.0"));
    assert_eq!((&more["used"], &more["pinned"], &more["before"]), (&json!(false), &json!(false), &json!("1.0.1")));
    assert_eq!(more["asks_for"], json!([{"kind": "host", "text": "reaches log.example.org"}]));
    let one = listed(&typist);
    assert_eq!(
        (&one["version"], &one["state"], &one["approval_needed"]),
        (&json!("1.0.1"), &json!("usable"), &json!("1.1.0"))
    );
}

#[test]
fn approves_what_was_read_and_nothing_else() {
    let typist = Typist::new();
    typist.trust(&KEY, None);
    typist.install(&signed(&manifest("1.0.0"), &KEY)).unwrap();
    typist.install(&signed(&asking("1.1.0"), &KEY)).unwrap();
    let words = ["connector", "approve", "acme.shop", "1.1.0"];
    let read = typist.town.works(&words);
    assert_eq!(
        (&read["approved"], &listed(&typist)["version"]),
        (&json!(false), &json!("1.0.0")),
        "reading changes nothing"
    );
    let mut most = asking("1.1.0");
    most["limits"] = json!({"memory_mib": 128});
    typist.install(&signed(&most, &KEY)).unwrap();
    let agreed = |read: &Value| read["difference"].as_str().unwrap().to_owned();
    let refused = typist.town.fails(&[&words[..], &["--difference", &agreed(&read)]].concat(), 2);
    assert!(refused.errors.contains("connector.difference_changed"), "{}", refused.errors);
    let read = typist.town.works(&words);
    assert_eq!(read["asks_for"].as_array().unwrap().len(), 2);
    assert_eq!(typist.town.works(&[&words[..], &["--difference", &agreed(&read)]].concat())["approved"], true);
    assert_eq!((&listed(&typist)["version"], &listed(&typist)["earlier"]), (&json!("1.1.0"), &json!(["1.0.0"])));
}

#[test]
fn forgets_a_version_that_waits_when_one_that_asks_for_no_more_comes() {
    let library = Library::new();
    library.trust(&KEY, None);
    for manifest in [manifest("1.0.0"), asking("1.1.0"), manifest("1.2.0")] {
        library.install(&signed(&manifest, &KEY)).unwrap();
    }
    let one = library.engine.connectors().unwrap().remove(0);
    assert_eq!((one.used.as_deref(), one.waiting), (Some("1.2.0"), None));
}

#[test]
fn takes_a_correction_of_the_version_in_use_while_a_higher_one_waits() {
    let library = Library::new();
    library.trust(&KEY, None);
    for manifest in [manifest("1.0.0"), asking("1.1.0"), manifest("1.0.1")] {
        library.install(&signed(&manifest, &KEY)).unwrap();
    }
    let one = library.engine.connectors().unwrap().remove(0);
    assert_eq!((one.used.as_deref(), one.waiting.as_deref()), (Some("1.0.1"), Some("1.1.0")));
}

#[test]
fn refuses_to_upgrade_what_is_not_installed() {
    let typist = Typist::new();
    typist.trust(&KEY, None);
    let file = typist.file(&signed(&manifest("1.0.0"), &KEY));
    assert!(typist.town.fails(&["connector", "upgrade", &file], 2).errors.contains("connector.not_found"));
    typist.town.works(&["connector", "install", &file]);
    typist.town.works(&["connector", "upgrade", &file]);
}

#[test]
fn follows_a_name_up_only_by_its_publisher_until_the_pin_is_moved() {
    let typist = Typist::new();
    typist.trust(&KEY, None);
    typist.install(&signed(&manifest("1.0.0"), &KEY)).unwrap();
    let key = weighbridge_model::package::signature::public_key(&OTHER_KEY).to_string();
    typist.town.works(&["trust", "add", "group", &key, "--name", "acme.shop"]);
    let mut follower = manifest("1.1.0");
    follower["publisher"] = json!("group");
    let follower = signed(&follower, &OTHER_KEY);
    assert_eq!(typist.install(&follower), Err("connector.wrong_publisher".into()));
    let moved = typist.town.works(&["connector", "pin", "acme.shop", "group"]);
    assert_eq!(moved["before"], "acme");
    assert_eq!(listed(&typist)["state"], "untrusted", "what acme signed is not used any more");
    typist.install(&follower).unwrap();
    assert_eq!(listed(&typist)["state"], "usable");
    assert!(
        typist.town.fails(&["connector", "pin", "acme.shop", "nobody"], 2).errors.contains("trust.publisher_absent")
    );
}

#[test]
fn writes_down_everything_that_happened() {
    let typist = Typist::new();
    typist.trust(&KEY, None);
    typist.install(&signed(&manifest("1.0.0"), &KEY)).unwrap();
    typist.install(&signed(&asking("1.1.0"), &KEY)).unwrap();
    typist.install(&signed(&asking("0.9.0"), &KEY)).unwrap_err();
    typist.approve("1.1.0").unwrap();
    typist.roll_back("1.0.0").unwrap();
    typist.town.works(&["connector", "pin", "acme.shop", "acme"]);
    typist.revoke(&super::sample::id(&KEY));
    let acts = |name: &str| {
        let audit = typist.town.works(&["connector", "audit", name]);
        let acts = audit["audit"].as_array().unwrap().iter().map(|line| line["act"].as_str().unwrap().to_owned());
        acts.collect::<Vec<_>>()
    };
    let of_connector = [
        "connector.installed",
        "connector.installed",
        "connector.install_refused",
        "connector.approved",
        "connector.rolled_back",
        "connector.pinned",
        "trust.revoked",
    ];
    assert_eq!(acts("acme.shop"), of_connector);
    assert_eq!(acts("acme").first().unwrap(), "trust.added");
    assert!(acts("acme").contains(&"trust.revoked".into()));
    assert!(acts("test").is_empty(), "a word of a reason is no subject");
}
