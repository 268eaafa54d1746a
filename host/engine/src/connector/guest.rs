//! A side that runs in the sandbox.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use bytes::Bytes;
use weighbridge_sandbox::{Ended, Guest, Page, ReadRequest, Receipt, WriteRequest};

use super::{Doing, Pace, Side};

/// One instance of a signed connector, for one attempt and one side.
pub(crate) struct SandboxedSide {
    guest: Guest,
    requests: Arc<AtomicU64>,
    pace: Arc<Pace>,
}

impl SandboxedSide {
    pub(crate) const fn new(guest: Guest, requests: Arc<AtomicU64>, pace: Arc<Pace>) -> Self {
        Self { guest, requests, pace }
    }
}

impl Side for SandboxedSide {
    fn check(&mut self) -> Doing<'_, Result<(), Ended>> {
        Box::pin(async move {
            self.pace.begin().await?;
            self.pace.judge(self.guest.check().await)
        })
    }

    fn discover(&mut self) -> Doing<'_, Result<String, Ended>> {
        Box::pin(async move {
            self.pace.begin().await?;
            self.pace.judge(self.guest.discover().await)
        })
    }

    fn open_reader(&mut self, request: ReadRequest) -> Doing<'_, Result<(), Ended>> {
        Box::pin(async move {
            self.pace.begin().await?;
            self.pace.judge(self.guest.open_reader(request).await)
        })
    }

    fn next(&mut self, records_max: u32, bytes_max: u32) -> Doing<'_, Result<Page, Ended>> {
        Box::pin(async move {
            self.pace.begin().await?;
            self.pace.judge(self.guest.next(records_max, bytes_max).await)
        })
    }

    fn acknowledge(&mut self, checkpoint: Bytes) -> Doing<'_, Result<(), Ended>> {
        Box::pin(async move {
            self.pace.start();
            self.guest.acknowledge(checkpoint).await
        })
    }

    fn open_writer(&mut self, request: WriteRequest) -> Doing<'_, Result<(), Ended>> {
        Box::pin(async move {
            self.pace.begin().await?;
            self.pace.judge(self.guest.open_writer(request).await)
        })
    }

    fn write<'a>(&'a mut self, key: &'a str, first: u32, records: Bytes) -> Doing<'a, Result<Receipt, Ended>> {
        Box::pin(async move {
            self.pace.begin().await?;
            self.pace.judge(self.guest.write(key, first, records).await)
        })
    }

    fn remove<'a>(&'a mut self, key: &'a str, first: u32, keys: Bytes) -> Doing<'a, Result<Receipt, Ended>> {
        Box::pin(async move {
            self.pace.begin().await?;
            self.pace.judge(self.guest.remove(key, first, keys).await)
        })
    }

    fn finish(&mut self) -> Doing<'_, Result<(), Ended>> {
        Box::pin(async move {
            self.pace.begin().await?;
            self.pace.judge(self.guest.finish().await)
        })
    }

    fn begin_batch(&mut self) {
        self.guest.begin_batch();
    }

    fn requests(&self) -> u64 {
        self.requests.load(Ordering::Relaxed)
    }
}
