//! A connector whose next version writes its place in another form: hosts go up, and down again, and no record moves twice or is left out.

use std::fs;
use std::path::{Path, PathBuf};

use crate::town::{Setting, Town};

const READS: &str = "request.start.map_or(Ok(0), |start| serde_json::from_slice(&start))?";
const WRITES: &str = "serde_json::to_vec(&self.after)?";

/// The first version reads its own form, and says so of any other, as the operating guide has it.
const FIRST: &str = r#"request.start.map_or(Ok(0), |start| {
            serde_json::from_slice(&start).map_err(|_| {
                Failure::config("shop.checkpoint_newer", "this place was written by a newer version; install that one again, or begin anew")
            })
        })?"#;

/// The second one reads both.
const SECOND: &str = r"request.start.map_or(Ok(0), |start| {
            serde_json::from_slice::<Place>(&start).map(|place| place.after).or_else(|_| serde_json::from_slice(&start))
        })?";
const PLACE: &str = "\n#[derive(Deserialize, serde::Serialize)]\nstruct Place {\n    after: u64,\n}\n";

/// The scaffold, for a shop that wraps its lists.
fn scaffold(town: &Town) -> PathBuf {
    let place = Path::new(env!("CARGO_TARGET_TMPDIR")).join("versions");
    fs::create_dir_all(place.join(".cargo")).unwrap();
    fs::write(place.join(".cargo/config.toml"), "[build]\ntarget-dir = \"target\"\n").unwrap();
    let folder = place.join("shop");
    let _ = fs::remove_dir_all(&folder);
    town.works(&["connector", "new", folder.to_str().unwrap(), "--name", "acme.shop"]);
    folder
}

/// Builds a version of it: what stands in its source, and what in its place.
fn build(town: &Town, folder: &Path, version: &str, changes: &[(&str, &str)], more: &str) -> String {
    let manifest = fs::read_to_string(folder.join("Cargo.toml")).unwrap();
    let (head, rest) = manifest.split_once("version = \"").unwrap();
    let (_, rest) = rest.split_once('"').unwrap();
    fs::write(folder.join("Cargo.toml"), format!("{head}version = \"{version}\"{rest}")).unwrap();
    let source = folder.join("src/lib.rs");
    let text = changes.iter().fold(fs::read_to_string(&source).unwrap(), |text, (from, to)| {
        assert!(text.contains(from), "{from}");
        text.replace(from, to)
    });
    fs::write(&source, text + more).unwrap();
    let (key, out) = (town.path("acme.key"), town.path("packages"));
    let words = ["connector", "build", folder.to_str().unwrap(), "--key", key.to_str().unwrap()];
    let built = town.works(&[&words[..], &["--out", out.to_str().unwrap()]].concat());
    built["package"].as_str().unwrap().to_owned()
}

/// What was read and delivered by one run.
fn run(town: &Town) -> (u64, u64) {
    let run = town.works(&["run", "acme/by hand"]);
    (run["counts"]["read"].as_u64().unwrap(), run["counts"]["delivered"].as_u64().unwrap())
}

#[test]
fn a_place_goes_up_with_its_connector_and_down_only_where_it_is_understood() {
    let town = Town::settled(60, &Setting::default());
    let folder = scaffold(&town);
    town.works(&["connector", "keygen", town.path("acme.key").to_str().unwrap()]);
    town.works(&["trust", "add", "acme", town.path("acme.key.pub").to_str().unwrap()]);
    let wrapped =
        ("let orders: Vec<Box<RawValue>> = answer.json()?;", "let Wrapped { data: orders } = answer.json()?;");
    let answer = "\n#[derive(Deserialize)]\nstruct Wrapped {\n    data: Vec<Box<RawValue>>,\n}\n";
    let first = build(&town, &folder, "0.1.0", &[wrapped, (READS, FIRST)], answer);
    let changes = [(FIRST, SECOND), (WRITES, "serde_json::to_vec(&Place { after: self.after })?")];
    let second = build(&town, &folder, "0.2.0", &changes, PLACE);

    town.works(&["connector", "install", &first]);
    town.apply(&include_str!("versions.toml").replace("@SHOP@", &town.platforms.shop));
    assert_eq!(run(&town), (60, 60));
    town.works(&["connector", "install", &second]);
    assert_eq!(run(&town), (0, 0), "it goes on from the place that the version before wrote");

    town.works(&["connector", "rollback", "acme.shop", "0.1.0"]);
    let refused = town.run(&["run", "acme/by hand"]);
    assert_eq!(refused.json["failure"]["code"], "shop.checkpoint_newer", "{}", refused.errors);
    town.works(&["connector", "rollback", "acme.shop", "0.2.0"]);
    assert_eq!(run(&town), (0, 0), "the place is still there");
    assert_eq!(town.platforms.summary()["lines"], 60);
    assert_eq!(town.billed()["records"], 60);
}
