//! The settings of a connection.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::{Map, Value};

use crate::webhook::WebhookSettings;

/// What a person or a tenant's template fills in. `connector.toml` describes it to the host.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Where the platform answers; paths are put behind it.
    pub base_url: String,
    /// The auth scheme of the manifest that requests use.
    #[serde(default)]
    pub auth: Option<String>,
    /// The header of the scheme `api_key`; the host reads it.
    #[serde(default, rename = "key_header")]
    pub _key_header: Option<String>,
    /// The query parameter of the scheme `api_key_query`; the host reads it.
    #[serde(default, rename = "key_parameter")]
    pub _key_parameter: Option<String>,
    /// Where a person agrees, for the scheme `oauth2`; the host reads this and the next four.
    #[serde(default, rename = "authorize_url")]
    pub _authorize_url: IgnoredAny,
    /// Where tokens come from.
    #[serde(default, rename = "token_url")]
    pub _token_url: IgnoredAny,
    /// Where a grant is taken back.
    #[serde(default, rename = "revoke_url")]
    pub _revoke_url: IgnoredAny,
    /// Who has to answer.
    #[serde(default, rename = "issuer")]
    pub _issuer: IgnoredAny,
    /// What is asked for.
    #[serde(default, rename = "scopes")]
    pub _scopes: IgnoredAny,
    /// Sent with every request.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    /// The request header that carries the key of a write.
    #[serde(default = "idempotency_key")]
    pub idempotency_header: String,
    /// Status → failure class, or `rejection`, where the platform means something unusual by it.
    #[serde(default)]
    pub statuses: BTreeMap<u16, Meaning>,
    /// How the platform tells by webhooks what changed.
    #[serde(default)]
    pub webhooks: Option<WebhookSettings>,
    /// Where it reaches the host for that; whoever sets the platform up puts it there.
    #[serde(default, rename = "webhook_address")]
    pub _webhook_address: IgnoredAny,
    /// By name.
    pub streams: BTreeMap<String, StreamSettings>,
}

/// What a status means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Meaning {
    /// The settings are wrong.
    Config,
    /// The credential is.
    Auth,
    /// Too many requests.
    RateLimited,
    /// Worth another try.
    Transient,
    /// A defect.
    System,
    /// The record of a request that had one is not accepted.
    Rejection,
}

/// One stream.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StreamSettings {
    /// How it is read.
    #[serde(default)]
    pub read: Option<ReadSettings>,
    /// How records are added (write mode `append`).
    #[serde(default)]
    pub create: Option<WriteSettings>,
    /// How records are added or replaced (write mode `upsert`).
    #[serde(default)]
    pub upsert: Option<WriteSettings>,
    /// How records are removed.
    #[serde(default)]
    pub delete: Option<WriteSettings>,
    /// The fields that name a record: top-level names or JSON Pointers.
    #[serde(default)]
    pub primary_key: Vec<String>,
    /// JSON Schema of a record.
    #[serde(default)]
    pub schema: Option<Value>,
}

/// How a stream is read.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReadSettings {
    /// Behind the base URL; `{partition}` is the customer's partition.
    pub path: String,
    /// The HTTP method.
    #[serde(default = "get")]
    pub method: String,
    /// Parameters of every request; `{partition}` is filled in.
    #[serde(default)]
    pub query: BTreeMap<String, String>,
    /// A JSON body, for platforms that are asked by POST.
    #[serde(default)]
    pub body: Option<Map<String, Value>>,
    /// JSON Pointer to the array of records in the answer; empty when the answer is that array.
    #[serde(default)]
    pub records: String,
    /// How one page leads to the next.
    #[serde(default)]
    pub pagination: Pagination,
    /// How many records a page of the platform has.
    #[serde(default)]
    pub page_size: Option<u32>,
    /// The parameter that asks for so many.
    #[serde(default)]
    pub size_parameter: Option<String>,
    /// How only changed records are asked for.
    #[serde(default)]
    pub incremental: Option<Incremental>,
    /// The field that is true in a record which was deleted: a top-level name or a JSON Pointer. Such a record is a removal.
    #[serde(default)]
    pub removed: Option<String>,
}

/// How one page leads to the next.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Pagination {
    /// There is one page.
    #[default]
    None,
    /// By its number.
    Page {
        /// The query parameter.
        #[serde(default = "page")]
        parameter: String,
        /// The number of the first page.
        #[serde(default = "one")]
        first: u64,
        /// How the last page is known.
        #[serde(default)]
        last: LastPage,
    },
    /// By how many records come before it.
    Offset {
        /// The query parameter.
        #[serde(default = "offset")]
        parameter: String,
        /// How the last page is known.
        #[serde(default)]
        last: LastPage,
    },
    /// By a value in the answer before; absent, null or empty in the last one.
    Cursor {
        /// The query parameter.
        parameter: String,
        /// JSON Pointer to the value.
        pointer: String,
    },
    /// By the `Link` header with `rel="next"`.
    Link,
}

/// How the last of numbered pages is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LastPage {
    /// It is empty. Safe with platforms that give fewer records than they were asked for.
    #[default]
    Empty,
    /// It has fewer records than `page_size`. Saves a request.
    Short,
}

/// How only changed records are asked for.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Incremental {
    /// The query parameter that takes the highest value seen so far.
    pub parameter: String,
    /// The query parameter of an upper bound, for backfills.
    #[serde(default)]
    pub until_parameter: Option<String>,
    /// The field whose highest value is kept: a top-level name or a JSON Pointer. Texts compare as texts, so they have one
    /// form (ISO 8601 in UTC); numbers compare as numbers.
    pub field: String,
    /// Whether the platform gives records in the order of that field; it is then the stream's cursor field, and the host
    /// sees to it that it never falls.
    #[serde(default)]
    pub ordered: bool,
    /// How far before that value the next walk begins, for records that the platform shows late: seconds where it is an
    /// instant, days where it is a date, else as much as is taken off the number.
    #[serde(default)]
    pub overlap: u32,
}

/// How records are written.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WriteSettings {
    /// The HTTP method.
    pub method: String,
    /// Behind the base URL; `{field}` and `{/json/pointer}` are taken from the record (requests of one record only),
    /// `{partition}` is the customer's partition.
    pub path: String,
    /// What the body is.
    #[serde(default)]
    pub body: Body,
    /// Records a request; more than one for `array` and `lines` only.
    #[serde(default = "one_record")]
    pub records: u32,
    /// Bytes a request, where it has more than one record.
    #[serde(default = "mebibyte")]
    pub bytes: usize,
    /// JSON Pointer to the list of results in the answer, one for each record in its order. Empty with one record a
    /// request: the answer itself is the result.
    #[serde(default)]
    pub results: String,
    /// JSON Pointer to the id in a result; it is kept as a record link.
    #[serde(default)]
    pub id: Option<String>,
    /// How an answer says that it did not accept some of the records.
    #[serde(default)]
    pub rejections: Option<Rejections>,
}

/// What the body of a write is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Body {
    /// The record.
    #[default]
    Record,
    /// A JSON array of records.
    Array,
    /// JSON lines.
    Lines,
    /// Nothing; the path says it all.
    None,
}

/// How an answer lists the records it did not accept.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rejections {
    /// JSON Pointer to the list in the answer.
    pub list: String,
    /// JSON Pointer, in an entry, to the record's place in the request, counted from 0.
    #[serde(default = "index")]
    pub index: String,
    /// JSON Pointer, in an entry, to a code.
    #[serde(default = "code")]
    pub code: String,
    /// JSON Pointer, in an entry, to a sentence.
    #[serde(default = "message")]
    pub message: String,
}

fn idempotency_key() -> String {
    "Idempotency-Key".to_owned()
}

fn get() -> String {
    "GET".to_owned()
}

fn page() -> String {
    "page".to_owned()
}

fn offset() -> String {
    "offset".to_owned()
}

const fn one() -> u64 {
    1
}

const fn one_record() -> u32 {
    1
}

const fn mebibyte() -> usize {
    1 << 20
}

fn index() -> String {
    "/index".to_owned()
}

fn code() -> String {
    "/code".to_owned()
}

fn message() -> String {
    "/message".to_owned()
}
