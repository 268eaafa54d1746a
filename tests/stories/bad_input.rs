//! Bad input gets one clear error, and nothing is half done.

use std::fs;

use crate::town::{Setting, Town};

#[test]
fn refuses_a_changed_package_and_one_without_a_signature() {
    let town = Town::settled(0, &Setting::default());
    let bytes = fs::read(town.package()).unwrap();
    let cases: [(&str, Vec<u8>, &str); 4] = [
        ("changed", [&bytes[..1000], &[bytes[1000] ^ 1], &bytes[1001..]].concat(), "connector.bad_signature"),
        ("appended", [&bytes[..], b"x"].concat(), "connector.unsigned"),
        ("cut", bytes[..bytes.len() - 1].to_vec(), "connector.unsigned"),
        ("empty", Vec::new(), "connector.unsigned"),
    ];
    for (name, bytes, code) in cases {
        let file = town.path(name);
        fs::write(&file, bytes).unwrap();
        let errors = town.fails(&["connector", "install", file.to_str().unwrap()], 2).errors;
        assert!(errors.contains(code), "{name}: {errors}");
    }
}

#[test]
fn refuses_a_document_with_the_place_of_the_mistake() {
    let town = Town::settled(0, &Setting::default());
    let whole = Setting::default().document(&town.platforms);
    let cases = [
        ("path = \"/orders\",", "zzz = 1,", "customer[0].connection[0].configuration"),
        ("scheme = \"bearer\"", "scheme = \"telepathy\"", "customer[0].connection[0].scheme"),
        ("secrets = { token", "secrets = { tokn", "customer[0].connection[0].secrets"),
        ("sync = \"full_refresh\"", "sync = \"sometimes\"", "customer[0].transfer[0].sync"),
        ("name = \"acme\"", "name = \"acme", "line"),
    ];
    for (text, instead, place) in cases {
        let errors = town.apply_fails(&whole.replacen(text, instead, 1));
        assert!(errors.contains("document.") && errors.contains(place), "{text}: {errors}");
    }
    let errors = town.apply_fails(&whole.replace("\"/id\"", "\"id\""));
    assert!(errors.contains("customer[0].mapping[0]/rules/0/copy"), "{errors}");
    let errors = town.apply_fails(&whole.replace("sync = ", "schedule = { cron = \"61 * * * *\" }\nsync = "));
    assert!(errors.contains("customer[0].transfer[0].schedule"), "{errors}");
    let applied = town.apply(&whole);
    assert!(applied["changes"].as_array().unwrap().iter().all(|change| change["kind"] == "unchanged"), "{applied}");
}

#[test]
fn refuses_a_configuration_with_an_unknown_key() {
    let town = Town::settled(0, &Setting::default());
    let file = town.path("weighbridge.toml");
    fs::write(&file, "lisen = \"127.0.0.1:0\"\n").unwrap();
    let errors = town.fails(&["serve", "--config", file.to_str().unwrap()], 2).errors;
    assert!(errors.contains("config.malformed") && errors.contains("lisen") && errors.contains("listen"), "{errors}");
}

#[test]
fn names_what_is_not_there() {
    let town = Town::bare(0);
    assert!(town.fails(&["usage"], 6).errors.contains("store.absent"));
    town.works(&["init", "--tenant", "Partner"]);
    assert!(town.fails(&["run", "acme/orders"], 2).errors.contains("customer.not_found"));
    assert!(town.fails(&["explain", "nonsense"], 2).errors.contains("transfer.not_found"));
    assert!(town.fails(&["init"], 2).errors.contains("store.present"));
    assert!(town.fails(&["frobnicate"], 2).errors.contains("frobnicate"));
}

#[test]
fn every_refusal_is_json_for_a_script_and_its_next_step_is_one() {
    let town = Town::settled(0, &Setting::default());
    let refused = |words: &[&str]| -> serde_json::Value {
        let errors = town.fails(words, 2).errors;
        serde_json::from_str(&errors).unwrap_or_else(|error| panic!("{words:?}: {error}: {errors}"))
    };
    let message = |words: &[&str]| refused(words)["message"].as_str().unwrap().to_owned();
    assert_eq!(refused(&["frobnicate"])["code"], "command.malformed");
    assert_eq!(refused(&["customer", "add"])["exit"], 2);
    assert!(message(&["customer", "show", "nobody"]).contains("weighbridge customer list"));
    assert!(message(&["transfer", "show", "acme", "nothing"]).contains("weighbridge transfer list CUSTOMER"));
    assert_eq!(refused(&["apply", "nothing.toml"])["code"], "document.unreadable");
    assert_eq!(refused(&["customer", "import", "--table", "@nothing.csv"])["code"], "input.unreadable");
    assert!(message(&["customer", "open", "acme", "--reason", "a call"]).contains("sign in over the API"));
    assert!(message(&["token", "add", "--name", "mine"]).contains("sign in over the API"));
    let quota = message(&["tenant", "change", "--quota", r#"{"records": 5}"#]);
    assert!(quota.contains("weighbridge tenant set"), "{quota}");
    let shape = message(&["tenant", "set", "Partner", "--quota", "5"]);
    assert!(shape.contains("expected an object") && !shape.contains("struct"), "{shape}");
}

#[test]
fn keeps_a_batch_in_doubt_when_a_record_cannot_be_shaped_until_it_is_given_up() {
    let town = Town::settled(150, &Setting::default());
    let whole = Setting::default().document(&town.platforms);
    town.apply(&whole.replace("cast = \"number\"", "cast = \"boolean\""));
    let failed = town.fails(&["run", "acme/orders"], 1).json;
    assert_eq!(failed["failure"]["code"], "mapping.cast_failed");
    assert!(failed["failure"]["message"].as_str().unwrap().contains("/rules/3"), "{failed}");
    assert_eq!(town.works(&["batch", "list"])["batches"].as_array().unwrap().len(), 0, "nothing of it was sent");
    town.apply(&whole);
    assert_eq!(town.works(&["run", "acme/orders"])["counts"]["delivered"], 150);
}
