//! Reading a stream the way the host does.

use bytes::Bytes;
use serde_json::Value;
use weighbridge_sandbox::{Ended, FailureClass, Guest, Page, ReadRequest, Used};

use crate::act::Act;
use crate::bench::{Bench, BenchError};
use crate::cassette::ReadDrill;

/// The most bytes of a page, as the host asks for.
pub(crate) const PAGE_BYTES: u32 = 4 << 20;

/// What a platform refuses for the moment is asked again so often.
const TRIES: u32 = 4;

/// How a stream is walked over.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Gait {
    /// A new guest goes on after every checkpoint, as after a crash.
    pub(crate) interrupted: bool,
    pub(crate) bytes: u32,
    pub(crate) tries: u32,
}

impl Gait {
    pub(crate) const USUAL: Self = Self { interrupted: false, bytes: PAGE_BYTES, tries: TRIES };
    pub(crate) const INTERRUPTED: Self = Self { interrupted: true, ..Self::USUAL };
    /// What the platform answers first decides.
    pub(crate) const ONCE: Self = Self { tries: 1, ..Self::USUAL };
}

/// How far a walk came.
#[derive(Debug, Default)]
pub(crate) struct Walked {
    pub(crate) pages: Vec<Page>,
    /// Why there are no more, where the last page did not say so.
    pub(crate) ended: Option<Ended>,
    /// Whether the stream came to its end.
    pub(crate) is_whole: bool,
    pub(crate) used: Used,
    start: Option<Bytes>,
    /// Pages up to the last checkpoint.
    settled: usize,
}

impl Walked {
    /// All lines of records, byte for byte.
    pub(crate) fn lines(&self) -> Vec<&[u8]> {
        self.pages.iter().flat_map(|page| split(&page.records)).collect()
    }

    /// All records.
    pub(crate) fn records(&self) -> Vec<Value> {
        self.lines().into_iter().filter_map(|line| serde_json::from_slice(line).ok()).collect()
    }

    pub(crate) fn note(&mut self, used: Used) {
        self.used.fuel += used.fuel;
        self.used.memory_bytes = self.used.memory_bytes.max(used.memory_bytes);
    }
}

pub(crate) fn split(lines: &[u8]) -> impl Iterator<Item = &[u8]> {
    lines.split(|byte| *byte == b'\n').filter(|line| !line.is_empty())
}

/// Walks over a stream, and goes on after what passes by itself.
pub(crate) async fn walk(bench: &Bench, act: &Act, drill: &ReadDrill, gait: Gait) -> Result<Walked, BenchError> {
    let mut walked = Walked::default();
    let mut tries = gait.tries;
    loop {
        let mut guest = bench.guest(act).await?;
        let done = stretch(&mut guest, drill, gait, &mut walked).await;
        walked.note(guest.used());
        match done {
            Ok(true) => return Ok(walked),
            Ok(false) => tries = gait.tries,
            Err(ended) => {
                tries -= 1;
                let Some(wait_ms) = passes(&ended).filter(|_| tries > 0) else {
                    walked.ended = Some(ended);
                    return Ok(walked);
                };
                // What came after the last checkpoint comes again.
                walked.pages.truncate(walked.settled);
                act.wait(wait_ms).await;
            }
        }
    }
}

/// After how long asking again makes sense, where it does.
pub(crate) fn passes(ended: &Ended) -> Option<u64> {
    let Ended::Failure(failure) = ended else { return None };
    let passes = matches!(failure.class, FailureClass::RateLimited | FailureClass::Transient);
    passes.then(|| failure.retry_after_ms.unwrap_or(1_000))
}

/// Whether the walk is over; else another guest is to go on.
async fn stretch(guest: &mut Guest, drill: &ReadDrill, gait: Gait, walked: &mut Walked) -> Result<bool, Ended> {
    let ReadDrill { stream, mode, records, pages, since, until } = drill.clone();
    let start = walked.start.clone();
    guest.open_reader(ReadRequest { stream, mode, start, since, until }).await?;
    loop {
        if walked.pages.len() >= pages as usize {
            return Ok(true);
        }
        let page = guest.next(records, gait.bytes).await?;
        let (more, checkpoint) = (page.more, page.checkpoint.clone());
        let waits = page.wait_ms.is_some() && page.records.is_empty() && page.removed.is_empty();
        walked.pages.push(page);
        if checkpoint.is_some() {
            walked.start.clone_from(&checkpoint);
            walked.settled = walked.pages.len();
        }
        if !more || waits {
            walked.is_whole = true;
            return Ok(true);
        }
        if gait.interrupted && checkpoint.is_some() {
            return Ok(false);
        }
    }
}
