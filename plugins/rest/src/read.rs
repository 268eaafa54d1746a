//! Walking over a stream, page by page of the platform.

use std::ops::Range;
use std::rc::Rc;

use serde_json::Value;
use weighbridge_sdk::source::{Limit, Page, ReadRequest, Reader, SyncMode, record_too_large};
use weighbridge_sdk::{Failure, http, log};

use crate::answer;
use crate::connection::{body_of, check_partition, request, stream};
use crate::field::{Field, scalar};
use crate::pagination::{self, Told};
use crate::path::partitioned;
use crate::place::{PageId, Place};
use crate::removal::Removal;
use crate::settings::{Pagination, ReadSettings, Settings};

/// Pages of the platform that one call asks for; the host allows 64 requests.
const REQUESTS_MAX: u32 = 32;

/// A walk over one stream.
pub(crate) struct Walk {
    settings: Rc<Settings>,
    read: ReadSettings,
    mode: SyncMode,
    field: Option<Field>,
    removal: Option<Removal>,
    until: Option<String>,
    place: Place,
    held: Option<Held>,
}

/// The platform's page that holds the next record.
struct Held {
    body: Vec<u8>,
    records: Vec<Range<usize>>,
    next: Option<PageId>,
}

impl Walk {
    /// Begins a walk, or goes on with one.
    pub(crate) fn open(settings: &Rc<Settings>, request: ReadRequest) -> Result<Self, Failure> {
        let unsupported = || Failure::unsupported(&format!("read the stream `{}`", request.stream));
        let described = stream(settings, &request.stream)?;
        let read = described.read.clone().ok_or_else(unsupported)?;
        let removal = read.removed.as_deref().map(|mark| Removal::new(mark, &described.primary_key)).transpose()?;
        check_partition(texts(&read))?;
        let field = read.incremental.as_ref().map(|incremental| Field::parse(&incremental.field));
        if field.is_none() && (matches!(request.mode, SyncMode::Incremental) || request.since.is_some()) {
            return Err(Failure::unsupported("read only what changed in this stream"));
        }
        if request.until.is_some() && read.incremental.as_ref().is_none_or(|one| one.until_parameter.is_none()) {
            return Err(Failure::unsupported("read up to a bound in this stream"));
        }
        let mut place = request.start.as_deref().map_or_else(|| Ok(Place::default()), Place::read)?;
        if place.done && matches!(request.mode, SyncMode::Incremental) {
            place = place.next_walk(read.incremental.as_ref().map_or(0, |incremental| incremental.overlap))?;
        } else if request.start.is_none() {
            place.since = request.since.map(Value::String);
        }
        let (settings, mode, until) = (Rc::clone(settings), request.mode, request.until);
        Ok(Self { settings, read, mode, field, removal, until, place, held: None })
    }

    /// Asks for the first page of a stream and looks whether its records are where they should be.
    pub(crate) fn check(settings: &Rc<Settings>, name: &str) -> Result<(), Failure> {
        let request =
            ReadRequest { stream: name.to_owned(), mode: SyncMode::FullRefresh, start: None, since: None, until: None };
        Self::open(settings, request)?.fetch().map(|_| ())
    }

    fn fetch(&self) -> Result<Held, Failure> {
        let (request, asked) = self.request()?;
        let answer = request.send()?;
        let link = match self.read.pagination {
            Pagination::Link => pagination::link(&answer, &asked)?,
            _ => None,
        };
        let body = body_of(&self.settings, answer)?;
        let value = match &self.read.pagination {
            Pagination::Cursor { pointer, .. } => Some(pointer.as_str()),
            _ => None,
        };
        let found = answer::find(&body, &self.read.records, value)?;
        if !found.has_list {
            let message = format!("the answer has no list of records at `{}`", self.read.records);
            return Err(Failure::config("rest.records_missing", message));
        }
        let told = Told { count: found.records.len(), value: found.value, link };
        let next = pagination::next(&self.read, self.place.page.as_ref(), told);
        Ok(Held { body, records: found.records, next })
    }

    fn request(&self) -> Result<(http::Request, String), Failure> {
        let read = &self.read;
        if let Some(PageId::Url(url)) = &self.place.page {
            return Ok((self.with_body(request(&self.settings, &read.method, url.clone()))?, url.clone()));
        }
        let url = format!("{}{}", self.settings.base_url, partitioned(&read.path, true)?);
        let mut asked = request(&self.settings, &read.method, url.clone());
        for (name, value) in &read.query {
            asked = asked.query(name, partitioned(value, false)?);
        }
        if let Some(incremental) = &read.incremental {
            if let Some(since) = self.place.since.as_ref().and_then(scalar) {
                asked = asked.query(&incremental.parameter, since);
            }
            if let (Some(parameter), Some(until)) = (&incremental.until_parameter, &self.until) {
                asked = asked.query(parameter, until);
            }
        }
        Ok((self.with_body(pagination::ask(asked, read, self.place.page.as_ref()))?, url))
    }

    fn with_body(&self, request: http::Request) -> Result<http::Request, Failure> {
        match &self.read.body {
            Some(body) => {
                let text = partitioned(&serde_json::to_string(body)?, false)?;
                Ok(request.body("application/json", text.into_bytes()))
            }
            None => Ok(request),
        }
    }

    /// Moves records of the held page into `page` until it is full; whether the held page is used up.
    fn take(&mut self, held: &Held, page: &mut Page, limit: Limit) -> Result<bool, Failure> {
        for range in held.records.iter().skip(self.place.skip) {
            let record = &held.body[range.clone()];
            if !limit.admits_beside(&page.removed, &page.records, record.len()) {
                if is_empty(page) {
                    return Err(record_too_large(record.len(), limit));
                }
                return Ok(false);
            }
            if record.first() != Some(&b'{') {
                return Err(Failure::config("rest.record_malformed", "a record of the platform is no JSON object"));
            }
            match self.removal.as_ref().and_then(|removal| removal.of(record)) {
                Some(key) => page.removed.push(&key)?,
                None => page.records.push_json(record),
            }
            self.place.skip += 1;
            if matches!(self.mode, SyncMode::Incremental)
                && let Some(value) = self.field.as_ref().and_then(|field| field.of(record))
            {
                self.place.raise(value);
            }
        }
        Ok(true)
    }

    /// Fills a page from as many pages of the platform as it takes.
    fn fill(&mut self, page: &mut Page, limit: Limit) -> Result<(), Failure> {
        for _ in 0..REQUESTS_MAX {
            if self.place.done || page.records.count() + page.removed.count() >= limit.records {
                return Ok(());
            }
            let held = match self.held.take() {
                Some(held) => held,
                None => self.fetch()?,
            };
            if !self.take(&held, page, limit)? {
                self.held = Some(held);
                return Ok(());
            }
            self.place.skip = 0;
            self.place.done = held.next.is_none();
            self.place.page = held.next;
        }
        Ok(())
    }
}

impl Reader for Walk {
    fn next(&mut self, limit: Limit) -> Result<Page, Failure> {
        let mut page = Page::default();
        match self.fill(&mut page, limit) {
            Err(failure) if is_empty(&page) => return Err(failure),
            // What is there already is delivered; the failure shows again at the next call.
            Err(failure) => log::warn(format_args!("the rest of the page is asked for again: {}", failure.message)),
            Ok(()) => {}
        }
        let (records, removed) = (page.records.count(), page.removed.count());
        log::info(format_args!("{} {}: {records} records, {removed} removed", self.read.method, self.read.path));
        page.checkpoint = Some(self.place.write()?);
        page.more = !self.place.done;
        Ok(page)
    }
}

fn is_empty(page: &Page) -> bool {
    page.records.is_empty() && page.removed.is_empty()
}

fn texts(read: &ReadSettings) -> impl Iterator<Item = &str> {
    let body = read.body.iter().flat_map(|body| body.values()).filter_map(Value::as_str);
    std::iter::once(read.path.as_str()).chain(read.query.values().map(String::as_str)).chain(body)
}
