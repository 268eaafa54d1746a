//! What a package costs a host: as large as it is, as long as it takes to begin, as fast as it reads. Nothing is counted meanwhile.

use std::path::Path;
use std::time::{Duration, Instant};

use weighbridge_sandbox::{ArtefactStore, Guest, Limits, ReadRequest, Sandbox, Settings, SyncMode};

use crate::act::Act;
use crate::bench::{BenchError, believe, impossible};
use crate::cassette::Header;
use crate::venue::Venue;
use crate::walk::PAGE_BYTES;

/// Guests that are started one after another; the one in the middle counts.
const STARTS: usize = 21;

/// What was measured.
#[derive(Clone, Debug)]
pub struct Measured {
    /// The package.
    pub bytes: usize,
    /// Compiling it, as at its installation.
    pub compile: Duration,
    /// Loading what was compiled, as at a host's start.
    pub load: Duration,
    /// A guest, until it can be called.
    pub start: Duration,
    /// Its first call, until the stream is open.
    pub first_call: Duration,
    /// Records that were read.
    pub records: u64,
    /// From the first page to the last.
    pub wall: Duration,
    /// The guest's part of that.
    pub cpu: Duration,
    /// The most memory that it took.
    pub memory_bytes: usize,
}

/// Compiles a package, loads it again, starts guests, and reads a stream to its end in pages of so many records.
pub async fn measure(
    package: Vec<u8>,
    scratch: &Path,
    (header, venue): (&Header, &dyn Venue),
    page_records: u32,
) -> Result<Measured, BenchError> {
    let bytes = package.len();
    let package = believe(package)?;
    let artefacts = ArtefactStore::open(scratch, [0; 32]).map_err(impossible)?;
    let begun = Instant::now();
    sandbox()?.load(&package, &artefacts).await.map_err(impossible)?;
    let compile = begun.elapsed();
    let sandbox = sandbox()?;
    let begun = Instant::now();
    let connector = sandbox.load(&package, &artefacts).await.map_err(impossible)?;
    let load = begun.elapsed();
    let act = Act::new(header, venue);
    let manifest = package.manifest();
    let fresh = async || {
        let limits = Limits { memory_bytes: (manifest.limits.memory_mib() as usize) << 20, ..Limits::default() };
        sandbox.start(&connector, limits, Box::new(act.desk(manifest))).await.map_err(impossible)
    };
    let mut starts = Vec::new();
    for _ in 0..STARTS {
        let begun = Instant::now();
        drop(fresh().await?);
        starts.push(begun.elapsed());
    }
    starts.sort_unstable();
    let mut guest = fresh().await?;
    let begun = Instant::now();
    open(&mut guest, header).await?;
    let first_call = begun.elapsed();
    let (begun, before) = (Instant::now(), guest.cpu());
    let records = read(&mut guest, page_records).await?;
    let (wall, cpu) = (begun.elapsed(), guest.cpu().saturating_sub(before));
    let memory_bytes = guest.used().memory_bytes;
    Ok(Measured { bytes, compile, load, start: starts[STARTS / 2], first_call, records, wall, cpu, memory_bytes })
}

fn sandbox() -> Result<Sandbox, BenchError> {
    Sandbox::new(&Settings { guests_max: 32, ..Settings::default() }).map_err(impossible)
}

async fn open(guest: &mut Guest, header: &Header) -> Result<(), BenchError> {
    let (stream, mode) = (header.drill.stream().to_owned(), SyncMode::FullRefresh);
    let request = ReadRequest { stream, mode, start: None, since: None, until: None };
    guest.open_reader(request).await.map_err(impossible)
}

async fn read(guest: &mut Guest, page_records: u32) -> Result<u64, BenchError> {
    let mut records = 0;
    loop {
        let page = guest.next(page_records, PAGE_BYTES).await.map_err(impossible)?;
        records += page.records_count;
        if !page.more {
            return Ok(records);
        }
    }
}
