//! A customer is deleted, and nothing of it can be read again: not here, and in no backup.

mod estate;
mod sight;

use std::time::Duration;

use estate::{CANARIES, Estate, emptied};
use weighbridge::account::{GivenReceipt, NewCustomer, OfCustomers};
use weighbridge::backup::{RestoreHow, restore_backup};
use weighbridge::model::access::{Action, Actor, ActorRef, authorize};
use weighbridge::model::customer::CustomerStatus;
use weighbridge::model::deletion::DeletionStage;
use weighbridge::model::problem::ProblemCode;
use weighbridge_store::tables::{self, OnDeletion};

use weighbridge_native::Fault;

use crate::rights::may;

/// Whatever happened on the way, this is the end.
async fn assert_gone(estate: &mut Estate, backup: &std::path::Path) {
    let engine = &estate.engine;
    assert_eq!(engine.check_ledger(None).unwrap(), vec![], "the ledger does not balance");
    let customer = engine.customer(&may(estate.scope)).unwrap();
    assert_eq!((customer.status, customer.name), (CustomerStatus::Deleted, format!("deleted {}", estate.scope.id())));
    assert!(customer.deleted_at.is_some());
    let view = engine.deletion(&may(estate.scope)).unwrap();
    assert_eq!(view.stage, DeletionStage::Done, "{view:?}");
    estate
        .enter_again(|estate| {
            let rows = estate.rows_of(estate.scope);
            for table in emptied() {
                assert_eq!(rows.get(&table.number), None, "{} still tells of the customer", table.name);
            }
            let file = std::fs::read(estate.store_file()).unwrap();
            let copy = std::fs::read(backup).unwrap();
            let today = [estate.readable(&estate.store_file()), estate.readable(backup)];
            for canary in CANARIES {
                for bytes in [&file, &copy] {
                    assert!(memchr::memmem::find(bytes, canary.as_bytes()).is_none(), "{canary} stands in the file");
                }
                assert!(!today[0].contains(canary), "{canary} is still readable");
                assert!(!today[1].contains(canary), "{canary} is readable in the backup");
            }
            assert!(today[0].contains("other-name") && today[1].contains("other-name"), "others are as they were");
            assert_eq!(estate.blobs(), 0);
        })
        .await;
}

fn copy_of(estate: &Estate) -> std::path::PathBuf {
    let copy = estate.folder.path().join("backup.redb");
    std::fs::copy(estate.store_file(), &copy).unwrap();
    copy
}

#[tokio::test]
async fn nothing_of_a_deleted_customer_can_be_read_here_or_in_a_backup() {
    let mut estate = Estate::new().await;
    let before = estate.rows_of(estate.other);
    let mut backup = std::path::PathBuf::new();
    estate
        .enter_again(|estate| {
            let readable = estate.readable(&estate.store_file());
            let unseen = ["kanarek-record"];
            let missing: Vec<_> =
                CANARIES.iter().filter(|one| !unseen.contains(one) && !readable.contains(**one)).collect();
            assert!(missing.is_empty(), "the test proves nothing of {missing:?}");
            assert!(estate.blobs() > 0);
            let rows = estate.rows_of(estate.scope);
            let untested = ["customer's return", "record link", "refusal", "occurrence", "last use"];
            for table in emptied().filter(|table| !untested.contains(&table.name)) {
                assert!(rows.contains_key(&table.number), "the test proves nothing of `{}`", table.name);
            }
            backup = copy_of(estate);
        })
        .await;
    let wrong = estate.engine.delete_customer(&may(estate.scope), "other-name").await.unwrap_err();
    assert_eq!(wrong.code, ProblemCode::ConfirmationWrong);
    let view = estate.engine.delete_customer(&may(estate.scope), "kanarek-name").await.unwrap();
    assert_eq!(view.stage, DeletionStage::Done, "{view:?}");
    assert_gone(&mut estate, &backup).await;
    assert_eq!(estate.rows_of(estate.other), before, "another customer was touched");
}

#[tokio::test]
async fn a_deletion_that_is_cut_off_after_any_step_comes_to_the_same_end() {
    for steps in 0..4 {
        let mut estate = Estate::new().await;
        let backup = copy_of(&estate);
        estate.engine.begin_deletion(&may(estate.scope), "kanarek-name").await.unwrap();
        for _ in 0..steps {
            estate.engine.step_of_deletion(estate.scope).await.unwrap();
        }
        estate.enter_again(|_| {}).await;
        // Whatever is listed meanwhile is listed without a fault.
        estate.engine.list(None).unwrap();
        estate.engine.usage(None).unwrap();
        estate.engine.carry_deletions_on().await.unwrap();
        assert_gone(&mut estate, &backup).await;
    }
}

#[tokio::test]
async fn whoever_was_deleted_stays_deleted_where_a_backup_of_before_is_restored() {
    let mut estate = Estate::new().await;
    let into = estate.folder.path().join("backups");
    let backup = estate.engine.take_backup(ActorRef::OWNER, &into).await.unwrap();
    let deleted = estate.engine.delete_customer(&may(estate.scope), "kanarek-name").await.unwrap();
    assert_eq!(deleted.stage, DeletionStage::Done, "{deleted:?}");
    estate.lose_store().await;
    let restored = restore_backup(&estate.options(), &backup.path, RestoreHow::default()).await.unwrap();
    assert_eq!(restored.deleted_again, 1);
    estate.open_again().await;
    estate.engine.carry_deletions_on().await.unwrap();
    assert_gone(&mut estate, &backup.path.join("store.redb")).await;
    // Somebody else may have the name.
    let new = NewCustomer { name: "kanarek-name".into(), ..NewCustomer::default() };
    estate.engine.create_customer(&may(estate.scope.tenant_id()), &new).await.unwrap();
}

#[tokio::test]
async fn it_waits_for_a_run_of_this_process_and_goes_on_when_that_has_ended() {
    let estate = Estate::new().await;
    let calls = estate.warehouse.stock.lock().unwrap().calls.len();
    estate.warehouse.fault(calls, Fault::HangBefore);
    let engine = estate.engine.clone();
    let run = tokio::spawn(async move { engine.run("kanarek-name/kanarek-transfer").await.map(|_| ()) });
    tokio::time::sleep(Duration::from_millis(200)).await;
    estate.engine.begin_deletion(&may(estate.scope), "kanarek-name").await.unwrap();
    let step = tokio::time::timeout(Duration::from_millis(200), estate.engine.step_of_deletion(estate.scope));
    assert!(step.await.is_err(), "the run hangs, and is waited for");
    assert_eq!(estate.engine.deletion(&may(estate.scope)).unwrap().stage, DeletionStage::Stopping);
    run.abort();
    let _ = run.await;
    assert_eq!(estate.engine.step_of_deletion(estate.scope).await.unwrap(), DeletionStage::Leaving);
    assert_eq!(estate.engine.open_batches("").unwrap().len(), 0, "what it left in doubt is written off");
    assert_eq!(estate.engine.check_ledger(None).unwrap(), vec![]);
    assert_eq!(estate.engine.check_chain().unwrap(), None);
}

#[tokio::test]
async fn everything_of_a_customer_that_is_being_deleted_is_refused() {
    let estate = Estate::new().await;
    let place = (Some(estate.scope.tenant_id()), Some(estate.scope.id()));
    assert!(estate.engine.actor(&estate.secrets[0]).is_ok() && estate.engine.actor(&estate.secrets[1]).is_ok());
    assert!(estate.engine.admits(Action::UsersRead, place).is_ok());
    estate.engine.begin_deletion(&may(estate.scope), "kanarek-name").await.unwrap();
    for secret in &estate.secrets {
        assert_eq!(estate.engine.actor(secret).unwrap_err().code, ProblemCode::NotSignedIn);
    }
    assert_eq!(estate.engine.admits(Action::UsersRead, place).unwrap_err().code, ProblemCode::CustomerDeleting);
    let run = estate.engine.run("kanarek-name/kanarek-transfer").await.unwrap();
    assert_eq!(run.run.refusal.unwrap().code.as_str(), "customer.deleting");
    let again = estate.engine.begin_deletion(&may(estate.scope), "kanarek-name").await.unwrap_err();
    assert_eq!(again.code, ProblemCode::CustomerDeleting, "once is enough");
}

#[tokio::test]
async fn the_name_is_free_again_and_the_sums_stay() {
    let estate = Estate::new().await;
    let used = |estate: &Estate| {
        let lines = estate.engine.usage(None).unwrap();
        lines.iter().map(|line| (line.balance.spent.records, line.balance.spent.runs)).collect::<Vec<_>>()
    };
    let before = used(&estate);
    estate.engine.delete_customer(&may(estate.scope), "kanarek-name").await.unwrap();
    assert_eq!(used(&estate), before);
    let new = NewCustomer { name: "kanarek-name".into(), ..NewCustomer::default() };
    let tenant = authorize(&Actor::owner(), estate.scope.tenant_id()).unwrap();
    let made = estate.engine.create_customer(&tenant, &new).await.unwrap();
    assert_ne!(made.id, estate.scope.id());
    let listed =
        estate.engine.customers(&authorize(&Actor::owner(), estate.scope.tenant_id()).unwrap(), &Default::default());
    let names: Vec<_> = listed.unwrap().items.into_iter().map(|one| one.name).collect();
    assert_eq!(names, ["kanarek-name", "other-name"], "what is deleted is not listed unless it is asked for");
}

#[tokio::test]
async fn lists_of_all_customers_answer_at_every_step_and_forget_the_runs_and_keep_the_sums() {
    let estate = Estate::new().await;
    let tenant = (estate.scope.tenant_id(), estate.scope.id());
    let runs = || {
        let may_read = authorize(&Actor::owner(), tenant.0).unwrap();
        let listed = estate
            .engine
            .runs_of_all(&may_read, &OfCustomers { of: Some(tenant.1), name: None }, &Default::default())
            .unwrap();
        let used = estate.engine.usage_of_all(&authorize(&Actor::owner(), tenant.0).unwrap(), &Default::default());
        let used = used.unwrap().items.into_iter().find(|one| one.customer == tenant.1);
        (listed.items.len(), used.map(|one| (one.records, one.runs)))
    };
    let (count, used) = runs();
    assert!(count > 0 && used.is_some(), "the estate has runs: {count} {used:?}");
    estate.engine.begin_deletion(&may(estate.scope), "kanarek-name").await.unwrap();
    let mut seen = Vec::new();
    while estate.engine.step_of_deletion(estate.scope).await.unwrap() != DeletionStage::Done {
        seen.push(runs());
    }
    assert!(seen.len() > 1 && seen.iter().all(|one| one.1 == used), "{seen:?}");
    assert_eq!(runs(), (0, used));
}

#[tokio::test]
async fn the_receipt_says_what_went_and_another_one_is_not_believed() {
    let mut estate = Estate::new().await;
    let (_, recovery) = weighbridge::recovery_pair(&[3; 32]);
    estate.engine.export_keys(&recovery).unwrap();
    estate.engine.delete_customer(&may(estate.scope), "kanarek-name").await.unwrap();
    estate.enter_again(|_| {}).await;
    let receipt = estate.engine.deletion(&may(estate.scope)).unwrap().receipt.unwrap();
    let said = &receipt["said"];
    assert_eq!(said["exports_to_destroy"][0]["recovery"], recovery.id().to_string(), "{said}");
    assert!(said["rows"]["endpoint"] == 2 && said["rows"]["session"] == 1 && said["blobs"] != 0, "{said}");
    assert!(said["key_ring_generation"].as_u64().unwrap() <= estate.engine.key_status().generation);
    let may_read = authorize(&Actor::owner(), estate.scope.tenant_id()).unwrap();
    let given = GivenReceipt { receipt: receipt.clone() };
    assert!(estate.engine.check_receipt(&may_read, &given).unwrap().genuine);
    let mut changed = receipt;
    changed["said"]["rows"]["endpoint"] = 3.into();
    assert!(!estate.engine.check_receipt(&may_read, &GivenReceipt { receipt: changed }).unwrap().genuine);
}

#[tokio::test]
async fn a_platform_that_does_not_answer_is_tried_a_few_times_and_then_listed() {
    let estate = Estate::new().await;
    *estate.shop.refuses_to_part.lock().unwrap() = true;
    let view = estate.engine.delete_customer(&may(estate.scope), "kanarek-name").await.unwrap();
    assert_eq!(view.stage, DeletionStage::Leaving);
    assert!(view.again_at.is_some() && view.platforms.iter().any(|one| one.notice == "failed: shop.busy"), "{view:?}");
    for _ in 0..5 {
        estate.engine.carry_deletions_on().await.unwrap();
        assert_eq!(estate.engine.deletion(&may(estate.scope)).unwrap().stage, DeletionStage::Leaving, "it waits");
        estate.pass(21_600_000);
        estate.engine.carry_deletions_on().await.unwrap();
    }
    let view = estate.engine.deletion(&may(estate.scope)).unwrap();
    assert_eq!(view.stage, DeletionStage::Done);
    assert_eq!(view.receipt.unwrap()["said"]["left_at_platforms"][0][1], "shop.busy");
}

#[test]
fn every_table_says_what_a_deletion_does_with_it_and_a_customers_own_are_swept_or_kept() {
    use weighbridge::model::access::Level;
    for table in tables::ALL {
        let fits = match table.level {
            Level::Customer => matches!(table.on_deletion, OnDeletion::Swept | OnDeletion::Kept),
            Level::Tenant | Level::Host => table.on_deletion != OnDeletion::Swept,
        };
        assert!(fits, "{table:?}");
    }
    let mut numbers: Vec<u8> = tables::ALL.iter().map(|table| table.number).collect();
    numbers.sort_unstable();
    numbers.dedup();
    assert_eq!(numbers.len(), tables::ALL.len(), "two tables have one number");
}
