//! The streams that the settings describe.

use weighbridge_sdk::catalog::{Catalog, Mode, Stream};

use crate::settings::{Settings, StreamSettings};

/// Each stream once for each direction it has.
pub(crate) fn catalog(settings: &Settings) -> Catalog {
    let streams = settings.streams.iter();
    Catalog {
        streams: streams
            .flat_map(|(name, stream)| [source(name, stream), destination(name, stream)])
            .flatten()
            .collect(),
    }
}

fn source(name: &str, stream: &StreamSettings) -> Option<Stream> {
    let read = stream.read.as_ref()?;
    let modes: &[Mode] =
        if read.incremental.is_some() { &[Mode::FullRefresh, Mode::Incremental] } else { &[Mode::FullRefresh] };
    let mut source = described(Stream::source(name, modes), stream);
    source.cursor_field = read.incremental.as_ref().filter(|one| one.ordered).map(|one| one.field.clone());
    Some(source)
}

fn destination(name: &str, stream: &StreamSettings) -> Option<Stream> {
    let modes = [stream.create.as_ref().map(|_| Mode::Append), stream.upsert.as_ref().map(|_| Mode::Upsert)];
    let modes: Vec<Mode> = modes.into_iter().flatten().collect();
    (!modes.is_empty()).then(|| described(Stream::destination(name, &modes), stream))
}

fn described(mut described: Stream, stream: &StreamSettings) -> Stream {
    described.primary_key.clone_from(&stream.primary_key);
    described.schema.clone_from(&stream.schema);
    described
}
