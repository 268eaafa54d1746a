//! Looks out for a secret on its way back.

use std::sync::{Arc, Mutex, PoisonError};

use bytes::{Bytes, BytesMut};
use http::HeaderMap;
use zeroize::Zeroizing;

use crate::forms::{self, Form};
use crate::sieve::Sieve;

/// Only the ends of the forms are looked for, so that a token of kilobytes makes no table of megabytes, and so that little
/// is looked at twice where reads meet. A form that comes back whole ends so; what stands before is held back until then.
const END_BYTES_MAX: usize = 64;
/// What an end may reach over to either side of a place where two reads meet.
const OVERLAP_BYTES: usize = END_BYTES_MAX - 1;

/// The texts that may not come back, as they are collected while a request is made.
#[derive(Clone, Default)]
pub(crate) struct Guarded(Vec<Zeroizing<String>>);

impl Guarded {
    pub(crate) fn add(&mut self, secret: &str) {
        if !self.0.iter().any(|known| known.as_str() == secret) {
            self.0.push(Zeroizing::new(secret.to_owned()));
        }
    }

    pub(crate) fn extend(&mut self, other: &Self) {
        other.0.iter().for_each(|secret| self.add(secret));
    }
}

impl std::fmt::Debug for Guarded {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Guarded")
    }
}

/// Knows a set of secrets in all their forms.
#[derive(Clone, Default)]
pub(crate) struct Watch(Option<Arc<Known>>);

struct Known {
    /// The longest first.
    forms: Vec<Form>,
    ends: Sieve,
}

impl Watch {
    fn over(guarded: &Guarded) -> Self {
        let mut forms: Vec<Form> = guarded.0.iter().flat_map(|secret| forms::of(secret)).collect();
        forms.sort_by_key(|form| std::cmp::Reverse(form.len()));
        if forms.is_empty() {
            return Self(None);
        }
        let ends = forms.iter().map(|form| &form[form.len().saturating_sub(END_BYTES_MAX)..]).collect();
        let ends = Sieve::new(&ends);
        Self(Some(Arc::new(Known { forms, ends })))
    }

    /// Whether a name or a value of these headers has a secret in it.
    pub(crate) fn finds_in(&self, headers: &HeaderMap) -> bool {
        let Some(known) = &self.0 else { return false };
        headers
            .iter()
            .any(|(name, value)| known.ends.finds(value.as_bytes()) || known.ends.finds(name.as_str().as_bytes()))
    }

    /// The text with every secret crossed out.
    pub(crate) fn redact(&self, text: String) -> String {
        let forms = self.0.iter().flat_map(|known| &known.forms);
        forms.fold(text, |text, form| match std::str::from_utf8(form) {
            Ok(form) if text.contains(form) => text.replace(form, "[secret]"),
            _ => text,
        })
    }
}

impl Known {
    /// Whether a secret ends among the bytes that came, seen after those that came before.
    fn ends_in(&self, before: &[u8], bytes: &[u8]) -> bool {
        let (before, first) = (tail(before), &bytes[..bytes.len().min(OVERLAP_BYTES)]);
        let mut meeting = [0; 2 * OVERLAP_BYTES];
        let length = before.len() + first.len();
        meeting[..before.len()].copy_from_slice(before);
        meeting[before.len()..length].copy_from_slice(first);
        self.ends.finds(&meeting[..length]) || (bytes.len() > first.len() && self.ends.finds(bytes))
    }
}

fn tail(bytes: &[u8]) -> &[u8] {
    &bytes[bytes.len().saturating_sub(OVERLAP_BYTES)..]
}

/// The watch made last, for as long as the secrets stay the same: making one takes longer than a request may.
#[derive(Default)]
pub(crate) struct LastWatch(Mutex<(Guarded, Watch)>);

impl LastWatch {
    /// The watch over these secrets.
    pub(crate) fn over(&self, guarded: Guarded) -> Watch {
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if last.0.0 != guarded.0 {
            let watch = Watch::over(&guarded);
            *last = (guarded, watch);
        }
        last.1.clone()
    }
}

/// A body under watch: its last bytes are held back until what follows shows that they are harmless.
pub(crate) struct Watched {
    known: Option<Arc<Known>>,
    held: BytesMut,
}

/// The body contains a secret.
pub(crate) struct Found;

impl Watched {
    pub(crate) fn new(watch: &Watch) -> Self {
        Self { known: watch.0.clone(), held: BytesMut::new() }
    }

    /// What may be handed on after these bytes.
    pub(crate) fn pass(&mut self, bytes: Bytes) -> Result<Bytes, Found> {
        let Some(known) = &self.known else { return Ok(bytes) };
        if known.ends_in(&self.held, &bytes) {
            return Err(Found);
        }
        self.held.extend_from_slice(&bytes);
        let held_bytes = known.forms.first().map_or(0, |longest| longest.len() - 1);
        let free = self.held.len().saturating_sub(held_bytes);
        Ok(self.held.split_to(free).freeze())
    }

    /// What is left when nothing follows.
    pub(crate) fn finish(&mut self) -> Bytes {
        std::mem::take(&mut self.held).freeze()
    }
}
