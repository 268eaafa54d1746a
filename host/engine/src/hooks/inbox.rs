//! The inbox as a source: a page is one delivery, or as much of it as may be held, and a checkpoint is behind every page.

use std::sync::Arc;

use bytes::Bytes;
use weighbridge_model::hook::{InboxPlace, Waiting};
use weighbridge_model::id::ConnectionId;
use weighbridge_model::name::StreamName;
use weighbridge_model::run::FailureClass;
use weighbridge_sandbox::{Ended, Failure, Page, ReadRequest};
use weighbridge_store::tables::{Deliveries, Inbox};
use weighbridge_store::verbs::Route;
use weighbridge_store::{CustomerScope, Tx, TxError};

use crate::connector::{Doing, Side};
use crate::engine::Host;
use crate::error::EngineError;
use crate::pipeline::Halt;
use crate::texts::{Texts, customer_owner};

/// So many deliveries are looked at in one view of the store.
const STEP: usize = 100;

/// What waits for one stream, read in the place of the connector.
struct InboxSide {
    host: Arc<Host>,
    scope: CustomerScope,
    connection: ConnectionId,
    stream: StreamName,
    at: InboxPlace,
    /// The connector, which said what the stream is and may have asked its platform for that.
    connector: Box<dyn Side>,
}

/// The inbox in the place of a route's source.
pub(crate) fn inbox_side(host: &Host, route: &Route, connector: Box<dyn Side>) -> Result<Box<dyn Side>, Halt> {
    let place = route.source.endpoint.place.as_ref();
    let (Some(host), Some(place)) = (host.clients.host().upgrade(), place) else {
        return Err(Halt::config("endpoint.needs_configuration", "the endpoint has no connected system"));
    };
    let (connection, stream) = (place.connection, place.stream.clone());
    Ok(Box::new(InboxSide { host, scope: route.scope, connection, stream, at: InboxPlace::default(), connector }))
}

/// The first delivery for a stream from a place on, and whether there is another one after it.
pub(super) fn next_waiting(
    tx: &Tx<'_>,
    scope: CustomerScope,
    (connection, stream): (ConnectionId, &StreamName),
    at: InboxPlace,
) -> Result<Option<(u64, Waiting, bool)>, TxError> {
    // The numbers begin with 1, and a scan begins after its key.
    let (mut after, mut found) = ((connection, at.delivery.saturating_sub(1)), None);
    loop {
        let rows = tx.scan::<Inbox>(&scope, Some(&after), STEP)?;
        let count = rows.len();
        for (key, row) in rows {
            if key.0 != connection {
                return Ok(found.map(|(number, row)| (number, row, false)));
            }
            after = key;
            let is_done = key.1 == at.delivery && at.line >= row.lines;
            if row.stream != *stream || is_done {
                continue;
            }
            match found {
                None => found = Some((key.1, row)),
                Some((number, first)) => return Ok(Some((number, first, true))),
            }
        }
        if count < STEP {
            return Ok(found.map(|(number, row)| (number, row, false)));
        }
    }
}

/// Lines of a delivery from one on: at most so many, and no more bytes than that unless one line has more.
pub(super) fn cut(records: &Bytes, from: u64, lines_max: u64, bytes_max: usize) -> (Bytes, u64) {
    let mut ends = memchr::memchr_iter(b'\n', records).map(|at| at + 1);
    let start = match from.checked_sub(1) {
        None => 0,
        Some(before) => usize::try_from(before).ok().and_then(|before| ends.nth(before)).unwrap_or(records.len()),
    };
    let (mut end, mut count) = (start, 0);
    for at in ends {
        if count == lines_max || (count > 0 && at - start > bytes_max) {
            break;
        }
        (end, count) = (at, count + 1);
    }
    (records.slice(start..end), count)
}

impl Host {
    /// The records of a delivery, one a line.
    pub(super) fn records_of(
        &self,
        scope: CustomerScope,
        connection: ConnectionId,
        waiting: &Waiting,
    ) -> Result<Bytes, EngineError> {
        let row = self.store.read(|tx| tx.need::<Deliveries>(&scope, &(connection, waiting.delivery)))?;
        let sealed = row.records.ok_or(TxError::NotFound("records of a delivery"))?;
        let texts = Texts::new(&self.ring, customer_owner(scope), waiting.delivery.as_bytes());
        Ok(Bytes::copy_from_slice(&texts.open("delivery", &sealed)?))
    }
}

impl InboxSide {
    fn page(&mut self, records_max: u32, bytes_max: u32) -> Result<Page, EngineError> {
        let place = (self.connection, &self.stream);
        let found = self.host.store.read(|tx| next_waiting(tx, self.scope, place, self.at))?;
        let Some((number, waiting, others)) = found else { return Ok(self.answer(Bytes::new(), 0, false)) };
        let records = self.host.records_of(self.scope, self.connection, &waiting)?;
        let from = if number == self.at.delivery { self.at.line } else { 0 };
        let (lines, count) = cut(&records, from, records_max.into(), bytes_max as usize);
        let rest = from + count < waiting.lines;
        self.at = match rest {
            true => InboxPlace { delivery: number, line: from + count },
            false => InboxPlace { delivery: number + 1, line: 0 },
        };
        Ok(self.answer(lines, count, rest || others))
    }

    fn answer(&self, records: Bytes, records_count: u64, more: bool) -> Page {
        let checkpoint = serde_json::to_vec(&self.at).unwrap_or_default();
        Page {
            records,
            records_count,
            removed: Bytes::new(),
            removed_count: 0,
            checkpoint: Some(checkpoint.into()),
            more,
            remaining: None,
            wait_ms: None,
        }
    }
}

impl Side for InboxSide {
    fn open_reader(&mut self, request: ReadRequest) -> Doing<'_, Result<(), Ended>> {
        let place = request.start.map(|start| serde_json::from_slice(&start)).transpose();
        Box::pin(async {
            self.at = place.map_err(|error| unusable("inbox.malformed_place", error.to_string()))?.unwrap_or_default();
            Ok(())
        })
    }

    fn next(&mut self, records_max: u32, bytes_max: u32) -> Doing<'_, Result<Page, Ended>> {
        let page = self.page(records_max, bytes_max);
        Box::pin(async { page.map_err(|error| unusable("inbox.unreadable", error.to_string())) })
    }

    fn begin_batch(&mut self) {
        self.connector.begin_batch();
    }

    fn requests(&self) -> u64 {
        self.connector.requests()
    }
}

fn unusable(code: &str, message: String) -> Ended {
    Ended::Failure(Failure { class: FailureClass::System, code: code.into(), message, retry_after_ms: None })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut_of(from: u64, lines_max: u64, bytes_max: usize) -> (String, u64) {
        let (lines, count) = cut(&Bytes::from_static(b"{\"a\":1}\n{\"a\":2}\n{\"a\":3}\n"), from, lines_max, bytes_max);
        (String::from_utf8(lines.to_vec()).unwrap(), count)
    }

    #[test]
    fn a_delivery_is_cut_at_its_lines() {
        assert_eq!(cut_of(0, 2, 99), ("{\"a\":1}\n{\"a\":2}\n".into(), 2));
        assert_eq!(cut_of(2, 2, 99), ("{\"a\":3}\n".into(), 1));
        assert_eq!(cut_of(0, 9, 16), ("{\"a\":1}\n{\"a\":2}\n".into(), 2));
    }

    #[test]
    fn a_line_with_more_bytes_than_are_left_comes_alone_and_nothing_comes_after_the_last() {
        assert_eq!(cut_of(1, 9, 3), ("{\"a\":2}\n".into(), 1));
        assert_eq!(cut_of(3, 9, 99), (String::new(), 0));
    }
}
