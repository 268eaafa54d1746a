//! Two connectors that are part of this program: an inbox of notes, and an archive for them.

use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use serde_json::{Value, json};
use weighbridge::connector::{Connector, Doing, Ended, Page, ReadRequest, Receipt, Setting, Side, WriteRequest};
use weighbridge::model::package::{Manifest, ManifestError};

type Lines = Arc<Mutex<Vec<String>>>;

fn manifest(name: &str, direction: &str, modes: &[&str]) -> Result<Manifest, ManifestError> {
    let manifest = json!({
        "name": name, "version": "1.0.0", "publisher": "example", "title": name, "summary": "Notes.", "contract": "0.1.0",
        "capabilities": [{ "stream": "notes", "direction": direction, "modes": modes, "primary_key": ["id"] }],
    });
    Manifest::parse(manifest.to_string().as_bytes())
}

/// One connector of either kind over shared lines.
struct Notes {
    manifest: Manifest,
    lines: Lines,
}

impl Connector for Notes {
    fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    fn side(&self, _setting: &Setting) -> Box<dyn Side> {
        Box::new(NotesSide(Arc::clone(&self.lines)))
    }
}

struct NotesSide(Lines);

impl Side for NotesSide {
    fn open_reader(&mut self, _request: ReadRequest) -> Doing<'_, Result<(), Ended>> {
        Box::pin(async { Ok(()) })
    }

    /// Everything fits one page here; a larger source gives a checkpoint with each page and says `more`.
    fn next(&mut self, _records_max: u32, _bytes_max: u32) -> Doing<'_, Result<Page, Ended>> {
        let lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let page = Page {
            records: lines.concat().into(),
            records_count: lines.len() as u64,
            removed: Bytes::new(),
            removed_count: 0,
            checkpoint: Some("end".into()),
            more: false,
            remaining: None,
            wait_ms: None,
        };
        Box::pin(async { Ok(page) })
    }

    fn open_writer(&mut self, _request: WriteRequest) -> Doing<'_, Result<(), Ended>> {
        Box::pin(async { Ok(()) })
    }

    fn write<'a>(&'a mut self, _key: &'a str, _first: u32, records: Bytes) -> Doing<'a, Result<Receipt, Ended>> {
        let text = String::from_utf8_lossy(&records);
        let mut lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        lines.extend(text.lines().map(str::to_owned));
        let taken = u32::try_from(text.lines().count()).unwrap_or(u32::MAX);
        Box::pin(async move { Ok(Receipt { taken, ..Receipt::default() }) })
    }
}

/// Where notes come from.
pub(crate) struct Inbox(Lines);

impl Inbox {
    /// An inbox with these notes.
    pub(crate) fn with(texts: impl IntoIterator<Item = &'static str>) -> Self {
        let lines = texts.into_iter().zip(1..).map(|(text, id)| format!("{}\n", json!({ "id": id, "text": text })));
        Self(Arc::new(Mutex::new(lines.collect())))
    }

    /// As the engine takes it.
    pub(crate) fn connector(&self) -> Arc<dyn Connector> {
        connector("example.inbox", "source", &["full_refresh"], &self.0)
    }
}

/// Where notes go.
#[derive(Default)]
pub(crate) struct Archive(Lines);

impl Archive {
    /// As the engine takes it.
    pub(crate) fn connector(&self) -> Arc<dyn Connector> {
        connector("example.archive", "destination", &["upsert"], &self.0)
    }

    /// What was archived.
    pub(crate) fn texts(&self) -> Vec<String> {
        let lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let text = |line: &String| serde_json::from_str::<Value>(line).ok()?["text"].as_str().map(str::to_owned);
        lines.iter().filter_map(text).collect()
    }
}

fn connector(name: &str, direction: &str, modes: &[&str], lines: &Lines) -> Arc<dyn Connector> {
    #[expect(clippy::expect_used, reason = "the manifest is written in this file")]
    let manifest = manifest(name, direction, modes).expect("the manifest is right");
    Arc::new(Notes { manifest, lines: Arc::clone(lines) })
}
