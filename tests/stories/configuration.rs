//! An operator's configuration: looked at before a host serves with it, and read again while it serves.

use std::fs;
use std::process::Command;

use serde_json::{Value, json};

use crate::contracts;
use crate::town::Town;

/// A town whose configuration this is.
fn written(text: &str) -> (Town, String) {
    let town = Town::bare(0);
    let file = town.path("weighbridge.toml");
    fs::write(&file, text).unwrap();
    let file = file.to_str().unwrap().to_owned();
    (town, file)
}

#[test]
fn the_example_says_all_settings() {
    let town = Town::bare(0);
    let printed = Command::new(crate::town::BINARY).args(["config", "example"]).output().unwrap();
    let example = String::from_utf8(printed.stdout).unwrap();
    contracts::check("schemas/weighbridge.toml", &example);
    fs::write(town.path("weighbridge.toml"), example).unwrap();
    town.works(&["config", "check", "--config", town.path("weighbridge.toml").to_str().unwrap()]);
}

#[test]
fn a_configuration_is_looked_at_and_everything_wrong_with_it_is_said_at_once() {
    let (town, file) = written("listen = \"0.0.0.0:8686\"\nlog = \"=\"\n[egress]\nca = \"gone.pem\"\n");
    let faults = town.fails(&["config", "check", "--config", &file], 2).json["faults"].to_string();
    for part in ["listen.unprotected", "`log`", "gone.pem"] {
        assert!(faults.contains(part), "{part}: {faults}");
    }
    fs::write(&file, "[egress]\nca = \"here.pem\"\n").unwrap();
    fs::write(town.path("here.pem"), "").unwrap();
    assert!(town.fails(&["config", "check", "--config", &file], 2).json["faults"].to_string().contains("egress.ca"));
    let authority = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    fs::write(town.path("here.pem"), authority.cert.pem()).unwrap();
    assert_eq!(town.works(&["config", "check", "--config", &file])["faults"], json!([]));
    assert_eq!(town.works(&["config", "check"])["file"], Value::Null, "defaults are a configuration");
}

#[test]
fn a_setting_that_is_none_is_refused_with_the_one_that_was_meant() {
    let (town, file) = written("requests_per_minutes = 5\n");
    let errors = town.fails(&["config", "check", "--config", &file], 2).errors;
    for part in ["config.malformed", "line 1", "did you mean `requests_per_minute`?", "config example"] {
        assert!(errors.contains(part), "{part}: {errors}");
    }
    assert!(!errors.contains("stranger_requests_per_minute"), "one is meant, and not all: {errors}");
    fs::write(&file, "metrics = \"127.0.0.1:1\"\ntls_key = \"a.key\"\n").unwrap();
    let faults = town.fails(&["config", "check", "--config", &file], 2).json["faults"].clone();
    assert_eq!(faults.as_array().unwrap().len(), 1, "what is wrong twice is said once: {faults}");
    let answer = town.run_under(&[("WEIGHBRIDGE_SETTING_LISEN", "127.0.0.1:1")], &["config", "check"]);
    assert_eq!(answer.code, 2);
    assert!(
        answer.errors.contains("WEIGHBRIDGE_SETTING_LISEN") && answer.errors.contains("`listen`"),
        "{}",
        answer.errors
    );
}

#[test]
fn what_is_shown_says_where_it_comes_from() {
    let (town, file) = written("drain_s = 9\n[egress]\nproxy = \"http://proxy.example:1\"\n");
    let set = [("WEIGHBRIDGE_SETTING_DRAIN_S", "7"), ("WEIGHBRIDGE_SETTING_TENANT_TRANSFERS_MAX", "3")];
    let shown = town.run_under(&set, &["config", "show", "--config", &file]).json;
    for (setting, value, from) in [
        ("drain_s", json!(7), "environment"),
        ("tenant_transfers_max", json!(3), "environment"),
        ("egress.proxy", json!("http://proxy.example:1"), "file"),
        ("transfers_max", json!(64), "default"),
        ("mail.server", Value::Null, "default"),
    ] {
        let item = json!({ "setting": setting, "value": value, "from": from });
        assert!(shown["items"].as_array().unwrap().contains(&item), "{item}: {shown}");
    }
}
