//! The text of a file, and at which of its bytes each part of the text stands.

use encoding_rs::Decoder;
use weighbridge_sdk::Failure;

use crate::encoding::{MARK_BYTES_MAX, Script, decode};
use crate::packed::Bytes;
use crate::settings::Encoding;

/// How many bytes become text at once.
const PIECE_BYTES: usize = 64 << 10;
/// How many bytes are passed over in one call: unpacking takes a guest's time.
const PASSED_BYTES_MAX: u64 = 64 << 20;

/// The text of a file from a place on.
pub(crate) struct Body {
    source: Bytes,
    script: Script,
    decoder: Decoder,
    /// What came and is no text yet.
    raw: Vec<u8>,
    text: Vec<u8>,
    at: usize,
    /// At which byte of the file, unpacked, what was not read yet begins.
    offset: u64,
    to_pass: u64,
    is_over: bool,
}

impl Body {
    /// From the beginning on, whose mark says how it is written.
    pub(crate) fn begin(mut source: Bytes, encoding: Encoding) -> Result<Self, Failure> {
        let mut raw = vec![0; MARK_BYTES_MAX];
        let mut count = 0;
        while count < raw.len() {
            match source.read(&mut raw[count..])? {
                0 => break,
                more => count += more,
            }
        }
        raw.truncate(count);
        let (script, mark) = Script::of(encoding, &raw);
        raw.drain(..mark);
        Ok(Self { raw, offset: mark as u64, ..Self::at(source, script, 0) })
    }

    /// From a byte on, where the source begins; or, where it begins at the file's own beginning, once that is passed over.
    pub(crate) fn resume(source: Bytes, script: Script, offset: u64, is_packed: bool) -> Self {
        Self { offset, to_pass: if is_packed { offset } else { 0 }, ..Self::at(source, script, offset) }
    }

    fn at(source: Bytes, script: Script, offset: u64) -> Self {
        let (raw, text) = (Vec::new(), Vec::new());
        Self { source, script, decoder: script.decoder(), raw, text, at: 0, offset, to_pass: 0, is_over: false }
    }

    /// How it is written.
    pub(crate) const fn script(&self) -> Script {
        self.script
    }

    /// At which byte of the file what was not read yet begins.
    pub(crate) const fn offset(&self) -> u64 {
        self.offset
    }

    /// What is there of the text and was not read yet.
    pub(crate) fn unread(&self) -> &[u8] {
        &self.text[self.at..]
    }

    /// So many bytes of the text are read.
    pub(crate) fn take(&mut self, bytes: usize) {
        let end = self.at + bytes;
        self.offset += self.script.bytes_of(&self.text[self.at..end]);
        self.at = end;
    }

    /// Goes on passing over what was read before; whether that is done.
    pub(crate) fn pass(&mut self) -> Result<bool, Failure> {
        let mut left = PASSED_BYTES_MAX;
        let mut buffer = vec![0; PIECE_BYTES];
        while self.to_pass > 0 && left > 0 {
            let most = usize::try_from(self.to_pass.min(left)).unwrap_or(PIECE_BYTES).min(PIECE_BYTES);
            let count = self.source.read(&mut buffer[..most])?;
            if count == 0 {
                self.to_pass = 0;
            }
            self.to_pass -= count as u64;
            left -= count as u64;
        }
        Ok(self.to_pass == 0)
    }

    /// Reads on; says whether there is more text than before.
    pub(crate) fn fill(&mut self) -> Result<bool, Failure> {
        if self.at > PIECE_BYTES {
            self.text.drain(..self.at);
            self.at = 0;
        }
        let before = self.text.len();
        while self.text.len() == before && !self.is_over {
            if self.raw.is_empty() {
                self.raw.resize(PIECE_BYTES, 0);
                let count = self.source.read(&mut self.raw)?;
                self.raw.truncate(count);
            }
            self.is_over = self.raw.is_empty();
            if !decode(&mut self.decoder, &self.raw, self.is_over, &mut self.text) {
                return Err(self.malformed());
            }
            self.raw.clear();
        }
        Ok(self.text.len() > before)
    }

    fn malformed(&self) -> Failure {
        let byte = self.offset + self.script.bytes_of(self.unread());
        Failure::config("files.encoding", format!("near byte {byte} it is not written in the encoding of the settings"))
    }
}
