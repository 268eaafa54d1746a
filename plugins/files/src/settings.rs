//! The settings of a connection.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;
use weighbridge_sdk::{Failure, config};

/// What stands for the customer's partition in names.
const PARTITION: &str = "{partition}";

/// What a person or a tenant's template fills in. `connector.toml` describes it to the host.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// By name.
    pub streams: BTreeMap<String, StreamSettings>,
}

/// One stream.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StreamSettings {
    /// The fields that name a record.
    #[serde(default)]
    pub primary_key: Vec<String>,
    /// JSON Schema of one record.
    #[serde(default)]
    pub schema: Option<Value>,
    /// How it is read.
    #[serde(default)]
    pub read: Option<ReadSettings>,
    /// How it is written.
    #[serde(default)]
    pub write: Option<WriteSettings>,
}

/// Which files are read, and how.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReadSettings {
    /// The folder, by the name that the operator granted it under.
    pub folder: String,
    /// Which of its files, with `*` and `?`.
    #[serde(default = "all")]
    pub pattern: String,
    /// What is in them.
    pub format: Format,
    /// How texts are written.
    #[serde(default)]
    pub encoding: Encoding,
    /// How CSV is written.
    #[serde(default)]
    pub csv: CsvSettings,
    /// Where the records of a JSON document are.
    #[serde(default)]
    pub records: String,
    /// For how long a file has to lie still before it is read.
    #[serde(default = "ten")]
    pub settle_s: u32,
    /// Into which folder files go that are done.
    #[serde(default)]
    pub file_away: Option<String>,
}

/// Which files are written, and how.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WriteSettings {
    /// The folder, by the name that the operator granted it under.
    pub folder: String,
    /// What their names begin with; the stream's name where it is left out.
    #[serde(default)]
    pub prefix: Option<String>,
    /// What is in them.
    pub format: Format,
    /// How texts are written.
    #[serde(default)]
    pub encoding: Encoding,
    /// How CSV is written.
    #[serde(default)]
    pub csv: CsvSettings,
    /// How they are packed.
    #[serde(default)]
    pub packing: Packing,
    /// The most records of a file.
    #[serde(default = "many")]
    pub records: u32,
    /// The most bytes of records of a file, where it has more than one.
    #[serde(default = "four_mebibytes")]
    pub bytes: usize,
}

/// What a file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// A record a line, its fields with a delimiter between.
    Csv,
    /// A JSON object a line.
    Lines,
    /// One JSON document.
    Json,
}

/// How texts are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
pub enum Encoding {
    /// With or without a mark at the beginning; a mark of UTF-16 is believed.
    #[default]
    #[serde(rename = "utf-8")]
    Utf8,
    /// UTF-8 that begins with a mark when it is written; read as UTF-8 is.
    #[serde(rename = "utf-8-bom")]
    Utf8Marked,
    /// In the order of bytes that its mark says; little-endian without one.
    #[serde(rename = "utf-16")]
    Utf16,
    /// Central Europe, as Windows has it.
    #[serde(rename = "windows-1250")]
    Windows1250,
    /// Western Europe, as Windows has it.
    #[serde(rename = "windows-1252")]
    Windows1252,
    /// Central Europe, as ISO has it.
    #[serde(rename = "iso-8859-2")]
    Iso88592,
}

/// How files are packed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Packing {
    /// Not at all.
    #[default]
    None,
    /// By gzip.
    Gzip,
    /// By Zstandard.
    Zstd,
}

/// How CSV is written.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct CsvSettings {
    /// One ASCII character between fields.
    pub delimiter: char,
    /// One ASCII character around fields that have one of the others in them.
    pub quote: char,
    /// Whether the first line says what the fields are called.
    pub header: bool,
    /// What they are called, where no line says it; which are written, and in which order.
    pub columns: Vec<String>,
    /// Whether an empty field is `null` and not an empty text.
    pub empty_is_null: bool,
    /// Whether written lines end with CR LF.
    pub crlf: bool,
}

impl Default for CsvSettings {
    fn default() -> Self {
        Self { delimiter: ',', quote: '"', header: true, columns: Vec::new(), empty_is_null: false, crlf: false }
    }
}

impl CsvSettings {
    /// The two characters as bytes.
    pub(crate) fn marks(&self) -> Result<(u8, u8), Failure> {
        let byte =
            |mark: char| u8::try_from(mark).ok().filter(|byte| byte.is_ascii() && !matches!(byte, b'\r' | b'\n'));
        match (byte(self.delimiter), byte(self.quote)) {
            (Some(delimiter), Some(quote)) if delimiter != quote => Ok((delimiter, quote)),
            _ => Err(Failure::config("files.csv_marks", "delimiter and quote are two different ASCII characters")),
        }
    }
}

impl Settings {
    /// The settings of a stream.
    pub(crate) fn stream(&self, name: &str) -> Result<&StreamSettings, Failure> {
        let missing = || Failure::config("files.stream_missing", format!("the settings describe no stream `{name}`"));
        self.streams.get(name).ok_or_else(missing)
    }
}

/// A name or a pattern with the partition in its place. One that forgets it would give each customer the files of all.
pub(crate) fn with_partition(text: &str) -> Result<String, Failure> {
    let Some(partition) = config::partition()? else { return Ok(text.to_owned()) };
    if !text.contains(PARTITION) {
        let message = "the endpoint has a partition, and the names of the stream's files do not use {partition}";
        return Err(Failure::config("files.partition_unused", message));
    }
    if partition.is_empty() || !partition.chars().all(|letter| letter.is_alphanumeric() || "-_.".contains(letter)) {
        let message = "a partition in the names of files has letters, digits, `-`, `_` and `.` only";
        return Err(Failure::config("files.partition_malformed", message));
    }
    Ok(text.replace(PARTITION, &partition))
}

fn all() -> String {
    "*".to_owned()
}

const fn ten() -> u32 {
    10
}

const fn many() -> u32 {
    10_000
}

const fn four_mebibytes() -> usize {
    4 << 20
}
