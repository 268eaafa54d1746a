//! Only the newest attempt may act, whatever it wants to do.

use weighbridge_model::batch::Dispatch;
use weighbridge_model::digest::Digest;
use weighbridge_model::id::BlobId;
use weighbridge_model::run::Counts;
use weighbridge_model::transfer::WriteMode;
use weighbridge_store::tables::{Batches, Progresses, Runs};
use weighbridge_store::verbs::{
    AttemptEnd, Ending, Held, Then, check_ledger, dispatch, end, extend, settle, write_off,
};
use weighbridge_store::{Committed, Store, TxError, WriteError};

use super::{NOW, TRANSFER, delivered, held, scope, store, tenant};

#[derive(Clone, Copy, Debug)]
enum Act {
    Extend,
    Dispatch,
    Settle,
    End,
}

const ACTS: [Act; 4] = [Act::Extend, Act::Dispatch, Act::Settle, Act::End];

async fn act(store: &Store, held: Committed<Box<Held>>, act: Act) -> Result<(), WriteError> {
    match act {
        Act::Extend => extend(store, held, 10, NOW).await.map(|(_, refusal)| refusal.unwrap()),
        Act::Dispatch => dispatch(store, held, what(), NOW).await.map(|(_, refusal)| refusal.unwrap()),
        Act::Settle => settle(store, held, delivered(Then::Next), NOW).await.map(|_| ()),
        Act::End => end(store, scope(), ending(&held), NOW).await.map(|_| ()),
    }
}

fn what() -> Dispatch {
    let (blob, digest) = (BlobId::from_bytes([9; 16]), Digest::of(b"lines"));
    Dispatch { blob, digest, checkpoint: None, more: false, counts: Counts::default() }
}

fn ending(held: &Held) -> AttemptEnd {
    AttemptEnd {
        transfer: TRANSFER,
        run: held.run.id,
        attempt: held.batch.reservation.attempt(),
        ending: Ending::Interrupted(None),
        unsent: true,
        requests: 3,
        log: None,
        if_suspended: None,
    }
}

/// Everything that a verb could have changed, as text.
fn rows(store: &Store) -> String {
    let rows = store.read(|tx| {
        let batches = tx.scan::<Batches>(&scope(), None, 10)?;
        let runs = tx.scan::<Runs>(&scope(), None, 10)?;
        let progress = tx.get::<Progresses>(&scope(), &TRANSFER)?;
        Ok(format!("{batches:#?} {runs:#?} {progress:#?} {:#?}", check_ledger(tx, tenant())?))
    });
    rows.unwrap()
}

async fn check_refused(store: &Store, stale: Committed<Box<Held>>, which: Act) {
    let before = rows(store);
    let refused = act(store, stale, which).await;
    assert!(matches!(refused, Err(WriteError::Tx(TxError::Stale))), "{which:?}: {refused:?}");
    assert_eq!(rows(store), before, "{which:?}");
}

#[tokio::test]
async fn lets_the_newest_attempt_act() {
    for which in ACTS {
        for attempts in 1..3 {
            let store = store(WriteMode::Upsert).await;
            let mut newest = held(&store).await;
            for _ in 1..attempts {
                newest = held(&store).await;
            }
            act(&store, newest, which).await.unwrap();
            let imbalances = store.read(|tx| check_ledger(tx, tenant())).unwrap();
            assert_eq!(imbalances, [], "{which:?} in attempt {attempts}");
        }
    }
}

#[tokio::test]
async fn refuses_an_attempt_when_a_newer_one_has_begun() {
    for write in [WriteMode::Upsert, WriteMode::Append] {
        for which in ACTS {
            let store = store(write).await;
            let stale = held(&store).await;
            let newest = held(&store).await;
            check_refused(&store, stale, which).await;
            act(&store, newest, which).await.unwrap();
        }
    }
}

#[tokio::test]
async fn refuses_an_attempt_when_its_batch_was_written_off() {
    for which in ACTS {
        let store = store(WriteMode::Upsert).await;
        let stale = held(&store).await;
        write_off(&store, scope(), stale.batch.id, NOW).await.unwrap();
        check_refused(&store, stale, which).await;
    }
}
