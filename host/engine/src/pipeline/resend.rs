//! Send records alone that were rejected for now: the destination may take them another time.

use std::collections::BTreeMap;

use weighbridge_model::meter::key::{self, Verb};
use weighbridge_sandbox::Assigned;

use super::deliver::{Dealt, Refused, send};
use super::halt::Halt;
use super::open::Writing;
use super::patience::Patience;
use crate::engine::Host;

/// How often a record is sent alone before it is rejected for good.
const TRIES_MAX: u32 = 3;

/// Sends each record that may be taken another time again, under a key of its own and of its try.
pub(super) async fn alone(
    host: &Host,
    writing: &mut Writing,
    verb: Verb,
    delivery: &str,
    dealt: &mut Dealt,
) -> Result<(), Halt> {
    let mut patience = Patience::default();
    for attempt in 1..=TRIES_MAX {
        let rejected = std::mem::take(&mut dealt.rejected);
        let (again, for_good): (BTreeMap<u32, Refused>, _) =
            rejected.into_iter().partition(|(_, one)| one.rejection.retryable);
        dealt.rejected = for_good;
        if again.is_empty() {
            break;
        }
        if let Some(wait) = patience.wait(None)? {
            host.sleep(wait).await;
        }
        for (index, refused) in again {
            let mut one = Dealt::default();
            send(writing, verb, &key::record(delivery, index, attempt), &refused.line, &mut one).await?;
            dealt.join(index, one);
        }
    }
    Ok(())
}

impl Dealt {
    /// What became of one line that was sent alone, at its place in the batch.
    fn join(&mut self, index: u32, alone: Self) {
        self.delivered += alone.delivered;
        self.bytes += alone.bytes;
        self.assigned.extend(alone.assigned.into_iter().map(|one| Assigned { index, ..one }));
        self.rejected.extend(alone.rejected.into_values().map(|one| (index, one)));
    }
}
