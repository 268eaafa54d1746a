//! Sending records to the platform.

use std::rc::Rc;

use serde_json::Value;
use weighbridge_sdk::Failure;
use weighbridge_sdk::destination::{Batch, Chunk, ChunkSize, Outcome, Receipt, Rejection, Writer};
use weighbridge_sdk::{http, log};

use crate::connection::{check_partition, request};
use crate::field::scalar;
use crate::path::Path;
use crate::settings::{Body, Settings, WriteSettings};
use crate::status::{Refused, judge, plain};

/// Writes one stream.
pub(crate) struct Sender {
    write: Verb,
    remove: Option<Verb>,
}

/// One kind of request.
struct Verb {
    settings: Rc<Settings>,
    write: WriteSettings,
    path: Path,
    removes: bool,
}

impl Sender {
    /// A writer with the requests that the settings describe.
    pub(crate) fn new(
        settings: &Rc<Settings>,
        write: &WriteSettings,
        remove: Option<&WriteSettings>,
    ) -> Result<Self, Failure> {
        let remove = remove.map(|remove| Verb::new(settings, remove, true)).transpose()?;
        Ok(Self { write: Verb::new(settings, write, false)?, remove })
    }
}

impl Writer for Sender {
    fn write(&mut self, batch: Batch<'_>) -> Result<Receipt, Failure> {
        self.write.send(batch)
    }

    fn remove(&mut self, batch: Batch<'_>) -> Result<Receipt, Failure> {
        self.remove.as_ref().ok_or_else(|| Failure::unsupported("remove records of this stream"))?.send(batch)
    }
}

impl Verb {
    fn new(settings: &Rc<Settings>, write: &WriteSettings, removes: bool) -> Result<Self, Failure> {
        check_partition([write.path.as_str()])?;
        let (path, write) = (Path::parse(&write.path)?, write.clone());
        if write.records != 1 && (path.has_fields() || matches!(write.body, Body::Record | Body::None)) {
            let message = "several records a request need the body `array` or `lines` and a path without fields";
            return Err(Failure::config("rest.records_malformed", message));
        }
        Ok(Self { settings: Rc::clone(settings), write, path, removes })
    }

    fn send(&self, batch: Batch<'_>) -> Result<Receipt, Failure> {
        let size = ChunkSize { records: self.write.records, bytes: self.write.bytes };
        let receipt = batch.send(size, |chunk| self.send_chunk(chunk))?;
        let (taken, rejected) = (receipt.taken, receipt.rejected.len());
        log::info(format_args!(
            "{} {}: {taken} records taken, {rejected} of them rejected",
            self.write.method, self.write.path
        ));
        Ok(receipt)
    }

    fn send_chunk(&self, chunk: &Chunk<'_>) -> Result<Outcome, Failure> {
        let line = chunk.lines.strip_suffix(b"\n").unwrap_or(chunk.lines);
        let path = match self.path.of(line) {
            Ok(path) => path,
            Err(field) => {
                let message = format!("the record has no `{field}`, which the request's path needs");
                return Ok(rejected(chunk, "rest.field_missing", &message, false));
            }
        };
        let url = format!("{}{path}", self.settings.base_url);
        let request = request(&self.settings, &self.write.method, url);
        let request = request.header(&self.settings.idempotency_header, &chunk.key);
        let answer = match self.write.body {
            Body::Record => request.body("application/json", line.to_vec()),
            Body::Array => request.body("application/json", chunk.to_json_array()),
            Body::Lines => request.body("application/x-ndjson", chunk.lines.to_vec()),
            Body::None => request,
        }
        .send()?;
        if (200..300).contains(&answer.status()) || self.is_gone(answer.status()) {
            return self.accepted(chunk, answer);
        }
        self.refused(chunk, answer)
    }

    /// Whether a record that is to be removed is not there any more.
    fn is_gone(&self, status: u16) -> bool {
        self.removes && self.path.has_fields() && matches!(status, 404 | 410)
    }

    fn accepted(&self, chunk: &Chunk<'_>, answer: http::Response) -> Result<Outcome, Failure> {
        if self.write.id.is_none() && self.write.rejections.is_none() {
            return Ok(Outcome::default());
        }
        let body = answer.bytes()?;
        // A write that was accepted is not undone by an answer that says less than it could.
        let answer: Value = serde_json::from_slice(&body).unwrap_or_default();
        Ok(Outcome { rejected: self.rejections(chunk, &answer), assigned: self.ids(chunk, &answer) })
    }

    fn refused(&self, chunk: &Chunk<'_>, answer: http::Response) -> Result<Outcome, Failure> {
        let (status, headers) = (answer.status(), answer.headers());
        let body = answer.bytes()?;
        let failure = plain(status, &headers, &body);
        match judge(&self.settings, failure, status, self.path.has_fields()) {
            Refused::Failed(failure) => Err(failure),
            Refused::Rejected(failure) => Ok(self.sorted_out(chunk, &failure, &body)),
        }
    }

    /// Of several records that were refused together, those that the answer names are rejected. The others, or all where
    /// it names none, come again one by one.
    fn sorted_out(&self, chunk: &Chunk<'_>, failure: &Failure, body: &[u8]) -> Outcome {
        let mut outcome = rejected(chunk, &failure.code, &failure.message, chunk.count > 1);
        let answer: Value = serde_json::from_slice(body).unwrap_or_default();
        for named in self.rejections(chunk, &answer) {
            outcome.rejected.retain(|other| other.index != named.index);
            outcome.rejected.push(named);
        }
        outcome.rejected.sort_by_key(|rejection| rejection.index);
        outcome
    }

    fn ids(&self, chunk: &Chunk<'_>, answer: &Value) -> Vec<(u32, String)> {
        let Some(id) = &self.write.id else { return Vec::new() };
        let results = match answer.pointer(&self.write.results) {
            Some(Value::Array(results)) => results.as_slice(),
            Some(result) => std::slice::from_ref(result),
            None => &[],
        };
        let ids = (chunk.first..).zip(results).take(chunk.count as usize);
        ids.filter_map(|(index, result)| Some((index, result.pointer(id).and_then(scalar)?))).collect()
    }

    fn rejections(&self, chunk: &Chunk<'_>, answer: &Value) -> Vec<Rejection> {
        let Some(settings) = &self.write.rejections else { return Vec::new() };
        let list = answer.pointer(&settings.list).and_then(Value::as_array);
        let text = |entry: &Value, pointer: &str| entry.pointer(pointer).and_then(scalar);
        list.into_iter()
            .flatten()
            .filter_map(|entry| {
                let place = entry.pointer(&settings.index).and_then(Value::as_u64)?;
                let place = u32::try_from(place).ok().filter(|place| *place < chunk.count)?;
                Some(Rejection {
                    index: chunk.first + place,
                    code: text(entry, &settings.code).unwrap_or_else(|| "rest.rejected".to_owned()),
                    message: text(entry, &settings.message).unwrap_or_else(|| entry.to_string()),
                    retryable: false,
                })
            })
            .collect()
    }
}

fn rejected(chunk: &Chunk<'_>, code: &str, message: &str, retryable: bool) -> Outcome {
    let rejection = |(index, _)| Rejection { index, code: code.to_owned(), message: message.to_owned(), retryable };
    Outcome { rejected: chunk.indexed().map(rejection).collect(), assigned: Vec::new() }
}
