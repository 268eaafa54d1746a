//! What a host tells whoever helps: made by the host that serves or beside none, looked at before it is sent.

use std::os::unix::fs::PermissionsExt as _;
use std::process::Command;

use serde_json::Value;

use crate::town::{Client, Host, Setting, Town, ask};

const FILES: [&str; 8] = [
    "README.txt",
    "versions.json",
    "configuration.json",
    "findings.json",
    "tables.json",
    "runs.jsonl",
    "log.txt",
    "metrics.txt",
];

/// Made, and unpacked as anybody would.
fn unpacked(town: &Town) -> impl Fn(&str) -> String + use<> {
    let (file, folder) = (town.path("bundle.tar.gz"), town.path("unpacked"));
    let told = town.works(&["support", "bundle", file.to_str().unwrap()]);
    let names: Vec<&str> = told["files"].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap()).collect();
    assert_eq!(names, FILES);
    assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    std::fs::create_dir(&folder).unwrap();
    assert!(Command::new("tar").arg("-xzf").arg(&file).current_dir(&folder).status().unwrap().success());
    move |name: &str| std::fs::read_to_string(folder.join("weighbridge-support").join(name)).unwrap()
}

#[test]
fn a_bundle_of_a_host_that_serves_has_its_log_and_its_figures() {
    let town = Town::settled(50, &Setting::default());
    let (host, _figures) = Host::start_measured(&town);
    assert_eq!(town.works(&["run", "acme/orders"])["state"], "succeeded");
    let read = unpacked(&town);
    assert!(
        read("metrics.txt").contains("weighbridge_runs_ended_total{state=\"succeeded\"} 1"),
        "{}",
        read("metrics.txt")
    );
    assert!(read("log.txt").contains("ready"), "{}", read("log.txt"));
    let run: Value = serde_json::from_str(read("runs.jsonl").lines().next().unwrap()).unwrap();
    assert_eq!((&run["state"], &run["counts"]["delivered"]), (&"succeeded".into(), &50.into()));
    let tables: Value = serde_json::from_str(&read("tables.json")).unwrap();
    assert_eq!((&tables["rows"]["18 customer"], &tables["rows"]["34 transfer"]), (&1.into(), &1.into()));
    let versions: Value = serde_json::from_str(&read("versions.json")).unwrap();
    assert_eq!(versions["weighbridge"], env!("CARGO_PKG_VERSION"));
    let settings: Value = serde_json::from_str(&read("configuration.json")).unwrap();
    let listen = settings.as_array().unwrap().iter().find(|one| one["setting"] == "listen").unwrap();
    assert_eq!(listen["value"], host.address.as_str());
    let findings: Value = serde_json::from_str(&read("findings.json")).unwrap();
    let places: Vec<_> =
        findings["findings"].as_array().unwrap().iter().filter(|one| one["code"] == "doctor.place").collect();
    assert!(!places.is_empty() && places.iter().all(|one| one["about"].is_null()), "{findings}");
    let all: String = FILES.map(&read).concat();
    for name in ["acme", "Partner", "shop\"", &Setting::default().token] {
        assert!(!all.contains(name), "{name}: {all}");
    }
    assert!(read("README.txt").contains("runs.jsonl"));
}

#[test]
fn a_bundle_is_made_beside_no_host_and_takes_the_place_of_no_file() {
    let town = Town::settled(1, &Setting::default());
    let read = unpacked(&town);
    assert!(read("log.txt").contains("no lines are kept"), "{}", read("log.txt"));
    let file = town.path("bundle.tar.gz");
    let refused = town.fails(&["support", "bundle", file.to_str().unwrap()], 1).errors;
    assert!(refused.contains("support.unwritable"), "{refused}");
}

#[test]
fn an_operator_has_the_same_over_the_api_and_in_the_console_and_nobody_else_has() {
    let town = Town::settled(1, &Setting::default());
    let host = Host::start(&town);
    let person = |words: &[&str]| host.joined(&town.works(words)).secret.unwrap();
    let olga = person(&["operator", "invite", "--email", "olga@example.net", "--role", "operator"]);
    let made = Client::with(&host.address, &olga).get("/host/support").worked();
    let names: Vec<&str> = made["files"].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap()).collect();
    assert_eq!(names, FILES);
    let cookie = format!("cookie: weighbridge-session={olga}");
    let page = ask(&host.address, "GET", "/operate/support", &[&cookie], "");
    assert_eq!(page.status, 200, "{}", page.text);
    for name in FILES {
        assert!(page.text.contains(&format!("/operate/support?as={name}")), "{name}: {}", page.text);
    }
    let file = ask(&host.address, "GET", "/operate/support?as=versions.json", &[&cookie], "");
    assert_eq!((file.status, file.header("content-type")), (200, Some("text/plain; charset=utf-8")));
    assert!(
        file.header("content-disposition").unwrap().contains("versions.json")
            && file.text.contains("connector_contract")
    );
    assert_eq!(ask(&host.address, "GET", "/operate/support?as=keys.json", &[&cookie], "").status, 404);
    let ada = person(&["staff", "invite", "--email", "ada@example.com", "--role", "tenant_admin"]);
    assert_eq!(Client::with(&host.address, &ada).get("/host/support").status, 403);
}
