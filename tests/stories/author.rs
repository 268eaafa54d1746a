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
