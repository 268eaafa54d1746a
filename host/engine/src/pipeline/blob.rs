//! What is kept of a batch beside its rows: a head of JSON in one line, then lines as they are, sealed under the customer's key.
//! The blob has the id of its batch.

use bytes::Bytes;
use serde::Serialize;
use serde::de::DeserializeOwned;
use weighbridge_model::digest::Digest;
use weighbridge_model::id::{BatchId, BlobId};
use weighbridge_model::run::FailureClass;
use weighbridge_model::sealed::Sealed;
use weighbridge_store::CustomerScope;

use super::halt::Halt;
use crate::engine::Host;
use crate::texts::{Texts, customer_owner};

/// Lines to write and to remove, each ended by LF. A clone shares the bytes.
#[derive(Clone)]
pub(crate) struct Lines {
    pub(crate) write: Bytes,
    pub(crate) remove: Bytes,
}

/// Lines as the items of JSON arrays: each ends with a comma and LF but the last, so that they are still told apart.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Items {
    pub(crate) records: Bytes,
    pub(crate) deleted: Bytes,
}

impl From<&Lines> for Items {
    fn from(lines: &Lines) -> Self {
        Self { records: items(&lines.write), deleted: items(&lines.remove) }
    }
}

/// A line of JSON has no LF inside, so the bytes between two of them are one item.
fn items(lines: &[u8]) -> Bytes {
    let mut items = Vec::with_capacity(lines.len() + memchr::memchr_iter(b'\n', lines).count());
    for line in lines.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
        if !items.is_empty() {
            items.extend_from_slice(b",\n");
        }
        items.extend_from_slice(line);
    }
    items.into()
}

/// Whose blob it is, and what kind of one.
#[derive(Clone, Copy)]
pub(crate) struct Place<'a> {
    pub(crate) scope: CustomerScope,
    pub(crate) batch: &'a BatchId,
    pub(crate) field: &'static str,
}

/// Where the lines that are to be written end.
#[derive(serde::Serialize, serde::Deserialize)]
struct Head<H> {
    write: usize,
    rest: H,
}

impl Place<'_> {
    pub(crate) const fn id(&self) -> BlobId {
        BlobId::from_bytes(*self.batch.as_bytes())
    }

    /// Keeps lines durably; answers the digest of all that is kept.
    pub(crate) async fn keep<H: Serialize>(&self, host: &Host, rest: H, lines: &Lines) -> Result<Digest, Halt> {
        let head = Head { write: lines.write.len(), rest };
        let mut text = serde_json::to_vec(&head)
            .map_err(|error| Halt::failed(FailureClass::System, "blob.malformed", error.to_string()))?;
        text.reserve_exact(1 + lines.write.len() + lines.remove.len());
        text.push(b'\n');
        text.extend_from_slice(&lines.write);
        text.extend_from_slice(&lines.remove);
        let sealed = self.texts(host).seal(self.field, &text)?;
        host.store.put_blob(self.id(), sealed.to_bytes()).await?;
        Ok(Digest::of(&text))
    }

    /// What was kept, byte for byte; nothing where the blob is not there.
    pub(crate) async fn load<H: DeserializeOwned>(
        &self,
        host: &Host,
        digest: Digest,
    ) -> Result<Option<(H, Lines)>, Halt> {
        let Some(blob) = host.store.get_blob(self.id()).await? else { return Ok(None) };
        let sealed = Sealed::from_bytes(&blob).ok_or_else(|| damaged("is cut off"))?;
        let text = self.texts(host).open(self.field, &sealed)?;
        if Digest::of(&text) != digest {
            return Err(damaged("is not the one that was kept"));
        }
        let end = memchr::memchr(b'\n', &text).ok_or_else(|| damaged("has no head"))?;
        let head: Head<H> = serde_json::from_slice(&text[..end]).map_err(|error| damaged(&error.to_string()))?;
        let lines = text[end + 1..].split_at_checked(head.write).ok_or_else(|| damaged("is cut off"))?;
        let (write, remove) = (Bytes::copy_from_slice(lines.0), Bytes::copy_from_slice(lines.1));
        Ok(Some((head.rest, Lines { write, remove })))
    }

    fn texts<'a>(&'a self, host: &'a Host) -> Texts<'a> {
        Texts::new(&host.ring, customer_owner(self.scope), self.batch.as_bytes())
    }
}

pub(crate) fn damaged(what: &str) -> Halt {
    Halt::failed(FailureClass::System, "blob.damaged", format!("the batch's blob {what}"))
}
