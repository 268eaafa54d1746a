//! A side that runs in the sandbox.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use bytes::Bytes;
use weighbridge_egress::Client;
use weighbridge_sandbox::{
    Ended, Failure, Guest, Hook, HookAnswer, Lifecycle, Page, ReadRequest, Receipt, WriteRequest,
};

use super::{Doing, Pace, Side};

/// One instance of a signed connector, for one attempt and one side.
pub(crate) struct SandboxedSide {
    guest: Guest,
    /// Knows the secrets that no message may carry.
    client: Client,
    requests: Arc<AtomicU64>,
    pace: Arc<Pace>,
}

impl SandboxedSide {
    pub(crate) const fn new(guest: Guest, client: Client, requests: Arc<AtomicU64>, pace: Arc<Pace>) -> Self {
        Self { guest, client, requests, pace }
    }
}

/// A call begins when the platform's budget has room, and what the host knows of that budget is believed before the guest.
async fn paced<T>(pace: &Pace, client: &Client, call: impl Future<Output = Result<T, Ended>>) -> Result<T, Ended> {
    pace.begin().await?;
    redacted(client, async { pace.judge(call.await) }).await
}

/// What a guest says goes to people and into files, so every secret that its connection sent is crossed out.
async fn redacted<T>(client: &Client, call: impl Future<Output = Result<T, Ended>>) -> Result<T, Ended> {
    call.await.map_err(|ended| match ended {
        Ended::Failure(failure) => Ended::Failure(Failure { message: client.redact(failure.message), ..failure }),
        stopped @ Ended::Stopped(_) => stopped,
    })
}

fn redact_rejections(client: &Client, mut receipt: Receipt) -> Receipt {
    for rejection in &mut receipt.rejected {
        rejection.message = client.redact(std::mem::take(&mut rejection.message));
    }
    receipt
}

impl Side for SandboxedSide {
    fn check(&mut self) -> Doing<'_, Result<(), Ended>> {
        Box::pin(paced(&self.pace, &self.client, self.guest.check()))
    }

    fn on(&mut self, event: Lifecycle) -> Doing<'_, Result<(), Ended>> {
        Box::pin(paced(&self.pace, &self.client, self.guest.on(event)))
    }

    /// It makes no requests, so the platform's budget has nothing to say.
    fn receive(&mut self, hook: Hook) -> Doing<'_, Result<HookAnswer, Ended>> {
        Box::pin(redacted(&self.client, self.guest.receive(hook)))
    }

    fn discover(&mut self) -> Doing<'_, Result<String, Ended>> {
        Box::pin(paced(&self.pace, &self.client, self.guest.discover()))
    }

    fn open_reader(&mut self, request: ReadRequest) -> Doing<'_, Result<(), Ended>> {
        Box::pin(paced(&self.pace, &self.client, self.guest.open_reader(request)))
    }

    fn next(&mut self, records_max: u32, bytes_max: u32) -> Doing<'_, Result<Page, Ended>> {
        Box::pin(paced(&self.pace, &self.client, self.guest.next(records_max, bytes_max)))
    }

    fn acknowledge(&mut self, checkpoint: Bytes) -> Doing<'_, Result<(), Ended>> {
        Box::pin(async move {
            self.pace.start();
            redacted(&self.client, self.guest.acknowledge(checkpoint)).await
        })
    }

    fn open_writer(&mut self, request: WriteRequest) -> Doing<'_, Result<(), Ended>> {
        Box::pin(paced(&self.pace, &self.client, self.guest.open_writer(request)))
    }

    fn write<'a>(&'a mut self, key: &'a str, first: u32, records: Bytes) -> Doing<'a, Result<Receipt, Ended>> {
        Box::pin(async move {
            let receipt = paced(&self.pace, &self.client, self.guest.write(key, first, records)).await?;
            Ok(redact_rejections(&self.client, receipt))
        })
    }

    fn remove<'a>(&'a mut self, key: &'a str, first: u32, keys: Bytes) -> Doing<'a, Result<Receipt, Ended>> {
        Box::pin(async move {
            let receipt = paced(&self.pace, &self.client, self.guest.remove(key, first, keys)).await?;
            Ok(redact_rejections(&self.client, receipt))
        })
    }

    fn abandon<'a>(&'a mut self, stream: &'a str, generation: &'a str) -> Doing<'a, Result<(), Ended>> {
        Box::pin(paced(&self.pace, &self.client, self.guest.abandon(stream, generation)))
    }

    fn finish(&mut self) -> Doing<'_, Result<(), Ended>> {
        Box::pin(paced(&self.pace, &self.client, self.guest.finish()))
    }

    fn begin_batch(&mut self) {
        self.guest.begin_batch();
    }

    fn requests(&self) -> u64 {
        self.requests.load(Ordering::Relaxed)
    }
}
