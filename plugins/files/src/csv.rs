//! Records of CSV.

use std::io::Write as _;

use csv_core::{ReadRecordResult, Reader, ReaderBuilder};
use weighbridge_sdk::Failure;

use crate::body::Body;
use crate::content::RECORD_BYTES_MAX;
use crate::settings::CsvSettings;

/// Reads rows, whose fields become the members of a record.
pub(crate) struct Rows {
    core: Reader,
    fields: Vec<u8>,
    ends: Vec<usize>,
    /// What the members are called, as JSON.
    names: Vec<String>,
    empty_is_null: bool,
}

impl Rows {
    /// At the beginning of a file, whose header is read where it has one.
    pub(crate) fn begin(settings: &CsvSettings, body: &mut Body) -> Result<Self, Failure> {
        let (delimiter, quote) = settings.marks()?;
        let core = ReaderBuilder::new().delimiter(delimiter).quote(quote).build();
        let mut rows = Self {
            core,
            fields: vec![0; 16 << 10],
            ends: vec![0; 64],
            names: Vec::new(),
            empty_is_null: settings.empty_is_null,
        };
        let mut names = settings.columns.clone();
        if settings.header {
            let count = rows.row(body)?.unwrap_or(0);
            let header: Vec<String> =
                (0..count).map(|index| String::from_utf8_lossy(rows.field(index)).into_owned()).collect();
            if names.is_empty() {
                names = header;
            }
        } else if names.is_empty() {
            return Err(Failure::config("files.csv_columns", "CSV without a header needs `columns` in the settings"));
        }
        check_names(&names)?;
        rows.names = names.iter().map(serde_json::to_string).collect::<Result<_, _>>()?;
        Ok(rows)
    }

    /// From another place of the same file on.
    pub(crate) fn again(&mut self, settings: &CsvSettings) -> Result<(), Failure> {
        let (delimiter, quote) = settings.marks()?;
        self.core = ReaderBuilder::new().delimiter(delimiter).quote(quote).build();
        Ok(())
    }

    /// The next record, put behind what there is; none at the end.
    pub(crate) fn next(&mut self, body: &mut Body, record: &mut Vec<u8>) -> Result<bool, Failure> {
        let byte = body.offset();
        let Some(count) = self.row(body)? else { return Ok(false) };
        if count != self.names.len() {
            let message = format!("the row at byte {byte} has {count} fields and not {}", self.names.len());
            return Err(Failure::config("files.csv_fields", message));
        }
        for (index, name) in self.names.iter().enumerate() {
            record.push(if index == 0 { b'{' } else { b',' });
            record.extend_from_slice(name.as_bytes());
            record.push(b':');
            let field = self.field(index);
            if field.is_empty() && self.empty_is_null {
                record.extend_from_slice(b"null");
            } else {
                serde_json::to_writer(&mut *record, &String::from_utf8_lossy(field))?;
            }
        }
        let _ = record.write_all(if count == 0 { b"{}" } else { b"}" });
        Ok(true)
    }

    fn field(&self, index: usize) -> &[u8] {
        let start = index.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.fields[start..self.ends[index]]
    }

    /// Reads a row, and says how many fields it has.
    fn row(&mut self, body: &mut Body) -> Result<Option<usize>, Failure> {
        let (mut written, mut count) = (0, 0);
        // No input at all would mean the end.
        if body.unread().is_empty() {
            body.fill()?;
        }
        loop {
            let (result, read, more, ended) =
                self.core.read_record(body.unread(), &mut self.fields[written..], &mut self.ends[count..]);
            body.take(read);
            written += more;
            count += ended;
            match result {
                ReadRecordResult::Record => return Ok(Some(count)),
                ReadRecordResult::End => return Ok(None),
                ReadRecordResult::InputEmpty => {
                    body.fill()?;
                }
                ReadRecordResult::OutputEndsFull => self.ends.resize(self.ends.len() * 2, 0),
                ReadRecordResult::OutputFull if self.fields.len() < RECORD_BYTES_MAX => {
                    self.fields.resize(self.fields.len() * 2, 0);
                }
                ReadRecordResult::OutputFull => {
                    let message = format!("the row before byte {} never ends; is a quote missing?", body.offset());
                    return Err(Failure::config("files.csv_endless", message));
                }
            }
        }
    }
}

fn check_names(names: &[String]) -> Result<(), Failure> {
    let mut seen = std::collections::BTreeSet::new();
    match names.iter().find(|name| !seen.insert(name.as_str())) {
        Some(twice) => Err(Failure::config("files.csv_columns", format!("two columns are called `{twice}`"))),
        None => Ok(()),
    }
}
