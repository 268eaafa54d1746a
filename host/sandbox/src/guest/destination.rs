//! Calls that write.

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use tokio::time::timeout;
use wasmtime::component::ResourceAny;
use weighbridge_model::transfer::WriteMode;

use super::{Guest, Inside, Phase};
use crate::bindings::exports::weighbridge::connector::destination;
use crate::bindings::weighbridge::connector::types;
use crate::lines;
use crate::outcome::Ended;
use crate::receipt::{self, Receipt};

/// What is to be written, and how.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WriteRequest {
    /// The stream.
    pub stream: String,
    /// What happens to records that are there already.
    pub mode: WriteMode,
    /// The JSON Schema of the records.
    pub schema: String,
    /// For `overwrite`: the generation that will replace the live one.
    pub generation: Option<String>,
}

impl Guest {
    /// Opens a stream for writing; one that was open before is dropped.
    pub async fn open_writer(&mut self, request: WriteRequest) -> Result<(), Ended> {
        let mut inside = self.enter(None)?;
        let outcome = timeout(inside.parts().0, open(&mut inside, &request.into())).await;
        let writer = self.leave(inside, outcome)?;
        if let Phase::Alive(inside) = &mut self.phase {
            inside.writer = Some(writer);
        }
        Ok(())
    }

    /// Hands over lines under the key that names them; the first has the index `first` in its batch.
    pub async fn write(&mut self, key: &str, first: u32, records: Bytes) -> Result<Receipt, Ended> {
        let (given, lines) = (lines::count(&records), Vec::from(records));
        let mut inside = self.enter(None)?;
        let Some(writer) = inside.writer else { return self.not_open() };
        let (wall, exports, store) = inside.parts();
        let calls = exports.weighbridge_connector_destination().writer();
        let outcome = timeout(wall, calls.call_write(store, writer, key, first, &lines)).await;
        let receipt = self.leave(inside, outcome)?;
        self.judge(receipt::accept(receipt, first, given))
    }

    /// The same for primary keys to delete.
    pub async fn remove(&mut self, key: &str, first: u32, keys: Bytes) -> Result<Receipt, Ended> {
        let (given, lines) = (lines::count(&keys), Vec::from(keys));
        let mut inside = self.enter(None)?;
        let Some(writer) = inside.writer else { return self.not_open() };
        let (wall, exports, store) = inside.parts();
        let calls = exports.weighbridge_connector_destination().writer();
        let outcome = timeout(wall, calls.call_remove(store, writer, key, first, &lines)).await;
        let receipt = self.leave(inside, outcome)?;
        self.judge(receipt::accept(receipt, first, given))
    }

    /// The whole of an `overwrite` generation is there: makes it the live one.
    pub async fn finish(&mut self) -> Result<(), Ended> {
        let mut inside = self.enter(None)?;
        let Some(writer) = inside.writer else { return self.not_open() };
        let (wall, exports, store) = inside.parts();
        let calls = exports.weighbridge_connector_destination().writer();
        let outcome = timeout(wall, calls.call_finish(store, writer)).await;
        self.leave(inside, outcome)
    }

    /// Gives up a generation that will never be finished.
    pub async fn abandon(&mut self, stream: &str, generation: &str) -> Result<(), Ended> {
        let mut inside = self.enter(None)?;
        let (wall, exports, store) = inside.parts();
        let call = exports.weighbridge_connector_destination().call_abandon(store, stream, generation);
        let outcome = timeout(wall, call).await;
        self.leave(inside, outcome)
    }
}

async fn open(
    inside: &mut Inside,
    request: &destination::WriteRequest,
) -> wasmtime::Result<Result<ResourceAny, types::Failure>> {
    if let Some(before) = inside.writer.take() {
        before.resource_drop_async(&mut inside.store).await?;
    }
    inside.bindings.weighbridge_connector_destination().call_open(&mut inside.store, request).await
}

impl From<WriteRequest> for destination::WriteRequest {
    fn from(request: WriteRequest) -> Self {
        let WriteRequest { stream, mode, schema, generation } = request;
        let mode = match mode {
            WriteMode::Append => types::WriteMode::Append,
            WriteMode::Overwrite => types::WriteMode::Overwrite,
            WriteMode::Upsert => types::WriteMode::Upsert,
        };
        Self { stream, mode, schema, generation }
    }
}
