//! Looks out for a secret on its way back.

use std::sync::{Arc, Mutex, PoisonError};

use aho_corasick::automaton::{Automaton, StateID};
use aho_corasick::dfa::DFA;
use aho_corasick::{Anchored, StartKind};
use bytes::{Bytes, BytesMut};
use http::HeaderMap;
use zeroize::Zeroizing;

use crate::forms::{self, Form};

/// The automaton knows the ends of the forms only, so that a token of kilobytes makes no table of megabytes. A form that
/// comes back whole ends so; what stands before is held back until then.
const END_BYTES_MAX: usize = 64;

/// The texts that may not come back, as they are collected while a request is made.
#[derive(Clone, Default)]
pub(crate) struct Guarded(Vec<Zeroizing<String>>);

impl Guarded {
    pub(crate) fn add(&mut self, secret: &str) {
        if !self.0.iter().any(|known| known.as_str() == secret) {
            self.0.push(Zeroizing::new(secret.to_owned()));
        }
    }
}

/// Knows a set of secrets in all their forms.
#[derive(Clone, Default)]
pub(crate) struct Watch(Option<Arc<Known>>);

struct Known {
    /// The longest first.
    forms: Vec<Form>,
    ends: DFA,
    start: StateID,
}

impl Watch {
    pub(crate) fn over(guarded: &Guarded) -> Self {
        let mut forms: Vec<Form> = guarded.0.iter().flat_map(|secret| forms::of(secret)).collect();
        forms.sort_by_key(|form| std::cmp::Reverse(form.len()));
        let ends = forms.iter().map(|form| &form[form.len().saturating_sub(END_BYTES_MAX)..]);
        let built = DFA::builder().start_kind(StartKind::Unanchored).prefilter(false).build(ends);
        let known = built.ok().filter(|_| !forms.is_empty()).and_then(|ends| {
            let start = ends.start_state(Anchored::No).ok()?;
            Some(Known { forms, ends, start })
        });
        Self(known.map(Arc::new))
    }

    /// Whether a name or a value of these headers has a secret in it.
    pub(crate) fn finds_in(&self, headers: &HeaderMap) -> bool {
        let found = |bytes: &[u8]| self.0.as_ref().is_some_and(|known| known.walk(known.start, bytes).is_none());
        headers.iter().any(|(name, value)| found(value.as_bytes()) || found(name.as_str().as_bytes()))
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
    /// The state after these bytes; none when a secret ends among them.
    fn walk(&self, mut state: StateID, bytes: &[u8]) -> Option<StateID> {
        for byte in bytes {
            state = self.ends.next_state(Anchored::No, state, *byte);
            if self.ends.is_special(state) && self.ends.is_match(state) {
                return None;
            }
        }
        Some(state)
    }
}

/// The watch made last, for as long as the secrets stay the same: making one takes longer than a request may.
#[derive(Default)]
pub(crate) struct LastWatch(Mutex<(Guarded, Watch)>);

impl LastWatch {
    /// The watch over these secrets.
    pub(crate) fn over(&self, guarded: &Guarded) -> Watch {
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if last.0.0 != guarded.0 {
            *last = (guarded.clone(), Watch::over(guarded));
        }
        last.1.clone()
    }

    /// The watch that was made last.
    pub(crate) fn last(&self) -> Watch {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).1.clone()
    }
}

impl std::fmt::Debug for LastWatch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("LastWatch")
    }
}

/// A body under watch: its last bytes are held back until what follows shows that they are harmless.
pub(crate) struct Watched {
    known: Option<(Arc<Known>, StateID)>,
    held: BytesMut,
}

/// The body contains a secret.
pub(crate) struct Found;

impl Watched {
    pub(crate) fn new(watch: &Watch) -> Self {
        let known = watch.0.as_ref().map(|known| (Arc::clone(known), known.start));
        Self { known, held: BytesMut::new() }
    }

    /// What may be handed on after these bytes.
    pub(crate) fn pass(&mut self, bytes: Bytes) -> Result<Bytes, Found> {
        let Some((known, state)) = &mut self.known else { return Ok(bytes) };
        *state = known.walk(*state, &bytes).ok_or(Found)?;
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
