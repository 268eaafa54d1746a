//! What the author of a connector does, from an empty folder to a package that is installed.

use std::fs;
use std::path::{Path, PathBuf};

use crate::town::Town;

/// Where the connector is written: nothing is there but what was compiled the last time, beside it.
fn folder() -> PathBuf {
    let place = Path::new(env!("CARGO_TARGET_TMPDIR")).join("author");
    fs::create_dir_all(place.join(".cargo")).unwrap();
    fs::write(place.join(".cargo/config.toml"), "[build]\ntarget-dir = \"target\"\n").unwrap();
    let folder = place.join("shop");
    if folder.exists() {
        fs::remove_dir_all(&folder).unwrap();
    }
    folder
}

#[test]
fn writes_tests_builds_signs_and_installs_a_connector() {
    let (town, folder) = (Town::bare(0), folder());
    let (signed, unsigned, key) = (town.path("signed"), town.path("unsigned"), town.path("acme.key"));
    let (signed, unsigned, key) = (signed.to_str().unwrap(), unsigned.to_str().unwrap(), key.to_str().unwrap());
    let sdk = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../sdk");
    let folder = folder.to_str().unwrap();
    town.works(&["connector", "new", folder, "--name", "acme.shop", "--sdk", sdk.to_str().unwrap()]);
    let tested = town.works(&["connector", "test", folder]);
    assert_eq!((&tested["passed"], &tested["failed"]), (&2.into(), &serde_json::json!([])));
    let replayed = tested["conformance"].as_array().unwrap().iter().find(|one| one["case"] == "orders").unwrap();
    assert_eq!((&replayed["code"], &replayed["verdict"]), (&"conformance.replay_differs".into(), &"passed".into()));
    assert_eq!(town.works(&["connector", "lint", folder])["remarks"], serde_json::json!([]));

    town.works(&["connector", "keygen", key]);
    let build = ["connector", "build", folder, "--out", signed, "--key", key];
    let (first, second) = (town.works(&build), town.works(&build));
    assert_eq!((&first["unchanged"], &second["unchanged"]), (&false.into(), &true.into()));
    assert_eq!(first["digest"], second["digest"]);
    let inspected = town.works(&["connector", "inspect", first["package"].as_str().unwrap()]);
    assert_eq!((&inspected["manifest"]["name"], &inspected["key"]), (&"acme.shop".into(), &first["key"]));

    town.works(&["init"]);
    let plain = town.works(&["connector", "build", folder, "--out", unsigned]);
    let package = plain["package"].as_str().unwrap();
    let install = ["connector", "install", package];
    assert!(town.fails(&install, 2).errors.contains("connector.unsigned"));
    assert_eq!(town.works(&["connector", "sign", package, "--key", key])["digest"], first["digest"]);
    assert!(town.fails(&install, 2).errors.contains("connector.unknown_publisher"));
    town.works(&["trust", "add", "acme", &format!("{key}.pub")]);
    assert_eq!(town.works(&install)["name"], "acme.shop");
}

#[test]
fn two_builds_in_two_folders_give_the_same_bytes_and_two_versions_are_compared() {
    let town = Town::bare(0);
    let sdk = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../sdk");
    // What is compiled for each of them is kept apart from the other's, and for the next time.
    let place = Path::new(env!("CARGO_TARGET_TMPDIR")).join("twice");
    fs::create_dir_all(place.join(".cargo")).unwrap();
    fs::write(place.join(".cargo/config.toml"), "[build]\ntarget-dir = \"target\"\n").unwrap();
    let _ = fs::remove_dir_all(place.join("one/shop"));
    let _ = fs::remove_dir_all(place.join("another folder/shop"));
    let (one, two) = (place.join("one/shop"), place.join("another folder/shop"));
    for folder in [&one, &two] {
        let begin = ["connector", "new", folder.to_str().unwrap(), "--name", "acme.shop", "--from", "oauth"];
        town.works(&[&begin[..], &["--sdk", sdk.to_str().unwrap()]].concat());
    }
    let build = |folder: &Path, locked: &[&str]| {
        let out = folder.join("out");
        let words = ["connector", "build", folder.to_str().unwrap(), "--out", out.to_str().unwrap()];
        town.run(&[&words[..], locked].concat())
    };
    // Without a lock nothing is built where one is wanted.
    assert_eq!(build(&one, &["--locked"]).code, 1);
    let first = build(&one, &[]);
    assert_eq!(first.code, 0, "{}", first.errors);
    fs::copy(one.join("Cargo.lock"), two.join("Cargo.lock")).unwrap();
    let second = build(&two, &["--locked"]);
    assert_eq!(second.code, 0, "{}", second.errors);
    assert_eq!(first.json["digest"], second.json["digest"]);

    let described = fs::read_to_string(two.join("connector.toml")).unwrap();
    let wider =
        described.replace("hosts = [\"{base_url}\"]\n# Say", "hosts = [\"{base_url}\", \"cdn.example.com\"]\n# Say");
    fs::write(two.join("connector.toml"), wider.replace("required = [\"id\"]\n", "")).unwrap();
    let third = build(&two, &["--locked"]).json["package"].clone();
    let compared = ["connector", "diff", first.json["package"].as_str().unwrap(), third.as_str().unwrap()];
    let compared = town.works(&compared);
    assert_eq!(compared["asks_for"], serde_json::json!([{"kind": "host", "text": "reaches cdn.example.com"}]));
    let against = first.json["package"].as_str().unwrap();
    let remarks = town.fails(&["connector", "lint", two.to_str().unwrap(), "--against", against], 1).json;
    assert_eq!(remarks["remarks"][0]["code"], "lint.version_not_raised");
}
