//! The streams that the settings describe.

use serde_json::json;
use weighbridge_sdk::catalog::{Catalog, Mode, Stream};

use crate::settings::{Format, Settings, StreamSettings};

/// Each stream once for each direction it has.
pub(crate) fn catalog(settings: &Settings) -> Catalog {
    let streams = settings.streams.iter().flat_map(|(name, stream)| {
        let read = stream.read.as_ref().map(|_| Stream::source(name, &[Mode::FullRefresh, Mode::Incremental]));
        let write = stream.write.as_ref().map(|_| Stream::destination(name, &[Mode::Append]));
        [read, write].into_iter().flatten().map(|described| whole(described, stream))
    });
    Catalog { streams: streams.collect() }
}

fn whole(mut described: Stream, stream: &StreamSettings) -> Stream {
    described.primary_key.clone_from(&stream.primary_key);
    described.schema = stream.schema.clone().or_else(|| columns(stream));
    described
}

/// What the fields of CSV without a header are called is known beforehand.
fn columns(stream: &StreamSettings) -> Option<serde_json::Value> {
    let read = stream.read.as_ref().filter(|read| read.format == Format::Csv && !read.csv.columns.is_empty())?;
    let field =
        if read.csv.empty_is_null { json!({ "type": ["string", "null"] }) } else { json!({ "type": "string" }) };
    let fields: serde_json::Map<_, _> = read.csv.columns.iter().map(|name| (name.clone(), field.clone())).collect();
    Some(json!({ "type": "object", "properties": fields }))
}
