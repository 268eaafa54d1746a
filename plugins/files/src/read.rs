//! Reading the files of a folder, in the order in which they came there.

use std::collections::VecDeque;

use weighbridge_sdk::files::{self, Entry};
use weighbridge_sdk::source::{Limit, Page, Reader, record_too_large};
use weighbridge_sdk::{Failure, clock, log};

use crate::file::OpenFile;
use crate::filing::Filing;
use crate::pattern;
use crate::place::{Place, since};
use crate::settings::{ReadSettings, with_partition};

/// A walk over the files that lay still when it began.
pub(crate) struct Walk {
    settings: ReadSettings,
    pattern: String,
    filing: Option<Filing>,
    place: Option<Place>,
    queue: VecDeque<Entry>,
    open: Option<OpenFile>,
}

/// Why a page is not filled any further.
enum Filled {
    Page,
    File,
    Passing,
}

impl Walk {
    /// Looks at what is there. What was settled and is not filed away yet is.
    pub(crate) fn open(settings: &ReadSettings, start: Option<&[u8]>) -> Result<Self, Failure> {
        let filing = filing(settings)?;
        let (pattern, place) = (with_partition(&settings.pattern)?, start.map(Place::read).transpose()?);
        let mut walk = Self { settings: settings.clone(), pattern, filing, place, queue: VecDeque::new(), open: None };
        let mut entries = walk.entries()?;
        if let Some(place) = &walk.place {
            if let Some(filing) = &walk.filing {
                filing.file_away(&entries, place)?;
            }
            entries.retain(|entry| !place.is_past(entry));
        }
        let (now, settle) = (clock::now_ms(), u64::from(settings.settle_s) * 1_000);
        entries.retain(|entry| since(entry).saturating_add(settle) <= now);
        entries.sort_by(|one, other| (since(one), &one.name).cmp(&(since(other), &other.name)));
        walk.queue = entries.into();
        Ok(walk)
    }

    fn entries(&self) -> Result<Vec<Entry>, Failure> {
        let mut entries = files::list(&self.settings.folder).map_err(|failure| {
            if failure.is_budget() {
                let message = "the folder has more files than can be looked through; file away those that are done";
                return Failure::config("files.too_many", message);
            }
            failure
        })?;
        entries.retain(|entry| pattern::fits(&self.pattern, &entry.name));
        Ok(entries)
    }

    /// Opens the next file; whether there is one.
    fn begin(&mut self) -> Result<bool, Failure> {
        while let Some(entry) = self.queue.front() {
            let mut place = self.place.take_if(|place| place.is_in(entry)).unwrap_or_else(|| Place::before(entry));
            let opened = OpenFile::open(&self.settings, entry, place.offset);
            let is_there = matches!(opened, Ok(Some(_)));
            place.done |= matches!(opened, Ok(None));
            self.place = Some(place);
            self.open = opened?;
            let entry = self.queue.pop_front();
            if is_there {
                return Ok(true);
            }
            log::warn(format_args!(
                "{} was taken away before it was read",
                entry.map(|one| one.name).unwrap_or_default()
            ));
        }
        Ok(false)
    }

    fn fill(&mut self, page: &mut Page, limit: Limit) -> Result<Filled, Failure> {
        let (Some(file), Some(place)) = (&mut self.open, &mut self.place) else { return Ok(Filled::File) };
        if !file.pass()? {
            return Ok(Filled::Passing);
        }
        while let Some(record) = file.peek()? {
            if !limit.admits(&page.records, record.len()) {
                if page.records.count() == 0 {
                    return Err(record_too_large(record.len(), limit));
                }
                return Ok(Filled::Page);
            }
            page.records.push_json(record);
            place.offset = file.take();
        }
        place.done = true;
        self.open = None;
        Ok(Filled::File)
    }
}

impl Reader for Walk {
    fn next(&mut self, limit: Limit) -> Result<Page, Failure> {
        let (mut page, before) = (Page::default(), self.place.clone());
        loop {
            if self.open.is_none() {
                match self.begin() {
                    Ok(true) => {}
                    Ok(false) => break,
                    // The next call has requests again, and goes on behind what was read in this one.
                    Err(failure) if failure.is_budget() && self.place != before => {
                        page.more = true;
                        break;
                    }
                    Err(failure) => return Err(failure),
                }
            }
            match self.fill(&mut page, limit)? {
                Filled::File => {}
                Filled::Page => {
                    page.more = true;
                    break;
                }
                Filled::Passing => return Ok(Page { more: true, ..page }),
            }
        }
        page.checkpoint = self.place.as_ref().map(Place::checkpoint).transpose()?;
        Ok(page)
    }

    fn acknowledge(&mut self, checkpoint: &[u8]) -> Result<(), Failure> {
        let Some(filing) = &self.filing else { return Ok(()) };
        filing.file_away(&self.entries()?, &Place::read(checkpoint)?)
    }
}

fn filing(settings: &ReadSettings) -> Result<Option<Filing>, Failure> {
    let Some(into) = &settings.file_away else { return Ok(None) };
    if *into == settings.folder {
        let message = "files are filed away into another folder than the one that they are read from";
        return Err(Failure::config("files.file_away", message));
    }
    Ok(Some(Filing { folder: settings.folder.clone(), into: into.clone() }))
}
