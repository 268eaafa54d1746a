//! A response's body, read as it comes.

use std::io;

use bytes::Bytes;
use http_body_util::BodyExt;
use hyper::body::Incoming;
use tokio::time::{Instant, timeout_at};

use crate::client::Tally;
use crate::packed::Unpacker;
use crate::pool::Lease;
use crate::refusal::Refusal;
use crate::watch::{Found, Watched};

/// Bytes on their way. Dropping it early closes the connection.
pub struct Body {
    flow: Option<Flow>,
    /// Came, and not yet asked for.
    ready: Bytes,
    watched: Watched,
    unpacker: Option<Box<Unpacker>>,
    bytes_left: u64,
    bytes_max: u64,
    deadline: Instant,
    tally: Tally,
}

struct Flow {
    incoming: Incoming,
    lease: Lease,
}

impl std::fmt::Debug for Body {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Body").field("bytes_left", &self.bytes_left).finish_non_exhaustive()
    }
}

/// What a body is read under.
pub(crate) struct Terms {
    pub(crate) watched: Watched,
    pub(crate) unpacker: Option<Box<Unpacker>>,
    pub(crate) bytes_max: u64,
    pub(crate) deadline: Instant,
    pub(crate) tally: Tally,
}

impl Body {
    pub(crate) fn new(incoming: Incoming, lease: Lease, terms: Terms) -> Self {
        let Terms { watched, unpacker, bytes_max, deadline, tally } = terms;
        let flow = Some(Flow { incoming, lease });
        let (ready, bytes_left) = (Bytes::new(), bytes_max);
        let mut body = Self { flow, ready, watched, unpacker, bytes_left, bytes_max, deadline, tally };
        body.end_if_empty();
        body
    }

    /// At most `max` bytes, at least one; empty at the end.
    pub async fn read(&mut self, max: usize) -> Result<Bytes, Refusal> {
        while self.ready.is_empty() && self.flow.is_some() {
            if let Err(refusal) = self.fill().await {
                self.flow = None;
                return Err(refusal);
            }
        }
        let bytes = self.ready.len().min(max.max(1));
        Ok(self.ready.split_to(bytes))
    }

    /// All of it.
    pub async fn read_all(&mut self) -> Result<Bytes, Refusal> {
        let mut whole = Vec::new();
        loop {
            let part = self.read(usize::MAX).await?;
            if part.is_empty() {
                return Ok(whole.into());
            }
            whole.extend_from_slice(&part);
        }
    }

    async fn fill(&mut self) -> Result<(), Refusal> {
        let Some(flow) = &mut self.flow else { return Ok(()) };
        match timeout_at(self.deadline, flow.incoming.frame()).await {
            Err(_) => Err(Refusal::TimedOut),
            Ok(Some(Err(error))) => Err(broken(&error)),
            Ok(Some(Ok(frame))) => self.take(frame.into_data().unwrap_or_default()),
            Ok(None) => {
                self.finish()?;
                self.end();
                Ok(())
            }
        }
    }

    fn take(&mut self, bytes: Bytes) -> Result<(), Refusal> {
        let left = self.bytes_left.checked_sub(bytes.len() as u64);
        self.bytes_left = left.ok_or(Refusal::TooLarge(self.bytes_max))?;
        self.tally.received(bytes.len());
        let bytes = match &mut self.unpacker {
            Some(unpacker) => unpacker.pass(&bytes, self.bytes_max)?,
            None => bytes,
        };
        self.ready = self.watched.pass(bytes).map_err(|Found| Refusal::SecretEchoed)?;
        Ok(())
    }

    /// What is left when nothing follows.
    fn finish(&mut self) -> Result<(), Refusal> {
        let mut last = Vec::new();
        if let Some(unpacker) = &mut self.unpacker {
            let rest = unpacker.finish(self.bytes_max)?;
            last.extend_from_slice(&self.watched.pass(rest).map_err(|Found| Refusal::SecretEchoed)?);
        }
        last.extend_from_slice(&self.watched.finish());
        self.ready = last.into();
        Ok(())
    }

    /// A body that is known to be empty gives its connection back without being read.
    fn end_if_empty(&mut self) {
        let is_end = |flow: &Flow| hyper::body::Body::is_end_stream(&flow.incoming);
        if self.flow.as_ref().is_some_and(is_end) {
            self.end();
        }
    }

    fn end(&mut self) {
        if let Some(flow) = self.flow.take() {
            flow.lease.give_back();
        }
    }
}

fn broken(error: &hyper::Error) -> Refusal {
    let cause = std::error::Error::source(error).and_then(|cause| cause.downcast_ref::<io::Error>());
    match cause.map(io::Error::kind) {
        Some(io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput) => {
            Refusal::Malformed(format!("the answer's body is no HTTP that is read here: {error}"))
        }
        _ => Refusal::Unreachable(format!("the answer broke off: {error}")),
    }
}
