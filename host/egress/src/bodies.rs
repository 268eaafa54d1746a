//! Bodies by number, for whoever speaks of them across a boundary.

use std::collections::HashMap;

use bytes::Bytes;

use crate::body::Body;
use crate::refusal::Refusal;

/// The open bodies of one attempt.
#[derive(Debug, Default)]
pub struct Bodies {
    open: HashMap<u32, Body>,
    next: u32,
}

impl Bodies {
    /// Keeps a body, and gives the number by which it is read and closed.
    pub fn keep(&mut self, body: Body) -> u32 {
        while self.open.contains_key(&self.next) {
            self.next = self.next.wrapping_add(1);
        }
        let handle = self.next;
        self.next = self.next.wrapping_add(1);
        self.open.insert(handle, body);
        handle
    }

    /// The next bytes of a body, at most `max`; empty at its end, and of a body that nobody knows.
    pub async fn read(&mut self, handle: u32, max: u32) -> Result<Bytes, Refusal> {
        match self.open.get_mut(&handle) {
            Some(body) => body.read(max as usize).await,
            None => Ok(Bytes::new()),
        }
    }

    /// Nobody will read this body again.
    pub fn close(&mut self, handle: u32) {
        self.open.remove(&handle);
    }
}
