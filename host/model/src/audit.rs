//! One line of the audit log, and the chain that shows a line which was changed, moved or taken out.

use serde::{Deserialize, Serialize};

use crate::access::ActorRef;
use crate::digest::Digest;
use crate::id::{AuditId, CustomerId};
use crate::name::Code;
use crate::sealed::Sealed;
use crate::time::Timestamp;

/// Who did what, or was denied it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditRow {
    /// Its id, under which its text is sealed.
    pub id: AuditId,
    /// When; of a denial that came again and again, the first time.
    pub at: Timestamp,
    /// What was done: `customer.changed`.
    pub act: Code,
    /// Who did it.
    pub by: ActorRef,
    /// The customer it is about, under whose key its text is sealed then.
    #[serde(default)]
    pub customer: Option<CustomerId>,
    /// Why it was denied; nothing where it was done.
    #[serde(default)]
    pub denied: Option<Code>,
    /// How often, up to `last`.
    #[serde(default = "once")]
    pub count: u64,
    /// The last time, where it came more than once.
    #[serde(default)]
    pub last: Option<Timestamp>,
    /// What it was done to, and what changed; gone with the customer it is about.
    #[serde(default)]
    pub detail: Option<Sealed>,
    /// What stands for the detail in the chain.
    pub detail_digest: Digest,
    /// The line before.
    pub previous: Digest,
    /// Over all of this, so that it is the next line's `previous`.
    pub hash: Digest,
}

const fn once() -> u64 {
    1
}

/// What stands before the first line of a chain.
pub const CHAIN_START: Digest = Digest::from_bytes([0; 32]);

/// How far a chain has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChainHead {
    /// How many lines it has.
    pub count: u64,
    /// The last line's hash.
    pub hash: Digest,
}

impl Default for ChainHead {
    fn default() -> Self {
        Self { count: 0, hash: CHAIN_START }
    }
}

impl AuditRow {
    /// The same line, as the next one after `previous`.
    #[must_use]
    pub fn after(mut self, previous: Digest) -> Self {
        self.previous = previous;
        self.hash = self.computed();
        self
    }

    /// Whether the line is as it was written, after `previous`. A text that was taken out leaves its digest; one that is
    /// there must have it.
    pub fn follows(&self, previous: Digest) -> bool {
        let is_its_text = self.detail.as_ref().is_none_or(|detail| detail.digest() == self.detail_digest);
        is_its_text && self.previous == previous && self.hash == self.computed()
    }

    /// Over the plain fields, as canonical JSON of each, and the digest of the sealed one.
    fn computed(&self) -> Digest {
        let parts = [
            self.id.as_bytes().to_vec(),
            self.at.as_millis().to_be_bytes().to_vec(),
            self.act.as_str().as_bytes().to_vec(),
            json(&self.by),
            json(&self.customer),
            json(&self.denied),
            self.count.to_be_bytes().to_vec(),
            json(&self.last),
            self.detail_digest.as_bytes().to_vec(),
            self.previous.as_bytes().to_vec(),
        ];
        let parts: Vec<&[u8]> = parts.iter().map(Vec::as_slice).collect();
        Digest::of_parts("weighbridge audit line", &parts)
    }
}

/// Ids, enums and integers, whose JSON has one form only; nothing in them can fail.
fn json(value: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(value).unwrap_or_default()
}
