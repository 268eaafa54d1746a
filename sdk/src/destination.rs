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
    /// Its lines, without their LFs.
    pub lines: Vec<&'a [u8]>,
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
        let key = self.key.to_owned();
        Chunks { key, size, lines: lines::raw(self.lines).collect::<Vec<_>>().into_iter().peekable(), next: self.first }
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
                    // A chunk's lines come from a buffer whose length a u32 holds.
                    receipt.taken += u32::try_from(chunk.lines.len()).unwrap_or(u32::MAX);
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
    lines: std::iter::Peekable<std::vec::IntoIter<&'a [u8]>>,
    next: u32,
}

impl<'a> Iterator for Chunks<'a> {
    type Item = Chunk<'a>;

    fn next(&mut self) -> Option<Chunk<'a>> {
        let first = self.next;
        let mut bytes = 0;
        let mut lines = Vec::new();
        while let Some(line) = self.lines.peek() {
            let at_cut = self.next.is_multiple_of(self.size.records.max(1)) || bytes + line.len() > self.size.bytes;
            if !lines.is_empty() && at_cut {
                break;
            }
            bytes += line.len();
            lines.extend(self.lines.next());
            self.next += 1;
        }
        let key = match lines.len() {
            0 => return None,
            1 => format!("{}-{first}", self.key),
            count => format!("{}-{first}-{count}", self.key),
        };
        Some(Chunk { key, first, lines })
    }
}

impl Chunk<'_> {
    /// The lines as one JSON array.
    pub fn to_json_array(&self) -> Vec<u8> {
        let mut body = Vec::with_capacity(self.lines.iter().map(|line| line.len() + 1).sum::<usize>() + 2);
        body.push(b'[');
        body.extend_from_slice(&self.lines.join(&b','));
        body.push(b']');
        body
    }

    /// The lines as JSON lines.
    pub fn to_json_lines(&self) -> Vec<u8> {
        let mut body = self.lines.join(&b'\n');
        body.push(b'\n');
        body
    }
}
