//! Writing to a platform, in requests that a resend makes again under the same keys.

pub use crate::bindings::exports::weighbridge::connector::destination::{Receipt, Rejection, WriteRequest};
pub use crate::bindings::weighbridge::connector::types::WriteMode;
use crate::{Failure, lines};

/// Lines to write or keys to remove.
#[derive(Clone, Copy, Debug)]
pub struct Batch<'a> {
    /// Names the batch, the verb and all its lines.
    pub key: &'a str,
    /// The index of the first line in the whole batch.
    pub first: u32,
    /// The lines.
    pub lines: &'a [u8],
}

/// Lines that go into one request.
#[derive(Clone, Debug)]
pub struct Chunk<'a> {
    /// The key of the request: `KEY-INDEX` for one line, `KEY-INDEX-COUNT` for several.
    pub key: String,
    /// The index of its first line in the whole batch.
    pub first: u32,
    /// How many lines it has.
    pub count: u32,
    /// Its lines.
    pub lines: &'a [u8],
}

/// How a batch is cut into requests. The cuts depend on the lines and on this only, so that a resend makes the same
/// requests: a request ends where the next line's index is a multiple of `records`, or where the line would not fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChunkSize {
    /// Lines a request.
    pub records: u32,
    /// Bytes a request, if more than one line is in it.
    pub bytes: usize,
}

impl ChunkSize {
    /// One line a request.
    pub const ONE: Self = Self { records: 1, bytes: 0 };
}

/// A place records are written to.
pub trait Writer {
    /// Writes lines: all of them, or as many from the first on as can be dealt with now. [`Batch::send`] does the cutting.
    fn write(&mut self, batch: Batch<'_>) -> Result<Receipt, Failure>;

    /// Removes the records with these primary keys.
    fn remove(&mut self, batch: Batch<'_>) -> Result<Receipt, Failure> {
        let _ = batch;
        Err(Failure::unsupported("remove records"))
    }

    /// The whole of an `overwrite` generation is there. Repeatable.
    fn finish(&mut self) -> Result<(), Failure> {
        Ok(())
    }
}

/// What a chunk's request came to.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// Lines the platform does not accept, by their index in the whole batch.
    pub rejected: Vec<Rejection>,
    /// Ids it gave, by the same index.
    pub assigned: Vec<(u32, String)>,
}

impl<'a> Batch<'a> {
    /// The lines with their indices in the whole batch.
    pub fn indexed(&self) -> impl Iterator<Item = (u32, &'a [u8])> + use<'a> {
        (self.first..).zip(lines::raw(self.lines))
    }

    /// The requests this batch is made of.
    pub fn chunks(&self, size: ChunkSize) -> Chunks<'a> {
        Chunks { key: self.key.to_owned(), size, rest: self.lines, next: self.first }
    }

    /// Sends each chunk in turn and adds up the outcomes. Where a chunk fails after others were taken, the receipt says how
    /// many lines were, and the host comes again with the rest; only a failure of the first chunk is returned as one.
    pub fn send(
        &self,
        size: ChunkSize,
        mut send: impl FnMut(&Chunk<'a>) -> Result<Outcome, Failure>,
    ) -> Result<Receipt, Failure> {
        let mut receipt = Receipt { taken: 0, rejected: Vec::new(), assigned: Vec::new(), wait_ms: None };
        for chunk in self.chunks(size) {
            match send(&chunk) {
                Ok(outcome) => {
                    receipt.taken += chunk.count;
                    receipt.rejected.extend(outcome.rejected);
                    receipt.assigned.extend(outcome.assigned);
                }
                Err(failure) if receipt.taken == 0 => return Err(failure),
                Err(_) => break,
            }
        }
        Ok(receipt)
    }
}

/// The requests a batch is cut into, in order.
pub struct Chunks<'a> {
    key: String,
    size: ChunkSize,
    rest: &'a [u8],
    next: u32,
}

impl<'a> Iterator for Chunks<'a> {
    type Item = Chunk<'a>;

    fn next(&mut self) -> Option<Chunk<'a>> {
        let first = self.next;
        let mut taken = 0;
        while taken < self.rest.len() {
            let line = memchr::memchr(b'\n', &self.rest[taken..]).map_or(self.rest.len() - taken, |end| end + 1);
            let at_cut = self.next.is_multiple_of(self.size.records.max(1)) || taken + line > self.size.bytes;
            if taken > 0 && at_cut {
                break;
            }
            taken += line;
            self.next += 1;
        }
        let count = self.next - first;
        let (lines, rest) = self.rest.split_at(taken);
        self.rest = rest;
        let key = match count {
            0 => return None,
            1 => format!("{}-{first}", self.key),
            count => format!("{}-{first}-{count}", self.key),
        };
        Some(Chunk { key, first, count, lines })
    }
}

impl<'a> Chunk<'a> {
    /// The lines with their indices in the whole batch.
    pub fn indexed(&self) -> impl Iterator<Item = (u32, &'a [u8])> + use<'a> {
        (self.first..).zip(lines::raw(self.lines))
    }

    /// The lines as one JSON array.
    pub fn to_json_array(&self) -> Vec<u8> {
        let mut body = Vec::with_capacity(self.lines.len() + 2);
        body.push(b'[');
        for line in lines::raw(self.lines) {
            body.extend_from_slice(line);
            body.push(b',');
        }
        body.pop_if(|last| *last == b',');
        body.push(b']');
        body
    }
}
