//! Looks out for a credential on its way back.

use bytes::Bytes;
use memchr::memmem;
use zeroize::Zeroizing;

/// Shorter texts turn up by accident.
const BYTES_MIN: usize = 8;

/// The secrets that were put on one request.
#[derive(Clone, Default)]
pub(crate) struct Watch {
    secrets: Vec<Zeroizing<Vec<u8>>>,
}

impl Watch {
    pub(crate) fn add(&mut self, secret: &str) {
        let bytes = secret.as_bytes();
        if bytes.len() >= BYTES_MIN && !self.secrets.iter().any(|known| known.as_slice() == bytes) {
            self.secrets.push(Zeroizing::new(bytes.to_vec()));
        }
    }

    pub(crate) fn finds(&self, bytes: &[u8]) -> bool {
        self.secrets.iter().any(|secret| memmem::find(bytes, secret).is_some())
    }

    /// How many bytes at the end of a text may be the beginning of a secret.
    fn held_bytes(&self) -> usize {
        self.secrets.iter().map(|secret| secret.len() - 1).max().unwrap_or(0)
    }

    /// The text with every secret crossed out.
    pub(crate) fn redact(&self, text: String) -> String {
        self.secrets.iter().fold(text, |text, secret| match std::str::from_utf8(secret) {
            Ok(secret) if text.contains(secret) => text.replace(secret, "[secret]"),
            _ => text,
        })
    }
}

/// A body under watch: its last bytes are held back until what follows shows that they are harmless.
#[derive(Default)]
pub(crate) struct Watched {
    watch: Watch,
    held: Vec<u8>,
}

/// The body contains a secret.
pub(crate) struct Found;

impl Watched {
    pub(crate) fn new(watch: Watch) -> Self {
        Self { watch, held: Vec::new() }
    }

    /// What may be handed on after these bytes.
    pub(crate) fn pass(&mut self, bytes: Bytes) -> Result<Bytes, Found> {
        if self.watch.secrets.is_empty() {
            return Ok(bytes);
        }
        self.held.extend_from_slice(&bytes);
        if self.watch.finds(&self.held) {
            return Err(Found);
        }
        let free = self.held.len().saturating_sub(self.watch.held_bytes());
        let held = self.held.split_off(free);
        Ok(std::mem::replace(&mut self.held, held).into())
    }

    /// What is left when nothing follows.
    pub(crate) fn finish(&mut self) -> Bytes {
        std::mem::take(&mut self.held).into()
    }
}
