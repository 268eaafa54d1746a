//! The bytes of a file, unpacked by what its name ends with.

use std::cell::RefCell;
use std::io::{self, BufRead as _, BufReader, Read};
use std::rc::Rc;

use ruzstd::decoding::errors::{FrameDecoderError, ReadFrameHeaderError};
use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};
use weighbridge_sdk::Failure;
use weighbridge_sdk::files::{self, Input};

use crate::settings::Packing;

/// What a frame of Zstandard may want to look back on: a guest has little memory.
const WINDOW_BYTES_MAX: u64 = 16 << 20;
/// How much is asked of the host at once.
const PIECE_BYTES: u32 = 256 << 10;

/// The bytes of a file, one after the other.
pub(crate) struct Bytes {
    source: Box<dyn Read>,
    refused: Refused,
}

/// What the host refused, past the errors of whatever unpacks.
type Refused = Rc<RefCell<Option<Failure>>>;

impl Packing {
    /// How a file of this name is packed.
    pub(crate) fn of(name: &str) -> Self {
        let ends = |end: &str| name.len() > end.len() && name.to_ascii_lowercase().ends_with(end);
        if ends(".gz") {
            Self::Gzip
        } else if ends(".zst") {
            Self::Zstd
        } else {
            Self::None
        }
    }
}

impl Bytes {
    /// Opens a file from its beginning, or, where it is not packed, from another place on. None where it is not there.
    pub(crate) fn open(folder: &str, name: &str, offset: u64) -> Result<Option<Self>, Failure> {
        let Some(input) = files::open(folder, name, offset)? else { return Ok(None) };
        let refused = Refused::default();
        let stored = Stored { input, piece: Vec::new(), at: 0, refused: Rc::clone(&refused) };
        let source: Box<dyn Read> = match Packing::of(name) {
            Packing::None => Box::new(stored),
            Packing::Gzip => Box::new(flate2::read::MultiGzDecoder::new(stored)),
            Packing::Zstd => Box::new(Frames::new(stored)),
        };
        Ok(Some(Self { source, refused }))
    }

    /// The next bytes; none at the end.
    pub(crate) fn read(&mut self, buffer: &mut [u8]) -> Result<usize, Failure> {
        loop {
            match self.source.read(buffer) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(self.failure(&error)),
                Ok(count) => return Ok(count),
            }
        }
    }

    fn failure(&self, error: &io::Error) -> Failure {
        let malformed = || Failure::config("files.packing_malformed", format!("it cannot be unpacked: {error}"));
        self.refused.take().unwrap_or_else(malformed)
    }
}

/// A file as the host gives it.
struct Stored {
    input: Input,
    piece: Vec<u8>,
    at: usize,
    refused: Refused,
}

impl Read for Stored {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.at == self.piece.len() {
            self.at = 0;
            self.piece = self.input.read(PIECE_BYTES).map_err(|failure| {
                let error = io::Error::other(failure.message.clone());
                *self.refused.borrow_mut() = Some(failure);
                error
            })?;
        }
        let count = (self.piece.len() - self.at).min(buffer.len());
        buffer[..count].copy_from_slice(&self.piece[self.at..self.at + count]);
        self.at += count;
        Ok(count)
    }
}

/// The frames of a file that is packed by Zstandard, one behind the other.
struct Frames {
    source: BufReader<Stored>,
    decoder: FrameDecoder,
    is_inside: bool,
}

impl Frames {
    fn new(stored: Stored) -> Self {
        let mut decoder = FrameDecoder::new();
        decoder.set_max_window_size(WINDOW_BYTES_MAX);
        Self { source: BufReader::new(stored), decoder, is_inside: false }
    }

    /// Begins the next frame, if there is one.
    fn begin(&mut self) -> io::Result<bool> {
        while !self.source.fill_buf()?.is_empty() {
            match self.decoder.reset(&mut self.source) {
                Ok(()) => {
                    self.is_inside = true;
                    return Ok(true);
                }
                Err(FrameDecoderError::ReadFrameHeaderError(ReadFrameHeaderError::SkipFrame { length, .. })) => {
                    io::copy(&mut (&mut self.source).take(length.into()), &mut io::sink())?;
                }
                Err(error) => return Err(io::Error::other(error)),
            }
        }
        Ok(false)
    }

    fn read_frame(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.decoder.can_collect() == 0 && !self.decoder.is_finished() {
            let step = BlockDecodingStrategy::UptoBlocks(1);
            self.decoder.decode_blocks(&mut self.source, step).map_err(io::Error::other)?;
        }
        let count = self.decoder.read(buffer)?;
        if count == 0 {
            self.is_inside = false;
            let (wanted, found) = (self.decoder.get_checksum_from_data(), self.decoder.get_calculated_checksum());
            if wanted.is_some() && wanted != found {
                return Err(io::Error::other("its checksum is another one"));
            }
        }
        Ok(count)
    }
}

impl Read for Frames {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.is_inside || self.begin()? {
            let count = self.read_frame(buffer)?;
            if count > 0 {
                return Ok(count);
            }
        }
        Ok(0)
    }
}
