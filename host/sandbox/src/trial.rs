//! Whether this machine lets guests run at all, found out before one has to.

use std::sync::Arc;

use wasmtime::component::{Component, Linker};
use wasmtime::{Engine, PoolingAllocationConfig, Store};

use crate::artefact;
use crate::compile::{Compile, CompileError};
use crate::sandbox::Sandbox;

/// A component with one page of memory and one function, which runs when it is started.
const SMALL: &[u8] = b"\0asm\x0d\0\x01\0\
    \x01\x21\0asm\x01\0\0\0\x01\x04\x01\x60\0\0\x03\x02\x01\0\x05\x03\x01\0\x01\x08\x01\0\x0a\x05\x01\x03\0\x01\x0b\
    \x02\x04\x01\0\0\0";

/// Guests will not run here.
#[derive(Debug, thiserror::Error)]
pub enum TrialError {
    /// Nothing can be compiled.
    #[error(transparent)]
    Compile(#[from] CompileError),
    /// What was compiled does not run.
    #[error("what was compiled does not run on this machine: {reason}")]
    Run {
        /// What the engine says.
        reason: String,
    },
}

impl Sandbox {
    /// Compiles a small component where all are compiled, and runs it; answers whether memory is kept ready for guests.
    pub async fn try_out(&self) -> Result<bool, TrialError> {
        let (engine, compile) = self.parts();
        let compiled = {
            let engine = engine.clone();
            tokio::task::spawn_blocking(move || compiled(&engine, &compile)).await
        };
        let component = compiled.map_err(CompileError::crashed)??;
        let mut store = Store::new(&engine, ());
        store.set_epoch_deadline(u64::from(u32::MAX));
        let started = Linker::<()>::new(&engine).instantiate_async(&mut store, &component).await;
        started.map_err(|error| TrialError::Run { reason: format!("{error:#}") })?;
        Ok(PoolingAllocationConfig::is_pagemap_scan_available())
    }
}

fn compiled(engine: &Engine, compile: &Compile) -> Result<Component, TrialError> {
    let artefact = compile.artefact(engine, &Arc::from(SMALL))?;
    let component = artefact::revive(engine, &artefact);
    let component = component.ok_or_else(|| CompileError::crashed("its answer is no artefact of this engine"))?;
    component.map_err(|error| TrialError::Run { reason: format!("{error:#}") })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compile::CompileChild;
    use crate::sandbox::Settings;

    fn sandbox(compile: Compile) -> Sandbox {
        Sandbox::new(&Settings { compile, guests_max: 2, ..Settings::default() }).unwrap()
    }

    #[tokio::test]
    async fn a_small_component_runs_where_guests_may() {
        sandbox(Compile::InProcess).try_out().await.unwrap();
    }

    #[tokio::test]
    async fn says_that_nothing_can_be_compiled_where_no_compiler_can_be_started() {
        let child =
            CompileChild { program: "/nowhere/weighbridge".into(), arguments: Vec::new(), limits: Default::default() };
        let tried = sandbox(Compile::Child(child)).try_out().await;
        assert!(matches!(tried, Err(TrialError::Compile(CompileError::Crashed { .. }))), "{tried:?}");
    }
}
