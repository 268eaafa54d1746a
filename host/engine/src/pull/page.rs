//! A page as a third party gets it.

use bytes::Bytes;
use weighbridge_model::service::PullPlace;
use weighbridge_model::time::Timestamp;

use super::cursor::Cursors;
use crate::pipeline::{Answer, Lines};

/// A page of a customer's data.
pub struct PulledPage {
    lines: Lines,
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
        let Answer { page, place, lines, fresh } = answer;
        let after = PullPlace { sequence: place.sequence + 1, ..place };
        Self {
            lines,
            next: page.goes_on.then(|| cursors.write(after)),
            has_more: page.more,
            fresh,
            read_at: page.settled_at,
        }
    }

    /// Records as JSON lines, each ended by LF.
    pub fn records(&self) -> &str {
        text(&self.lines.write)
    }

    /// Primary keys of records that are gone, as JSON lines, each ended by LF.
    pub fn deleted(&self) -> &str {
        text(&self.lines.remove)
    }

    /// Both texts as bytes, for whoever has no more use of the page.
    pub fn into_bytes(self) -> (Bytes, Bytes) {
        (self.lines.write, self.lines.remove)
    }

    /// Deletions, then records. A key is in a page at most once, so their order says nothing.
    pub fn lines(&self) -> impl Iterator<Item = PulledLine<'_>> {
        self.deleted().lines().map(PulledLine::Deleted).chain(self.records().lines().map(PulledLine::Record))
    }
}

/// What the host counted as lines of JSON is UTF-8.
fn text(lines: &Bytes) -> &str {
    std::str::from_utf8(lines).unwrap_or_default()
}

impl std::fmt::Debug for PulledPage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (records, deleted) = (self.records().lines().count(), self.deleted().lines().count());
        write!(f, "PulledPage({records} records, {deleted} deletions, has_more: {})", self.has_more)
    }
}
