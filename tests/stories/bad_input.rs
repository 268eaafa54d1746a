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
