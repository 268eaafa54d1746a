//! What an author does with a platform once, and without it ever after: record, replay, hold to the contract.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::town::Town;

const TOKEN: &str = "demo-token-that-no-connector-sees";

/// A connector that is declared, beside the one whose component it uses.
const DESCRIBED: &str = r#"
name = "acme.shop"
version = "0.1.0"
publisher = "acme"
title = "Shop"
summary = "Diamonds of a shop."
component = "weighbridge.rest"
hosts = ["{address}", "{spare}"]

[[capabilities]]
stream = "diamonds"
direction = "source"
modes = ["full_refresh", "incremental"]
primary_key = ["id"]
purpose = "Reads diamonds."
category = "commerce"

[preset]
base_url = "{address}"
auth = "bearer"

[preset.streams.diamonds]
primary_key = ["id"]

[preset.streams.diamonds.read]
path = "/diamonds"
records = "/data"
page_size = 5
size_parameter = "limit"
pagination = { kind = "cursor", parameter = "after", pointer = "/next" }

[configuration]
type = "object"
required = ["address"]
additionalProperties = false

[configuration.properties.address]
type = "string"
title = "Address"

[configuration.properties.spare]
type = "string"
title = "Another address"

[[auth]]
name = "bearer"
title = "Access token"
secrets = [{ name = "token", title = "Access token" }]
hosts = ["{address}"]
apply = { kind = "bearer" }
"#;

struct Author {
    town: Town,
}

impl Author {
    fn begin() -> Self {
        let town = Town::bare(0);
        let rest = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../plugins/rest").canonicalize().unwrap();
        std::os::unix::fs::symlink(rest, town.path("rest")).unwrap();
        fs::create_dir(town.path("shop")).unwrap();
        fs::write(town.path("shop/connector.toml"), DESCRIBED).unwrap();
        fs::write(town.path("shop.json"), json!({"address": town.platforms.shop}).to_string()).unwrap();
        Self { town }
    }

    fn folder(&self) -> String {
        self.town.path("shop").to_str().unwrap().to_owned()
    }

    fn recording(&self, token: &str) -> Vec<String> {
        fs::write(self.town.path("token.toml"), format!("token = \"{token}\"")).unwrap();
        let file = |name: &str| self.town.path(name).to_str().unwrap().to_owned();
        let words = ["connector", "record", &self.folder(), "--case", "diamonds", "--stream", "diamonds"];
        let more = ["--config", &file("shop.json"), "--credentials", &file("token.toml"), "--records", "5"];
        let pages = ["--pages", "3"];
        [&words[..], &more[..], &pages[..]].concat().into_iter().map(str::to_owned).collect()
    }

    fn cassette(&self) -> String {
        fs::read_to_string(self.town.path("shop/cassettes/diamonds.jsonl")).unwrap()
    }
}

fn words(owned: &[String]) -> Vec<&str> {
    owned.iter().map(String::as_str).collect()
}

fn verdict<'a>(tested: &'a Value, code: &str) -> &'a Value {
    let findings = tested["conformance"].as_array().unwrap();
    &findings.iter().find(|finding| finding["code"] == code && finding["case"] == "diamonds").unwrap()["verdict"]
}

#[test]
fn records_once_and_then_needs_no_platform_and_no_credential() {
    let author = Author::begin();
    let folder = author.folder();
    author.town.works(&words(&author.recording(TOKEN)));
    let cassette = author.cassette();
    assert!(cassette.contains("\"auth\":\"bearer\"") && !cassette.contains(TOKEN));

    // What was recorded of a platform at an address where nobody is any more.
    let gone = cassette.replace(&author.town.platforms.shop, "https://shop.example.com");
    fs::write(author.town.path("shop/cassettes/diamonds.jsonl"), &gone).unwrap();
    let replay = ["connector", "replay", &folder];
    let replayed = author.town.works(&replay)["replayed"][0].clone();
    assert_eq!((&replayed["same"], &replayed["records"]), (&true.into(), &15.into()));
    assert!(replayed["fuel"].as_u64().unwrap() > 0);
    assert_eq!(author.town.works(&replay)["replayed"][0], replayed);

    let report = author.town.path("report.xml");
    let asked = format!("junit={}", report.display());
    let tested = author.town.works(&["connector", "test", &folder, "--report", &asked]);
    for code in ["replay_differs", "limit_ignored", "resume_differs", "failure_class", "hostile_answer"] {
        assert_eq!(verdict(&tested, &format!("conformance.{code}")), "passed", "{code}");
    }
    assert!(fs::read_to_string(report).unwrap().contains("<testcase classname=\"diamonds\""));
    // The recording ends after three pages of many.
    assert_eq!(verdict(&tested, "conformance.record_lost"), "not_tried");
    author.town.fails(&["connector", "test", &folder, "--strict"], 1);

    let spoiled = gone.replace("\\\"cut\\\":", "\\\"cutting\\\":");
    assert_ne!(spoiled, gone);
    fs::write(author.town.path("shop/cassettes/diamonds.jsonl"), spoiled).unwrap();
    let differs = author.town.fails(&replay, 1).json["replayed"][0]["difference"].clone();
    assert!(differs["came"].as_str().unwrap().contains("cutting"), "{differs}");
}

#[test]
fn keeps_nothing_where_the_platform_refuses_the_credential() {
    let author = Author::begin();
    let said = author.town.fails(&words(&author.recording("another token")), 1);
    assert!(said.errors.contains("record.failed"), "{}", said.errors);
    assert!(!author.town.path("shop/cassettes").exists());
    assert!(author.town.fails(&["connector", "replay", &author.folder()], 2).errors.contains("cassette.none"));
}

#[test]
fn keeps_nothing_that_has_a_credential_in_it() {
    let author = Author::begin();
    let spare = format!("https://{TOKEN}.example.com");
    let careless = json!({"address": author.town.platforms.shop, "spare": spare});
    fs::write(author.town.path("shop.json"), careless.to_string()).unwrap();
    let said = author.town.fails(&words(&author.recording(TOKEN)), 2);
    assert!(said.errors.contains("record.credential") && !said.errors.contains(TOKEN), "{}", said.errors);
    assert!(!author.town.path("shop/cassettes").exists());
}
