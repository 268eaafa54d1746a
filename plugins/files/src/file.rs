//! A file that is being read.

use weighbridge_sdk::Failure;
use weighbridge_sdk::files::Entry;

use crate::body::Body;
use crate::content::Content;
use crate::csv::Rows;
use crate::json::Document;
use crate::packed::Bytes;
use crate::settings::{Format, Packing, ReadSettings};

/// A file, and how far it was read.
pub(crate) struct OpenFile {
    name: String,
    body: Body,
    content: Content,
    /// Where the next record begins.
    offset: u64,
    /// A record that was read and did not fit, and where the one behind it begins.
    ahead: Option<(Vec<u8>, u64)>,
}

impl OpenFile {
    /// Opens a file where a walk goes on, at 0 for its beginning; none where it is not there any more.
    pub(crate) fn open(settings: &ReadSettings, entry: &Entry, offset: u64) -> Result<Option<Self>, Failure> {
        let opened = Self::open_at(settings, &entry.name, offset);
        opened.map_err(|failure| of_file(&entry.name, failure))
    }

    fn open_at(settings: &ReadSettings, name: &str, offset: u64) -> Result<Option<Self>, Failure> {
        let Some(source) = Bytes::open(&settings.folder, name, 0)? else { return Ok(None) };
        let mut body = Body::begin(source, settings.encoding)?;
        let mut content = match settings.format {
            Format::Csv => Content::Rows(Box::new(Rows::begin(&settings.csv, &mut body)?)),
            Format::Lines => Content::Lines,
            Format::Json => Content::Document(Document::read(&mut body, &settings.records)?),
        };
        let is_document = matches!(content, Content::Document(_));
        if !is_document && offset > body.offset() {
            let is_packed = Packing::of(name) != Packing::None;
            let Some(source) = Bytes::open(&settings.folder, name, if is_packed { 0 } else { offset })? else {
                return Ok(None);
            };
            body = Body::resume(source, body.script(), offset, is_packed);
            if let Content::Rows(rows) = &mut content {
                rows.again(&settings.csv)?;
            }
        }
        let offset = if is_document { offset } else { body.offset() };
        Ok(Some(Self { name: name.to_owned(), body, content, offset, ahead: None }))
    }

    /// Goes on passing over what was read before; whether that is done.
    pub(crate) fn pass(&mut self) -> Result<bool, Failure> {
        self.body.pass().map_err(|failure| of_file(&self.name, failure))
    }

    /// The next record, which stays the next one until it is taken; none at the end.
    pub(crate) fn peek(&mut self) -> Result<Option<&[u8]>, Failure> {
        if self.ahead.is_none() {
            let mut record = Vec::new();
            let next = self.content.next(&mut self.body, self.offset, &mut record);
            let next = next.map_err(|failure| of_file(&self.name, failure))?;
            self.ahead = next.map(|after| (record, after));
        }
        Ok(self.ahead.as_ref().map(|(record, _)| record.as_slice()))
    }

    /// Takes the next record, and says where the one behind it begins.
    pub(crate) fn take(&mut self) -> u64 {
        if let Some((_, after)) = self.ahead.take() {
            self.offset = after;
        }
        self.offset
    }
}

/// A failure that says in which file.
fn of_file(name: &str, failure: Failure) -> Failure {
    if failure.is_budget() {
        return failure;
    }
    Failure { message: format!("{name}: {}", failure.message), ..failure }
}
