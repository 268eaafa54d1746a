//! WASI with nothing in it: no files, no sockets, no environment, no arguments. What is printed becomes log lines.

use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use tokio::io::AsyncWrite;
use wasmtime_wasi::cli::{IsTerminal, StdoutStream};
use wasmtime_wasi::{WasiCtx, WasiCtxBuilder};

use weighbridge_model::run_log::LogLevel;

/// What is kept of one stream between two calls; the rest is not kept.
const KEPT_BYTES: usize = 1024 * 1024;
const RANDOM_BYTES_MAX: u64 = 4 * 1024;

/// The world that guests from languages with a runtime find.
pub(crate) fn empty_world(printed: &Printed) -> WasiCtx {
    let mut builder = WasiCtxBuilder::new();
    builder
        .stdout(printed.out.clone())
        .stderr(printed.err.clone())
        .allow_tcp(false)
        .allow_udp(false)
        .allow_ip_name_lookup(false)
        .max_random_size(RANDOM_BYTES_MAX);
    builder.build()
}

/// Both streams of one guest.
#[derive(Clone, Default)]
pub(crate) struct Printed {
    out: Stream,
    err: Stream,
}

impl Printed {
    /// The lines printed since the last time, an unended last one included.
    pub(crate) fn take(&self) -> impl Iterator<Item = (LogLevel, String)> + use<> {
        let lines = |bytes: Vec<u8>| {
            let text = String::from_utf8_lossy(&bytes).into_owned();
            text.lines().map(str::to_owned).collect::<Vec<_>>()
        };
        let out = lines(self.out.take()).into_iter().map(|line| (LogLevel::Info, line));
        out.chain(lines(self.err.take()).into_iter().map(|line| (LogLevel::Warn, line)))
    }
}

#[derive(Clone, Default)]
struct Stream(Arc<Mutex<Vec<u8>>>);

impl Stream {
    fn take(&self) -> Vec<u8> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl IsTerminal for Stream {
    fn is_terminal(&self) -> bool {
        false
    }
}

impl StdoutStream for Stream {
    fn async_stream(&self) -> Box<dyn AsyncWrite + Send + Sync> {
        Box::new(self.clone())
    }
}

impl AsyncWrite for Stream {
    fn poll_write(self: Pin<&mut Self>, _: &mut Context<'_>, bytes: &[u8]) -> Poll<std::io::Result<usize>> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let room = KEPT_BYTES.saturating_sub(kept.len()).min(bytes.len());
        kept.extend_from_slice(&bytes[..room]);
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}
