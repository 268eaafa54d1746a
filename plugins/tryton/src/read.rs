//! Walking over a stream by id.
//!
//! An incremental walk takes the records whose last change (`write_date`, or `create_date` of one never written) is not
//! before the mark of the walk before, less an overlap: a transaction that began before that mark and was committed after it
//! is found then. What the walk before delivered from the overlap is left out. The mark is the latest change in the database
//! when a walk begins, so it is the server's own clock that counts.

use std::rc::Rc;

use serde::Deserialize;
use serde_json::{Map, Value, json};
use weighbridge_sdk::source::{Limit, Page, ReadRequest, Reader, SyncMode, record_too_large};
use weighbridge_sdk::{Failure, log, serde_json};

use crate::instant::Instant;
use crate::place::{Place, Progress};
use crate::rpc::Server;
use crate::stream::{self, Stream};

/// Requests that one call makes; the host allows 64.
const REQUESTS_MAX: u32 = 32;

/// A walk over one stream.
pub(crate) struct Walk {
    server: Rc<Server>,
    stream: &'static Stream,
    incremental: bool,
    since: Option<Instant>,
    until: Option<Instant>,
    overlap_us: i64,
    page_records: u32,
    place: Place,
}

#[derive(Deserialize)]
struct Row {
    id: i64,
    #[serde(flatten)]
    fields: Map<String, Value>,
}

impl Walk {
    pub(crate) fn open(
        server: Rc<Server>,
        request: ReadRequest,
        overlap_us: i64,
        page_records: u32,
    ) -> Result<Self, Failure> {
        let unknown = || Failure::unsupported(&format!("read the stream `{}`", request.stream));
        let stream = stream::named(&request.stream).ok_or_else(unknown)?;
        let incremental = matches!(request.mode, SyncMode::Incremental);
        let mut place = request.start.as_deref().map_or_else(|| Ok(Place::default()), Place::read)?;
        if incremental {
            place.settle();
        }
        let (since, until) = (bound(request.since.as_deref())?, bound(request.until.as_deref())?);
        Ok(Self { server, stream, incremental, since, until, overlap_us, page_records, place })
    }

    /// The walk that is going on, begun where there is none.
    fn progress(&mut self) -> Result<Progress, Failure> {
        if let Some(progress) = self.place.walk.clone() {
            return Ok(progress);
        }
        let mark_us = if self.incremental { self.latest_change()?.0 } else { 0 };
        Ok(Progress { mark_us, ..Progress::default() })
    }

    /// The latest change in the database, by its own clock.
    fn latest_change(&self) -> Result<Instant, Failure> {
        let mut latest = Instant(0);
        for field in ["write_date", "create_date"] {
            let params = json!([[[field, "!=", null]], 0, 1, [[field, "DESC"]], [field], {"active_test": false}]);
            let rows: Vec<Row> = self.server.call(&self.method(), params)?;
            let found = rows.first().and_then(|row| row.fields.get(field)).and_then(Instant::from_wire);
            latest = latest.max(found.unwrap_or(latest));
        }
        Ok(latest)
    }

    fn rows(&self, after: i64, count: u32) -> Result<Vec<Row>, Failure> {
        let mut domain = vec![json!(["id", ">", after])];
        let overlapped = self.place.mark_us.filter(|_| self.incremental).map(|mark| Instant(mark - self.overlap_us));
        if let Some(since) = self.since.max(overlapped) {
            domain.push(changed(">=", since));
        }
        if let Some(until) = self.until {
            domain.push(changed("<", until));
        }
        let params = json!([domain, 0, count, [["id", "ASC"]], self.stream.wanted(), {"active_test": false}]);
        self.server.call(&self.method(), params)
    }

    fn method(&self) -> String {
        format!("model.{}.search_read", self.stream.model)
    }

    /// Puts rows into a page as far as they fit; whether all did.
    fn take(&self, rows: &[Row], progress: &mut Progress, page: &mut Page, limit: Limit) -> Result<bool, Failure> {
        for row in rows {
            let (record, changed) = self.stream.record(row.id, &row.fields);
            if !(self.incremental && self.place.seen.has(row.id, changed)) {
                let line = serde_json::to_vec(&record)?;
                if !limit.admits(&page.records, line.len()) {
                    let none = page.records.is_empty();
                    return if none { Err(record_too_large(line.len(), limit)) } else { Ok(false) };
                }
                page.records.push_json(&line);
            }
            progress.after = row.id;
            if self.incremental && changed.0 >= progress.mark_us - self.overlap_us {
                progress.seen.add(row.id, changed);
            }
        }
        Ok(true)
    }

    fn fill(&mut self, page: &mut Page, limit: Limit) -> Result<(), Failure> {
        let mut progress = self.progress()?;
        for _ in 0..REQUESTS_MAX {
            let room = limit.records - page.records.count();
            if progress.done || room == 0 {
                break;
            }
            let asked = room.min(self.page_records);
            let rows = match self.rows(progress.after, asked) {
                Ok(rows) => rows,
                // What is there already is delivered; the failure shows again at the next call.
                Err(failure) if !page.records.is_empty() => {
                    log::warn(format_args!("the rest of the page is asked for again: {}", failure.message));
                    break;
                }
                Err(failure) => return Err(failure),
            };
            let all = self.take(&rows, &mut progress, page, limit)?;
            progress.done = all && rows.len() < asked as usize;
            if !all {
                break;
            }
        }
        progress.seen.fit();
        self.place.walk = Some(progress);
        Ok(())
    }
}

impl Reader for Walk {
    fn next(&mut self, limit: Limit) -> Result<Page, Failure> {
        let mut page = Page::default();
        self.fill(&mut page, limit)?;
        log::info(format_args!("{}: {} records", self.stream.model, page.records.count()));
        page.more = self.place.walk.as_ref().is_none_or(|walk| !walk.done);
        page.checkpoint = Some(self.place.write()?);
        Ok(page)
    }
}

/// The condition on a record's last change.
fn changed(operator: &str, instant: Instant) -> Value {
    let wire = instant.to_wire();
    json!(["OR", [["write_date", operator, wire]], [["write_date", "=", null], ["create_date", operator, wire]]])
}

fn bound(text: Option<&str>) -> Result<Option<Instant>, Failure> {
    let read = |text| {
        let malformed = || {
            Failure::config("tryton.bound_malformed", format!("`{text}` is no instant such as 2026-03-31T00:00:00Z"))
        };
        Instant::from_iso(text).ok_or_else(malformed)
    };
    text.map(read).transpose()
}
