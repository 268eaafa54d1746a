//! What a running transfer does when what it runs on is revoked, replaced, or not approved.

use std::fs;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use serde_json::Value;
use weighbridge::model::gate::RefusalCode;
use weighbridge::model::package::{Revocable, SignatureSection, UnverifiedPackage, section, verify};
use weighbridge::model::run::RunState;
use weighbridge::{Engine, Options, RunOutcome};

use crate::town::{Setting, Town};

const ORDERS: u64 = 1_000;

fn setting() -> Setting {
    Setting { page: 10, ..Setting::default() }
}

/// The town's own connector with another manifest, signed by its publisher.
fn changed(town: &Town, change: impl FnOnce(&mut Value)) -> PathBuf {
    let bytes = fs::read(town.package()).unwrap();
    let (content, _) = SignatureSection::split(&bytes).unwrap();
    let manifest = section::manifest(content).unwrap();
    let mut own = Vec::new();
    section::append_manifest(&mut own, manifest);
    let mut component = content.strip_suffix(own.as_slice()).unwrap().to_vec();
    let mut manifest: Value = serde_json::from_slice(manifest).unwrap();
    change(&mut manifest);
    section::append_manifest(&mut component, manifest.to_string().as_bytes());
    verify::manifest_of(&component).unwrap();
    let file = town.path("changed.wbc");
    fs::write(&file, component).unwrap();
    let key = town.public_key().with_extension("");
    town.works(&["connector", "sign", file.to_str().unwrap(), "--key", key.to_str().unwrap()]);
    file
}

/// Runs the transfer, and does something once the warehouse has the first lines.
async fn meanwhile(town: &Town, engine: &Engine, act: impl AsyncFnOnce()) -> RunOutcome {
    town.platforms.slow(40);
    let running = engine.clone();
    let run = tokio::spawn(async move { running.run("acme/orders").await.unwrap() });
    let begun = Instant::now();
    while town.platforms.lines().is_empty() {
        assert!(begun.elapsed() < Duration::from_secs(60), "nothing moves");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    act().await;
    run.await.unwrap()
}

async fn open(town: &Town) -> Engine {
    Engine::open(Options::at(town.path("data"))).await.unwrap()
}

async fn check_stops(what: impl FnOnce(&Town) -> Revocable) {
    let town = Town::settled(ORDERS, &setting());
    let what = what(&town);
    let engine = open(&town).await;
    let outcome = meanwhile(&town, &engine, async || {
        assert_eq!(engine.revoke(what, "it leaked").await.unwrap().stopped, ["weighbridge.rest"]);
    });
    let run = outcome.await.run;
    assert_eq!((run.state, run.refusal.unwrap().code), (RunState::Stopped, RefusalCode::ConnectorRevoked));
    let moved = town.platforms.lines().len() as u64;
    assert!(moved < ORDERS && moved == run.counts.delivered, "{moved} moved");
    assert!(engine.check_ledger(None).unwrap().is_empty());
    let again = engine.run("acme/orders").await.unwrap().run;
    assert_eq!(again.state, RunState::Refused);
}

#[tokio::test]
async fn a_run_stops_before_its_next_batch_when_its_key_is_revoked() {
    check_stops(|town| Revocable::Key(fs::read_to_string(town.public_key()).unwrap().parse_key())).await;
}

#[tokio::test]
async fn a_run_stops_before_its_next_batch_when_its_package_is_revoked_by_what_was_signed() {
    check_stops(|town| {
        let bytes = fs::read(town.package()).unwrap();
        Revocable::Package(weighbridge_model::package::Digest::of(SignatureSection::split(&bytes).unwrap().0))
    })
    .await;
}

#[tokio::test]
async fn a_run_stops_before_its_next_batch_when_its_publisher_is_revoked() {
    check_stops(|_| Revocable::Publisher("weighbridge".into())).await;
}

#[tokio::test]
async fn a_run_goes_on_with_another_version_from_its_next_batch() {
    let town = Town::settled(ORDERS, &setting());
    let newer = changed(&town, |manifest| manifest["version"] = "9.0.0".into());
    let old = UnverifiedPackage::new(fs::read(town.package()).unwrap());
    let engine = open(&town).await;
    let old = old.verify_installed(&engine.trust_store().unwrap()).unwrap().digest();
    let outcome = meanwhile(&town, &engine, async || {
        assert!(engine.upgrade(std::fs::read(&newer).unwrap()).await.unwrap().used);
        // The version that was at work is shut out: whoever still used it would be stopped.
        engine.revoke(Revocable::Package(old), "it is old").await.unwrap();
    });
    let run = outcome.await.run;
    assert_eq!((run.state, run.attempts, run.counts.delivered), (RunState::Succeeded, 2, ORDERS));
    assert_eq!(town.platforms.lines().len() as u64, ORDERS);
    assert!(engine.check_ledger(None).unwrap().is_empty());
}

#[tokio::test]
async fn a_run_keeps_the_version_it_has_while_one_that_asks_for_more_waits() {
    let town = Town::settled(30, &setting());
    let newer = changed(&town, |manifest| {
        manifest["version"] = "9.0.0".into();
        manifest["limits"] = serde_json::json!({"memory_mib": 128});
    });
    let engine = open(&town).await;
    let outcome = meanwhile(&town, &engine, async || {
        assert!(!engine.upgrade(std::fs::read(&newer).unwrap()).await.unwrap().used)
    })
    .await;
    assert_eq!((outcome.run.state, outcome.run.attempts), (RunState::Succeeded, 1));
    let explained = engine.explain("acme/orders", None).unwrap();
    assert_eq!(explained.waiting, [("weighbridge.rest".to_owned(), "9.0.0".to_owned())]);
    assert!(explained.explanation.refusal.is_none());
}

#[tokio::test]
async fn a_connection_has_the_defaults_of_settings_that_another_version_brings() {
    let town = Town::settled(10, &setting());
    let newer = changed(&town, |manifest| {
        manifest["version"] = "9.0.0".into();
        // A header that the host lets no connector set, so that it shows whether the connector was told of it.
        manifest["configuration"]["properties"]["headers"]["default"] = serde_json::json!({"host": "elsewhere"});
    });
    let engine = open(&town).await;
    assert_eq!(engine.run("acme/orders").await.unwrap().run.state, RunState::Succeeded);
    assert!(
        engine.upgrade(std::fs::read(&newer).unwrap()).await.unwrap().used,
        "a default that means no host is no addition"
    );
    assert_eq!(engine.run("acme/orders").await.unwrap().run.state, RunState::Failed);
}

#[test]
fn nothing_runs_when_the_first_version_waits_until_it_is_approved() {
    let town = Town::bare(20);
    town.works(&["init"]);
    town.works(&["trust", "add", "weighbridge", town.public_key().to_str().unwrap()]);
    let large = changed(&town, |manifest| manifest["limits"] = serde_json::json!({"memory_mib": 512}));
    let installed = town.works(&["connector", "install", large.to_str().unwrap()]);
    assert_eq!(installed["used"], false);
    town.apply(&setting().document(&town.platforms));
    let refused = town.fails(&["run", "acme/orders"], 3).json;
    assert_eq!(refused["refusal"]["code"], "connector.approval_needed", "{refused}");
    let version = installed["version"].as_str().unwrap();
    let explained = town.works(&["explain", "acme/orders"]);
    assert_eq!(explained["approval_needed"][0]["version"], version, "{explained}");
    let listed = town.works(&["list"])["things"][0].clone();
    assert_eq!(listed["state"], format!("{version} approval_needed"));
    let approved = town.works(&["connector", "approve", "weighbridge.rest", version, "--yes"]);
    assert_eq!(approved["capped"]["memory_mib"], 256);
    assert_eq!(town.works(&["run", "acme/orders"])["counts"]["delivered"], 20);
}

trait ParseKey {
    fn parse_key(&self) -> weighbridge_model::package::KeyId;
}

impl ParseKey for String {
    fn parse_key(&self) -> weighbridge_model::package::KeyId {
        self.parse::<weighbridge_model::package::PublicKey>().unwrap().id()
    }
}
