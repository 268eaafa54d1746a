//! Stores that earlier versions wrote open here, with all that is in them.
//!
//! Each folder of `tests/stores` was written by the version that it is named after, by `writes_a_store_for_later_versions`, and is
//! never written again.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use weighbridge::account::VerifyAudit;
use weighbridge::backup::{BackupSettings, RestoreHow, backups_in, check_backup, restore_backup};
use weighbridge::model::access::ActorRef;
use weighbridge::model::run::RunState;
use weighbridge::{Conduct, Engine, Folder, Options, rehearse_upgrade, upgrade};
use weighbridge_native::{Shop, Warehouse};
use weighbridge_store::{FORMAT, format_of};

use crate::backup::site::Site;
use crate::rights::may;

const FILES: [&str; 4] = ["store.redb", "keys.json", "keys.burned", "master.key"];

fn stores() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/stores")
}

/// Every released one, copied to where it may be written.
fn released() -> Vec<(String, tempfile::TempDir)> {
    let entries = fs::read_dir(stores()).unwrap().map(|entry| entry.unwrap().path());
    let copied = entries.map(|from| {
        let folder = tempfile::tempdir().unwrap();
        for file in FILES {
            fs::copy(from.join(file), folder.path().join(file)).unwrap();
            private(&folder.path().join(file));
        }
        (from.file_name().unwrap().to_str().unwrap().to_owned(), folder)
    });
    copied.collect()
}

fn private(path: &Path) {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(path, fs::Permissions::from_mode(0o600)).unwrap();
}

fn options(folder: &Path) -> Options {
    let connectors = vec![Arc::new(Shop::with_orders(9)) as _, Arc::new(Warehouse::empty()) as _];
    Options { connectors, ..Options::at(folder) }
}

#[tokio::test]
async fn a_store_of_every_released_version_opens_adds_up_and_goes_on() {
    let all = released();
    assert!(!all.is_empty(), "no released store is there");
    for (name, folder) in all {
        let rehearsed = rehearse_upgrade(&options(folder.path())).await.unwrap();
        assert_eq!(rehearsed.to, FORMAT, "{name}");
        let path = Folder::at(folder.path()).store();
        assert_eq!(format_of(&path).unwrap(), Some(rehearsed.from), "{name}: a rehearsal changes nothing");
        let upgraded = upgrade(&options(folder.path())).await.unwrap();
        assert_eq!((upgraded.from, format_of(&path).unwrap()), (rehearsed.from, Some(FORMAT)), "{name}");
        let engine = Engine::open(options(folder.path())).await.unwrap();
        assert_eq!(engine.check_ledger(None).unwrap(), [], "{name}");
        assert_eq!(engine.check_chain().unwrap(), None, "{name}");
        assert!(engine.verify_audit(&may(()), &VerifyAudit::default()).unwrap().sound, "{name}");
        let usage = engine.usage(None).unwrap();
        let acme = usage.iter().find(|line| line.customer.as_deref() == Some("acme"));
        assert!(acme.is_some(), "{name}: what people wrote opens");
        let run = engine.run("acme/orders").await.unwrap().run;
        assert_eq!(run.state, RunState::Succeeded, "{name}: {run:?}");
        engine.close(std::time::Duration::from_secs(1)).await.unwrap();
    }
}

/// Backups of a data folder go here.
fn with_backups(folder: &Path, backups: &Path) -> Options {
    let backups = Some(BackupSettings { folder: backups.to_owned(), schedule: None, keep: 1 });
    Options { conduct: Conduct { backups, space_min: 0, ..Conduct::default() }, ..options(folder) }
}

#[tokio::test]
async fn a_store_is_kept_as_it_was_before_its_rows_are_changed() {
    for (name, folder) in released() {
        let (backups, path) = (folder.path().join("backups"), Folder::at(folder.path()).store());
        let (options, from) = (with_backups(folder.path(), &backups), format_of(&path).unwrap().unwrap());
        let upgraded = upgrade(&options).await.unwrap();
        assert!((upgraded.from, from < FORMAT) == (from, upgraded.backup.is_some()), "{name}: {upgraded:?}");
        let Some(backup) = upgraded.backup else { continue };
        assert!(backup.to_string_lossy().ends_with(&format!("-format-{from}")), "{backup:?}");
        assert_eq!(format_of(&backup.join("store.redb")).unwrap(), Some(from), "its version opens it");
        assert_eq!(check_backup(&backup).unwrap().manifest.format, from);
        // Nothing is left to be done.
        assert_eq!(upgrade(&options).await.unwrap().backup, None);
        let engine = Engine::open(options).await.unwrap();
        for _ in 0..2 {
            engine.take_backup(ActorRef::OWNER, &backups).await.unwrap();
        }
        engine.close(std::time::Duration::from_secs(1)).await.unwrap();
        assert_eq!(backups_in(&backups).unwrap().len(), 3);
        // It is a backup as any other: this version restores it too, where the keys are.
        let again = tempfile::tempdir().unwrap();
        for file in &FILES[1..] {
            fs::copy(folder.path().join(file), again.path().join(file)).unwrap();
        }
        let restored =
            restore_backup(&with_backups(again.path(), &backups), &backup, RestoreHow::default()).await.unwrap();
        assert_eq!(restored.backup.manifest.format, from, "{name}");
    }
}

#[tokio::test]
async fn a_store_is_left_as_it_is_where_it_cannot_be_kept_unless_somebody_goes_on_without() {
    for (name, folder) in released() {
        let path = Folder::at(folder.path()).store();
        let from = format_of(&path).unwrap().unwrap();
        if from == FORMAT {
            continue;
        }
        let nowhere = path.join("backups");
        let mut full = with_backups(folder.path(), &folder.path().join("backups"));
        full.conduct.space_min = u64::MAX;
        for options in [with_backups(folder.path(), &nowhere), full.clone()] {
            let error = upgrade(&options).await.unwrap_err().to_string();
            assert!(error.starts_with("upgrade.no_backup: ") && error.contains("--no-backup"), "{error}");
            let error = Engine::open(options).await.err().unwrap().to_string();
            assert!(error.starts_with("upgrade.no_backup: "), "{error}");
            assert_eq!(format_of(&path).unwrap(), Some(from), "{name}");
        }
        let without = Options { upgrade_without_backup: true, ..full };
        assert_eq!(upgrade(&without).await.unwrap().backup, None);
        assert_eq!(format_of(&path).unwrap(), Some(FORMAT), "{name}");
    }
}

/// Run it with `--ignored` when a version is released, and check in what it wrote.
#[tokio::test]
#[ignore = "it writes into the repository, once for each release"]
async fn writes_a_store_for_later_versions() {
    let mut site = Site::new(9, "append").await;
    site.run_to_the_end().await;
    site.close().await;
    let into = stores().join(format!("{}-format-{FORMAT}", env!("CARGO_PKG_VERSION")));
    fs::create_dir_all(&into).unwrap();
    for file in FILES {
        fs::copy(site.data().join(file), into.join(file)).unwrap();
    }
}
