//! One page, or one hand-over, and all that came of it: what an author looks at after every save.

use std::time::{Duration, Instant};

use bytes::Bytes;
use weighbridge_sandbox::{
    Ended, Guest, HttpRefusal, LogLevel, Page, ReadRequest, Receipt, Used, WriteMode, WriteRequest,
};

use crate::act::Act;
use crate::bench::{Bench, BenchError};
use crate::cassette::{Answered, Drill, Exchange, Header, ReadDrill, WriteDrill};
use crate::venue::Venue;
use crate::walk::PAGE_BYTES;
use crate::write::{KEY, lines_of};

/// All that came of it.
#[derive(Debug)]
pub struct Glance {
    /// What the connector gave, or how it ended.
    pub came: Result<Came, Ended>,
    /// What it asked the platform, and what it was answered.
    pub exchanges: Vec<Exchange>,
    /// The first request that the recording has no answer to.
    pub absent: Option<String>,
    /// What it said for the log.
    pub log: Vec<(LogLevel, String)>,
    /// Instructions and memory.
    pub used: Used,
    /// From the guest's start to the end of its last call.
    pub wall: Duration,
    /// The guest's own part of that.
    pub cpu: Duration,
}

/// What a connector gave.
#[derive(Debug)]
pub enum Came {
    /// A page that was read.
    Page(Page),
    /// A receipt for records that were written.
    Receipt(Receipt),
}

/// Asks a fresh guest for the first page of a stream, or hands the records over once.
pub async fn glance(bench: &Bench, header: &Header, venue: &dyn Venue) -> Result<Glance, BenchError> {
    let act = Act::new(header, venue);
    let begun = Instant::now();
    let mut guest = bench.guest(&act).await?;
    let came = match &header.drill {
        Drill::Read(drill) => read(&mut guest, drill).await.map(Came::Page),
        Drill::Write(drill) => write(&mut guest, drill).await.map(Came::Receipt),
    };
    let (wall, cpu, used) = (begun.elapsed(), guest.cpu(), guest.used());
    // A guest says how much of its log was dropped when it goes.
    drop(guest);
    let (absent, seen) = (act.absent(), act.seen().clone());
    let unanswered = |request| {
        let refusal = HttpRefusal::Denied("nothing was recorded for this request".into());
        Exchange { request, answer: Answered::Refused(refusal), times: 1 }
    };
    let exchanges = seen.exchanges.into_iter().chain(seen.absent.into_iter().map(unanswered)).collect();
    Ok(Glance { came, exchanges, absent, log: seen.log, used, wall, cpu })
}

async fn read(guest: &mut Guest, drill: &ReadDrill) -> Result<Page, Ended> {
    let ReadDrill { stream, mode, records, since, until, .. } = drill.clone();
    guest.open_reader(ReadRequest { stream, mode, start: None, since, until }).await?;
    guest.next(records, PAGE_BYTES).await
}

async fn write(guest: &mut Guest, drill: &WriteDrill) -> Result<Receipt, Ended> {
    let WriteDrill { stream, mode, records } = drill.clone();
    let generation = (mode == WriteMode::Overwrite).then(|| "conformance".to_owned());
    guest.open_writer(WriteRequest { stream, mode, schema: "{}".into(), generation }).await?;
    guest.write(KEY, 0, Bytes::from(lines_of(&records))).await
}

impl Came {
    /// The records of a page, one JSON text each.
    pub fn records(&self) -> Vec<&str> {
        let Self::Page(page) = self else { return Vec::new() };
        let lines = std::str::from_utf8(&page.records).unwrap_or_default().lines();
        lines.filter(|line| !line.is_empty()).collect()
    }
}
