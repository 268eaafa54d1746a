//! What is sent again is recognised.

use std::collections::BTreeSet;

use super::case::{Case, or_not_tried};
use super::twist::{Twist, status};
use super::{Check, Verdict};
use crate::act::Act;
use crate::bench::BenchError;
use crate::cassette::{Answered, Asked, Exchange, WriteDrill};
use crate::deck::Played;
use crate::write::write;

pub(super) const CHECK: Check = Check {
    code: "conformance.write_doubled",
    rule: "sends under the same key the same requests, so that a platform knows what came before",
    next_step: "Send each chunk under the key that `Batch::send` gives it, and leave trying again to the host.",
    run: |case| Box::pin(run(case)),
};

async fn run(case: &Case<'_>) -> Result<Verdict, BenchError> {
    let drill = or_not_tried!(case.writing());
    let first = changes(&case.seen.exchanges);
    if first.is_empty() {
        return Ok(Verdict::NotTried("it changes nothing at the platform".into()));
    }
    if let Some(twice) = repeated(&case.seen.exchanges) {
        return Ok(Verdict::Failed(format!("it sends {} {} again after it was taken", twice.method, twice.url)));
    }
    let again = sent(case, drill, case.act().at_another(1)).await?;
    if let Some(fault) = stranger(&first, &again, "sent again, by another attempt") {
        return Ok(Verdict::Failed(fault));
    }
    let stumbling = Twist { played: Played::new(case.cassette), answer: status(503, &[], "{}"), spares_reads: true };
    let after = sent(case, drill, case.act_at(&stumbling)).await?;
    Ok(Verdict::of(stranger(&first, &after, "after the platform stumbled")))
}

async fn sent(case: &Case<'_>, drill: &WriteDrill, act: Act) -> Result<Vec<Asked>, BenchError> {
    write(case.bench, &act, drill, 2).await?;
    let seen = act.seen();
    let mut sent = changes(&seen.exchanges);
    sent.extend(seen.absent.iter().filter(|asked| changes_something(asked)).cloned());
    Ok(sent)
}

fn changes_something(asked: &Asked) -> bool {
    !matches!(asked.method.as_str(), "GET" | "HEAD" | "OPTIONS")
}

fn changes(exchanges: &[Exchange]) -> Vec<Asked> {
    exchanges.iter().map(|exchange| &exchange.request).filter(|asked| changes_something(asked)).cloned().collect()
}

/// A request that the platform had taken already.
fn repeated(exchanges: &[Exchange]) -> Option<&Asked> {
    let mut taken = BTreeSet::new();
    exchanges.iter().filter(|exchange| changes_something(&exchange.request)).find_map(|exchange| {
        let asked = &exchange.request;
        let is_taken = matches!(&exchange.answer, Answered::Response { status, .. } if (200..300).contains(status));
        let came_before = taken.contains(asked);
        if is_taken {
            taken.insert(asked);
        }
        came_before.then_some(asked)
    })
}

/// A request that would be new to the platform.
fn stranger(known: &[Asked], sent: &[Asked], when: &str) -> Option<String> {
    let other = sent.iter().find(|asked| !known.contains(asked))?;
    let header =
        known.iter().find(|one| (&one.method, &one.url, &one.body) == (&other.method, &other.url, &other.body));
    let what = if header.is_some() { "under other headers" } else { "as another request" };
    Some(format!("{when}, {} {} goes out {what} than the first time", other.method, other.url))
}
