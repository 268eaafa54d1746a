//! The doctor's findings: what is well, what ends soon, and what does not work.

use std::os::unix::fs::PermissionsExt as _;
use std::sync::Arc;

use tempfile::TempDir;
use weighbridge::backup::BackupSettings;
use weighbridge::clock::Clock;
use weighbridge::doctor::{Finding, Health, examine};
use weighbridge::document::Document;
use weighbridge::model::access::ActorRef;
use weighbridge::model::time::Timestamp;
use weighbridge::{Conduct, Engine, Options, Outward, Proxy};

use crate::rights::at;

const AUTHORITY: &[u8] = include_bytes!("../../egress/tests/tls/authority.pem");

#[derive(Clone, Copy)]
struct At(Timestamp);

impl Clock for At {
    fn now(&self) -> Timestamp {
        self.0
    }
}

async fn folder() -> (TempDir, Options) {
    let folder = tempfile::tempdir().unwrap();
    let options = Options::at(folder.path().join("data"));
    Engine::init(&options).await.unwrap();
    (folder, options)
}

/// All but what is about this process and this machine's disk.
fn told(findings: &[Finding]) -> Vec<(Health, &'static str)> {
    let findings = findings.iter().filter(|one| !["core files", "disk", "writes"].contains(&one.about.as_str()));
    findings.map(|one| (one.health, one.code)).collect()
}

#[tokio::test]
async fn finds_nothing_wrong_with_a_new_folder_but_that_nobody_takes_backups() {
    let (_folder, options) = folder().await;
    let wanted = [
        "doctor.keys",
        "doctor.keys",
        "doctor.mail",
        "doctor.versions",
        "doctor.rotation",
        "doctor.backup_nowhere",
        "doctor.store",
        "doctor.sandbox",
        "doctor.clock",
        "doctor.zones",
        "doctor.standing",
    ];
    let health = |code| if code == "doctor.backup_nowhere" { Health::Warning } else { Health::Ok };
    assert_eq!(told(&examine(options).await), wanted.map(|code| (health(code), code)));
}

#[tokio::test]
async fn finds_a_clock_that_was_set_back_behind_what_the_store_knows() {
    let (_folder, options) = folder().await;
    let late = Options { clock: Arc::new(At(at("2026-12-01T00:00:00Z"))), ..options.clone() };
    let engine = Engine::open(late.clone()).await.unwrap();
    let document = Document::parse("[tenant]\nname = \"Partner\"").unwrap();
    engine.apply(&document, std::path::Path::new(".")).await.unwrap();
    engine.close(std::time::Duration::ZERO).await.unwrap();
    let early = Options { clock: Arc::new(At(at("2026-11-30T00:00:00Z"))), ..options };
    assert!(told(&examine(early).await).contains(&(Health::Failed, "doctor.clock_back")));
    assert!(told(&examine(late).await).contains(&(Health::Ok, "doctor.clock")));
}

#[tokio::test]
async fn finds_a_certificate_of_the_host_that_ends_soon_or_is_not_there_and_says_nothing_where_it_shows_none() {
    let (folder, options) = folder().await;
    let file = folder.path().join("chain.pem");
    std::fs::write(&file, AUTHORITY).unwrap();
    let about = async |shown: Option<std::path::PathBuf>| {
        let clock = Arc::new(At(at("2126-09-29T00:00:00Z")));
        let found = examine(Options {
            conduct: Conduct { shown_certificate: shown, ..Conduct::default() },
            clock,
            ..options.clone()
        })
        .await;
        found.iter().find(|one| one.about == "certificate of the host").map(|one| one.code)
    };
    assert_eq!(about(Some(file)).await, Some("doctor.certificate_ends"));
    assert_eq!(about(Some("absent.pem".into())).await, Some("doctor.certificate"));
    assert_eq!(about(None).await, None);
}

#[tokio::test]
async fn finds_the_newest_backup_and_that_there_is_none() {
    let (folder, options) = folder().await;
    let backups = Some(BackupSettings { folder: folder.path().join("backups"), schedule: None, keep: 7 });
    let options = Options { conduct: Conduct { backups, ..Conduct::default() }, ..options };
    let found = async |options: &Options| {
        examine(options.clone()).await.iter().find(|one| one.about == "backup").map(|one| (one.health, one.code))
    };
    assert_eq!(found(&options).await, Some((Health::Warning, "doctor.backup_none")));
    let engine = Engine::open(options.clone()).await.unwrap();
    engine.take_backup(ActorRef::OWNER, &folder.path().join("backups")).await.unwrap();
    engine.close(std::time::Duration::ZERO).await.unwrap();
    assert_eq!(found(&options).await, Some((Health::Ok, "doctor.backup")));
}

#[tokio::test]
async fn finds_a_disk_with_too_little_room_and_a_folder_that_others_may_look_into() {
    let (_folder, options) = folder().await;
    let codes = async |options: Options| examine(options).await.iter().map(|one| one.code).collect::<Vec<_>>();
    let (path, store) = (options.folder.path().to_owned(), options.folder.store());
    let modes = |folder: u32, file: u32| {
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(folder)).unwrap();
        std::fs::set_permissions(&store, std::fs::Permissions::from_mode(file)).unwrap();
    };
    modes(0o700, 0o644);
    let much = Conduct { space_min: u64::MAX, ..Conduct::default() };
    assert!(codes(Options { conduct: much, ..options.clone() }).await.contains(&"doctor.space_low"));
    let closed = codes(options.clone()).await;
    assert!(!closed.contains(&"doctor.space_low") && !closed.contains(&"doctor.folder_open"), "{closed:?}");
    modes(0o755, 0o644);
    assert!(codes(options).await.contains(&"doctor.folder_open"));
}

#[tokio::test]
async fn finds_keys_that_others_may_read_even_where_the_folder_cannot_be_opened() {
    let (_folder, options) = folder().await;
    let keys = options.folder.keys();
    std::fs::set_permissions(&keys, std::fs::Permissions::from_mode(0o640)).unwrap();
    let findings = examine(options).await;
    let failed: Vec<&Finding> = findings.iter().filter(|one| one.health == Health::Failed).collect();
    assert_eq!(failed.iter().map(|one| one.code).collect::<Vec<_>>(), ["doctor.keys_exposed", "doctor.unusable"]);
    assert_eq!(failed[0].next_step.as_deref(), Some(&*format!("chmod 600 {}", keys.display())));
    assert!(failed.iter().all(|one| one.next_step.is_some()));
}

fn leaving(options: Options, outward: Outward) -> Options {
    Options { conduct: Conduct { outward, ..Conduct::default() }, ..options }
}

#[tokio::test]
async fn tells_of_a_certificate_when_it_begins_ends_soon_and_is_over() {
    for (day, wanted) in [
        ("2026-11-20", (Health::Failed, "doctor.certificate_early")),
        ("2026-12-01", (Health::Ok, "doctor.certificate")),
        ("2126-09-28", (Health::Ok, "doctor.certificate")),
        ("2126-09-29", (Health::Warning, "doctor.certificate_ends")),
        ("2126-10-29", (Health::Failed, "doctor.certificate_over")),
    ] {
        let (_folder, options) = folder().await;
        let now = at(&format!("{day}T00:00:00Z"));
        let outward = Outward { proxy: None, authorities: Some(AUTHORITY.to_vec()) };
        let findings = examine(Options { clock: Arc::new(At(now)), ..leaving(options, outward) }).await;
        assert!(told(&findings).contains(&wanted), "{day}: {findings:?}");
    }
}

#[tokio::test]
async fn names_authorities_that_are_none() {
    let (_folder, options) = folder().await;
    let outward = Outward { proxy: None, authorities: Some(b"hello".to_vec()) };
    let told = told(&examine(leaving(options, outward)).await);
    assert!(told.contains(&(Health::Failed, "egress.authorities")), "{told:?}");
}

#[tokio::test]
async fn names_a_proxy_that_is_not_there() {
    let (_folder, options) = folder().await;
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let proxy = Proxy::new(&format!("http://{closed}"), None, &[]).unwrap();
    let findings = examine(leaving(options, Outward { proxy: Some(proxy), authorities: None })).await;
    assert!(told(&findings).contains(&(Health::Failed, "egress.proxy_unreachable")), "{findings:?}");
}
