//! Pages of records, and the rules that each must keep.

use std::cmp::Ordering;

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use weighbridge_model::lines::{Pointer, find};
use weighbridge_model::time::Timestamp;

use crate::bindings::exports::weighbridge::connector::source;
use crate::limits::{Limits, WAIT_MS_MAX};
use crate::lines;
use crate::outcome::{Stop, Stopped};

/// What a source gave in one call, checked and counted by the host.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page {
    /// One JSON object a line, each ended by a line feed.
    pub records: Bytes,
    /// How many lines `records` has.
    pub records_count: u64,
    /// Primary keys of records that are gone; they come before the records.
    pub removed: Bytes,
    /// How many lines `removed` has.
    pub removed_count: u64,
    /// The place after the last record, when it is safe to go on from there.
    pub checkpoint: Option<Bytes>,
    /// Whether there is more to ask for.
    pub more: bool,
    /// How many records are left, where the platform says so.
    pub remaining: Option<u64>,
    /// Nothing yet: ask again after so long, ten minutes at most.
    pub wait_ms: Option<u32>,
}

/// So many pages in a row may give nothing at all: a platform may filter its own pages empty.
const IDLE_PAGES_MAX: u32 = 256;

impl Page {
    /// Nothing to keep, nowhere to go on from, and no time to wait.
    fn is_idle(&self) -> bool {
        let nothing = self.records.is_empty() && self.removed.is_empty() && self.checkpoint.is_none();
        nothing && self.more && self.wait_ms.is_none_or(|ms| ms == 0)
    }
}

/// Where a reader stands, for the rules that look at more than one page.
#[derive(Default)]
pub(crate) struct Walk {
    /// The checkpoint that it gave last, or was opened with.
    checkpoint: Option<Bytes>,
    idle_pages: u32,
}

impl Walk {
    pub(crate) fn from(checkpoint: Option<Bytes>) -> Self {
        Self { checkpoint, idle_pages: 0 }
    }

    /// Goes on by one accepted page; a reader that does not get on for many of them never will.
    pub(crate) fn step(&mut self, page: Page) -> Result<Page, Stopped> {
        self.idle_pages = if page.is_idle() { self.idle_pages + 1 } else { 0 };
        if self.idle_pages > IDLE_PAGES_MAX {
            return Err(Stopped::plain(Stop::ReaderStuck));
        }
        if page.checkpoint.is_some() {
            self.checkpoint.clone_from(&page.checkpoint);
        }
        Ok(page)
    }
}

/// What was asked of one call.
pub(crate) struct Asked {
    pub(crate) records_max: u32,
    pub(crate) bytes_max: u32,
}

/// Takes a page over the boundary: sizes, counts, text, and that the reader gets on.
pub(crate) fn accept(page: source::Page, asked: &Asked, walk: &Walk, limits: &Limits) -> Result<Page, Stopped> {
    let bytes_max = limits.page_bytes.min(asked.bytes_max as usize);
    let bytes = page.records.len() + page.removed.len();
    if bytes > bytes_max {
        let message = format!("A page has {bytes} bytes; {bytes_max} were asked for.");
        return Err(Stopped::new(Stop::PageTooLarge, message));
    }
    let records_count = lines::check(&page.records, "records")?;
    let removed_count = lines::check(&page.removed, "removed")?;
    let count = records_count + removed_count;
    if count > u64::from(asked.records_max) {
        let message = format!("A page has {count} records; {} were asked for.", asked.records_max);
        return Err(Stopped::new(Stop::PageTooLong, message));
    }
    let page = Page {
        records: page.records.into(),
        records_count,
        removed: page.removed.into(),
        removed_count,
        checkpoint: page.checkpoint.map(Bytes::from),
        more: page.more,
        remaining: page.remaining,
        wait_ms: page.wait_ms.map(|ms| ms.min(WAIT_MS_MAX)),
    };
    accept_checkpoint(&page, walk.checkpoint.as_ref(), limits)?;
    Ok(page)
}

fn accept_checkpoint(page: &Page, last: Option<&Bytes>, limits: &Limits) -> Result<(), Stopped> {
    let Some(checkpoint) = &page.checkpoint else { return Ok(()) };
    if checkpoint.len() > limits.cursor_bytes {
        let message = format!("A checkpoint has {} bytes; {} are kept.", checkpoint.len(), limits.cursor_bytes);
        return Err(Stopped::new(Stop::CheckpointTooLarge, message));
    }
    if page.more && page.wait_ms.is_none() && last == Some(checkpoint) {
        return Err(Stopped::plain(Stop::CheckpointRepeated));
    }
    Ok(())
}

/// The rules that a stream's declaration adds to its pages: removals need a primary key, and the cursor field never
/// falls. One value watches one walk over a stream.
#[derive(Clone, Debug)]
pub struct PageCheck {
    cursor_field: Option<Pointer>,
    has_primary_key: bool,
    last: Option<Place>,
}

impl PageCheck {
    /// A check for a stream whose records come in the order of `cursor_field` (a JSON Pointer or a field's name), where
    /// they do.
    pub fn new(cursor_field: Option<&str>, has_primary_key: bool) -> Self {
        Self { cursor_field: cursor_field.map(Pointer::parse), has_primary_key, last: None }
    }

    /// Whether the page keeps the rules. A record without the field, or with `null` in it, has no place and is passed over.
    pub fn check(&mut self, page: &Page) -> Result<(), Stopped> {
        if !self.has_primary_key && !page.removed.is_empty() {
            return Err(Stopped::plain(Stop::RemovedWithoutKey));
        }
        let Some(field) = &self.cursor_field else { return Ok(()) };
        for (index, line) in page.records.split(|byte| *byte == b'\n').enumerate() {
            let Some(place) = find(line, field).and_then(Place::read) else { continue };
            if self.last.as_ref().is_some_and(|last| place.falls_below(last)) {
                let message = format!("{} See line {} of `records`.", Stop::CursorFell.sentence(), index + 1);
                return Err(Stopped::new(Stop::CursorFell, message));
            }
            self.last = Some(place);
        }
        Ok(())
    }
}

/// A value of a cursor field.
#[derive(Clone, Debug, PartialEq)]
enum Place {
    Whole(i128),
    Number(f64),
    Instant(Timestamp, String),
    Text(String),
}

impl Place {
    fn read(value: &[u8]) -> Option<Self> {
        if value.first() == Some(&b'"') {
            let text: String = serde_json::from_slice(value).ok()?;
            return Some(match Timestamp::parse(&text) {
                Some(instant) => Self::Instant(instant, text),
                None => Self::Text(text),
            });
        }
        let text = std::str::from_utf8(value).ok()?;
        match text.parse() {
            Ok(whole) => Some(Self::Whole(whole)),
            Err(_) => text.parse().ok().map(Self::Number),
        }
    }

    /// A value of another kind than the one before has no order with it, which counts as falling.
    fn falls_below(&self, last: &Self) -> bool {
        let order = match (self, last) {
            (Self::Whole(this), Self::Whole(last)) => Some(this.cmp(last)),
            (Self::Instant(this, _), Self::Instant(last, _)) => Some(this.cmp(last)),
            _ => match (self.number(), last.number()) {
                (Some(this), Some(last)) => this.partial_cmp(&last),
                _ => self.text().zip(last.text()).map(|(this, last)| this.cmp(last)),
            },
        };
        !matches!(order, Some(Ordering::Equal | Ordering::Greater))
    }

    #[expect(clippy::cast_precision_loss, reason = "only ever compared with a number that is a float already")]
    fn number(&self) -> Option<f64> {
        match self {
            Self::Whole(whole) => Some(*whole as f64),
            Self::Number(number) => Some(*number),
            Self::Instant(..) | Self::Text(_) => None,
        }
    }

    fn text(&self) -> Option<&str> {
        match self {
            Self::Instant(_, text) | Self::Text(text) => Some(text),
            Self::Whole(_) | Self::Number(_) => None,
        }
    }
}
