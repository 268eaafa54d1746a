//! A page as a third party gets it.

use bytes::Bytes;
use weighbridge_model::service::PullPlace;
use weighbridge_model::time::Timestamp;

use super::cursor::Cursors;
use crate::pipeline::{Answer, Items};

/// A page of a customer's data.
pub struct PulledPage {
    items: Items,
    /// The cursor of the page after this one, which is good for tomorrow's changes too. None where the stream cannot tell what
    /// changed and this page is its last: the next reading begins anew.
    pub next: Option<String>,
    /// Whether the source had more to give when this page was read.
    pub has_more: bool,
    /// Whether it was read, and billed, for this request; one that is served again is not.
    pub fresh: bool,
    /// When it was read.
    pub read_at: Timestamp,
}

/// One line of a page, without its LF.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PulledLine<'a> {
    /// A record, new or changed.
    Record(&'a str),
    /// The primary key of a record that is gone.
    Deleted(&'a str),
}

impl PulledPage {
    pub(super) fn of(answer: Answer, cursors: &Cursors) -> Self {
        let Answer { page, place, items, fresh } = answer;
        let after = PullPlace { sequence: place.sequence + 1, ..place };
        Self {
            items,
            next: page.goes_on.then(|| cursors.write(after)),
            has_more: page.more,
            fresh,
            read_at: page.settled_at,
        }
    }

    /// Records, each a line of JSON.
    pub fn records(&self) -> impl Iterator<Item = &str> {
        lines(&self.items.records)
    }

    /// Primary keys of records that are gone, each a line of JSON.
    pub fn deleted(&self) -> impl Iterator<Item = &str> {
        lines(&self.items.deleted)
    }

    /// Records and primary keys of records that are gone, each as the items of a JSON array; nothing is copied.
    pub fn items(&self) -> (Bytes, Bytes) {
        (self.items.records.clone(), self.items.deleted.clone())
    }

    /// Deletions, then records. A key is in a page at most once, so their order says nothing.
    pub fn lines(&self) -> impl Iterator<Item = PulledLine<'_>> {
        self.deleted().map(PulledLine::Deleted).chain(self.records().map(PulledLine::Record))
    }
}

/// Items, without the commas between them. What the host counted as lines of JSON is UTF-8.
fn lines(items: &Bytes) -> impl Iterator<Item = &str> {
    let text = std::str::from_utf8(items).unwrap_or_default();
    text.lines().map(|line| line.strip_suffix(',').unwrap_or(line))
}

impl std::fmt::Debug for PulledPage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (records, deleted) = (self.records().count(), self.deleted().count());
        write!(f, "PulledPage({records} records, {deleted} deletions, has_more: {})", self.has_more)
    }
}
