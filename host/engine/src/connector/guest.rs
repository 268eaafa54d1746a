//! A side that runs in the sandbox.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use bytes::Bytes;
use weighbridge_egress::Client;
use weighbridge_sandbox::{
    Ended, Failure, Guest, Hook, HookAnswer, Lifecycle, Page, ReadRequest, Receipt, WriteRequest,
};

use super::{Doing, Pace, Side};
use crate::counters::Stops;

/// One instance of a signed connector, for one attempt and one side.
pub(crate) struct SandboxedSide {
    guest: Guest,
    voice: Voice,
    requests: Arc<AtomicU64>,
    pace: Arc<Pace>,
}

impl SandboxedSide {
    pub(crate) const fn new(guest: Guest, voice: Voice, requests: Arc<AtomicU64>, pace: Arc<Pace>) -> Self {
        Self { guest, voice, requests, pace }
    }
}

/// What a guest says, on its way to people, into files and into counts.
pub(crate) struct Voice {
    /// Knows the secrets that no message may carry.
    client: Client,
    stops: Arc<Stops>,
    connector: String,
    is_stopped: AtomicBool,
}

impl Voice {
    /// Of a guest that says nothing yet.
    pub(crate) const fn new(client: Client, stops: Arc<Stops>, connector: String) -> Self {
        Self { client, stops, connector, is_stopped: AtomicBool::new(false) }
    }

    /// Every secret that its connection sent is crossed out. One that is stopped says so at every call, and counts once.
    async fn redacted<T>(&self, call: impl Future<Output = Result<T, Ended>>) -> Result<T, Ended> {
        call.await.map_err(|ended| match ended {
            Ended::Failure(failure) => {
                Ended::Failure(Failure { message: self.client.redact(failure.message), ..failure })
            }
            Ended::Stopped(stopped) => {
                if !self.is_stopped.swap(true, Ordering::Relaxed) {
                    self.stops.note(&self.connector, stopped.stop);
                }
                Ended::Stopped(stopped)
            }
        })
    }
}

/// A call begins when the platform's budget has room, and what the host knows of that budget is believed before the guest.
async fn paced<T>(pace: &Pace, voice: &Voice, call: impl Future<Output = Result<T, Ended>>) -> Result<T, Ended> {
    pace.begin().await?;
    voice.redacted(async { pace.judge(call.await) }).await
}

fn redact_rejections(client: &Client, mut receipt: Receipt) -> Receipt {
    for rejection in &mut receipt.rejected {
        rejection.message = client.redact(std::mem::take(&mut rejection.message));
    }
    receipt
}

impl Side for SandboxedSide {
    fn check(&mut self) -> Doing<'_, Result<(), Ended>> {
        Box::pin(paced(&self.pace, &self.voice, self.guest.check()))
    }

    fn on(&mut self, event: Lifecycle) -> Doing<'_, Result<(), Ended>> {
        Box::pin(paced(&self.pace, &self.voice, self.guest.on(event)))
    }

    /// It makes no requests, so the platform's budget has nothing to say.
    fn receive(&mut self, hook: Hook) -> Doing<'_, Result<HookAnswer, Ended>> {
        Box::pin(self.voice.redacted(self.guest.receive(hook)))
    }

    fn discover(&mut self) -> Doing<'_, Result<String, Ended>> {
        Box::pin(paced(&self.pace, &self.voice, self.guest.discover()))
    }

    fn open_reader(&mut self, request: ReadRequest) -> Doing<'_, Result<(), Ended>> {
        Box::pin(paced(&self.pace, &self.voice, self.guest.open_reader(request)))
    }

    fn next(&mut self, records_max: u32, bytes_max: u32) -> Doing<'_, Result<Page, Ended>> {
        Box::pin(paced(&self.pace, &self.voice, self.guest.next(records_max, bytes_max)))
    }

    fn acknowledge(&mut self, checkpoint: Bytes) -> Doing<'_, Result<(), Ended>> {
        Box::pin(async move {
            self.pace.start();
            self.voice.redacted(self.guest.acknowledge(checkpoint)).await
        })
    }

    fn open_writer(&mut self, request: WriteRequest) -> Doing<'_, Result<(), Ended>> {
        Box::pin(paced(&self.pace, &self.voice, self.guest.open_writer(request)))
    }

    fn write<'a>(&'a mut self, key: &'a str, first: u32, records: Bytes) -> Doing<'a, Result<Receipt, Ended>> {
        Box::pin(async move {
            let receipt = paced(&self.pace, &self.voice, self.guest.write(key, first, records)).await?;
            Ok(redact_rejections(&self.voice.client, receipt))
        })
    }

    fn remove<'a>(&'a mut self, key: &'a str, first: u32, keys: Bytes) -> Doing<'a, Result<Receipt, Ended>> {
        Box::pin(async move {
            let receipt = paced(&self.pace, &self.voice, self.guest.remove(key, first, keys)).await?;
            Ok(redact_rejections(&self.voice.client, receipt))
        })
    }

    fn abandon<'a>(&'a mut self, stream: &'a str, generation: &'a str) -> Doing<'a, Result<(), Ended>> {
        Box::pin(paced(&self.pace, &self.voice, self.guest.abandon(stream, generation)))
    }

    fn finish(&mut self) -> Doing<'_, Result<(), Ended>> {
        Box::pin(paced(&self.pace, &self.voice, self.guest.finish()))
    }

    fn begin_batch(&mut self) {
        self.guest.begin_batch();
    }

    fn requests(&self) -> u64 {
        self.requests.load(Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use weighbridge_egress::{Now, Parts, Reach, Trusted};
    use weighbridge_model::run::FailureClass;
    use weighbridge_model::time::Timestamp;
    use weighbridge_sandbox::{Stop, Stopped};

    use super::*;
    use crate::counters::Counters;

    fn voice(counters: &Counters) -> Voice {
        let reach = Reach { manifest: Vec::new(), granted: None, networks: Vec::new() };
        let now: Now = Arc::new(|| Timestamp::from_millis(0));
        let client = Client::new(Parts::new(reach, Trusted::new(None).unwrap(), now));
        Voice::new(client, counters.stops(), "acme.shop".into())
    }

    #[tokio::test]
    async fn a_guest_that_is_stopped_counts_once_however_often_it_says_so() {
        let counters = Counters::beside(Arc::default());
        for times in [1, 3] {
            let voice = voice(&counters);
            for _ in 0..times {
                let stopped = Stopped { stop: Stop::Trapped, message: "it crashed".into() };
                assert!(voice.redacted(async { Err::<(), _>(Ended::Stopped(stopped)) }).await.is_err());
            }
        }
        let wanted = [(("acme.shop".to_owned(), "connector.trapped"), 2)];
        assert_eq!(counters.tally().stops.into_iter().collect::<Vec<_>>(), wanted);
    }

    #[tokio::test]
    async fn a_failure_in_the_connectors_own_words_is_no_stop() {
        let counters = Counters::beside(Arc::default());
        let failure = || Failure {
            class: FailureClass::Transient,
            code: "shop.busy".into(),
            message: "it is busy".into(),
            retry_after_ms: None,
        };
        let said = voice(&counters).redacted(async { Err::<(), _>(Ended::Failure(failure())) }).await;
        assert_eq!((said, counters.tally().stops.len()), (Err(Ended::Failure(failure())), 0));
    }
}
