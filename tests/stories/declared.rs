//! A connector without code: begun from the package of another one, tested, signed and installed, with nothing to compile.

use std::fs;

use serde_json::{Value, json};

use crate::town::Town;

#[test]
fn a_connector_that_is_described_is_held_to_the_contract_signed_and_installed_without_a_compiler() {
    let town = Town::bare(0);
    let (folder, key) = (town.path("shop"), town.path("acme.key"));
    let (folder, key) = (folder.to_str().unwrap(), key.to_str().unwrap());
    let (rest, out) = (town.package(), town.path("out"));
    let begin = ["connector", "new", folder, "--name", "acme.shop", "--from", "declared"];
    assert!(town.fails(&begin, 2).errors.contains("--component"), "whose component it uses has to be said");
    town.works(&[&begin[..], &["--component", rest.to_str().unwrap()]].concat());

    // There is no compiler on this path.
    let nowhere = [("PATH", folder)];
    let works = |words: &[&str]| {
        let said = town.run_under(&nowhere, words);
        assert_eq!(said.code, 0, "{words:?}: {}", said.errors);
        said.json
    };
    let tested = works(&["connector", "test", folder, "--strict"]);
    let failed = |one: &&Value| one["verdict"] == "failed";
    assert!(!tested["conformance"].as_array().unwrap().iter().any(|one| failed(&one)), "{tested}");
    assert_eq!(works(&["connector", "lint", folder])["remarks"], json!([]));
    town.works(&["connector", "keygen", key]);
    let built = works(&["connector", "build", folder, "--out", out.to_str().unwrap(), "--key", key]);
    let package = built["package"].as_str().unwrap();
    let manifest = town.works(&["connector", "inspect", package])["manifest"].take();
    assert_eq!((&manifest["name"], &manifest["publisher"]), (&json!("acme.shop"), &json!("acme")));
    assert_eq!(manifest["capabilities"].as_array().unwrap().len(), 1, "nothing of what the other one promises");
    town.works(&["init"]);
    town.works(&["trust", "add", "acme", &format!("{key}.pub")]);
    assert_eq!(town.works(&["connector", "install", package])["name"], "acme.shop");
}

#[test]
fn a_component_that_is_none_is_refused_and_one_that_was_changed_is_not_used() {
    let town = Town::bare(0);
    let folder = town.path("shop");
    fs::write(town.path("none.wbc"), "no package").unwrap();
    let begin =
        ["connector", "new", folder.to_str().unwrap(), "--name", "acme.shop", "--from", "declared", "--component"];
    let none = town.path("none.wbc");
    let refused = town.fails(&[&begin[..], &[none.to_str().unwrap()]].concat(), 1);
    assert!(refused.errors.contains("is no package of `weighbridge.rest`"), "{}", refused.errors);
    assert!(!folder.exists(), "nothing is left behind");
    town.works(&[&begin[..], &[town.package().to_str().unwrap()]].concat());
    let package = fs::read_dir(folder.join("component")).unwrap().next().unwrap().unwrap().path();
    fs::write(&package, "no package any more").unwrap();
    let refused = town.fails(&["connector", "build", folder.to_str().unwrap()], 1);
    assert!(refused.errors.contains("no package of this name is in the folder `component`"), "{}", refused.errors);
}
