//! What an author sees at every save: one page of a recording or of the platform, what it took, and what a host would say.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::town::Town;

const RULES: &str = r#"
rules = [{ copy = "/id", to = "/number" }]

[[filter]]
field = "/id"
differs = 2
"#;

/// A scaffold, compiled beside what was compiled the last time.
fn scaffold(town: &Town, name: &str) -> PathBuf {
    let place = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::create_dir_all(place.join(".cargo")).unwrap();
    fs::write(place.join(".cargo/config.toml"), "[build]\ntarget-dir = \"target\"\n").unwrap();
    let folder = place.join("shop");
    let _ = fs::remove_dir_all(&folder);
    let sdk = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../sdk");
    let begin = ["connector", "new", folder.to_str().unwrap(), "--name", "acme.shop", "--sdk", sdk.to_str().unwrap()];
    town.works(&begin);
    folder
}

fn ids(page: &Value) -> Vec<Value> {
    let records = page["records"].as_array().unwrap().iter();
    records.map(|one| serde_json::from_str::<Value>(one.as_str().unwrap()).unwrap()["id"].clone()).collect()
}

#[test]
fn shows_one_page_what_it_took_and_what_a_host_and_a_mapping_would_do_and_again_after_a_save() {
    let town = Town::bare(0);
    let folder = scaffold(&town, "dev");
    let rules = town.path("rules.toml");
    fs::write(&rules, RULES).unwrap();
    let words = ["connector", "dev", folder.to_str().unwrap(), "--mapping", rules.to_str().unwrap()];
    let mut dev = town.start_talking(&words);

    let first = dev.line();
    assert_eq!(ids(&first["page"]), [1, 2, 3].map(Value::from), "{first}");
    assert_eq!(first["requests"][0]["url"], "https://shop.example.com/orders?after=0&limit=3");
    assert_eq!(
        (&first["requests"][0]["auth"], &first["requests"][0]["answer"]["status"]),
        (&"token".into(), &200.into())
    );
    assert!(first["fuel"].as_u64().unwrap() > 0 && first["memory_bytes"].as_u64().unwrap() > 0, "{first}");
    assert_eq!((&first["gate"]["code"], &first["gate"]["installs"]), (&"connector.unsigned".into(), &false.into()));
    assert_eq!(first["gate"]["hosts"], json!(["https://shop.example.com:443"]));
    assert_eq!(first["gate"]["denied"], json!([]));
    let written = |number: u64| json!({ "written": format!("{{\"number\":{number}}}") });
    assert_eq!(first["mapping"], json!([written(1), { "filtered": true, "at": "/filter/0" }, written(3)]));
    assert_eq!((&first["saved"], &first["since_save_ms"]), (&Value::Null, &Value::Null));

    let source = folder.join("src/lib.rs");
    let text = fs::read_to_string(&source).unwrap();
    let changed = text.replace("page.records.push_raw(order);", "page.records.push(&serde_json::json!({\"id\": 9}))?;");
    assert_ne!(text, changed);
    fs::write(&source, changed).unwrap();
    let second = dev.line();
    assert_eq!(ids(&second["page"]), [9, 9, 9].map(Value::from), "{second}");
    assert_eq!(second["saved"], json!([source]));
    assert!(second["since_save_ms"].as_u64().unwrap() > 0, "{second}");
    println!("from a save to the new page: {} ms, built in {} of them", second["since_save_ms"], second["built_ms"]);

    // What the manifest does not list is said, whatever the recording answers.
    let described = fs::read_to_string(folder.join("connector.toml")).unwrap();
    let elsewhere = described.replace("hosts = [\"{base_url}\"]", "hosts = [\"https://other.example.com\"]");
    fs::write(folder.join("connector.toml"), elsewhere).unwrap();
    let third = dev.line();
    assert_eq!(third["gate"]["denied"][0]["code"], "egress.not_in_manifest", "{third}");
    dev.stop();
}

#[test]
fn looks_once_for_a_script_and_asks_whom_the_host_here_trusts() {
    let town = Town::bare(0);
    let folder = scaffold(&town, "dev-once");
    let folder = folder.to_str().unwrap();
    let key = town.path("acme.key");
    let key = key.to_str().unwrap();
    town.works(&["connector", "keygen", key]);
    let once = ["connector", "dev", folder, "--once", "--case", "orders", "--key", key];
    assert_eq!(town.works(&once)["gate"]["code"], "connector.unknown_publisher");
    town.works(&["init"]);
    town.works(&["trust", "add", "acme", &format!("{key}.pub")]);
    let trusted = town.works(&once);
    assert_eq!((&trusted["gate"]["installs"], &trusted["gate"]["code"]), (&true.into(), &Value::Null));
    assert_eq!(trusted["gate"]["asks_for"][0]["kind"], "host");
}

#[test]
fn refuses_as_input_what_cannot_be_played() {
    let town = Town::bare(0);
    let folder = scaffold(&town, "dev-refused");
    let dev = |more: &[&str]| {
        let words = ["connector", "dev", folder.to_str().unwrap(), "--once"];
        town.fails(&[&words[..], more].concat(), 2).errors
    };
    assert!(dev(&["--case", "none"]).contains("cassette.file"));
    fs::write(folder.join("cassettes/orders.jsonl"), "{}").unwrap();
    assert!(dev(&[]).contains("cassette.malformed"));
    fs::remove_dir_all(folder.join("cassettes")).unwrap();
    assert!(dev(&[]).contains("cassette.none"));
}
