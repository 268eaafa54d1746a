//! A run of which a record is not accounted for: it never succeeds, whatever its attempt says.

use weighbridge_model::run::{Counts, RunState};
use weighbridge_store::verbs::{AttemptEnd, Ending, Then, end, settle};

use super::{NOW, delivered, held, scope, store};

/// How a run ends of which this became.
async fn ends(change: impl FnOnce(&mut Counts)) -> (RunState, Option<String>) {
    let store = store(weighbridge_model::transfer::WriteMode::Upsert).await;
    let held = held(&store).await;
    let (transfer, run, attempt) = (held.batch.transfer, held.run.id, held.batch.reservation.attempt());
    let mut all = delivered(Then::Complete);
    change(&mut all.counts);
    settle(&store, held, all, NOW).await.unwrap();
    let end_of = AttemptEnd {
        transfer,
        run,
        attempt,
        ending: Ending::Succeeded,
        unsent: false,
        requests: 0,
        log: None,
        if_suspended: None,
    };
    let run = end(&store, scope(), end_of, NOW).await.unwrap().into_inner();
    (run.state, run.failure.map(|failure| failure.code.to_string()))
}

#[tokio::test]
async fn a_run_whose_counts_do_not_balance_never_succeeds() {
    let changes: [fn(&mut Counts); 5] = [
        |counts| counts.read += 1,
        |counts| counts.read -= 1,
        |counts| counts.filtered += 1,
        |counts| counts.dead_lettered += 1,
        |counts| counts.discarded += 1,
    ];
    for (number, change) in changes.into_iter().enumerate() {
        assert_eq!(ends(change).await, (RunState::Failed, Some("run.unbalanced".into())), "change {number}");
    }
}

#[tokio::test]
async fn a_run_whose_counts_balance_succeeds() {
    assert_eq!(ends(|_| ()).await, (RunState::Succeeded, None));
    let superseded: fn(&mut Counts) = |counts| (counts.read, counts.filtered) = (counts.read + 1, counts.filtered + 1);
    assert_eq!(ends(superseded).await, (RunState::Succeeded, None));
}
