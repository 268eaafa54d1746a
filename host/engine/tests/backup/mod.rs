//! A host is backed up, loses its store, and goes on from the backup.

pub mod site;

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use site::Site;
use weighbridge::Folder;
use weighbridge::account::{AuditFilter, VerifyAudit};
use weighbridge::backup::{BackupError, backups_in, check_backup};
use weighbridge::model::id::HostId;
use weighbridge::model::run::RunState;
use weighbridge_native::Fault;
use weighbridge_store::tables::{LedgerHeads, LedgerLinks};
use weighbridge_store::{Access, HostScope, Store};

use crate::rights::may;

#[tokio::test]
async fn a_restored_host_goes_on_where_the_backup_was_taken_and_bills_each_record_once() {
    let mut site = Site::new(9, "upsert").await;
    site.run_to_the_end().await;
    let backup = site.take().await;
    site.lose_store().await;
    let restored = site.restore(&backup.path, true).await.unwrap();
    assert_ne!(restored.host, backup.manifest.host, "what is restored is another host");
    names_the_head_before(&site, restored.host);
    site.open().await;
    site.shop.order();
    site.run_to_the_end().await;
    assert_eq!(site.warehouse.ids(), (1..=10).collect::<Vec<_>>());
    assert_eq!(site.billed(), 10);
    site.assert_balances();
    assert!(site.engine().verify_audit(&may(()), &VerifyAudit::default()).unwrap().sound);
    let acts = site.engine().audit_of_host(&may(()), &AuditFilter::default()).unwrap();
    let acts: Vec<_> = acts.items.iter().map(|line| line.line.act.to_string()).collect();
    assert!(acts.iter().any(|act| act == "host.restored") && acts.iter().any(|act| act == "host.thawed"), "{acts:?}");
}

/// The first link of the new host's chain has no entries, and stands after those of the host before.
fn names_the_head_before(site: &Site, host: HostId) {
    let (all, store) = (HostScope::new(), Store::open(&Folder::at(site.data()).store(), Access::Read).unwrap());
    let head = store.read(|tx| tx.need::<LedgerHeads>(&all, &())).unwrap();
    let [before, first] = [head.links - 1, head.links].map(|link| store.read(|tx| tx.need::<LedgerLinks>(&all, &link)));
    let (before, first) = (before.unwrap(), first.unwrap());
    assert_eq!((first.host, first.entries.len(), first.previous), (Some(host), 0, before.hash));
    assert!(before.host != Some(host) && !before.entries.is_empty());
}

#[tokio::test]
async fn what_moved_after_the_backup_comes_again_under_the_same_keys_and_is_not_taken_twice() {
    for write in ["upsert", "append"] {
        let mut site = Site::new(9, write).await;
        site.run_to_the_end().await;
        let backup = site.take().await;
        (0..6).for_each(|_| site.shop.order());
        site.run_to_the_end().await;
        let taken = site.warehouse.stock.lock().unwrap().records.len();
        site.lose_store().await;
        site.restore(&backup.path, true).await.unwrap();
        site.open().await;
        site.run_to_the_end().await;
        assert_eq!(site.warehouse.stock.lock().unwrap().records.len(), taken, "{write}: a record was taken twice");
        assert_eq!(site.warehouse.ids(), (1..=15).collect::<Vec<_>>(), "{write}");
        assert_eq!(site.billed(), 15, "{write}");
        site.assert_balances();
    }
}

#[tokio::test]
async fn a_batch_that_was_on_its_way_when_the_backup_was_taken_is_sent_again_under_its_key() {
    for (write, fault) in [("upsert", Fault::HangAfter), ("append", Fault::HangAfter), ("append", Fault::HangBefore)] {
        let mut site = Site::new(9, write).await;
        site.warehouse.fault(1, fault.clone());
        let (engine, warehouse) = (site.engine().clone(), site.warehouse.clone());
        let run = tokio::spawn(async move { engine.run("acme/orders").await.map(|_| ()) });
        warehouse.hangs().await;
        let backup = site.take().await;
        run.abort();
        site.lose_store().await;
        site.restore(&backup.path, true).await.unwrap();
        site.open().await;
        site.run_to_the_end().await;
        assert_eq!(site.warehouse.ids(), (1..=9).collect::<Vec<_>>(), "{write} {fault:?}");
        let stock = site.warehouse.stock.lock().unwrap();
        assert_eq!(stock.records.len(), 9, "{write} {fault:?}: a record was taken twice");
        drop(stock);
        assert_eq!(site.billed(), 9, "{write} {fault:?}");
        site.assert_balances();
    }
}

#[tokio::test]
async fn a_restored_host_moves_nothing_until_it_is_thawed() {
    let mut site = Site::new(9, "upsert").await;
    let backup = site.take().await;
    site.lose_store().await;
    site.restore(&backup.path, false).await.unwrap();
    site.open().await;
    let refused = site.run().await.run;
    assert_eq!((refused.state, refused.refusal.unwrap().code.as_str()), (RunState::Refused, "host.frozen"));
    site.engine().thaw_host(&may(())).await.unwrap();
    site.run_to_the_end().await;
    assert_eq!(site.billed(), 9);
}

#[tokio::test]
async fn a_backup_has_no_key_in_it_and_one_of_a_copy_has_what_the_first_had() {
    let mut site = Site::new(9, "append").await;
    site.run_to_the_end().await;
    let backup = site.take().await;
    let ring = fs::read(Folder::at(site.data()).keys()).unwrap();
    let master = fs::read(Folder::at(site.data()).master_key()).unwrap();
    for name in backup.manifest.files.keys() {
        let bytes = fs::read(backup.path.join(name)).unwrap();
        for secret in [&ring, &master] {
            for piece in secret.chunks(24).filter(|piece| piece.len() == 24) {
                assert!(memchr::memmem::find(&bytes, piece).is_none(), "{name} has a piece of the keys");
            }
        }
    }
    site.lose_store().await;
    site.restore(&backup.path, false).await.unwrap();
    site.open().await;
    let again = site.take().await;
    // The restore and the first backup wrote a line each, and the ledger of another host begins with a link.
    assert_eq!(again.manifest.rows, backup.manifest.rows + 3);
    check_backup(&again.path).unwrap();
}

#[tokio::test]
async fn any_file_that_is_not_as_it_was_written_is_found_and_nothing_of_it_is_restored() {
    let mut site = Site::new(9, "append").await;
    site.warehouse.fault(1, Fault::HangAfter);
    let (engine, warehouse) = (site.engine().clone(), site.warehouse.clone());
    let run = tokio::spawn(async move { engine.run("acme/orders").await.map(|_| ()) });
    warehouse.hangs().await;
    let backup = site.take().await;
    run.abort();
    site.lose_store().await;
    let names: Vec<_> = backup.manifest.files.keys().cloned().collect();
    assert!(names.iter().any(|name| name.starts_with("store.blobs/")), "{names:?}");
    for name in names {
        let path = backup.path.join(&name);
        let bytes = fs::read(&path).unwrap();
        let mut flipped = bytes.clone();
        flipped[bytes.len() / 2] ^= 1;
        for harm in [Some(flipped), Some(bytes[..bytes.len() - 1].to_vec()), None] {
            match &harm {
                Some(harmed) => fs::write(&path, harmed).unwrap(),
                None => fs::remove_file(&path).unwrap(),
            }
            let refused = site.restore(&backup.path, false).await.unwrap_err();
            assert!(matches!(&refused, BackupError::Damaged { file, .. } if *file == path), "{name}: {refused}");
        }
        fs::write(&path, bytes).unwrap();
    }
    fs::write(backup.path.join("packages/more.wbc"), b"more").unwrap();
    let refused = site.restore(&backup.path, false).await.unwrap_err().to_string();
    assert!(refused.starts_with("backup.damaged: ") && refused.contains("more.wbc"), "{refused}");
    assert!(!Folder::at(site.data()).store().exists());
    fs::remove_file(backup.path.join("packages/more.wbc")).unwrap();
    site.restore(&backup.path, true).await.unwrap();
    site.open().await;
}

#[tokio::test]
async fn rows_that_do_not_add_up_are_found_without_a_key() {
    use weighbridge_store::tables::Balances;
    use weighbridge_store::{Access, HostScope, Store};
    let mut site = Site::new(9, "upsert").await;
    site.run_to_the_end().await;
    site.close().await;
    let store = Store::open(&Folder::at(site.data()).store(), Access::Write).unwrap();
    let written = store.write(|tx| {
        let (scope, key) = tx.keys::<Balances>(HostScope::new(), None, 1)?.remove(0);
        let mut row = tx.need::<Balances>(&scope, &key)?;
        row.spent.records += 1;
        tx.put::<Balances>(&scope, &key, &row)
    });
    written.await.unwrap();
    store.close().await.unwrap();
    site.open().await;
    let engine = site.engine();
    let refused = engine.take_backup(weighbridge::model::access::ActorRef::OWNER, &site.backups()).await.unwrap_err();
    assert!(refused.to_string().starts_with("backup.unsound: the ledger of "), "{refused}");
    assert_eq!(fs::read_dir(site.backups()).unwrap().count(), 0, "something is left of it");
}

#[tokio::test]
async fn a_store_that_is_there_is_never_written_over() {
    let mut site = Site::new(3, "upsert").await;
    let backup = site.take().await;
    let running = site.restore(&backup.path, false).await.unwrap_err();
    assert!(matches!(running, BackupError::Running(_)), "{running}");
    site.close().await;
    let present = site.restore(&backup.path, false).await.unwrap_err();
    assert!(matches!(present, BackupError::Present(_)), "{present}");
    site.open().await;
    site.run_to_the_end().await;
}

#[tokio::test]
async fn without_its_keys_nothing_is_restored_and_an_older_ring_is_refused() {
    let mut site = Site::new(3, "upsert").await;
    let folder = Folder::at(site.data());
    let older = fs::read(folder.keys()).unwrap();
    let more = "[tenant]\nname = \"Partner\"\n[[customer]]\nname = \"beta\"\nstatus = \"active\"\n";
    let more = weighbridge::document::Document::parse(more).unwrap();
    site.engine().apply(&more, Path::new(".")).await.unwrap();
    let backup = site.take().await;
    let ring = fs::read(folder.keys()).unwrap();
    site.lose_store().await;
    fs::remove_file(folder.keys()).unwrap();
    let refused = site.restore(&backup.path, false).await.unwrap_err();
    assert!(matches!(refused, BackupError::NoKeys(_)), "{refused}");
    let put_ring = |ring: &[u8]| {
        fs::write(folder.keys(), ring).unwrap();
        fs::set_permissions(folder.keys(), Permissions::from_mode(0o600)).unwrap();
    };
    put_ring(&older);
    let refused = site.restore(&backup.path, false).await.unwrap_err();
    assert!(matches!(refused, BackupError::KeysMissing { count: 1, .. }), "{refused}");
    assert!(!folder.store().exists());
    put_ring(&ring);
    site.restore(&backup.path, false).await.unwrap();
}

#[tokio::test]
async fn a_restore_that_was_cut_off_is_begun_again() {
    let mut site = Site::new(9, "append").await;
    site.run_to_the_end().await;
    let backup = site.take().await;
    site.lose_store().await;
    // Whatever a restore leaves that died: half a file, blobs under either name.
    for left in ["restoring.blobs", "store.blobs"] {
        fs::create_dir_all(site.data().join(left)).unwrap();
        fs::write(site.data().join(left).join("half"), b"half").unwrap();
    }
    fs::write(site.data().join("restoring.redb"), b"half").unwrap();
    site.restore(&backup.path, true).await.unwrap();
    site.open().await;
    site.run_to_the_end().await;
    assert!(!site.data().join("restoring.redb").exists() && !site.data().join("store.blobs/half").exists());
    assert_eq!(site.billed(), 9);
}

#[tokio::test]
async fn a_newer_backup_is_refused_by_its_name_and_what_is_none_is_said() {
    let site = Site::new(3, "upsert").await;
    let backup = site.take().await;
    let path = backup.path.join("backup.json");
    let text = fs::read_to_string(&path).unwrap();
    let format = format!("\"format\": {}", weighbridge_store::FORMAT);
    for (was, is) in [("\"layout\": 1", "\"layout\": 2"), (&*format, "\"format\": 99")] {
        assert!(text.contains(was), "{text}");
        fs::write(&path, text.replace(was, is)).unwrap();
        let refused = check_backup(&backup.path).unwrap_err().to_string();
        assert!(refused.starts_with("backup.newer: ") && refused.contains("use a newer version"), "{refused}");
    }
    fs::write(&path, "no").unwrap();
    assert!(check_backup(&backup.path).unwrap_err().to_string().starts_with("backup.damaged: "));
    let none = check_backup(site.folder.path()).unwrap_err().to_string();
    assert!(none.starts_with("backup.absent: "), "{none}");
}

#[tokio::test]
async fn a_backup_without_enough_room_is_not_begun() {
    let mut site = Site::new(3, "upsert").await;
    site.space_min = u64::MAX / 2;
    site.close().await;
    site.open().await;
    let engine = site.engine();
    let refused = engine.take_backup(weighbridge::model::access::ActorRef::OWNER, &site.backups()).await.unwrap_err();
    assert!(matches!(refused, BackupError::NoSpace { .. }), "{refused}");
    assert_eq!(backups_in(&site.backups()).unwrap(), []);
}

#[tokio::test]
async fn what_a_host_left_that_died_over_a_backup_goes_with_the_next_one_and_others_stay() {
    let site = Site::new(3, "upsert").await;
    let first = site.take().await;
    let name = first.path.file_name().unwrap().to_str().unwrap().to_owned();
    let (own, other) = (site.backups().join(format!(".{name}.part")), site.backups().join(".weighbridge-x-other.part"));
    for part in [&own, &other] {
        fs::create_dir(part).unwrap();
        fs::write(part.join("store.redb"), b"half").unwrap();
    }
    site.take().await;
    assert!(!own.exists() && other.exists());
    assert_eq!(backups_in(&site.backups()).unwrap().len(), 2);
}
