//! A connection whose heads are looked at as they come. One that is refused is handed on as a request for an address that is
//! answered with the refusal, so that answers stay in their order; nothing is read after it.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::head::{Fault, Follows, HEAD_MAX, check};
use super::refused::request;

const CHUNK: usize = 8 * 1024;

/// A connection, looked at.
pub(crate) struct Guard<S> {
    inner: S,
    state: State,
    /// What came and is not looked at to its end yet.
    pending: Vec<u8>,
    /// How far it is.
    scanned: usize,
    /// What may be handed on, from `handed` on.
    ready: Vec<u8>,
    handed: usize,
    chunk: Box<[u8; CHUNK]>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Head,
    Body(u64),
    /// A body without a known end: the connection ends with it.
    Last,
    Refused,
}

impl<S> Guard<S> {
    pub(crate) fn new(inner: S) -> Self {
        let chunk = Box::new([0; CHUNK]);
        Self { inner, state: State::Head, pending: Vec::new(), scanned: 0, ready: Vec::new(), handed: 0, chunk }
    }

    /// Looks at what came, as far as it goes.
    fn look(&mut self) {
        while !self.pending.is_empty() {
            match self.state {
                State::Head => match self.head_end() {
                    Ok(Some(end)) => self.head(end),
                    Ok(None) => return,
                    Err(fault) => self.refuse(fault),
                },
                State::Body(left) => {
                    let length = usize::try_from(left).unwrap_or(usize::MAX).min(self.pending.len());
                    self.ready.extend(self.pending.drain(..length));
                    let left = left - length as u64;
                    self.state = if left == 0 { State::Head } else { State::Body(left) };
                }
                State::Last => self.ready.append(&mut self.pending),
                State::Refused => self.pending.clear(),
            }
        }
    }

    /// Where the head ends, once it does. A line that ends in LF alone ends elsewhere for somebody else.
    fn head_end(&mut self) -> Result<Option<usize>, Fault> {
        // Some clients send an empty line after a body.
        while self.pending.starts_with(b"\r\n") {
            self.pending.drain(..2);
            self.scanned = 0;
        }
        while self.scanned < self.pending.len() {
            let at = self.scanned;
            self.scanned += 1;
            if self.pending[at] == b'\n' {
                if at == 0 || self.pending[at - 1] != b'\r' {
                    return Err(Fault::Ambiguous);
                }
                if at >= 3 && self.pending[at - 2] == b'\n' {
                    return Ok(Some(at + 1));
                }
            }
            if at >= HEAD_MAX {
                return Err(Fault::Fields);
            }
        }
        Ok(None)
    }

    fn head(&mut self, end: usize) {
        let head: Vec<u8> = self.pending.drain(..end).collect();
        self.scanned = 0;
        match check(&head) {
            Ok(Follows::Body(length)) => {
                self.ready.extend(head);
                self.state = if length == 0 { State::Head } else { State::Body(length) };
            }
            Ok(Follows::Chunks) => {
                self.ready.extend(&head[..head.len() - 2]);
                self.ready.extend(b"connection: close\r\n\r\n");
                self.state = State::Last;
            }
            Err(fault) => self.refuse(fault),
        }
    }

    fn refuse(&mut self, fault: Fault) {
        self.ready.extend(request(fault).as_bytes());
        self.pending.clear();
        self.state = State::Refused;
    }

    fn hand_on(&mut self, buffer: &mut ReadBuf<'_>) {
        let length = buffer.remaining().min(self.ready.len() - self.handed);
        buffer.put_slice(&self.ready[self.handed..self.handed + length]);
        self.handed += length;
        if self.handed == self.ready.len() {
            self.ready.clear();
            self.handed = 0;
        }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Guard<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let guard = &mut *self;
        loop {
            if guard.handed < guard.ready.len() {
                guard.hand_on(buffer);
                return Poll::Ready(Ok(()));
            }
            if guard.state == State::Refused {
                // Whatever else comes is taken and dropped: closing over unread bytes would take the answer back.
                let mut chunk = ReadBuf::new(&mut *guard.chunk);
                ready!(Pin::new(&mut guard.inner).poll_read(context, &mut chunk))?;
                if chunk.filled().is_empty() {
                    return Poll::Ready(Ok(()));
                }
                continue;
            }
            let mut chunk = ReadBuf::new(&mut *guard.chunk);
            ready!(Pin::new(&mut guard.inner).poll_read(context, &mut chunk))?;
            let came = chunk.filled();
            if came.is_empty() {
                return Poll::Ready(Ok(()));
            }
            guard.pending.extend_from_slice(came);
            guard.look();
        }
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Guard<S> {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.inner).poll_write(context, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.inner).poll_write_vectored(context, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.inner.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_shutdown(context)
    }
}
