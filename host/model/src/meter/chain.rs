//! The chain over the ledger's entries: one link for the entries of one commit, so that an entry that was changed, taken out,
//! put in or moved shows.

use serde::{Deserialize, Serialize};

use super::entry::Entry;
use crate::audit::CHAIN_START;
use crate::digest::Digest;
use crate::id::{CustomerId, EntryId, HostId, TenantId};

/// Where an entry stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntryPlace {
    /// Whose it is to pay.
    pub tenant: TenantId,
    /// For whom it moved.
    pub customer: CustomerId,
    /// Which one.
    pub entry: EntryId,
}

/// The entries of one commit, after those of the one before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LedgerLink {
    /// Who wrote it; nothing where the store had no id yet.
    pub host: Option<HostId>,
    /// Its entries, in the order of their places. The first link of a restored host has none.
    pub entries: Vec<EntryPlace>,
    /// The hash of the link before.
    pub previous: Digest,
    /// Over all of this and the entries themselves.
    pub hash: Digest,
}

/// How far the chain has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LedgerHead {
    /// How many links it has.
    pub links: u64,
    /// How many entries they have.
    pub entries: u64,
    /// The last link's hash.
    pub hash: Digest,
}

impl Default for LedgerHead {
    fn default() -> Self {
        Self { links: 0, entries: 0, hash: CHAIN_START }
    }
}

impl LedgerHead {
    /// The next link, and where the chain is with it.
    pub fn next(self, host: Option<HostId>, entries: &[(EntryPlace, Entry)]) -> (LedgerLink, Self) {
        let places = entries.iter().map(|(place, _)| *place).collect();
        let hash = hash(host, entries, self.hash);
        let link = LedgerLink { host, entries: places, previous: self.hash, hash };
        let head = Self { links: self.links + 1, entries: self.entries + entries.len() as u64, hash };
        (link, head)
    }
}

impl LedgerLink {
    /// Whether it is as it was written, after `previous`, with these entries under its places.
    pub fn follows(&self, previous: Digest, entries: &[(EntryPlace, Entry)]) -> bool {
        let are_its_own = self.entries.iter().eq(entries.iter().map(|(place, _)| place));
        are_its_own && self.previous == previous && self.hash == hash(self.host, entries, previous)
    }
}

fn hash(host: Option<HostId>, entries: &[(EntryPlace, Entry)], previous: Digest) -> Digest {
    let mut parts = vec![json(&host), previous.as_bytes().to_vec()];
    for (place, entry) in entries {
        parts.push(json(place));
        parts.push(fields(entry).as_bytes().to_vec());
    }
    let parts: Vec<&[u8]> = parts.iter().map(Vec::as_slice).collect();
    Digest::of_parts("weighbridge ledger link", &parts)
}

/// Over the fields of an entry, each as canonical JSON. A meter of which nothing was counted is not in it, so that one that
/// comes later changes no entry of before.
fn fields(entry: &Entry) -> Digest {
    let parts = [
        json(&entry.id),
        json(&entry.kind),
        json(&entry.customer),
        json(&entry.transfer),
        json(&entry.run),
        json(&entry.batch),
        json(&entry.amounts),
        json(&entry.periods),
        json(&entry.service),
        entry.at.as_millis().to_be_bytes().to_vec(),
    ];
    let parts: Vec<&[u8]> = parts.iter().map(Vec::as_slice).collect();
    Digest::of_parts("weighbridge ledger entry", &parts)
}

/// Ids, enums and integers, whose JSON has one form only; nothing in them can fail.
fn json(value: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(value).unwrap_or_default()
}
