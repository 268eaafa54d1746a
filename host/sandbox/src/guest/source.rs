//! Calls that read.

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use tokio::time::timeout;
use wasmtime::component::ResourceAny;
use weighbridge_model::transfer::SyncMode;

use super::{Guest, Inside, Phase};
use crate::bindings::exports::weighbridge::connector::source;
use crate::bindings::weighbridge::connector::types;
use crate::outcome::Ended;
use crate::page::{self, Asked, Page, Walk};

/// What to read, and from where on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReadRequest {
    /// The stream.
    pub stream: String,
    /// Everything, or what changed.
    pub mode: SyncMode,
    /// The last settled checkpoint of this lineage; none at its beginning.
    pub start: Option<Bytes>,
    /// The first value of the cursor field inside a backfill.
    pub since: Option<String>,
    /// The first value of the cursor field after it.
    pub until: Option<String>,
}

impl Guest {
    /// Opens a stream for reading; one that was open before is dropped.
    pub async fn open_reader(&mut self, request: ReadRequest) -> Result<(), Ended> {
        let mut inside = self.enter(None)?;
        let checkpoint = request.start.clone();
        let outcome = timeout(inside.parts().0, open(&mut inside, &request.into())).await;
        let reader = self.leave(inside, outcome)?;
        if let Phase::Alive(inside) = &mut self.phase {
            inside.reader = Some(reader);
            inside.walk = Walk::from(checkpoint);
        }
        Ok(())
    }

    /// The next page: at most so many records and bytes, checked and counted.
    pub async fn next(&mut self, records_max: u32, bytes_max: u32) -> Result<Page, Ended> {
        let mut inside = self.enter(None)?;
        let Some(reader) = inside.reader else { return self.not_open() };
        let (wall, exports, store) = inside.parts();
        let calls = exports.weighbridge_connector_source().reader();
        let outcome = timeout(wall, calls.call_next(store, reader, records_max, bytes_max)).await;
        let page = self.leave(inside, outcome)?;
        self.accept(page, &Asked { records_max, bytes_max })
    }

    fn accept(&mut self, page: source::Page, asked: &Asked) -> Result<Page, Ended> {
        let Phase::Alive(inside) = &mut self.phase else { return self.not_open() };
        let limits = &inside.store.data().limits;
        let accepted = page::accept(page, asked, &inside.walk, limits).and_then(|page| inside.walk.step(page));
        self.judge(accepted)
    }

    /// Tells the connector that all up to here is delivered and settled.
    pub async fn acknowledge(&mut self, checkpoint: Bytes) -> Result<(), Ended> {
        let checkpoint = Vec::from(checkpoint);
        let mut inside = self.enter(None)?;
        let Some(reader) = inside.reader else { return self.not_open() };
        let (wall, exports, store) = inside.parts();
        let calls = exports.weighbridge_connector_source().reader();
        let outcome = timeout(wall, calls.call_acknowledge(store, reader, &checkpoint)).await;
        self.leave(inside, outcome)
    }
}

async fn open(
    inside: &mut Inside,
    request: &source::ReadRequest,
) -> wasmtime::Result<Result<ResourceAny, types::Failure>> {
    if let Some(before) = inside.reader.take() {
        before.resource_drop_async(&mut inside.store).await?;
    }
    inside.bindings.weighbridge_connector_source().call_open(&mut inside.store, request).await
}

impl From<ReadRequest> for source::ReadRequest {
    fn from(request: ReadRequest) -> Self {
        let ReadRequest { stream, mode, start, since, until } = request;
        let mode = match mode {
            SyncMode::FullRefresh => types::SyncMode::FullRefresh,
            SyncMode::Incremental => types::SyncMode::Incremental,
        };
        Self { stream, mode, start: start.map(Vec::from), since, until }
    }
}
