//! Walking over a stream, a page of Shopify's at a time.
//!
//! An incremental walk asks for what changed since the walk before began, by Shopify's own clock, less an overlap: its search
//! finds a change a little later than it was made. What the walk before gave from that overlap is left out.

use std::rc::Rc;

use serde_json::{Value, json};
use weighbridge_sdk::source::{Limit, Page, ReadRequest, Reader, SyncMode, record_too_large};
use weighbridge_sdk::{Failure, log, serde_json};

use crate::graphql::{Answer, Shop, is_too_costly};
use crate::instant;
use crate::nodes;
use crate::place::{Place, Progress};
use crate::stream::{LINES, Stream};

/// Requests for pages that one call makes; the host allows 64 in all, and an order with many lines takes more.
const PAGES_MAX: u32 = 24;
/// Requests for more lines of one order.
const LINE_PAGES_MAX: u32 = 20;

/// A walk over one stream.
pub(crate) struct Walk {
    shop: Rc<Shop>,
    stream: &'static Stream,
    incremental: bool,
    since: Option<i64>,
    until: Option<i64>,
    overlap_s: i64,
    page_records: u32,
    place: Place,
}

impl Walk {
    pub(crate) fn open(
        shop: Rc<Shop>,
        request: ReadRequest,
        overlap_s: u32,
        page_records: Option<u32>,
    ) -> Result<Self, Failure> {
        let unknown = || Failure::unsupported(&format!("read the stream `{}`", request.stream));
        let stream = Stream::named(&request.stream).ok_or_else(unknown)?;
        let incremental = matches!(request.mode, SyncMode::Incremental);
        let mut place = request.start.as_deref().map_or_else(|| Ok(Place::default()), Place::read)?;
        if incremental {
            place.settle();
        }
        let (since, until) = (bound(request.since.as_deref())?, bound(request.until.as_deref())?);
        let page_records = page_records.unwrap_or(stream.page_records).clamp(1, 250);
        Ok(Self { shop, stream, incremental, since, until, overlap_s: overlap_s.into(), page_records, place })
    }

    /// What changes are asked for; Shopify's search syntax compares instants so.
    fn filter(&self) -> Option<String> {
        let overlapped = self.place.mark.filter(|_| self.incremental).map(|mark| mark - self.overlap_s);
        let from = self.since.max(overlapped).map(|at| format!("updated_at:>='{}'", instant::text(at)));
        let to = self.until.map(|at| format!("updated_at:<'{}'", instant::text(at)));
        let terms: Vec<String> = from.into_iter().chain(to).collect();
        (!terms.is_empty()).then(|| terms.join(" AND "))
    }

    /// One page of nodes; where it costs more than a query may, half as many.
    fn ask(&mut self, progress: &Progress, room: u32) -> Result<Answer, Failure> {
        let (query, filter) = (self.stream.query(), self.filter());
        loop {
            let first = self.page_records.min(room);
            let mut variables = json!({ "first": first, "after": progress.after, "filter": filter });
            if self.stream.by_location {
                variables["location"] = json!(progress.location);
            }
            match self.shop.ask(&query, variables) {
                Err(failure) if is_too_costly(&failure) && first > 1 => self.page_records = first / 2,
                answered => return answered,
            }
        }
    }

    fn fill(&mut self, page: &mut Page, limit: Limit) -> Result<(), Failure> {
        let mut progress = self.place.walk.clone().unwrap_or_default();
        for _ in 0..PAGES_MAX {
            let room = limit.records - page.records.count();
            if progress.done || room == 0 {
                break;
            }
            let taken = self.ask(&progress, room).and_then(|answer| {
                progress.mark.get_or_insert(answer.at);
                self.take(&answer.data, &mut progress, page, limit)
            });
            match taken {
                Ok(true) => {}
                Ok(false) => break,
                // What is there already is delivered; the failure shows again at the next call.
                Err(failure) if page.records.count() > 0 => {
                    log::warn(format_args!("the rest of the page is asked for again: {}", failure.message));
                    break;
                }
                Err(failure) => return Err(failure),
            }
        }
        progress.fit();
        self.place.walk = Some(progress);
        Ok(())
    }

    /// Puts the nodes of an answer into a page as far as they fit, and says whether all did.
    fn take(&self, data: &Value, progress: &mut Progress, page: &mut Page, limit: Limit) -> Result<bool, Failure> {
        let location = &data["locations"]["edges"][0];
        let connection = match self.stream.by_location {
            false => &data[self.stream.connection],
            true => &location["node"][self.stream.connection],
        };
        for edge in connection["edges"].as_array().into_iter().flatten() {
            if !self.take_one(&edge["node"], progress, page, limit)? {
                return Ok(false);
            }
            progress.after = edge["cursor"].as_str().map(str::to_owned);
        }
        if connection["pageInfo"]["hasNextPage"] == true {
            return Ok(true);
        }
        if self.stream.by_location {
            progress.after = None;
            progress.location = location["cursor"].as_str().map(str::to_owned).or(progress.location.take());
        }
        progress.done = !(self.stream.by_location && data["locations"]["pageInfo"]["hasNextPage"] == true);
        Ok(true)
    }

    fn take_one(&self, node: &Value, progress: &mut Progress, page: &mut Page, limit: Limit) -> Result<bool, Failure> {
        let changed = node["updatedAt"].as_str().and_then(instant::seconds).unwrap_or_default();
        let id = node["id"].as_str().and_then(|id| id.rsplit('/').next()).unwrap_or_default();
        if !(self.incremental && self.place.seen.get(id) == Some(&changed)) {
            let record = self.whole(node)?;
            let line = serde_json::to_vec(&record)?;
            if !limit.admits(&page.records, line.len()) {
                let is_alone = page.records.count() == 0;
                return if is_alone { Err(record_too_large(line.len(), limit)) } else { Ok(false) };
            }
            page.records.push_json(&line);
        }
        if self.incremental && progress.mark.is_some_and(|mark| changed >= mark - self.overlap_s) {
            progress.seen.insert(id.to_owned(), changed);
        }
        Ok(true)
    }

    /// The record of a node; of an order, with the lines that did not come with it.
    fn whole(&self, node: &Value) -> Result<Value, Failure> {
        let mut record = (self.stream.record)(node);
        let mut rest = node["lineItems"]["pageInfo"].clone();
        for _ in 0..LINE_PAGES_MAX {
            if rest["hasNextPage"] != true {
                return Ok(record);
            }
            let variables = json!({ "id": node["id"], "after": rest["endCursor"] });
            let mut answer = self.shop.ask(LINES, variables)?.data;
            let more = answer["order"]["lineItems"].take();
            if let Some(lines) = record["lines"].as_array_mut() {
                lines.extend(nodes::nodes(&more).map(nodes::line));
            }
            rest = more["pageInfo"].clone();
        }
        let message = format!("the order {} has more lines than {LINE_PAGES_MAX} further requests give", node["name"]);
        Err(Failure::system("shopify.order_too_long", message))
    }
}

impl Reader for Walk {
    fn next(&mut self, limit: Limit) -> Result<Page, Failure> {
        let mut page = Page::default();
        self.fill(&mut page, limit)?;
        log::info(format_args!("{}: {} records", self.stream.name, page.records.count()));
        page.more = self.place.walk.as_ref().is_none_or(|walk| !walk.done);
        page.checkpoint = Some(self.place.write()?);
        Ok(page)
    }
}

fn bound(text: Option<&str>) -> Result<Option<i64>, Failure> {
    let read = |text| {
        let malformed = || {
            Failure::config("shopify.bound_malformed", format!("`{text}` is no instant such as 2026-03-31T00:00:00Z"))
        };
        instant::seconds(text).ok_or_else(malformed)
    };
    text.map(read).transpose()
}
