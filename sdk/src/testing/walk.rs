//! Driving a connector the way the host does, with its rules checked on the way.

use serde_json::Value;

use crate::connector::connect;
use crate::destination::{Batch, Receipt, WriteMode, WriteRequest};
use crate::source::{Limit, Page, ReadRequest, SyncMode};
use crate::{Connector, Failure, Lines, lines};

/// Reads a stream from its beginning to its end in pages of so many records.
pub fn read_all<C: Connector>(stream: &str, page_records: u32) -> Result<Vec<Value>, Failure> {
    Ok(read_from::<C>(stream, SyncMode::FullRefresh, None, page_records)?.0)
}

/// Reads a stream from a checkpoint to its end, with a new reader for each page, as after a crash. Gives the records and
/// the last checkpoint.
///
/// # Panics
///
/// Where the connector breaks a rule of the contract: a page over its limit, or a checkpoint that stands still while there
/// is more.
pub fn read_from<C: Connector>(
    stream: &str,
    mode: SyncMode,
    mut start: Option<Vec<u8>>,
    page_records: u32,
) -> Result<(Vec<Value>, Option<Vec<u8>>), Failure> {
    let limit = Limit { records: page_records, bytes: 4 << 20 };
    let mut records = Vec::new();
    loop {
        let request = ReadRequest { stream: stream.to_owned(), mode, start: start.clone(), since: None, until: None };
        let mut reader = connect::<C>()?.read(request)?;
        let page = reader.next(limit)?;
        check_page(&page, limit);
        for record in lines::records(&page.records.into_bytes()) {
            records.push(record?);
        }
        if let Some(checkpoint) = page.checkpoint {
            assert!(!page.more || start.as_ref() != Some(&checkpoint), "the checkpoint stands still");
            reader.acknowledge(&checkpoint)?;
            start = Some(checkpoint);
        }
        if !page.more {
            return Ok((records, start));
        }
    }
}

/// Writes records under the key `KEY`, coming again with the rest until all are taken. Gives what all receipts say together.
pub fn write<C: Connector>(stream: &str, mode: WriteMode, records: &[Value]) -> Result<Receipt, Failure> {
    drive::<C>(stream, mode, records, false)
}

/// Removes the records with these primary keys, in the same way.
pub fn remove<C: Connector>(stream: &str, mode: WriteMode, keys: &[Value]) -> Result<Receipt, Failure> {
    drive::<C>(stream, mode, keys, true)
}

fn drive<C: Connector>(stream: &str, mode: WriteMode, lines: &[Value], remove: bool) -> Result<Receipt, Failure> {
    let request = WriteRequest { stream: stream.to_owned(), mode, schema: "{}".to_owned(), generation: None };
    let mut writer = connect::<C>()?.write(request)?;
    let mut total = Receipt { taken: 0, rejected: Vec::new(), assigned: Vec::new(), wait_ms: None };
    while (total.taken as usize) < lines.len() {
        let mut rest = Lines::new();
        for line in &lines[total.taken as usize..] {
            rest.push(line)?;
        }
        let count = rest.count();
        let bytes = rest.into_bytes();
        let batch = Batch { key: "KEY", first: total.taken, lines: &bytes };
        let receipt = if remove { writer.remove(batch) } else { writer.write(batch) }?;
        assert!((1..=count).contains(&receipt.taken), "{} of {count} lines taken", receipt.taken);
        total.taken += receipt.taken;
        total.rejected.extend(receipt.rejected);
        total.assigned.extend(receipt.assigned);
    }
    Ok(total)
}

fn check_page(page: &Page, limit: Limit) {
    let (records, bytes) = (page.records.count() + page.removed.count(), page.records.len() + page.removed.len());
    assert!(records <= limit.records, "{records} records, {} allowed", limit.records);
    assert!(bytes <= limit.bytes as usize, "{bytes} bytes, {} allowed", limit.bytes);
}
