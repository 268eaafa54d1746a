//! How many rows each table has.

use serde_json::{Map, Value, json};
use weighbridge_store::HostScope;
use weighbridge_store::tables::ALL;

use super::pretty;
use crate::engine::Host;
use crate::error::EngineError;

pub(super) fn text(host: &Host) -> Result<String, EngineError> {
    let (counts, blobs) = (host.store.counts(HostScope::new())?, host.store.blobs_kept()?.unwrap_or_default());
    let row = |name: &str, number: u8| (format!("{number} {name}"), Value::from(counts.of_number(number)));
    let rows: Map<String, Value> = ALL.iter().map(|table| row(table.name, table.number)).collect();
    Ok(pretty(&json!({ "rows": rows, "blobs": blobs.count, "blob_bytes": blobs.bytes })))
}
