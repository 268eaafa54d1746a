//! Answers that come compressed although `identity` was asked for: unpacked here, since nobody finds a credential in a packed
//! text. What is unpacked is bounded in size and in proportion.

use std::io::Write as _;

use bytes::Bytes;
use flate2::write::{MultiGzDecoder, ZlibDecoder};
use http::HeaderMap;
use http::header::CONTENT_ENCODING;

use crate::refusal::Refusal;

/// How many times its size a packed text may become, beyond the first [`FREE_BYTES`].
const RATIO_MAX: u64 = 200;
const FREE_BYTES: u64 = 1 << 20;
/// So many packed bytes at once: what they become is looked at before the next ones are taken.
const SLICE: usize = 1 << 10;

/// How an answer's body is coded (RFC 9110 §8.4).
pub(crate) enum Coding {
    /// As it is.
    Plain,
    /// In a way that is unpacked here.
    Packed(Box<Unpacker>),
    /// In another way, or in several.
    Unknown,
}

impl Coding {
    pub(crate) fn of(headers: &HeaderMap) -> Self {
        let mut values = headers.get_all(CONTENT_ENCODING).iter();
        let (Some(value), None) = (values.next(), values.next()) else {
            return if headers.contains_key(CONTENT_ENCODING) { Self::Unknown } else { Self::Plain };
        };
        match value.to_str().unwrap_or("?").trim().to_ascii_lowercase().as_str() {
            "identity" => Self::Plain,
            "gzip" | "x-gzip" => Self::Packed(Box::new(Unpacker::new(Kind::Gzip))),
            "deflate" => Self::Packed(Box::new(Unpacker::new(Kind::Zlib))),
            _ => Self::Unknown,
        }
    }
}

enum Decoder {
    /// The first byte is awaited: some platforms name gzip over a text that they left as it is (Tryton 8.2 does).
    Unsure(Kind),
    Gzip(MultiGzDecoder<Vec<u8>>),
    Zlib(ZlibDecoder<Vec<u8>>),
    /// It is not packed.
    Plain(Vec<u8>),
}

#[derive(Clone, Copy)]
enum Kind {
    Gzip,
    Zlib,
}

impl Kind {
    /// The first byte of a gzip member is 1f (RFC 1952 §2.3.1), that of a zlib stream has 8 in its lower half (RFC 1950
    /// §2.2); no JSON, XML or CSV begins so.
    fn decoder(self, first: u8) -> Decoder {
        match self {
            Self::Gzip if first == 0x1f => Decoder::Gzip(MultiGzDecoder::new(Vec::new())),
            Self::Zlib if first & 0x0f == 8 && first >> 4 <= 7 => Decoder::Zlib(ZlibDecoder::new(Vec::new())),
            Self::Gzip | Self::Zlib => Decoder::Plain(Vec::new()),
        }
    }
}

/// Unpacks a body as it comes.
pub(crate) struct Unpacker {
    decoder: Decoder,
    taken: u64,
    given: u64,
}

impl Unpacker {
    const fn new(kind: Kind) -> Self {
        Self { decoder: Decoder::Unsure(kind), taken: 0, given: 0 }
    }

    /// What these bytes become; at most `bytes_max` in the whole of a body, packed or unpacked.
    pub(crate) fn pass(&mut self, packed: &[u8], bytes_max: u64) -> Result<Bytes, Refusal> {
        if let (Decoder::Unsure(kind), Some(first)) = (&self.decoder, packed.first()) {
            self.decoder = kind.decoder(*first);
        }
        let mut unpacked = Vec::new();
        for slice in packed.chunks(SLICE) {
            self.taken = self.taken.saturating_add(slice.len() as u64);
            let done = match &mut self.decoder {
                Decoder::Gzip(decoder) => decoder.write_all(slice),
                Decoder::Zlib(decoder) => decoder.write_all(slice),
                Decoder::Plain(text) => text.write_all(slice),
                Decoder::Unsure(_) => Ok(()),
            };
            done.map_err(|_| unreadable())?;
            self.drain(&mut unpacked, bytes_max)?;
        }
        Ok(unpacked.into())
    }

    /// What is left at the end of a body, which must be the end of the packed text too.
    pub(crate) fn finish(&mut self, bytes_max: u64) -> Result<Bytes, Refusal> {
        let done = match &mut self.decoder {
            Decoder::Gzip(decoder) => decoder.try_finish(),
            Decoder::Zlib(decoder) => decoder.try_finish(),
            Decoder::Plain(_) | Decoder::Unsure(_) => return Ok(Bytes::new()),
        };
        done.map_err(|_| unreadable())?;
        let mut unpacked = Vec::new();
        self.drain(&mut unpacked, bytes_max)?;
        Ok(unpacked.into())
    }

    fn drain(&mut self, unpacked: &mut Vec<u8>, bytes_max: u64) -> Result<(), Refusal> {
        let out = match &mut self.decoder {
            Decoder::Gzip(decoder) => decoder.get_mut(),
            Decoder::Zlib(decoder) => decoder.get_mut(),
            Decoder::Plain(text) => text,
            Decoder::Unsure(_) => return Ok(()),
        };
        self.given = self.given.saturating_add(out.len() as u64);
        unpacked.append(out);
        let is_bomb = self.given > FREE_BYTES && self.given > self.taken.saturating_mul(RATIO_MAX);
        if is_bomb || self.given.max(self.taken) > bytes_max {
            return Err(Refusal::TooLarge(bytes_max));
        }
        Ok(())
    }
}

fn unreadable() -> Refusal {
    Refusal::Malformed("the answer says that it is compressed, and cannot be unpacked".into())
}

#[cfg(test)]
mod tests {
    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    fn unpack(text: &[u8]) -> Result<usize, Refusal> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        let packed = encoder.write_all(text).and_then(|()| encoder.finish()).unwrap_or_default();
        let mut unpacker = Unpacker::new(Kind::Gzip);
        let whole = unpacker.pass(&packed, u64::MAX)?.len();
        Ok(whole + unpacker.finish(u64::MAX)?.len())
    }

    #[test]
    fn a_text_may_grow_by_its_first_mebibyte_and_then_in_proportion() {
        assert_eq!(unpack(&vec![0; 1 << 20]), Ok(1 << 20));
        assert_eq!(unpack(&vec![0; 3 << 20]), Err(Refusal::TooLarge(u64::MAX)));
        let lines: String = (0..400_000).map(|number| format!("{{\"id\": {number}, \"state\": \"open\"}}\n")).collect();
        assert_eq!(unpack(lines.as_bytes()), Ok(lines.len()));
    }
}
