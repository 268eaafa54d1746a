//! Writing records the way the host does.

use bytes::Bytes;
use serde_json::value::RawValue;
use weighbridge_sandbox::{Ended, Guest, Receipt, Used, WriteMode, WriteRequest};

use crate::act::Act;
use crate::bench::{Bench, BenchError};
use crate::cassette::WriteDrill;
use crate::walk::passes;

/// The key of the batch: the same in every run, since its lines are.
pub(crate) const KEY: &str = "5f0c1d7e9a2b4c6d8e0f1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d5e6f";

/// What became of the records.
#[derive(Debug, Default)]
pub(crate) struct Written {
    pub(crate) receipts: Vec<Receipt>,
    pub(crate) ended: Option<Ended>,
    pub(crate) used: Used,
    taken: u32,
}

/// Hands the records over until all are taken; what passes by itself is tried again under the same key, so often.
pub(crate) async fn write(bench: &Bench, act: &Act, drill: &WriteDrill, tries: u32) -> Result<Written, BenchError> {
    let mut written = Written::default();
    for left in (0..tries).rev() {
        let mut guest = bench.guest(act).await?;
        let done = hand_over(&mut guest, drill, &mut written).await;
        let used = guest.used();
        written.used.fuel += used.fuel;
        written.used.memory_bytes = written.used.memory_bytes.max(used.memory_bytes);
        let Err(ended) = done else { return Ok(written) };
        let Some(wait_ms) = passes(&ended).filter(|_| left > 0) else {
            written.ended = Some(ended);
            return Ok(written);
        };
        act.wait(wait_ms).await;
    }
    Ok(written)
}

/// Records as they are handed over: one a line.
pub(crate) fn lines_of(records: &[Box<RawValue>]) -> String {
    records.iter().map(|record| record.get().replace(['\n', '\r'], " ") + "\n").collect()
}

async fn hand_over(guest: &mut Guest, drill: &WriteDrill, written: &mut Written) -> Result<(), Ended> {
    let WriteDrill { stream, mode, records } = drill.clone();
    let generation = (mode == WriteMode::Overwrite).then(|| "conformance".to_owned());
    guest.open_writer(WriteRequest { stream, mode, schema: "{}".into(), generation }).await?;
    while (written.taken as usize) < records.len() {
        let rest = &records[written.taken as usize..];
        let receipt = guest.write(KEY, written.taken, Bytes::from(lines_of(rest))).await?;
        written.taken += receipt.taken;
        written.receipts.push(receipt);
    }
    if mode == WriteMode::Overwrite { guest.finish().await } else { Ok(()) }
}
