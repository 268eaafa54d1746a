//! Every call of the contract, with arguments that a well-meant guest takes.

use bytes::Bytes;
use weighbridge_model::transfer::WriteMode;
use weighbridge_sandbox::{Ended, Guest, Hook, Lifecycle, WriteRequest};

use super::read_request;

/// What a guest is asked in one test.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Call {
    /// Nothing: it ends before it is asked.
    Start,
    Check,
    Discover,
    Receive,
    On,
    OpenReader,
    /// A second time, so that the first reader is dropped.
    OpenReaderAgain,
    Next,
    /// Up to a thousand pages.
    NextForEver,
    Acknowledge,
    OpenWriter,
    Write,
    Remove,
    Finish,
    Abandon,
}

pub(super) const TWO: Bytes = Bytes::from_static(b"{}\n{}\n");

impl Call {
    pub(super) async fn ask(self, guest: &mut Guest) -> Result<(), Ended> {
        match self {
            Self::Start => Ok(()),
            Self::Check => guest.check().await,
            Self::Discover => guest.discover().await.map(drop),
            Self::Receive => guest.receive(hook()).await.map(drop),
            Self::On => guest.on(Lifecycle::Enabled).await,
            Self::OpenReader => guest.open_reader(read_request()).await,
            Self::Next | Self::NextForEver | Self::Acknowledge | Self::OpenReaderAgain => self.read(guest).await,
            Self::OpenWriter => guest.open_writer(write_request()).await,
            Self::Write | Self::Remove | Self::Finish => self.write(guest).await,
            Self::Abandon => guest.abandon("orders", "1").await,
        }
    }

    async fn read(self, guest: &mut Guest) -> Result<(), Ended> {
        guest.open_reader(read_request()).await?;
        let rounds = if self == Self::NextForEver { 1_000 } else { 1 };
        match self {
            Self::Acknowledge => return guest.acknowledge(Bytes::from_static(b"here")).await,
            Self::OpenReaderAgain => return guest.open_reader(read_request()).await,
            _ => {}
        }
        for _ in 0..rounds {
            guest.next(1_000, 4 << 20).await?;
        }
        Ok(())
    }

    async fn write(self, guest: &mut Guest) -> Result<(), Ended> {
        guest.open_writer(write_request()).await?;
        match self {
            Self::Remove => guest.remove("key", 0, TWO).await.map(drop),
            Self::Finish => guest.finish().await,
            _ => guest.write("key", 0, TWO).await.map(drop),
        }
    }
}

pub(super) fn hook() -> Hook {
    let headers = vec![("content-type".into(), "application/json".into())];
    Hook { method: "POST".into(), path: "/".into(), headers, body: Bytes::from_static(b"{}") }
}

pub(super) fn write_request() -> WriteRequest {
    WriteRequest { stream: "orders".into(), mode: WriteMode::Upsert, schema: "{}".into(), generation: None }
}
