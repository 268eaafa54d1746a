//! What a guest is answered while it is tried: nothing that differs from one run to the next.

use std::collections::BTreeMap;

use weighbridge_sandbox::{
    Answer, Answers, HttpHead, HttpRefusal, HttpRequest, LogLevel, Progress, SignRequest, VerifyRequest,
};

use crate::act::Act;
use crate::cassette::{Answered, Asked, Exchange};

const NO_KEY: &str = "workshop.no_key: a recording has no keys; try what is signed against the platform";

/// The host, as one guest sees it.
pub(crate) struct Desk {
    act: Act,
    configuration: String,
    now_ms: u64,
    chance: u64,
    bodies: BTreeMap<u32, Vec<u8>>,
    next_body: u32,
}

impl Desk {
    pub(crate) const fn new(act: Act, configuration: String, now_ms: u64, seed: u64) -> Self {
        Self { act, configuration, now_ms, chance: seed, bodies: BTreeMap::new(), next_body: 0 }
    }

    /// Sebastiano Vigna's `SplitMix64`.
    const fn chance(&mut self) -> u64 {
        self.chance = self.chance.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.chance ^ (self.chance >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    async fn answer(&mut self, request: &HttpRequest) -> Result<HttpHead, HttpRefusal> {
        let asked = Asked::from(request);
        let answered = self.act.platform.lock().await.answer(&asked).await;
        let Some(answer) = answered else {
            self.act.seen().absent.push(asked);
            return Err(HttpRefusal::Denied("cassette.absent: nothing was recorded for this request".into()));
        };
        self.act.seen().exchanges.push(Exchange { request: asked, answer: answer.clone(), times: 1 });
        match answer {
            Answered::Refused(refusal) => Err(refusal),
            Answered::Response { status, headers, body } => {
                let handle = self.next_body;
                self.next_body = self.next_body.wrapping_add(1);
                self.bodies.insert(handle, body.bytes());
                Ok(HttpHead { status, headers, body: handle })
            }
        }
    }
}

impl Answers for Desk {
    fn config(&mut self) -> Answer<'_, String> {
        Box::pin(std::future::ready(self.configuration.clone()))
    }

    fn send(&mut self, request: HttpRequest) -> Answer<'_, Result<HttpHead, HttpRefusal>> {
        Box::pin(async move { self.answer(&request).await })
    }

    fn read(&mut self, body: u32, max: u32) -> Answer<'_, Result<Vec<u8>, HttpRefusal>> {
        let left = self.bodies.get_mut(&body).map(|left| {
            let rest = left.split_off(left.len().min(max as usize));
            std::mem::replace(left, rest)
        });
        Box::pin(std::future::ready(Ok(left.unwrap_or_default())))
    }

    fn close(&mut self, body: u32) {
        self.bodies.remove(&body);
    }

    fn sign(&mut self, _request: SignRequest) -> Answer<'_, Result<Vec<u8>, String>> {
        Box::pin(std::future::ready(Err(NO_KEY.into())))
    }

    fn verify(&mut self, _request: VerifyRequest) -> Answer<'_, Result<bool, String>> {
        Box::pin(std::future::ready(Err(NO_KEY.into())))
    }

    fn now_ms(&mut self) -> Answer<'_, u64> {
        Box::pin(std::future::ready(self.now_ms))
    }

    fn sleep_ms(&mut self, ms: u32) -> Answer<'_, ()> {
        self.now_ms += u64::from(ms);
        Box::pin(async move { self.act.wait(ms.into()).await })
    }

    fn random(&mut self, count: u32) -> Answer<'_, Vec<u8>> {
        let bytes = (0..count).map(|_| self.chance().to_le_bytes()[0]).collect();
        Box::pin(std::future::ready(bytes))
    }

    fn log(&mut self, level: LogLevel, message: String) {
        self.act.seen().log.push((level, message));
    }

    fn cancelled(&mut self) -> Answer<'_, bool> {
        Box::pin(std::future::ready(false))
    }

    fn progress(&mut self, _progress: Progress) {}
}
