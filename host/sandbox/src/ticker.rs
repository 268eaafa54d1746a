//! The thread that lets time pass for guests that compute.

use std::time::Duration;

use wasmtime::Engine;

/// One tick; a guest that computes is looked at this often.
pub(crate) const TICK: Duration = Duration::from_millis(10);

/// Starts the thread. It ends by itself, a tick after the engine is gone.
pub(crate) fn start(engine: &Engine) -> std::io::Result<()> {
    let engine = engine.weak();
    let run = move || {
        loop {
            std::thread::sleep(TICK);
            let Some(engine) = engine.upgrade() else { break };
            engine.increment_epoch();
        }
    };
    std::thread::Builder::new().name("sandbox-ticker".into()).spawn(run).map(drop)
}
