//! Writing files, each of them whole or not at all.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;
use ruzstd::encoding::{CompressionLevel, compress_to_vec};
use weighbridge_sdk::destination::{Batch, Chunk, ChunkSize, Outcome, Receipt, Writer};
use weighbridge_sdk::{Failure, files, log};

use crate::render::{Rendered, render};
use crate::settings::{Format, Packing, WriteSettings, with_partition};

/// Writes one stream.
pub(crate) struct Sender {
    settings: WriteSettings,
    prefix: String,
}

impl Sender {
    pub(crate) fn new(stream: &str, settings: &WriteSettings) -> Result<Self, Failure> {
        let prefix = with_partition(settings.prefix.as_deref().unwrap_or(stream))?;
        settings.csv.marks()?;
        Ok(Self { settings: settings.clone(), prefix })
    }

    /// A file is called after the key of its records: what is sent again takes the place of what was sent before.
    fn name(&self, key: &str) -> String {
        let kind = match self.settings.format {
            Format::Csv => "csv",
            Format::Lines => "jsonl",
            Format::Json => "json",
        };
        let packed = match self.settings.packing {
            Packing::None => "",
            Packing::Gzip => ".gz",
            Packing::Zstd => ".zst",
        };
        format!("{}-{key}.{kind}{packed}", self.prefix)
    }

    fn send(&self, chunk: &Chunk<'_>) -> Result<Outcome, Failure> {
        let Rendered { bytes, records, rejected } = render(&self.settings, chunk)?;
        if records > 0 {
            let mut output = files::create(&self.settings.folder, &self.name(&chunk.key))?;
            output.write(&self.settings.packing.pack(bytes)?)?;
            output.commit()?;
        }
        Ok(Outcome { rejected, assigned: Vec::new() })
    }
}

impl Writer for Sender {
    fn write(&mut self, batch: Batch<'_>) -> Result<Receipt, Failure> {
        let size = ChunkSize { records: self.settings.records, bytes: self.settings.bytes };
        let receipt = batch.send(size, |chunk| self.send(chunk))?;
        log::info(format_args!("{} records taken, {} of them rejected", receipt.taken, receipt.rejected.len()));
        Ok(receipt)
    }
}

impl Packing {
    fn pack(self, bytes: Vec<u8>) -> Result<Vec<u8>, Failure> {
        let failed = |error: std::io::Error| Failure::system("files.not_packed", error.to_string());
        match self {
            Self::None => Ok(bytes),
            Self::Gzip => {
                let mut packed = GzEncoder::new(Vec::new(), Compression::default());
                packed.write_all(&bytes).map_err(failed)?;
                packed.finish().map_err(failed)
            }
            Self::Zstd => Ok(compress_to_vec(bytes.as_slice(), CompressionLevel::Fastest)),
        }
    }
}
