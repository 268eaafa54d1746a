//! The connection's settings.

use crate::bindings::weighbridge::connector::config;
use crate::state::State;

impl config::Host for State {
    async fn get(&mut self) -> wasmtime::Result<String> {
        Ok(self.answers.config().await)
    }
}
