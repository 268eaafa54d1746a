//! What happens to a transfer, over rows that a test wrote.

mod check;
mod fence;
mod grant;
mod newest_runs;
mod unbalanced;

use weighbridge_model::id::RunId;
use weighbridge_model::run::{Cause, Counts};
use weighbridge_model::transfer::WriteMode;
use weighbridge_stage::{CONNECTION, CUSTOMER, NOW, TRANSFER, put_all, scope, sealed, tenant};
use weighbridge_store::engine::MemoryEngine;
use weighbridge_store::verbs::{Begun, Delivered, Held, Intent, Then, begin};
use weighbridge_store::{Access, Committed, Store};

/// A store with one transfer that nothing speaks against.
async fn store(write: WriteMode) -> Store {
    let store = Store::over(MemoryEngine::default(), Access::Write).unwrap();
    store.write(move |tx| put_all(tx, write)).await.unwrap();
    store
}

/// Begins the next attempt, which the gate lets through.
async fn held(store: &Store) -> Committed<Box<Held>> {
    let run = RunId::from_bytes([8; 16]);
    let intent = Intent { transfer: TRANSFER, cause: Cause::Manual, occurrence: None, run, by: None };
    match begin(store, scope(), intent, NOW).await.unwrap() {
        Begun::Read(held) | Begun::Resend(held) => held,
        other => panic!("the gate lets this transfer through, and it said {other:?}"),
    }
}

/// Three records of fifty bytes in all, of four that were read.
fn delivered(then: Then) -> Delivered {
    let counts = Counts { read: 4, delivered: 3, filtered: 1, bytes: 50, ..Counts::default() };
    Delivered { counts, checkpoint: Some(sealed()), links: vec![], dead_letters: vec![], left: None, grown: None, then }
}
