//! Time and randomness.

use crate::bindings::weighbridge::connector::clock;
use crate::state::State;

const RANDOM_BYTES_MAX: u32 = 4 * 1024;

impl clock::Host for State {
    async fn now_ms(&mut self) -> wasmtime::Result<u64> {
        Ok(self.answers.now_ms().await)
    }

    async fn sleep_ms(&mut self, ms: u32) -> wasmtime::Result<()> {
        self.answers.sleep_ms(ms).await;
        Ok(())
    }

    async fn random(&mut self, count: u32) -> wasmtime::Result<Vec<u8>> {
        Ok(self.answers.random(count.min(RANDOM_BYTES_MAX)).await)
    }
}
