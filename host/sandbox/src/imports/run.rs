//! The run that a call belongs to.

use crate::answers::Progress;
use crate::bindings::weighbridge::connector::run;
use crate::clip::clip;
use crate::state::State;

const NOTE_BYTES: usize = 1024;

impl run::Host for State {
    async fn cancelled(&mut self) -> wasmtime::Result<bool> {
        Ok(self.answers.cancelled().await)
    }

    async fn progress(&mut self, done: u64, total: Option<u64>, note: Option<String>) -> wasmtime::Result<()> {
        let note = note.map(|note| clip(note, NOTE_BYTES));
        self.answers.progress(Progress { done, total, note });
        Ok(())
    }
}
