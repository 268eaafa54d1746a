//! A source: all of it each time, or what changed since a version.

use std::fmt::Write as _;

use weighbridge_outage::Chance;

use super::http::Request;

/// Records that a source has which does not grow.
pub const FULL: u64 = 60;
/// Records a page, a batch and a request.
pub const PAGE: u64 = 20;
/// Records whose versions change.
const CHANGING: u64 = 40;

/// How a transfer reads and writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// All of it is added, each time.
    AppendFull,
    /// What is new is added.
    AppendIncremental,
    /// All of it is written, each time.
    UpsertFull,
    /// What changed is written; what is read again may have changed meanwhile.
    UpsertIncremental,
}

impl Kind {
    /// The kind of the transfer with this number.
    pub const fn of(number: usize) -> Self {
        match number % 4 {
            0 => Self::AppendFull,
            1 => Self::AppendIncremental,
            2 => Self::UpsertFull,
            _ => Self::UpsertIncremental,
        }
    }

    /// Whether it reads what changed.
    pub const fn is_incremental(self) -> bool {
        matches!(self, Self::AppendIncremental | Self::UpsertIncremental)
    }

    /// Whether it adds.
    pub const fn appends(self) -> bool {
        matches!(self, Self::AppendFull | Self::AppendIncremental)
    }
}

/// Versions are numbers from 1; each is a record's.
#[derive(Clone, Debug)]
pub struct Source {
    /// How it is read.
    pub kind: Kind,
    /// The newest version.
    pub last: u64,
}

impl Source {
    /// One that has not grown.
    pub const fn new(kind: Kind) -> Self {
        Self { kind, last: FULL }
    }

    /// The record that has a version.
    pub const fn id(&self, version: u64) -> u64 {
        match self.kind {
            Kind::UpsertIncremental => version % CHANGING,
            _ => version,
        }
    }

    /// The first version that is its record's newest.
    pub const fn oldest(&self) -> u64 {
        match self.kind {
            Kind::UpsertIncremental => (self.last + 1).saturating_sub(CHANGING),
            _ => 1,
        }
    }

    /// A page, in the order of versions.
    pub fn page(&mut self, request: &Request, grows: bool, chance: &mut Chance) -> String {
        if grows && self.kind.is_incremental() {
            self.last += chance.below(25);
        }
        let after = request.number("after").max(request.number("since")).unwrap_or(0);
        let limit = request.number("limit").unwrap_or(PAGE);
        let first = self.oldest().max(after + 1);
        let end = self.last.min(first + limit - 1);
        let mut page = String::from("{\"data\":[");
        for version in first..=end {
            let comma = if version == first { "" } else { "," };
            let _ = write!(page, "{comma}{{\"id\":{},\"version\":{version},\"text\":\"łódź\"}}", self.id(version));
        }
        let next = if end < self.last && first <= end { format!("\"{end}\"") } else { "null".into() };
        let _ = write!(page, "],\"next\":{next}}}");
        page
    }
}
