//! The chain over the ledger: the writer adds one link to it for each group that has entries, and whoever doubts it walks it.

use weighbridge_model::id::EntryId;
use weighbridge_model::meter::{Entry, EntryPlace, LedgerHead, LedgerLink};

use crate::engine::{Changes, Snapshot};
use crate::error::TxError;
use crate::scope::{CustomerScope, HostScope};
use crate::table::{Table as _, read_key};
use crate::tables::{Entries, Hosts, LedgerHeads, LedgerLinks};
use crate::tx::Tx;

/// Links, or entries, that are read in one step.
const STEP: usize = 200;

/// What is wrong with the chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChainFault {
    /// A link is not the one that was written, or an entry of it is not: changed, taken out, or moved.
    Link(u64),
    /// The head is not what the links come to.
    Head,
    /// There are so many entries, and the links have so many others.
    Entries(u64, u64),
}

impl std::fmt::Display for ChainFault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Link(number) => write!(f, "link {number} of the ledger's chain, or an entry of it, was changed"),
            Self::Head => f.write_str("the head of the ledger's chain is not what its links come to"),
            Self::Entries(found, linked) => {
                write!(f, "the ledger has {found} entries, and its chain knows of {linked}")
            }
        }
    }
}

/// Adds a link for the entries that a group of changes writes.
pub(crate) fn extend(snapshot: &dyn Snapshot, changes: &mut Changes) -> Result<(), TxError> {
    let written = changes.range(vec![Entries::NUMBER]..vec![Entries::NUMBER + 1]).filter(|(_, row)| row.is_some());
    let places: Vec<_> = written.filter_map(|(key, _)| read_key::<Entries>(key)).collect();
    if places.is_empty() {
        return Ok(());
    }
    let mut tx = Tx::new(snapshot, changes);
    link(&mut tx, &places)?;
    let own = tx.into_changes();
    changes.extend(own);
    Ok(())
}

/// Begins the chain of another host over the same rows: its first link names the head of the one before.
pub fn chain_anew(tx: &mut Tx<'_>) -> Result<(), TxError> {
    link(tx, &[])
}

/// Writes the next link: of these entries, or of none.
pub(crate) fn link(tx: &mut Tx<'_>, places: &[(CustomerScope, EntryId)]) -> Result<(), TxError> {
    let host = HostScope::new();
    let head = tx.get::<LedgerHeads>(&host, &())?.unwrap_or_default();
    let by = tx.get::<Hosts>(&host, &())?.and_then(|row| row.host);
    let entries = places.iter().map(|(scope, id)| {
        let place = EntryPlace { tenant: scope.tenant_id(), customer: scope.id(), entry: *id };
        Ok((place, tx.need::<Entries>(scope, id)?))
    });
    let entries = entries.collect::<Result<Vec<(EntryPlace, Entry)>, TxError>>()?;
    let (link, head) = head.next(by, &entries);
    tx.put::<LedgerLinks>(&host, &head.links, &link)?;
    tx.put::<LedgerHeads>(&host, &(), &head)
}

/// Walks the chain from its first link to its head, and looks at every entry; the first fault there is.
pub fn check_chain(tx: &Tx<'_>) -> Result<Option<ChainFault>, TxError> {
    let mut walked = LedgerHead::default();
    loop {
        let links = tx.scan::<LedgerLinks>(&HostScope::new(), Some(&walked.links), STEP)?;
        for (number, link) in &links {
            let entries = entries_of(tx, link)?;
            let is_next = *number == walked.links + 1;
            if !is_next || entries.is_none_or(|entries| !link.follows(walked.hash, &entries)) {
                return Ok(Some(ChainFault::Link(walked.links + 1)));
            }
            let entries = walked.entries + link.entries.len() as u64;
            walked = LedgerHead { links: *number, entries, hash: link.hash };
        }
        if links.len() < STEP {
            break;
        }
    }
    if tx.get::<LedgerHeads>(&HostScope::new(), &())?.unwrap_or_default() != walked {
        return Ok(Some(ChainFault::Head));
    }
    let found = entries(tx)?;
    Ok((found != walked.entries).then_some(ChainFault::Entries(found, walked.entries)))
}

/// How many there are.
fn entries(tx: &Tx<'_>) -> Result<u64, TxError> {
    let (mut count, mut after) = (0, None);
    loop {
        let step = tx.keys::<Entries>(HostScope::new(), after.as_ref(), STEP)?;
        count += step.len() as u64;
        match step.last() {
            Some(last) if step.len() == STEP => after = Some(*last),
            _ => return Ok(count),
        }
    }
}

/// Nothing where one is gone.
fn entries_of(tx: &Tx<'_>, link: &LedgerLink) -> Result<Option<Vec<(EntryPlace, Entry)>>, TxError> {
    let entries = link.entries.iter().map(|place| {
        let scope = HostScope::new().tenant(place.tenant).customer(place.customer);
        Ok(tx.get::<Entries>(&scope, &place.entry)?.map(|entry| (*place, entry)))
    });
    entries.collect()
}
