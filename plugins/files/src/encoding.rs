//! How texts become bytes, and bytes texts.

use encoding_rs::{Decoder, DecoderResult, ISO_8859_2, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1250, WINDOWS_1252};

use crate::settings::Encoding;

/// How one file is written, once its beginning was seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Script(&'static encoding_rs::Encoding);

/// The bytes at the beginning of a file by which its script is known.
pub(crate) const MARK_BYTES_MAX: usize = 3;

impl Script {
    /// The script of a file that begins so, and how many bytes of it are a mark.
    pub(crate) fn of(encoding: Encoding, beginning: &[u8]) -> (Self, usize) {
        let believed = match encoding {
            Encoding::Utf8 | Encoding::Utf8Marked => UTF_8,
            Encoding::Utf16 => UTF_16LE,
            Encoding::Windows1250 => return (Self(WINDOWS_1250), 0),
            Encoding::Windows1252 => return (Self(WINDOWS_1252), 0),
            Encoding::Iso88592 => return (Self(ISO_8859_2), 0),
        };
        let (script, mark) = encoding_rs::Encoding::for_bom(beginning).unwrap_or((believed, 0));
        (Self(script), mark)
    }

    /// What reads it, from a place behind its mark.
    pub(crate) fn decoder(self) -> Decoder {
        self.0.new_decoder_without_bom_handling()
    }

    /// How many bytes of the file a part of its text was.
    pub(crate) fn bytes_of(self, text: &[u8]) -> u64 {
        let begins = |byte: &&u8| **byte & 0b1100_0000 != 0b1000_0000;
        let letters = || text.iter().filter(begins).count();
        let bytes = if self.0 == UTF_8 {
            text.len()
        } else if self.0 == UTF_16LE || self.0 == UTF_16BE {
            // What has four bytes in UTF-8 has two units in UTF-16.
            2 * (letters() + text.iter().filter(|byte| **byte >= 0b1111_0000).count())
        } else {
            letters()
        };
        bytes as u64
    }
}

/// Adds the text of some bytes to what there is; says whether they are a text at all.
pub(crate) fn decode(decoder: &mut Decoder, bytes: &[u8], is_last: bool, text: &mut Vec<u8>) -> bool {
    let start = text.len();
    let room = decoder.max_utf8_buffer_length_without_replacement(bytes.len()).unwrap_or(bytes.len() * 3 + 4);
    text.resize(start + room, 0);
    let (result, _, written) = decoder.decode_to_utf8_without_replacement(bytes, &mut text[start..], is_last);
    text.truncate(start + written);
    result == DecoderResult::InputEmpty
}

impl Encoding {
    /// What a file begins with.
    pub(crate) const fn mark(self) -> &'static [u8] {
        match self {
            Self::Utf8Marked => &[0xef, 0xbb, 0xbf],
            Self::Utf16 => &[0xff, 0xfe],
            Self::Utf8 | Self::Windows1250 | Self::Windows1252 | Self::Iso88592 => &[],
        }
    }

    /// A text as bytes; none where it has a letter that cannot be written so.
    pub(crate) fn encode(self, text: &str) -> Option<Vec<u8>> {
        let single = match self {
            Self::Utf8 | Self::Utf8Marked => return Some(text.as_bytes().to_vec()),
            Self::Utf16 => return Some(text.encode_utf16().flat_map(u16::to_le_bytes).collect()),
            Self::Windows1250 => WINDOWS_1250,
            Self::Windows1252 => WINDOWS_1252,
            Self::Iso88592 => ISO_8859_2,
        };
        let (bytes, _, has_strangers) = single.encode(text);
        (!has_strangers).then(|| bytes.into_owned())
    }
}
