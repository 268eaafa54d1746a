//! What the engine asks of a connector, whether it runs in the sandbox or is part of the embedding program.
//!
//! A program that embeds the engine may bring connectors of its own: it implements [`Connector`] and [`Side`] and gives
//! them to [`crate::Options`]. They are trusted as that program is.

mod answers;
mod catalog;
mod clients;
mod folders;
mod guest;
mod pace;

use std::future::Future;
use std::pin::Pin;

use bytes::Bytes;
use weighbridge_model::package::Manifest;

pub(crate) use answers::HostAnswers;
pub(crate) use catalog::{StreamFacts, described_facts, stream_facts};
pub(crate) use clients::{Clients, Ground, ShownCertificate, client_certificate, integration_texts, network};
pub(crate) use folders::check as check_folders;
pub(crate) use guest::{SandboxedSide, Voice};
pub(crate) use pace::Pace;
pub use weighbridge_sandbox::{
    Assigned, Delivery, Ended, Failure, FailureClass, Hook, HookAnswer, Lifecycle, Page, ReadRequest, Receipt,
    Rejection, WriteRequest,
};

/// Something on its way.
pub type Doing<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// What one side of a run is given.
#[derive(Clone, Debug)]
pub struct Setting {
    /// The connection's configuration and, as `partition`, the customer's partition: a JSON object without secrets. A connector
    /// that takes webhooks finds as `webhook_address` where its platform reaches it.
    pub configuration: serde_json::Map<String, serde_json::Value>,
    /// The stream.
    pub stream: String,
}

/// A connector of the embedding program's own.
pub trait Connector: Send + Sync + 'static {
    /// What it says of itself.
    fn manifest(&self) -> &Manifest;
    /// Makes one side of one attempt.
    fn side(&self, setting: &Setting) -> Box<dyn Side>;
}

fn unsupported<'a, T: Send + 'a>(what: &'static str) -> Doing<'a, Result<T, Ended>> {
    Box::pin(async move {
        Err(Ended::Failure(Failure {
            class: FailureClass::Unsupported,
            code: "connector.unsupported".into(),
            message: format!("the connector does not {what}"),
            retry_after_ms: None,
        }))
    })
}

/// One side of one attempt: a reader or a writer. A side that once answered `Stopped` answers nothing else again.
pub trait Side: Send {
    /// One cheap authenticated request that proves the configuration.
    fn check(&mut self) -> Doing<'_, Result<(), Ended>> {
        Box::pin(async { Ok(()) })
    }

    /// Makes or removes what the connector keeps at the platform, such as webhooks. It may be asked again.
    fn on(&mut self, _event: Lifecycle) -> Doing<'_, Result<(), Ended>> {
        Box::pin(async { Ok(()) })
    }

    /// Verifies and parses a webhook, whose caller is authenticated by nobody yet.
    fn receive(&mut self, _hook: Hook) -> Doing<'_, Result<HookAnswer, Ended>> {
        unsupported("receive webhooks")
    }

    /// The streams this account offers, as the JSON of `schemas/catalog.schema.json`.
    fn discover(&mut self) -> Doing<'_, Result<String, Ended>> {
        unsupported("discover streams")
    }

    /// Opens the stream for reading.
    fn open_reader(&mut self, _request: ReadRequest) -> Doing<'_, Result<(), Ended>> {
        unsupported("read")
    }

    /// The next page: at most so many records and bytes.
    fn next(&mut self, _records_max: u32, _bytes_max: u32) -> Doing<'_, Result<Page, Ended>> {
        unsupported("read")
    }

    /// All up to here is delivered and settled.
    fn acknowledge(&mut self, _checkpoint: Bytes) -> Doing<'_, Result<(), Ended>> {
        Box::pin(async { Ok(()) })
    }

    /// Opens the stream for writing.
    fn open_writer(&mut self, _request: WriteRequest) -> Doing<'_, Result<(), Ended>> {
        unsupported("write")
    }

    /// Hands lines over under a key.
    fn write<'a>(&'a mut self, _key: &'a str, _first: u32, _records: Bytes) -> Doing<'a, Result<Receipt, Ended>> {
        unsupported("write")
    }

    /// Hands primary keys over that are to be deleted.
    fn remove<'a>(&'a mut self, _key: &'a str, _first: u32, _keys: Bytes) -> Doing<'a, Result<Receipt, Ended>> {
        unsupported("remove records")
    }

    /// A generation of this name will never be whole.
    fn abandon<'a>(&'a mut self, _stream: &'a str, _generation: &'a str) -> Doing<'a, Result<(), Ended>> {
        Box::pin(async { Ok(()) })
    }

    /// The whole of a generation is there.
    fn finish(&mut self) -> Doing<'_, Result<(), Ended>> {
        Box::pin(async { Ok(()) })
    }

    /// A batch begins: what is limited per batch starts again.
    fn begin_batch(&mut self) {}

    /// How many HTTP requests it has made.
    fn requests(&self) -> u64 {
        0
    }
}
