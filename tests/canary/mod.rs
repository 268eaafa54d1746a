//! A secret planted as each kind of credential is found nowhere but at the platform that it belongs to.
#![expect(clippy::unwrap_used, reason = "a test says what it expects by unwrapping")]

mod package;
mod passphrase;
mod planted;
mod platform;
mod said;

use std::fs;
use std::path::Path;
use std::process::Command;

use data_encoding::{BASE64, BASE64URL, HEXLOWER, HEXUPPER};
use platform::{MODES, Platform};

use crate::town::{BINARY, Town};
use said::Said;

/// Each auth scheme, and its secrets; those that are sent as they are come to the platform.
const SCHEMES: [(&str, &[&str]); 8] = [
    ("header", &["key"]),
    ("query", &["key"]),
    ("basic", &["username", "password"]),
    ("bearer", &["token"]),
    ("login", &["username", "password"]),
    ("hmac", &["key"]),
    ("aws_sigv4", &["access_key_id", "secret_access_key"]),
    ("oauth2_client", &["client_id", "client_secret"]),
];

/// Whose all of it is: no id has a `w`, so that none spells this name by chance.
const CUSTOMER: &str = "wharf";

/// A secret with letters that every encoding writes in another way.
fn canary(of: &str) -> String {
    format!("canary/7+k=y&z~Q9-0123456789-{of}")
}

/// Names and ids of clients are shown to people and to platforms.
fn is_secret(name: &str) -> bool {
    !["username", "access_key_id", "client_id"].contains(&name)
}

/// Everything that must be found nowhere.
fn canaries() -> Vec<String> {
    let planted = SCHEMES.iter().flat_map(|(scheme, secrets)| {
        secrets.iter().filter(|name| is_secret(name)).map(move |name| canary(&format!("{scheme}-{name}")))
    });
    planted.chain(["session", "access"].map(canary)).collect()
}

fn document(platform: &Platform, warehouse: &str) -> String {
    let mut text = format!(
        "[tenant]\nname = \"Partner\"\n[[integration]]\nname = \"rest\"\nconnector = \"canary.rest\"\n\
         networks = [\"127.0.0.1/32\"]\n[[customer]]\nname = \"{CUSTOMER}\"\nstatus = \"active\"\n",
    );
    text.push_str(&format!(
        "[[customer.connection]]\nname = \"warehouse\"\nintegration = \"rest\"\n[customer.connection.configuration]\n\
         base_url = \"{warehouse}\"\n[customer.connection.configuration.streams.lines]\nprimary_key = [\"id\"]\n\
         upsert = {{ method = \"PUT\", path = \"/lines\", body = \"lines\" }}\n\
         [[customer.endpoint]]\nname = \"lines\"\ndirection = \"destination\"\nconnection = \"warehouse\"\nstream = \"lines\"\n\
         description = \"Lines.\"\n"
    ));
    for (scheme, secrets) in SCHEMES {
        let secret = |name: &&str| match is_secret(name) {
            true => format!("{name} = \"{}\"", canary(&format!("{scheme}-{name}"))),
            false => format!("{name} = \"ada\""),
        };
        let secrets = secrets.iter().map(secret).collect::<Vec<_>>().join(", ");
        for mode in MODES {
            let (name, address) = (format!("{scheme}-{mode}"), &platform.address);
            text.push_str(&format!(
                "[[customer.connection]]\nname = \"{name}\"\nintegration = \"rest\"\nscheme = \"{scheme}\"\n\
                 secrets = {{ {secrets} }}\n[customer.connection.configuration]\nbase_url = \"http://{address}/{mode}\"\n\
                 auth = \"{scheme}\"\ntoken_url = \"http://{address}/{mode}/token\"\n\
                 [customer.connection.configuration.streams.orders]\nprimary_key = [\"id\"]\n\
                 read = {{ path = \"/orders\", records = \"/data\" }}\n\
                 [[customer.endpoint]]\nname = \"{name}\"\ndirection = \"source\"\nconnection = \"{name}\"\nstream = \"orders\"\n\
                 description = \"Orders.\"\n\
                 [[customer.transfer]]\nname = \"{name}\"\nsource = \"{name}\"\ndestination = \"lines\"\n\
                 sync = \"full_refresh\"\n\n[customer.transfer.schedule]\nevery = \"1s\"\n"
            ));
        }
    }
    text
}

/// Where a secret stands in the clear, or in a form that anybody can read.
fn finds(haystack: &[u8], secret: &str) -> Option<&'static str> {
    let bytes = secret.as_bytes();
    let contains = |needle: &[u8]| memchr::memmem::find(haystack, needle).is_some();
    let form: String = url::form_urlencoded::byte_serialize(bytes).collect();
    let escaped = |upper: bool| -> String {
        let one = |byte: &u8| if upper { format!("%{byte:02X}") } else { format!("%{byte:02x}") };
        bytes.iter().map(one).collect()
    };
    if contains(bytes) {
        return Some("raw");
    }
    if contains(HEXLOWER.encode(bytes).as_bytes()) || contains(HEXUPPER.encode(bytes).as_bytes()) {
        return Some("hex");
    }
    if [form, escaped(true), escaped(false), secret.replace('/', "\\/")].iter().any(|text| contains(text.as_bytes())) {
        return Some("escaped");
    }
    // What stands before it moves its bits; its first and last three bytes mix with its neighbours.
    let shifted = (0..3).flat_map(|shift| {
        let padded = [&vec![0; shift], bytes].concat();
        [BASE64.encode(&padded), BASE64URL.encode(&padded)]
            .map(|text| text.trim_end_matches('=')[4..text.trim_end_matches('=').len() - 4].to_owned())
    });
    shifted.into_iter().any(|text| contains(text.as_bytes())).then_some("base64")
}

fn assert_clean(what: &str, haystack: &[u8]) {
    assert_free_of(&canaries(), what, haystack);
}

fn assert_free_of(secrets: &[String], what: &str, haystack: &[u8]) {
    for secret in secrets {
        if let Some(form) = finds(haystack, secret) {
            panic!("{secret} stands {form} in {what}");
        }
    }
}

fn assert_folder_clean(folder: &Path) {
    assert_folder_free_of(&canaries(), folder);
}

fn assert_folder_free_of(secrets: &[String], folder: &Path) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            assert_folder_free_of(secrets, &path);
        } else {
            assert_free_of(secrets, &path.display().to_string(), &fs::read(&path).unwrap());
        }
    }
}

/// Everything that a command says, to people and to scripts.
fn say(town: &Town, words: &[&str]) -> Vec<u8> {
    let mut said = Vec::new();
    for flags in [&[][..], &["--json"]] {
        let output =
            Command::new(BINARY).arg("--data").arg(town.path("data")).args(flags).args(words).output().unwrap();
        said.extend([output.stdout, output.stderr].concat());
    }
    said
}

#[test]
fn no_canary_is_found_in_files_logs_answers_records_or_metrics() {
    let (town, platform) = (Town::bare(1), Platform::start());
    town.works(&["init"]);
    package::install(&town);
    town.apply(&document(&platform, &town.platforms.warehouse));
    fs::remove_file(town.path("document.toml")).unwrap();

    let said = Said::gather(&town);
    for (what, bytes) in said.all() {
        assert_free_of(&said.secrets, what, bytes);
    }
    assert_nameless(&said.metrics);
    for name in [CUSTOMER, "Partner", "warehouse"] {
        assert!(!said.traces.contains(name), "{name} stands in the traces");
    }
    // The platform says whatever it was sent; that a trace goes on is told to nobody outside.
    assert!(finds(&platform.seen(), "traceparent").is_none());
    assert_clean("the warehouse's records", town.platforms.text().as_bytes());
    for words in [&["history", "--limit", "1000"][..], &["list"], &["usage"], &["connector", "list"]] {
        assert_clean(&words.join(" "), &say(&town, words));
    }
    let mut codes = std::collections::BTreeMap::<String, u32>::new();
    for (scheme, _) in SCHEMES {
        for mode in MODES {
            let transfer = format!("{CUSTOMER}/{scheme}-{mode}");
            for words in [&["run", &transfer][..], &["explain", &transfer], &["history", &transfer]] {
                assert_clean(&words.join(" "), &say(&town, words));
            }
            let runs = town.works(&["history", &transfer]);
            let run =
                runs["runs"].as_array().and_then(|runs| runs.last()).unwrap_or_else(|| panic!("{transfer} never ran"));
            let code = run["failure"]["code"].as_str().unwrap_or("none").to_owned();
            assert_eq!(code == "none", expects_success(scheme, mode), "{transfer}: {run}");
            *codes.entry(code).or_default() += 1;
        }
    }
    assert!(codes.values().sum::<u32>() == 64 && codes.len() > 2, "{codes:?}");
    assert_folder_clean(&town.path("data"));
    assert_arrived(&platform);
}

/// Whoever reads the figures may not know who is served: no name of anybody or anything that is theirs, and no id.
fn assert_nameless(metrics: &str) {
    let modes = SCHEMES.iter().flat_map(|(scheme, _)| MODES.map(|mode| format!("{scheme}-{mode}")));
    for name in modes.chain([CUSTOMER, "Partner", "warehouse"].map(str::to_owned)) {
        assert!(!metrics.contains(&name), "{name} stands in the metrics");
    }
    let words = metrics.split(|letter: char| !letter.is_ascii_alphanumeric());
    let ids: Vec<&str> = words.filter(|word| word.parse::<weighbridge_model::id::CustomerId>().is_ok()).collect();
    assert!(ids.is_empty(), "{ids:?} stand in the metrics");
}

/// What is signed is not sent, so nothing of it can come back.
fn expects_success(scheme: &str, mode: &str) -> bool {
    let is_signed = ["hmac", "aws_sigv4"].contains(&scheme);
    match mode {
        "calm" => true,
        "error" | "redirect" => false,
        _ => is_signed,
    }
}

/// The test would prove nothing if the secrets had never been used.
fn assert_arrived(platform: &Platform) {
    let seen = platform.seen();
    for (scheme, name) in [("header", "key"), ("query", "key"), ("bearer", "token"), ("login", "password")] {
        assert!(finds(&seen, &canary(&format!("{scheme}-{name}"))).is_some(), "{scheme} was never sent");
    }
    for issued in ["session", "access"] {
        assert!(finds(&seen, &canary(issued)).is_some(), "{issued} was never sent");
    }
    for (scheme, name) in [("hmac", "key"), ("aws_sigv4", "secret_access_key")] {
        assert_eq!(finds(&seen, &canary(&format!("{scheme}-{name}"))), None, "{scheme} signs, and sends no key");
    }
}
