//! Runs stand in the lists of their customer and tenant, the newest first, whoever wrote them.

use weighbridge_model::gate::RefusalCode;
use weighbridge_model::id::RunId;
use weighbridge_model::run::{ATTEMPTS_KEPT_MAX, Cause};
use weighbridge_model::tenant::Switch;
use weighbridge_model::transfer::WriteMode;
use weighbridge_store::Store;
use weighbridge_store::tables::{Runs, Transfers};
use weighbridge_store::verbs::{
    Begun, Intent, RunsBefore, begin, forget_runs, newest_runs, newest_runs_of, run_of_customer,
};

use super::{CUSTOMER, NOW, TRANSFER, scope, store, tenant};

/// So many runs that the gate did not let begin.
async fn refused(store: &Store, count: u8) {
    let off = |tx: &mut weighbridge_store::Tx<'_>| {
        let mut row = tx.need::<Transfers>(&scope(), &TRANSFER)?;
        row.switch = Switch::Off;
        tx.put::<Transfers>(&scope(), &TRANSFER, &row)
    };
    store.write(off).await.unwrap();
    for number in 0..count {
        let run = RunId::from_bytes([number; 16]);
        let intent = Intent { transfer: TRANSFER, cause: Cause::Manual, occurrence: None, run, by: None };
        let begun = begin(store, scope(), intent, NOW).await.unwrap();
        let Begun::Refused(run) = begun else { panic!("the transfer is off, and it said {begun:?}") };
        assert_eq!(run.refusal.unwrap().code, RefusalCode::TransferOff);
    }
}

fn listed(store: &Store, before: Option<RunId>, limit: usize) -> (Vec<u8>, bool) {
    let of = RunsBefore { tenant: tenant(), customer: None, before };
    let found = store.read(|tx| newest_runs(tx, of, limit)).unwrap();
    let numbers = found.runs.iter().map(|(_, run)| run.id.as_bytes()[0]).collect();
    (numbers, found.after.is_some())
}

#[tokio::test]
async fn runs_come_the_newest_first_and_go_on_after_the_last_one() {
    let store = store(WriteMode::Upsert).await;
    refused(&store, 5).await;
    assert_eq!(listed(&store, None, 2), (vec![4, 3], true));
    assert_eq!(listed(&store, Some(RunId::from_bytes([3; 16])), 10), (vec![2, 1, 0], false));
    let own = store.read(|tx| newest_runs_of(tx, scope(), TRANSFER, 2)).unwrap().unwrap();
    assert_eq!(own.iter().map(|run| run.id.as_bytes()[0]).collect::<Vec<_>>(), [4, 3]);
    let one = store.read(|tx| run_of_customer(tx, scope(), RunId::from_bytes([2; 16]))).unwrap();
    assert_eq!(one.map(|run| run.transfer), Some(TRANSFER));
}

#[tokio::test]
async fn a_deleted_customers_runs_leave_the_list_of_the_tenant() {
    let store = store(WriteMode::Upsert).await;
    refused(&store, 3).await;
    forget_runs(&store, scope()).await.unwrap();
    assert_eq!(listed(&store, None, 10), (vec![], false));
    let of = RunsBefore { tenant: tenant(), customer: Some(CUSTOMER), before: None };
    assert_eq!(
        store.read(|tx| newest_runs(tx, of, 10)).unwrap().runs.len(),
        3,
        "its own list is what they are found by"
    );
}

#[tokio::test]
async fn a_run_keeps_the_last_of_its_attempts_and_no_more() {
    let store = store(WriteMode::Upsert).await;
    refused(&store, 1).await;
    let mut run = store.read(|tx| tx.need::<Runs>(&scope(), &(TRANSFER, RunId::from_bytes([0; 16])))).unwrap();
    run.ended_attempts.clear();
    for number in 1..=ATTEMPTS_KEPT_MAX as u64 + 5 {
        run.attempts = number;
        run.note_attempt(number, None, NOW);
    }
    let kept: Vec<u64> = run.ended_attempts.iter().map(|one| one.number).collect();
    assert_eq!((kept.len(), kept[0], kept[kept.len() - 1]), (ATTEMPTS_KEPT_MAX, 6, 25));
}
