//! Records as the text of a file.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::value::RawValue;
use weighbridge_sdk::Failure;
use weighbridge_sdk::destination::{Chunk, Rejection};

use crate::settings::{CsvSettings, Format, WriteSettings};

/// The content of a file, not packed yet, and what could not be put into it.
pub(crate) struct Rendered {
    pub(crate) bytes: Vec<u8>,
    pub(crate) records: u32,
    pub(crate) rejected: Vec<Rejection>,
}

/// A record's members, as they are written.
type Record = BTreeMap<String, Box<RawValue>>;

/// Puts the records of a chunk into one file's content. It depends on the lines and the settings only.
pub(crate) fn render(settings: &WriteSettings, chunk: &Chunk<'_>) -> Result<Rendered, Failure> {
    let mut rendered = Rendered { bytes: settings.encoding.mark().to_vec(), records: 0, rejected: Vec::new() };
    let table = Table::of(settings, chunk)?;
    rendered.put(settings, &table.head(settings.format))?;
    for (index, line) in chunk.indexed() {
        let first = if settings.format == Format::Json && rendered.records > 0 { "," } else { "" };
        let text = format!("{first}{}", table.record(settings.format, line)?);
        match settings.encoding.encode(&text) {
            Some(bytes) => {
                rendered.bytes.extend_from_slice(&bytes);
                rendered.records += 1;
            }
            None => rendered.rejected.push(Rejection {
                index,
                code: "files.not_encodable".to_owned(),
                message: "the record has a letter that the encoding of the files does not have".to_owned(),
                retryable: false,
            }),
        }
    }
    if settings.format == Format::Json {
        rendered.put(settings, "]\n")?;
    }
    Ok(rendered)
}

impl Rendered {
    fn put(&mut self, settings: &WriteSettings, text: &str) -> Result<(), Failure> {
        let message = "a column has a letter that the encoding of the files does not have";
        let bytes = settings.encoding.encode(text).ok_or_else(|| Failure::config("files.not_encodable", message))?;
        self.bytes.extend_from_slice(&bytes);
        Ok(())
    }
}

/// The columns of CSV; of other formats there are none.
struct Table<'a> {
    settings: &'a CsvSettings,
    delimiter: char,
    quote: char,
    columns: Vec<String>,
}

impl<'a> Table<'a> {
    /// Those of the settings, or else all members of the records, in the order of their names.
    fn of(settings: &'a WriteSettings, chunk: &Chunk<'_>) -> Result<Self, Failure> {
        let (delimiter, quote) = settings.csv.marks()?;
        let mut columns = settings.csv.columns.clone();
        if settings.format == Format::Csv && columns.is_empty() {
            let mut found = BTreeSet::new();
            for (_, line) in chunk.indexed() {
                found.extend(serde_json::from_slice::<Record>(line)?.into_keys());
            }
            columns = found.into_iter().collect();
        }
        Ok(Self { settings: &settings.csv, delimiter: delimiter.into(), quote: quote.into(), columns })
    }

    fn head(&self, format: Format) -> String {
        match format {
            Format::Csv if self.settings.header => self.row(self.columns.iter().map(String::as_str)),
            Format::Json => "[".to_owned(),
            Format::Csv | Format::Lines => String::new(),
        }
    }

    fn record(&self, format: Format, line: &[u8]) -> Result<String, Failure> {
        match format {
            Format::Csv => self.values(line),
            Format::Lines => Ok(format!("{}\n", String::from_utf8_lossy(line))),
            Format::Json => Ok(String::from_utf8_lossy(line).into_owned()),
        }
    }

    fn values(&self, line: &[u8]) -> Result<String, Failure> {
        let record: Record = serde_json::from_slice(line)?;
        let values = self.columns.iter().map(|column| match record.get(column).map(|value| value.get()) {
            None | Some("null") => Ok(String::new()),
            Some(text) if text.starts_with('"') => serde_json::from_str(text),
            Some(other) => Ok(other.to_owned()),
        });
        let values: Vec<String> = values.collect::<Result<_, _>>()?;
        Ok(self.row(values.iter().map(String::as_str)))
    }

    fn row<'b>(&self, fields: impl Iterator<Item = &'b str>) -> String {
        let mut row = String::new();
        for (index, field) in fields.enumerate() {
            if index > 0 {
                row.push(self.delimiter);
            }
            self.field(&mut row, field);
        }
        row.push_str(if self.settings.crlf { "\r\n" } else { "\n" });
        row
    }

    /// A row of one empty field would be an empty line, which readers pass over.
    fn field(&self, row: &mut String, field: &str) {
        let is_special = |letter| letter == self.delimiter || letter == self.quote || letter == '\r' || letter == '\n';
        let is_alone = field.is_empty() && self.columns.len() == 1;
        if !is_alone && !field.contains(is_special) {
            return row.push_str(field);
        }
        row.push(self.quote);
        for letter in field.chars() {
            if letter == self.quote {
                row.push(self.quote);
            }
            row.push(letter);
        }
        row.push(self.quote);
    }
}
