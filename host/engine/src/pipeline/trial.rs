//! One batch that is read and weighed, and goes no further.

use bytes::Bytes;
use weighbridge_model::problem::{Problem, ProblemCode};
use weighbridge_model::run::Counts;
use weighbridge_store::Committed;
use weighbridge_store::verbs::Held;

use super::halt::Halt;
use super::{open, read, weigh};
use crate::engine::Host;

/// What came of a trial.
pub(crate) struct Tried {
    pub(crate) counts: Counts,
    /// Lines as they would be handed over.
    pub(crate) write: Bytes,
    /// Code, message and record.
    pub(crate) rejected: Vec<(String, String, String)>,
    pub(crate) more: bool,
    /// Fields that would be accepted, and fields that do not fit.
    pub(crate) fields: (Vec<String>, Vec<String>),
}

/// Reads and weighs the batch that is held.
pub(crate) async fn try_batch(host: &Host, held: &Committed<Box<Held>>, requests: &mut u64) -> Result<Tried, Problem> {
    match read_and_weigh(host, held, requests).await {
        Ok(tried) => Ok(tried),
        Err(Halt::Failed(trouble)) => {
            Err(Problem::from(ProblemCode::TryFailed).at("", format!("{}: {}", trouble.code, trouble.message)))
        }
        Err(Halt::Refused(refusal)) => Err(Problem::from(ProblemCode::TryRefused).at("", refusal.code.sentence())),
        Err(Halt::Store(error)) => Err(error.into()),
        Err(_) => Err(ProblemCode::Unavailable.into()),
    }
}

async fn read_and_weigh(host: &Host, held: &Committed<Box<Held>>, requests: &mut u64) -> Result<Tried, Halt> {
    let mut reading = open::open_reading(host, &held.route, held.run.id, held.batch.start.as_ref()).await?;
    let pages = read::read(host, &mut reading, held.as_ref().map(|held| &held.batch)).await;
    *requests = reading.source.requests();
    let pages = pages?;
    let load = weigh::weigh(host, reading.scales(), held, &pages).await?;
    let mut counts = load.counts;
    counts.dead_lettered = load.rejected.len() as u64;
    counts.delivered = lines(&load.write) + lines(&load.remove);
    let rejected = load.rejected.iter().map(crate::dead_letters::Rejected::told).collect();
    Ok(Tried { counts, write: load.write, rejected, more: load.more, fields: load.learning.told() })
}

fn lines(bytes: &Bytes) -> u64 {
    bytes.iter().filter(|byte| **byte == b'\n').count() as u64
}
