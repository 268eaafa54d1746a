//! Count, map and filter what was read: the host's own scales.

use std::collections::HashMap;

use bytes::Bytes;
use weighbridge_model::mapping::{Answers, Mapped, Questions};
use weighbridge_model::record::{Fields, Pointer};
use weighbridge_model::run::{Counts, FailureClass};
use weighbridge_model::sealed::Sealed;
use weighbridge_model::transfer::{Removals, WriteMode};
use weighbridge_store::verbs::Held;

use super::drift::{Judged, Learning, Sieve};
use super::halt::Halt;
use super::open::Scales;
use super::read::Pages;
use crate::dead_letters::Rejected;
use crate::engine::Host;
use crate::known::Unknown;
use crate::texts::{Texts, customer_owner};

/// What is to be delivered of one batch.
#[derive(Debug)]
pub(super) struct Load {
    /// Lines to write, each ended by LF.
    pub(super) write: Bytes,
    /// Primary keys to delete, each ended by LF.
    pub(super) remove: Bytes,
    /// The source's primary key of each line in `write`, where the stream has one.
    pub(super) keys: Vec<String>,
    /// The records as they were read.
    pub(super) origins: Origins,
    /// What becomes of the records once all of this is delivered.
    pub(super) counts: Counts,
    /// Where the source goes on.
    pub(super) checkpoint: Option<Bytes>,
    pub(super) checkpoint_sealed: Option<Sealed>,
    /// Records that are left out, each with its reason.
    pub(super) rejected: Vec<Rejected>,
    /// Whether the source has more, and how many records are left there, where the connector said so.
    pub(super) more: bool,
    pub(super) left: Option<u64>,
    /// What the records taught of their stream.
    pub(super) learning: Learning,
}

/// The records as they were read, where a mapping shaped them and they are still at hand.
#[derive(Debug, Default)]
pub(super) struct Origins {
    /// Of the lines to write.
    pub(super) write: Vec<Bytes>,
    /// Of the keys to delete.
    pub(super) remove: Vec<Bytes>,
}

impl Load {
    /// What is billed for: the lines as they are handed over.
    pub(super) const fn bytes(&self) -> u64 {
        self.counts.bytes
    }

    pub(super) fn is_empty(&self) -> bool {
        self.write.is_empty() && self.remove.is_empty()
    }
}

/// One event of the batch, in the order of the source.
struct Event<'a> {
    fields: Fields<'a>,
    key: String,
    removed: bool,
    /// Whether fields of it are left out, so that the line is not what moves.
    trimmed: bool,
    /// The line as it came, with its LF.
    line: &'a str,
    /// The page that it is of.
    lines: &'a Bytes,
}

/// Turns pages into what is to be delivered.
pub(super) async fn weigh(host: &Host, scales: Scales<'_>, held: &Held, read: &Pages) -> Result<Load, Halt> {
    let pages = &read.pages;
    let mut events = Vec::new();
    for page in pages {
        collect(&page.removed, true, scales.primary_key, &mut events)?;
        collect(&page.records, false, scales.primary_key, &mut events)?;
    }
    let live = if scales.write == WriteMode::Append { events.len() } else { mark_superseded(&mut events) };
    let mut load = Load::of(read);
    load.counts.read = pages.iter().map(|page| page.records_count + page.removed_count).sum();
    load.counts.filtered = load.counts.read - live as u64;
    (load.counts.discarded, load.learning) = sift(host, scales, held, &mut events).await?;
    let (mut write, mut remove) = (Vec::new(), Vec::new());
    let mut answers = answers(host, scales, held, &events).await?;
    for event in events.iter_mut().filter(|event| !event.line.is_empty()) {
        map_event(scales, event, &mut answers, (&mut write, &mut remove), &mut load);
    }
    refuse_all_rejected(&load)?;
    load.counts.bytes = (write.len() + remove.len()) as u64;
    (load.write, load.remove) = (write.into(), remove.into());
    if let Some(checkpoint) = &load.checkpoint {
        let texts = Texts::new(&host.ring, customer_owner(held.route.scope), held.batch.transfer.as_bytes());
        load.checkpoint_sealed = Some(texts.seal("cursor", checkpoint)?);
    }
    Ok(load)
}

impl Load {
    fn of(read: &Pages) -> Self {
        let last = read.pages.last();
        Self {
            write: Bytes::new(),
            remove: Bytes::new(),
            keys: Vec::new(),
            origins: Origins::default(),
            counts: Counts::default(),
            checkpoint: last.and_then(|page| page.checkpoint.clone()),
            checkpoint_sealed: None,
            rejected: Vec::new(),
            more: last.is_some_and(|page| page.more),
            left: read.left,
            learning: Learning::default(),
        }
    }
}

fn collect<'a>(
    lines: &'a Bytes,
    removed: bool,
    primary_key: &[Pointer],
    events: &mut Vec<Event<'a>>,
) -> Result<(), Halt> {
    let text = std::str::from_utf8(lines)
        .map_err(|error| Halt::failed(FailureClass::System, "connector.utf8_invalid", error.to_string()))?;
    for line in text.split_inclusive('\n') {
        let fields = Fields::parse(line.trim_end_matches('\n'))
            .map_err(|error| Halt::failed(FailureClass::System, "connector.json_invalid", error.to_string()))?;
        let key = key_text(&fields, primary_key).ok_or_else(|| {
            let message = "a record has no value in a field of its primary key";
            Halt::failed(FailureClass::System, "connector.key_missing", message)
        })?;
        events.push(Event { fields, key, removed, trimmed: false, line, lines });
    }
    Ok(())
}

/// The values of the primary key as they are written, or nothing where one is absent.
fn key_text(fields: &Fields<'_>, primary_key: &[Pointer]) -> Option<String> {
    match primary_key {
        [one] => one.find(fields).map(|value| value.get().to_owned()),
        several => {
            several.iter().map(|one| Some(one.find(fields)?.get())).collect::<Option<Vec<_>>>().map(|v| v.join(","))
        }
    }
}

/// Keeps the last event of each key and empties the others' lines; answers how many are kept.
fn mark_superseded(events: &mut [Event<'_>]) -> usize {
    let mut last: HashMap<String, usize> = HashMap::with_capacity(events.len());
    let mut superseded = Vec::new();
    for (index, event) in events.iter().enumerate() {
        superseded.extend(last.insert(event.key.clone(), index));
    }
    for index in &superseded {
        events[*index].line = "";
    }
    events.len() - superseded.len()
}

/// Holds what is left against what is accepted of the stream: empties the lines of records that are left out, and answers how
/// many they are. A removal has a key only, and records that a mapping made are not the stream's.
async fn sift(host: &Host, scales: Scales<'_>, held: &Held, events: &mut [Event<'_>]) -> Result<(u64, Learning), Halt> {
    let mut discarded = 0;
    if scales.as_sent {
        return Ok((discarded, Learning::default()));
    }
    let mut sieve = Sieve::open(host, scales, held)?;
    for event in events.iter_mut().filter(|event| !event.removed && !event.line.is_empty()) {
        match sieve.judge(&mut event.fields) {
            Judged::Moves => {}
            Judged::Trimmed => event.trimmed = true,
            Judged::Discarded => {
                event.line = "";
                discarded += 1;
            }
        }
    }
    Ok((discarded, sieve.close(host, held).await?))
}

/// What the mapping asks for, of all records of the batch together.
async fn answers(host: &Host, scales: Scales<'_>, held: &Held, events: &[Event<'_>]) -> Result<Answers, Halt> {
    let Some(mapping) = scales.mapping.filter(|mapping| !mapping.asks_nothing()) else {
        return Ok(Answers::none());
    };
    let mut questions = Questions::default();
    for event in events.iter().filter(|event| !event.line.is_empty()) {
        match event.removed {
            true => mapping.ask_key(&event.fields, &mut questions),
            false => mapping.ask(&event.fields, &mut questions),
        }
    }
    host.answer(held.route.scope, mapping, questions).await.map_err(|unknown| match unknown {
        Unknown::Engine(error) => Halt::Store(error),
        other => Halt::config(other.code(), &other.to_string()),
    })
}

/// Where no record at all can be shaped, it is the mapping that is wrong, and not the records.
fn refuse_all_rejected(load: &Load) -> Result<(), Halt> {
    let rejected = &load.rejected;
    match rejected.first() {
        Some(first)
            if rejected.len() > 1
                && load.counts.delivered == 0
                && load.counts.filtered + load.counts.discarded == 0 =>
        {
            Err(Halt::failed(FailureClass::Config, first.code(), first.sentence()))
        }
        _ => Ok(()),
    }
}

fn map_event(
    scales: Scales<'_>,
    event: &mut Event<'_>,
    answers: &mut Answers,
    (write, remove): (&mut Vec<u8>, &mut Vec<u8>),
    load: &mut Load,
) {
    if event.removed && (scales.write == WriteMode::Append || scales.removals == Removals::Ignore) {
        load.counts.discarded += 1;
        return;
    }
    let out = if event.removed { remove } else { write };
    let mapped = match (scales.mapping, event.removed) {
        (None, _) if event.trimmed => {
            out.extend_from_slice(event.fields.to_json().as_bytes());
            out.push(b'\n');
            Ok(Mapped::Written)
        }
        (None, _) => {
            out.extend_from_slice(event.line.as_bytes());
            Ok(Mapped::Written)
        }
        (Some(mapping), true) => mapping.apply_key(&event.fields, answers, out).map(|()| Mapped::Written),
        (Some(mapping), false) => mapping.apply(&event.fields, answers, out),
    };
    match mapped {
        Ok(Mapped::Written) => {
            load.counts.delivered += 1;
            if scales.mapping.is_some() {
                let origins = if event.removed { &mut load.origins.remove } else { &mut load.origins.write };
                origins.push(event.lines.slice_ref(event.line.as_bytes()));
            }
            if !event.removed {
                load.keys.push(std::mem::take(&mut event.key));
            }
        }
        Ok(Mapped::Filtered) => load.counts.filtered += 1,
        Err(error) => {
            load.counts.dead_lettered += 1;
            load.rejected.push(Rejected::new(&error, event.line, event.removed));
        }
    }
}
